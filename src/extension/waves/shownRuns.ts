import { describeWaveRun, describeWaveState } from '../../core/actions/waves/describeWaveRun.ts';
import type { WaveRunEntry } from '../../core/actions/waves/listWaveRuns.ts';
import type { ShownWaveRun } from '../../core/model/waves/shownRun.ts';
import type { Workspace } from '../../core/model/workspace.ts';
import { isOpenRun } from '../views/waves/model.ts';

export interface ShownRunsInput {
  /** Path of the folder. */
  readonly root: string;
  readonly entries: readonly WaveRunEntry[];
  readonly workspace: Workspace | undefined;
}

/**
 * The runs of a folder that are still something to be done, the latest first: those that Baton coordinates by their records, and those of
 * other tools by what STATE.md says.
 */
export function shownRuns(input: ShownRunsInput): readonly ShownWaveRun[] {
  const { root, entries, workspace } = input;
  const states = workspace?.waveStates ?? [];
  const records = entries
    .map((entry) => {
      const isHere = entry.run.root === root;
      const state = isHere ? states.find(({ path }) => path === entry.run.stateFile) : undefined;
      return describeWaveRun({ ...entry, ...(state && { state }) });
    })
    .filter(isOpenRun)
    .reverse();
  const told = new Set(
    entries.filter(({ run }) => run.root === root && !isOver(run.status)).map(({ run }) => run.stateFile),
  );
  const others = states
    .filter(({ path, status }) => !told.has(path) && status !== undefined && status !== 'idle')
    .map((state) => describeWaveState(state));
  return [...records, ...others];
}

function isOver(status: string): boolean {
  return status === 'closed' || status === 'aborted';
}

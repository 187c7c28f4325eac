import { parseState } from '../../formats/state.ts';
import { readObject } from '../../formats/waves/sessionLock.ts';
import { stateFolders } from '../../model/waveState.ts';
import type { OrchestratorFiles } from '../../ports/orchestratorFiles.ts';
import type { ActionContext } from '../context.ts';
import { readWaveRuns } from './records.ts';

/** The wave in which whoever calls works. */
export interface RunningWave {
  /** Files of the tree that the run belongs to, which for an agent in a worktree is another one than its own. */
  readonly files: OrchestratorFiles;
  /** A STATE.md there says that a run is active. */
  readonly isActive: boolean;
  /** `W2`; undefined where nothing tells it. */
  readonly wave: string | undefined;
  /** Label of the run, where STATE.md has one. */
  readonly session: string | undefined;
}

/** Finds the run in whose tree, or in one of whose worktrees, this one is, and the wave that it is in (formats.md §1.2, §1.5). */
export async function runningWave({ ports }: Pick<ActionContext, 'ports'>): Promise<RunningWave> {
  const own = await ports.orchestrator();
  const runs = await readWaveRuns(ports.localState);
  const isOver = (status: string): boolean => status === 'closed' || status === 'aborted' || status === 'failed';
  const run = runs.find(
    ({ status, root, agents }) =>
      !isOver(status) && (root === own.root || agents.some((agent) => agent.worktree === own.root)),
  );
  const files = run === undefined || run.root === own.root ? own : own.at(run.root);
  const candidates = run?.stateFile === undefined ? statePaths(own.stateFolder) : [run.stateFile];
  for (const path of candidates) {
    const text = await files.readText(path).catch(() => undefined);
    if (text === undefined) continue;
    const { value: state } = parseState(text, path);
    const session = state.fields.findLast((field) => field.key === 'session')?.value || undefined;
    const isActive = state.status === 'active';
    const completed = state.currentWave;
    const scope = await scopedWave(files, path, session);
    // What stands in STATE.md is the last wave that has ended; the next one runs.
    const number = run?.wave || scope || (completed === undefined ? undefined : completed + 1);
    return { files, isActive, wave: number === undefined ? undefined : `W${number}`, session };
  }
  return { files, isActive: false, wave: undefined, session: undefined };
}

function statePaths(preferred: string): readonly string[] {
  return [...new Set([preferred, ...stateFolders])].map((folder) => `${folder}/STATE.md`);
}

/** The scope file's word counts where it is not another session's. */
async function scopedWave(
  files: OrchestratorFiles,
  statePath: string,
  session: string | undefined,
): Promise<number | undefined> {
  const folder = statePath.slice(0, statePath.lastIndexOf('/'));
  const text = await files.readText(`${folder}/wave-scope.json`).catch(() => undefined);
  const { wave, semantic_session_id } = readObject(text ?? '') ?? {};
  const isForeign = typeof semantic_session_id === 'string' && semantic_session_id !== session;
  const number = Number(wave);
  return !isForeign && wave !== null && wave !== '' && Number.isInteger(number) && number > 0 ? number : undefined;
}

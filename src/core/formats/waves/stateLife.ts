import { phrase } from '../../base/phrase.ts';
import type { TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import type { WaveRunStatus, WaveState } from '../../model/waveState.ts';
import { setStateFields } from './stateEdits.ts';

/** What may follow each state (formats.md §1.2). `completed` goes to `idle` only by the reset of the next session. */
const followers: Readonly<Record<WaveRunStatus, readonly WaveRunStatus[]>> = {
  idle: ['active'],
  active: ['paused', 'completed'],
  paused: ['active', 'completed'],
  completed: ['idle'],
};

/** Tells whether a run may go from a state to another one; a state that is not known may go to any. */
export function mayFollow(from: WaveRunStatus | undefined, to: string): boolean {
  return from === undefined || from === to || followers[from].some((status) => status === to);
}

/**
 * Sets the state of a run where it may follow the one that is there.
 *
 * @throws BatonError `wrong-state` where it may not, `unreadable-file`
 */
export function setRunStatus(state: WaveState, to: WaveRunStatus): readonly TextEdit[] {
  if (mayFollow(state.status, to)) return setStateFields(state.text, { status: to });
  const from = state.status ?? '';
  const next = state.status === undefined ? [] : followers[state.status];
  throw new BatonError('wrong-state', phrase`The wave run of ${state.path} is ${from}, which cannot become ${to}`, {
    hint: phrase`What can follow ${from}: ${next.join(', ')}.`,
    data: { path: state.path, from, to },
  });
}

/**
 * Whose a STATE.md is. `free`: nobody works on it; `own`; `other-branch`: it is of another branch and counts for nothing here; `peer`:
 * another session is active; `abandoned`: that one began too long ago. A file without `session` names nobody.
 */
export type StateOwnership = 'free' | 'own' | 'other-branch' | 'peer' | 'abandoned';

/** So long after its start a run of another session is taken for one that works, where nothing else is known of it. */
const abandonedHours = 4;

/** Judges whose a STATE.md is (formats.md §1.2), as the reference's guard does; a time that cannot be read is long ago. */
export function judgeOwnership(
  state: WaveState,
  own: { readonly session?: string; readonly branch?: string; readonly nowMs: number },
): StateOwnership {
  if (state.branch !== undefined && own.branch !== undefined && state.branch !== own.branch) return 'other-branch';
  if (state.status !== 'active' && state.status !== 'paused') return 'free';
  const session = state.fields.findLast(({ key }) => key === 'session')?.value;
  if (session === undefined || session === '') return 'free';
  if (session === own.session) return 'own';
  const startedMs = Date.parse((state.startedAt ?? '').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  const hours = (own.nowMs - startedMs) / 3_600_000;
  return hours <= abandonedHours ? 'peer' : 'abandoned';
}

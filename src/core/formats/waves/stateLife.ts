import type { WaveRunStatus } from '../../model/waveState.ts';

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

import type { SessionStatus } from './sessionStatus.ts';
import type { SessionEntry } from './workspace.ts';

/** How a session is shown: its status, with `pending` told apart by whether it can be started. */
export type ShownState = Exclude<SessionStatus, 'pending'> | 'ready' | 'waiting' | 'unknown';

/** All of them, in the order in which filters offer them. */
export const shownStates: readonly ShownState[] = [
  'active',
  'ready',
  'waiting',
  'paused',
  'blocked',
  'failed',
  'retry',
  'done',
  'unknown',
];

/** Tells how a session is shown. */
export function shownState(entry: SessionEntry): ShownState {
  if (entry.statusUnknown) return 'unknown';
  if (entry.status !== 'pending') return entry.status;
  return entry.ready ? 'ready' : 'waiting';
}

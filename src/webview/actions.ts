import type { DashboardSession } from '../core/model/dashboard.ts';
import type { DashboardVerb } from './protocol.ts';
import type { Translate } from './texts.ts';

/** Something that can be done with sessions. */
export interface SessionAction {
  readonly verb: DashboardVerb;
  readonly label: string;
  /** Groups that a menu divides by a line. */
  readonly group: 'work' | 'open' | 'other';
  /** Why it cannot be done now; it is then shown, but not possible. */
  readonly refusal?: string;
}

/** It starts a process (git, commands, an agent), which Restricted Mode does not allow. */
const startsProcess: ReadonlySet<DashboardVerb> = new Set([
  'start',
  'resume',
  'pause',
  'checkpoint',
  'verify',
  'complete',
  'fail',
  'rollback',
  'showCommit',
  'showChanges',
  'startAgent',
]);

/** What can be done with a session as it is, in the order of a menu. */
export function actionsFor(t: Translate, session: DashboardSession, trusted: boolean): readonly SessionAction[] {
  return actionOrder.filter(([verb]) => applies(verb, session)).map(([verb, group]) => action(t, verb, group, trusted));
}

/** What can be done with several sessions at once. */
export function actionsForAll(
  t: Translate,
  sessions: readonly DashboardSession[],
  trusted: boolean,
): readonly SessionAction[] {
  const [first] = sessions;
  if (first !== undefined && sessions.length === 1) return actionsFor(t, first, trusted);
  return actionOrder
    .filter(([verb]) => forMany.has(verb) && sessions.every((session) => applies(verb, session)))
    .map(([verb, group]) => action(t, verb, group, trusted));
}

const forMany: ReadonlySet<DashboardVerb> = new Set(['startAgent', 'openPrompt', 'copyId']);

const actionOrder: readonly (readonly [DashboardVerb, SessionAction['group']])[] = [
  ['start', 'work'],
  ['resume', 'work'],
  ['checkpoint', 'work'],
  ['verify', 'work'],
  ['complete', 'work'],
  ['pause', 'work'],
  ['fail', 'work'],
  ['rollback', 'work'],
  ['startAgent', 'work'],
  ['openSessionFile', 'open'],
  ['openPrompt', 'open'],
  ['openPlan', 'open'],
  ['openProgress', 'open'],
  ['showChanges', 'open'],
  ['showCommit', 'open'],
  ['reveal', 'other'],
  ['copyId', 'other'],
];

function applies(verb: DashboardVerb, session: DashboardSession): boolean {
  const { state, activeHere } = session;
  switch (verb) {
    case 'start':
      return !activeHere && ['ready', 'waiting', 'failed', 'retry'].includes(state);
    case 'startAgent':
      return activeHere || ['ready', 'failed', 'retry'].includes(state);
    case 'resume':
      return state === 'paused';
    case 'pause':
    case 'checkpoint':
    case 'verify':
    case 'complete':
    case 'fail':
    case 'openSessionFile':
      return activeHere;
    case 'rollback':
      return activeHere || ((state === 'done' || state === 'failed') && session.commit !== undefined);
    case 'showChanges':
      return activeHere || session.commit !== undefined;
    case 'showCommit':
      return session.commit !== undefined;
    case 'openPrompt':
    case 'openPlan':
      return session.hasPrompt;
    case 'openProgress':
      return session.hasRow;
    case 'reveal':
    case 'copyId':
      return true;
  }
}

function action(t: Translate, verb: DashboardVerb, group: SessionAction['group'], trusted: boolean): SessionAction {
  const label = verbText(t, verb);
  if (trusted || !startsProcess.has(verb)) return { verb, label, group };
  return { verb, label, group, refusal: t('Not possible in Restricted Mode') };
}

/** What a verb is called on a button or in a menu. */
export function verbText(t: Translate, verb: DashboardVerb): string {
  switch (verb) {
    case 'start':
      return t('Start');
    case 'resume':
      return t('Resume');
    case 'pause':
      return t('Pause');
    case 'checkpoint':
      return t('Checkpoint…');
    case 'verify':
      return t('Verify');
    case 'complete':
      return t('Complete…');
    case 'fail':
      return t('Mark as Failed…');
    case 'rollback':
      return t('Roll Back…');
    case 'startAgent':
      return t('Start Agent…');
    case 'openPrompt':
      return t('Open Prompt');
    case 'openPlan':
      return t('Open Plan');
    case 'openProgress':
      return t('Open Progress Row');
    case 'openSessionFile':
      return t('Open SESSION.md');
    case 'showCommit':
      return t('Show Commit');
    case 'showChanges':
      return t('Show Changes');
    case 'copyId':
      return t('Copy ID');
    case 'reveal':
      return t('Reveal in Sessions View');
  }
}

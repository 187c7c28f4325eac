import * as vscode from 'vscode';
import type { ClaimInfo, TaskEntry, TaskListEntry, TaskStatus } from '../../../core/model/taskList.ts';
import { createFactsTooltip } from '../tooltipText.ts';
import { type ShownTask, shownTask } from './model.ts';

const icons: Readonly<Record<ShownTask, readonly [icon: string, color: string]>> = {
  ready: ['circle-outline', 'testing.iconUnset'],
  waiting: ['circle-slash', 'testing.iconSkipped'],
  inProgress: ['circle-filled', 'testing.iconQueued'],
  complete: ['pass-filled', 'testing.iconPassed'],
  error: ['error', 'testing.iconFailed'],
};

/** The icon of a task, in the colours that sessions have. */
export function taskIcon(state: ShownTask): vscode.ThemeIcon {
  const [icon, color] = icons[state];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** The word for how a task is shown. */
export function taskWord(state: ShownTask): string {
  switch (state) {
    case 'ready':
      return vscode.l10n.t('ready');
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'inProgress':
      return vscode.l10n.t('in progress');
    case 'complete':
      return vscode.l10n.t('complete');
    case 'error':
      return vscode.l10n.t('problem');
  }
}

/** What a state means, for completions and choices. */
export function statusMeaning(status: TaskStatus): string {
  switch (status) {
    case 'PENDING':
      return vscode.l10n.t('Nobody works on it yet. It is ready when every task in “After” is complete.');
    case 'IN_PROGRESS':
      return vscode.l10n.t('Somebody works on it now. Several tasks may be in progress.');
    case 'COMPLETE':
      return vscode.l10n.t('It is finished, and tasks that come after it may start. It does not fall back by itself.');
  }
}

/** What a task waits for: `waits for a, b`; undefined where for nothing. */
export function waitingText(task: TaskEntry): string | undefined {
  if (task.status === 'COMPLETE' || task.waitingFor.length === 0) return undefined;
  return vscode.l10n.t('waits for {0}', task.waitingFor.join(', '));
}

/** Why a task can never be started, or that its state is not understood; undefined where all is well. */
export function taskProblem(task: TaskEntry): string | undefined {
  if (task.error !== undefined) return task.error;
  return task.statusUnknown ? vscode.l10n.t('its state is not understood') : undefined;
}

/** Who has claimed a task. */
export function claimText(claim: ClaimInfo): string {
  return claim.expired
    ? vscode.l10n.t('claim of {0} ran out', claim.owner)
    : vscode.l10n.t('claimed by {0}', claim.owner);
}

/** What stands beside a task's name. */
export function taskDescription(task: TaskEntry): string {
  const parts = [
    task.status === 'IN_PROGRESS' ? taskWord('inProgress') : undefined,
    taskProblem(task) ?? waitingText(task),
    task.critical ? vscode.l10n.t('critical path') : undefined,
    task.claim === undefined || task.status === 'COMPLETE' ? undefined : claimText(task.claim),
    task.rescued === true ? vscode.l10n.t('rescued') : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** Screen readers may miss what only the description, the box or the icon says. */
export function taskLabel(task: TaskEntry): string {
  const parts = [
    task.id,
    task.title === task.id ? undefined : task.title,
    taskWord(shownTask(task)),
    taskProblem(task) ?? waitingText(task),
    task.critical ? vscode.l10n.t('critical path') : undefined,
    task.claim === undefined ? undefined : claimText(task.claim),
    task.rescued === true ? vscode.l10n.t('rescued') : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** Everything known of a task. */
export function taskTooltip(task: TaskEntry, entry: TaskListEntry): vscode.MarkdownString {
  const { tooltip, line } = createFactsTooltip(task.id, task.title);
  line(vscode.l10n.t('State'), taskWord(shownTask(task)));
  line(vscode.l10n.t('Problem'), taskProblem(task));
  const byId = new Map(entry.tasks.map((one) => [one.id, one]));
  line(
    vscode.l10n.t('After'),
    task.after.map((id) => `${byId.get(id)?.status === 'COMPLETE' ? '✓' : '○'} ${id}`).join(', '),
  );
  line(vscode.l10n.t('Unblocks'), task.unblocks.join(', '));
  if (task.critical) line(vscode.l10n.t('Critical path'), vscode.l10n.t('yes: the list takes as long as its chain'));
  line(vscode.l10n.t('Changed by'), sessionText(entry, task.session));
  line(vscode.l10n.t('Updated'), task.updated);
  line(
    vscode.l10n.t('Claim'),
    task.claim === undefined ? undefined : `${claimText(task.claim)}, ${task.claim.expiresAt}`,
  );
  if (task.rescued === true) line(vscode.l10n.t('Rescued'), vscode.l10n.t('complete here, gone from Claude Code'));
  return tooltip;
}

/** A session of the list, with who worked and when. */
export function sessionText(entry: TaskListEntry, number: string | undefined): string | undefined {
  if (number === undefined) return undefined;
  const session = entry.list.sessions.find((one) => String(one.number) === number);
  const words = [vscode.l10n.t('session {0}', number), session?.who, session?.started];
  return words.filter((word) => word !== undefined && word !== '').join(', ');
}

import * as vscode from 'vscode';
import type { IsolatedEntry } from '../../../core/actions/isolated/listIsolated.ts';
import type { AgentUsage } from '../../../core/model/isolated.ts';
import { localized } from '../../localized.ts';
import { formatMinutes, minutesBetween } from '../times.ts';
import { createFactsTooltip } from '../tooltipText.ts';
import { type AgentGroup, type ShownAgent, shownAgent } from './model.ts';

const icons: Readonly<Record<ShownAgent, readonly [icon: string, color: string]>> = {
  queued: ['clock', 'testing.iconUnset'],
  preparing: ['sync~spin', 'testing.iconQueued'],
  running: ['sync~spin', 'testing.iconQueued'],
  waiting: ['question', 'testing.iconQueued'],
  approved: ['pass', 'testing.iconPassed'],
  rejected: ['circle-slash', 'testing.iconErrored'],
  merged: ['git-merge', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  interrupted: ['debug-disconnect', 'testing.iconFailed'],
  stopped: ['debug-stop', 'testing.iconSkipped'],
  stale: ['watch', 'testing.iconErrored'],
  conflict: ['git-pull-request-closed', 'testing.iconFailed'],
  paused: ['debug-pause', 'testing.iconQueued'],
};

/** The icon of a session; in the colour of errors where its agent asks nobody. */
export function agentIcon(shown: ShownAgent, bypasses: boolean): vscode.ThemeIcon {
  const [icon, color] = icons[shown];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(bypasses ? 'errorForeground' : color));
}

/** The word for a state. */
export function agentWord(entry: Pick<IsolatedEntry, 'session' | 'interrupted'>): string {
  const shown = shownAgent(entry);
  switch (shown) {
    case 'queued':
      return vscode.l10n.t('queued');
    case 'preparing':
      return vscode.l10n.t('preparing');
    case 'running':
      return entry.session.phase === 'review' ? vscode.l10n.t('in review') : vscode.l10n.t('running');
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'approved':
      return vscode.l10n.t('approved');
    case 'rejected':
      return vscode.l10n.t('rejected');
    case 'merged':
      return vscode.l10n.t('merged');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'interrupted':
      return vscode.l10n.t('interrupted');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'stale':
      return vscode.l10n.t('silent for long');
    case 'conflict':
      return vscode.l10n.t('conflict');
    case 'paused':
      return vscode.l10n.t('paused by its budget');
  }
}

/** The name of a group. */
export function groupName(group: AgentGroup): string {
  switch (group) {
    case 'needs':
      return vscode.l10n.t('Needs You');
    case 'running':
      return vscode.l10n.t('Running');
    case 'waiting':
      return vscode.l10n.t('Waiting for an Answer');
    case 'approved':
      return vscode.l10n.t('Approved');
    case 'conflict':
      return vscode.l10n.t('Conflict');
    case 'ended':
      return vscode.l10n.t('Failed, Rejected or Stopped');
    case 'queued':
      return vscode.l10n.t('Queued');
    case 'merged':
      return vscode.l10n.t('Merged Today');
  }
}

/** How long a session has worked, or worked; undefined while it has not begun. */
export function elapsedText({ session }: IsolatedEntry): string | undefined {
  const { startedAt, completedAt } = session;
  if (startedAt === undefined) return undefined;
  const minutes = minutesBetween(startedAt, completedAt);
  return minutes === undefined ? undefined : formatMinutes(minutes);
}

/** Tokens, and the cost where the agent says it. */
export function usageText({ session, activity }: IsolatedEntry): string | undefined {
  const usage: AgentUsage | undefined = activity?.usage ?? session.usage;
  if (usage === undefined) return undefined;
  const tokens = usage.inputTokens + usage.outputTokens;
  const parts = [
    tokens === 0 ? undefined : vscode.l10n.t('{0} tokens', shortCount(tokens)),
    usage.costUsd === undefined ? undefined : `$${usage.costUsd.toFixed(2)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

function shortCount(count: number): string {
  if (count < 10_000) return String(count);
  return count < 1_000_000 ? `${Math.round(count / 1000)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}

/** What it last said or did while it works, or why it rests. */
export function lastLine({ session, activity, interrupted }: IsolatedEntry): string | undefined {
  const { status, error, review } = session;
  if (['running', 'stale', 'preparing'].includes(status) && !interrupted) return activity?.line;
  if (status === 'failed') return error && localized(error.message).split('\n')[0];
  return status === 'approved' || status === 'rejected' ? review?.summary.split('\n')[0] : undefined;
}

/** What stands beside a session's name. */
export function agentDescription(entry: IsolatedEntry, bypasses: boolean): string {
  return sessionParts(entry, bypasses).join(' · ');
}

/** Screen readers may miss what only the description or the icon says. */
export function agentLabel(entry: IsolatedEntry, bypasses: boolean): string {
  const { item, agent } = entry.session;
  const title = item.title === item.id ? [] : [item.title];
  return [item.id, ...title, ...sessionParts(entry, bypasses), agent].join(', ');
}

function sessionParts(entry: IsolatedEntry, bypasses: boolean): readonly string[] {
  const parts = [
    bypasses ? vscode.l10n.t('⚠ asks nobody') : undefined,
    agentWord(entry),
    elapsedText(entry),
    lastLine(entry),
    usageText(entry),
  ];
  return parts.filter((part) => part !== undefined && part !== '') as readonly string[];
}

/** Everything known of a session. */
export function agentTooltip(entry: IsolatedEntry, bypasses: boolean): vscode.MarkdownString {
  const { session, activity, questions } = entry;
  const { tooltip, line } = createFactsTooltip(session.item.id, session.item.title);
  line(vscode.l10n.t('State'), agentWord(entry));
  line(vscode.l10n.t('Permissions'), bypasses ? bypassText(session.agent) : undefined);
  line(vscode.l10n.t('Error'), session.error && localized(session.error.message));
  line(vscode.l10n.t('Agent'), [session.agent, session.model].filter(Boolean).join(', '));
  line(vscode.l10n.t('Last activity'), activity?.line);
  line(vscode.l10n.t('Used'), usageText(entry));
  line(vscode.l10n.t('Started'), session.startedAt?.slice(0, 16).replace('T', ' '));
  line(vscode.l10n.t('Attempt'), session.attempt > 1 ? String(session.attempt) : undefined);
  line(vscode.l10n.t('Questions'), questions.map(({ question }) => question).join(' · '));
  line(vscode.l10n.t('Verdict'), verdictText(entry));
  line(vscode.l10n.t('Branch'), session.branch);
  line(vscode.l10n.t('Worktree'), session.worktree);
  return tooltip;
}

/** What the review said, and who it was. */
export function verdictText({ session: { review } }: IsolatedEntry): string | undefined {
  if (review === undefined) return undefined;
  const who = review.byPerson === undefined ? review.reviewedBy : vscode.l10n.t('you: {0}', review.byPerson.reason);
  const word = review.decision === 'approved' ? vscode.l10n.t('approved') : vscode.l10n.t('rejected');
  return `${word} (${who}): ${review.summary}`;
}

/** Says that an agent is set to ask nobody. */
export function bypassText(agent: string): string {
  return vscode.l10n.t('{0} is set in agents.yaml to do anything without asking', agent);
}

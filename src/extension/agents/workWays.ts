import * as vscode from 'vscode';
import type { ExecutionMode } from '../../core/model/plan.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';
import type { CommandId } from '../contributions.ts';

/** How a session can be worked on from here. */
export type WorkWay = 'agent' | 'prompt' | 'review';

/** The first mode of the plan that says where the work happens decides; without one an agent in a terminal. */
export function defaultWay(entry: Pick<SessionEntry, 'plan'>): WorkWay {
  const ways: Partial<Record<ExecutionMode, WorkWay>> = { cli: 'agent', vscode: 'prompt', web: 'review' };
  for (const mode of entry.plan?.execution ?? []) {
    const way = ways[mode];
    if (way !== undefined) return way;
  }
  return 'agent';
}

/** What the way is called on buttons. */
export function wayTitle(way: WorkWay): string {
  switch (way) {
    case 'agent':
      return vscode.l10n.t('Start Agent');
    case 'prompt':
      return vscode.l10n.t('Open Prompt');
    case 'review':
      return vscode.l10n.t('Copy for Web Chat');
  }
}

/** The command of a way. */
export const wayCommands: Readonly<
  Record<WorkWay, CommandId & ('baton.startAgent' | 'baton.openPrompt' | 'baton.copyForReview')>
> = {
  agent: 'baton.startAgent',
  prompt: 'baton.openPrompt',
  review: 'baton.copyForReview',
};

import * as vscode from 'vscode';
import { failInterrupted, retryInterrupted, retryIsolated, stopIsolated } from '../../core/actions/isolated/control.ts';
import { approveIsolated, rejectIsolated } from '../../core/actions/isolated/decide.ts';
import type { IsolatedEntry } from '../../core/actions/isolated/listIsolated.ts';
import type { IsolatedArgument } from '../agentArguments.ts';
import { followLog } from '../isolated/logTerminal.ts';
import { runIsolated } from '../isolated/openIsolated.ts';
import { registerCommand } from '../registration.ts';
import { abilitiesOf } from '../views/agents/model.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { answerQuestion } from './answerCommand.ts';
import { askReason } from './askReason.ts';
import { registerMergeCommands } from './isolatedMerge.ts';
import { registerRemoveCommands } from './isolatedRemove.ts';
import { registerReviewCommands } from './isolatedReview.ts';
import { announce } from './runVerb.ts';
import { selectHost } from './selectHost.ts';
import { type SelectedIsolated, selectIsolated } from './selectIsolated.ts';
import type { Services } from './services.ts';

/** Whether a session can be treated so. */
const can =
  (ability: string) =>
  (entry: IsolatedEntry): boolean =>
    abilitiesOf(entry).includes(ability);

/** The commands about isolated sessions, other than dispatching. */
export function registerIsolatedCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.answerQuestion', (argument) => answerQuestion(services, argument)),
    registerCommand('baton.approveIsolated', (argument) => decide(services, argument, 'approved')),
    registerCommand('baton.rejectIsolated', (argument) => decide(services, argument, 'rejected')),
    ...registerMergeCommands(services),
    registerCommand('baton.stopIsolated', async (argument) => {
      const title = vscode.l10n.t('Stop Agent');
      const selected = await selectIsolated(services, argument, { title, offers: can('stop') });
      if (selected === undefined) return undefined;
      const { host, entry } = selected;
      return runIsolated(services, host, { title }, (context) =>
        stopIsolated(context, { id: entry.session.id, ...(argument?.reason && { reason: argument.reason }) }),
      );
    }),
    registerCommand('baton.retryIsolated', (argument) => retry(services, argument, 'retry')),
    registerCommand('baton.approveAndRetry', (argument) => retry(services, argument, 'approval')),
    registerCommand('baton.resumeInterrupted', async (argument) => {
      const host = await selectHost(services.projects, argument);
      if (host === undefined) return undefined;
      if (argument?.markFailed === true) {
        const title = vscode.l10n.t('Mark as Failed');
        const failed = await runIsolated(services, host, { title }, (context) => failInterrupted(context));
        announce(vscode.l10n.t('Marked as failed: {0}', failed.map(({ item }) => item.id).join(', ')));
        return failed;
      }
      const title = vscode.l10n.t('Resuming');
      const resumed = await runIsolated(services, host, { title }, (context) => retryInterrupted(context));
      announce(vscode.l10n.t('{0} sessions go on', resumed.length));
      return resumed;
    }),
    ...registerRemoveCommands(services),
    registerCommand('baton.followAgentLog', async (argument) => {
      const selected = await selectIsolated(services, argument, {
        title: vscode.l10n.t('Follow Log'),
        offers: ({ session }) => session.status !== 'queued',
      });
      return selected && followLog(selected.host, selected.entry.session);
    }),
    registerCommand('baton.openWorktreeTerminal', async (argument) => {
      trustGate.require(vscode.l10n.t('a terminal'));
      const selected = await selectWorktree(services, argument, vscode.l10n.t('Open Terminal in Worktree'));
      if (selected === undefined) return undefined;
      const { item, worktree } = selected.entry.session;
      const terminal = vscode.window.createTerminal({ name: item.id, cwd: vscode.Uri.file(worktree) });
      terminal.show();
      return terminal.name;
    }),
    registerCommand('baton.openWorktreeWindow', async (argument) => {
      const selected = await selectWorktree(services, argument, vscode.l10n.t('Open Worktree in New Window'));
      if (selected === undefined) return;
      const folder = vscode.Uri.file(selected.entry.session.worktree);
      await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
    }),
    ...registerReviewCommands(services),
    registerCommand('baton.copyBranch', async (argument) => {
      const title = vscode.l10n.t('Copy Branch');
      const selected = await selectIsolated(services, argument, { title, offers: () => true });
      if (selected === undefined) return undefined;
      const { branch } = selected.entry.session;
      await vscode.env.clipboard.writeText(branch);
      announce(vscode.l10n.t('{0} is in the clipboard', branch));
      return branch;
    }),
  ];
}

function selectWorktree(
  services: Services,
  argument: IsolatedArgument | undefined,
  title: string,
): Promise<SelectedIsolated | undefined> {
  return selectIsolated(services, argument, { title, offers: can('worktree') });
}

async function decide(
  services: Services,
  argument: IsolatedArgument | undefined,
  decision: 'approved' | 'rejected',
): Promise<unknown> {
  const title = decision === 'approved' ? vscode.l10n.t('Approve Work') : vscode.l10n.t('Reject Work');
  const selected = await selectIsolated(services, argument, { title, offers: can('decide') });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const { id, item } = entry.session;
  const reason = argument?.reason ?? (await askReason(`${title}: ${item.id}`));
  if (reason === undefined) return undefined;
  const act = decision === 'approved' ? approveIsolated : rejectIsolated;
  return runIsolated(services, host, { title }, (context) => act(context, { id, reason }));
}

async function retry(
  services: Services,
  argument: IsolatedArgument | undefined,
  ability: 'retry' | 'approval',
): Promise<unknown> {
  const title = ability === 'retry' ? vscode.l10n.t('Send Back to Work') : vscode.l10n.t('Approve and Retry');
  const selected = await selectIsolated(services, argument, { title, offers: can(ability) });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const { id, item, status } = entry.session;
  // Who is sent back after a verdict is told why.
  const isAsked = argument?.message === undefined && (status === 'rejected' || status === 'approved');
  const message = isAsked
    ? await vscode.window.showInputBox({
        title: `${title}: ${item.id}`,
        prompt: vscode.l10n.t('What is to be changed? (may be empty)'),
        ignoreFocusOut: true,
      })
    : (argument?.message ?? '');
  if (message === undefined) return undefined;
  return runIsolated(services, host, { title }, (context) =>
    retryIsolated(context, {
      id,
      ...(message !== '' && { message }),
      ...(argument?.fresh === true && { fresh: true }),
    }),
  );
}

import * as vscode from 'vscode';
import { commentIsolated, readComments, removeComments, sendComments } from '../../core/actions/isolated/comments.ts';
import type { ChangeScope } from '../../core/actions/isolated/isolatedChanges.ts';
import type { IsolatedEntry } from '../../core/actions/isolated/listIsolated.ts';
import { BatonError } from '../../core/errors.ts';
import type { IsolatedArgument, ReviewReply, ShowChangesArgument } from '../agentArguments.ts';
import { showIsolatedChanges } from '../changes/isolatedChanges.ts';
import { openIsolated, runIsolated } from '../isolated/openIsolated.ts';
import { reviewCommentsOf } from '../isolated/reviewComments.ts';
import { registerCommand } from '../registration.ts';
import { abilitiesOf } from '../views/agents/model.ts';
import { announce } from './runVerb.ts';
import { selectIsolated } from './selectIsolated.ts';
import type { Services } from './services.ts';

/** The commands by which a person looks at an isolated session's changes, and says something about their lines. */
export function registerReviewCommands(services: Services): vscode.Disposable[] {
  const reviews = reviewCommentsOf(services);
  return [
    registerCommand('baton.showIsolatedChanges', (argument) => show(services, argument, argument?.since ?? 'start')),
    registerCommand('baton.showIsolatedChangesSince', async (argument) => {
      const since = argument?.since ?? (await pickScope());
      return since && show(services, argument, since);
    }),
    registerCommand('baton.addReviewComment', (argument) => addComment(services, argument)),
    registerCommand('baton.removeReviewComment', async (argument) => {
      if (argument === undefined) return;
      const { folder, id, comment } = argument;
      const { host, entry } = await requireIsolatedOf(services, { folder, id });
      await removeComments({ ports: host.ports }, { id, comments: [comment] });
      await reviews.show({ host, session: entry.session });
    }),
    registerCommand('baton.sendReviewComments', (argument) => send(services, argument)),
  ];
}

async function show(
  services: Services,
  argument: ShowChangesArgument | undefined,
  scope: ChangeScope,
): Promise<readonly string[] | undefined> {
  const title = vscode.l10n.t('Show Changes of an Agent');
  const offers = ({ session }: IsolatedEntry) => session.status !== 'queued';
  const selected = await selectIsolated(services, argument, { title, offers });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const { session } = entry;
  const context = await openIsolated(host, host.createContext());
  if (session.mergeCommit === undefined) await reviewCommentsOf(services).show({ host, session });
  return showIsolatedChanges(host, context, session, scope);
}

async function pickScope(): Promise<ChangeScope | undefined> {
  const items: readonly (vscode.QuickPickItem & { readonly scope: ChangeScope })[] = [
    { label: vscode.l10n.t('Whole session'), description: vscode.l10n.t('from where it started'), scope: 'start' },
    { label: vscode.l10n.t('Since the last checkpoint'), scope: 'checkpoint' },
    { label: vscode.l10n.t('Since the last verdict'), scope: 'review' },
    { label: vscode.l10n.t('Last turn'), description: vscode.l10n.t('of the agent'), scope: 'turn' },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Show Changes of an Agent') });
  return chosen?.scope;
}

/** What VS Code passes when a person has written into the box beside a line. */
async function addComment(services: Services, reply: ReviewReply | undefined): Promise<unknown> {
  const reviews = reviewCommentsOf(services);
  const found = reply && reviews.find(reply.thread.uri);
  if (reply === undefined || found === undefined) {
    throw new BatonError('unknown-isolated', vscode.l10n.t('This is no file of a session that is being reviewed.'), {
      hint: vscode.l10n.t('Open its changes from the view “Agents”.'),
    });
  }
  const { thread, text } = reply;
  const { host, session, path } = found;
  const context = await openIsolated(host, host.createContext());
  const line = (thread.range?.start.line ?? 0) + 1;
  const { comment } = await commentIsolated(context, { id: session.id, path, line, text });
  // Drawn anew, with what was said here before.
  thread.dispose();
  await reviews.show({ host, session });
  return comment;
}

async function send(
  services: Services,
  argument: (IsolatedArgument & { readonly uri?: vscode.Uri }) | undefined,
): Promise<unknown> {
  const reviews = reviewCommentsOf(services);
  const title = vscode.l10n.t('Send Comments to the Agent');
  const inFront = argument?.uri ?? vscode.window.activeTextEditor?.document.uri;
  const found = argument?.id === undefined && inFront ? reviews.find(inFront) : undefined;
  const named = found === undefined ? argument : { folder: found.host.id, id: found.session.id };
  const offers = (entry: IsolatedEntry) => ['retry', 'stop'].some((word) => abilitiesOf(entry).includes(word));
  const selected = await selectIsolated(services, named, { title, offers });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const { id, item } = entry.session;
  const result = await runIsolated(services, host, { title }, (context) =>
    sendComments(context, { id, ...(argument?.message && { message: argument.message }) }),
  );
  await reviews.show({ host, session: result.session });
  const all = await readComments({ ports: host.ports }, id);
  announce(
    result.isAtWork
      ? vscode.l10n.t(
          '{0} is at work: it is told {1} of {2} comments with its next turn',
          item.id,
          result.sent.length,
          all.length,
        )
      : vscode.l10n.t('{0} goes on with {1} of {2} comments', item.id, result.sent.length, all.length),
  );
  return result;
}

async function requireIsolatedOf(services: Services, argument: IsolatedArgument) {
  const selected = await selectIsolated(services, argument, { title: '', offers: () => false });
  if (selected !== undefined) return selected;
  throw new BatonError('unknown-isolated', vscode.l10n.t('There is no isolated session {0}.', argument.id ?? ''));
}

import * as vscode from 'vscode';
import { listInbox } from '../../core/actions/inbox/listInbox.ts';
import { BatonError } from '../../core/errors.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import type { AnswerArgument } from '../agentArguments.ts';
import { answerItem } from '../dashboard/answerItem.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';

/** Answers an item of the inbox: the one that the argument names, else the only one, else the one that is picked. */
export async function answerQuestion(services: Services, argument: AnswerArgument | undefined): Promise<void> {
  const selected = await selectItem(services, argument);
  if (selected !== undefined) await answerItem(services, selected.host, selected.item.id, argument?.text);
}

interface SelectedItem {
  readonly host: ProjectHost;
  readonly item: InboxItem;
}

async function selectItem(
  { projects }: Services,
  argument: AnswerArgument | undefined,
): Promise<SelectedItem | undefined> {
  await projects.load();
  const hosts = typeof argument?.folder === 'string' ? [projects.get(argument.folder)] : projects.all;
  const lists = await Promise.all(
    hosts
      .filter(({ isLocal }) => isLocal)
      .map(async (host) => {
        const { items } = await listInbox({ ports: host.ports }).catch(() => ({ items: [] }));
        return items.map((item): SelectedItem => ({ host, item }));
      }),
  );
  const all = lists.flat();
  if (argument?.id !== undefined) {
    const named = all.find(({ item }) => item.id === argument.id);
    if (named !== undefined) return named;
    throw new BatonError('unknown-item', vscode.l10n.t('This is not waiting any more'));
  }
  if (all.length === 0) throw new BatonError('unknown-item', vscode.l10n.t('Nothing waits for an answer.'));
  if (all.length === 1) return all[0];
  const items = all.map((selected) => ({
    label: plainLabel(selected.item.question),
    description: selected.item.blocking ? vscode.l10n.t('blocks') : '',
    selected,
  }));
  const title = vscode.l10n.t('Answer a Question');
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.selected;
}

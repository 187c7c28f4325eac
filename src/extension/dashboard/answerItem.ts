import * as vscode from 'vscode';
import { answer } from '../../core/actions/inbox/answer.ts';
import { listInbox } from '../../core/actions/inbox/listInbox.ts';
import { BatonError } from '../../core/errors.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import { announce } from '../commands/runVerb.ts';
import { plainLabel } from '../commands/selectSession.ts';
import type { Services } from '../commands/services.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';

/**
 * Asks the person what an item of the inbox asks, and writes the answer down. Closing the question answers nothing.
 *
 * @throws BatonError `unknown-item`, `wrong-state` where it has been answered meanwhile, `untrusted` for an approval in Restricted Mode
 */
export async function answerItem(services: Services, host: ProjectHost, id: string): Promise<void> {
  const context = host.createContext();
  const { items } = await listInbox(context);
  const item = items.find((one) => one.id === id);
  if (item === undefined) throw new BatonError('unknown-item', vscode.l10n.t('This is not waiting any more'));
  if (item.kind === 'approval') await approve(services, host, item);
  else {
    const text = await askPerson(item);
    if (text === undefined) return;
    await answer(context, { id, text });
    announce(vscode.l10n.t('Answered: {0}', text));
  }
  await host.refresh();
}

async function approve(services: Services, host: ProjectHost, { commands = [], question }: InboxItem): Promise<void> {
  trustGate.require(vscode.l10n.t('a command'));
  const given = await services.prompt.approveCommands({ commands, purpose: question, folder: '' });
  if (given === 'approve' || given === 'once') await host.ports.approvals.approve(commands);
}

async function askPerson({ question, options, context }: InboxItem): Promise<string | undefined> {
  const prompt = {
    title: question,
    ignoreFocusOut: true,
    ...(context === undefined ? {} : { placeholder: context }),
  };
  if (options.length > 0) {
    const other = { label: vscode.l10n.t('Another Answer…'), text: undefined };
    const items = [...options.map((text) => ({ label: plainLabel(text), text })), other];
    const chosen = await vscode.window.showQuickPick<{ readonly label: string; readonly text: string | undefined }>(
      items,
      {
        ...prompt,
        ...(context === undefined ? {} : { placeHolder: context }),
      },
    );
    if (chosen === undefined || chosen.text !== undefined) return chosen?.text;
  }
  const text = await vscode.window.showInputBox({ ...prompt, prompt: context ?? question });
  return text === undefined || text.trim() === '' ? undefined : text;
}

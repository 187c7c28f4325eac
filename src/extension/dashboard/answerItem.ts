import * as vscode from 'vscode';
import { answer } from '../../core/actions/inbox/answer.ts';
import { listInbox } from '../../core/actions/inbox/listInbox.ts';
import { continueAnswered } from '../../core/actions/isolated/questions.ts';
import { BatonError } from '../../core/errors.ts';
import type { InboxItem } from '../../core/model/inbox.ts';
import { announce } from '../commands/runVerb.ts';
import { plainLabel } from '../commands/selectSession.ts';
import type { Services } from '../commands/services.ts';
import { openIsolated } from '../isolated/openIsolated.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';

/**
 * Asks the person what an item of the inbox asks, unless `given` is the answer, and writes the answer down. Closing the question answers
 * nothing. A session or a wave run that waits for the answer is continued; in Restricted Mode that is left to whoever may start something.
 *
 * @throws BatonError `unknown-item`, `wrong-state` where it has been answered meanwhile, `untrusted` for an approval in Restricted Mode
 */
export async function answerItem(services: Services, host: ProjectHost, id: string, given?: string): Promise<void> {
  const context = host.createContext();
  const { items } = await listInbox(context);
  const item = items.find((one) => one.id === id);
  if (item === undefined) throw new BatonError('unknown-item', vscode.l10n.t('This is not waiting any more'));
  if (item.kind === 'approval') await approve(services, host, item);
  else {
    const text = given ?? (await askPerson(item));
    if (text === undefined) return;
    const { item: answered } = await answer(context, { id, text });
    announce(vscode.l10n.t('Answered: {0}', answered.answer ?? text));
    if ((answered.isolated ?? answered.wave) !== undefined && trustGate.isTrusted) {
      await continueAnswered(await openIsolated(host, context), answered);
    }
  }
  await host.refresh();
}

async function approve(services: Services, host: ProjectHost, { commands = [], question }: InboxItem): Promise<void> {
  trustGate.require(vscode.l10n.t('a command'));
  const given = await services.prompt.approveCommands({ commands, purpose: question, folder: '' });
  if (given === 'approve' || given === 'once') await host.ports.approvals.approve(commands);
}

interface AnswerPick extends vscode.QuickPickItem {
  /** Undefined: the person writes one. */
  readonly text: string | undefined;
}

async function askPerson(item: InboxItem): Promise<string | undefined> {
  const { question, options, context } = item;
  if (options.length > 0) {
    const chosen = await pickOption(item);
    if (chosen === undefined || chosen.text !== undefined) return chosen?.text;
  }
  const text = await vscode.window.showInputBox({ title: question, prompt: context ?? question, ignoreFocusOut: true });
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** The options, chosen by their number too; what is typed beside them is an answer as well. */
async function pickOption({ question, options, context }: InboxItem): Promise<AnswerPick | undefined> {
  const quickPick = vscode.window.createQuickPick<AnswerPick>();
  const proposed = options.map(
    (text, index): AnswerPick => ({ label: plainLabel(text), description: String(index + 1), text }),
  );
  const other: AnswerPick = { label: vscode.l10n.t('Another Answer…'), text: undefined, alwaysShow: true };
  quickPick.title = question;
  quickPick.placeholder = context ?? vscode.l10n.t('Choose, press a number, or type an answer');
  quickPick.ignoreFocusOut = true;
  quickPick.items = [...proposed, other];
  try {
    return await new Promise((resolve) => {
      quickPick.onDidChangeValue((value) => {
        const typed = value.trim();
        const numbered = /^[1-9]$/.test(typed) ? proposed[Number(typed) - 1] : undefined;
        if (numbered !== undefined) resolve(numbered);
        const own: AnswerPick = {
          label: vscode.l10n.t('Answer: {0}', plainLabel(typed)),
          text: typed,
          alwaysShow: true,
        };
        quickPick.items = typed === '' ? [...proposed, other] : [...proposed, own];
      });
      quickPick.onDidAccept(() => resolve(quickPick.selectedItems[0]));
      quickPick.onDidHide(() => resolve(undefined));
      quickPick.show();
    });
  } finally {
    quickPick.dispose();
  }
}

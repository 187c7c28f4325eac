import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import { recommendModel } from '../../core/formats/modelChoice.ts';
import { folderOf } from '../../core/store/lookup.ts';
import { announce } from '../commands/runVerb.ts';
import { type SelectedSession, selectSession } from '../commands/selectSession.ts';
import type { Services } from '../commands/services.ts';
import { registerCommand, runCommand } from '../registration.ts';
import type { SessionArgument } from '../sessionArguments.ts';
import { taskListOf } from '../views/currentSession/view.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { startAgentTerminal } from './agentTerminal.ts';
import { buildReviewText } from './reviewText.ts';
import { defaultWay, wayCommands } from './workWays.ts';

/** The ways of working on a session: an agent in a terminal, the prompt here, or a web chat. */
export function registerAgentCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.startAgent', (argument) => startAgent(services, argument)),
    registerCommand('baton.workOnSession', async (argument) => {
      const selected = await selectActive(services, argument, vscode.l10n.t('Work on Session'));
      if (selected === undefined) return undefined;
      const { host, entry } = selected;
      return runCommand(wayCommands[defaultWay(entry)], { folder: host.id, id: entry.id, project: entry.project });
    }),
    registerCommand('baton.copyForReview', async (argument) => {
      const selected = await selectActive(services, argument, vscode.l10n.t('Copy Session for Review'));
      if (selected === undefined) return undefined;
      const text = await buildReviewText(selected.host, selected.entry, trustGate.isTrusted);
      await vscode.env.clipboard.writeText(text);
      void offerPaste(selected);
      return text;
    }),
  ];
}

async function startAgent(services: Services, argument: SessionArgument | undefined): Promise<unknown> {
  trustGate.require(vscode.l10n.t('an agent'));
  const selected = await selectActive(services, argument, vscode.l10n.t('Start Agent on This Session'));
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const { workspace } = host;
  if (!entry.activeHere || workspace === undefined) {
    throw new BatonError('no-active-session', vscode.l10n.t('{0} is not active.', entry.id), {
      hint: vscode.l10n.t('Start it first: the agent reads SESSION.md.'),
    });
  }
  const named = workspace.sessionFile?.modelSettings.model ?? entry.plan?.modelSettings.model;
  const folder = folderOf(workspace, entry);
  const list = taskListOf(host, workspace.sessionFile?.taskList ?? entry.plan?.taskList);
  const environment = list && (await services.taskSync.environmentFor(host, list));
  const terminal = startAgentTerminal({
    cwd: folder === '' ? host.folder.uri : host.uriOf(folder),
    session: entry.id,
    // Absolute where the agent works in another folder than the one of the state files.
    sessionFile: folder === '' ? workspace.config.sessionFile : host.uriOf(workspace.config.sessionFile).fsPath,
    model: named ?? (entry.plan === undefined ? undefined : recommendModel(entry.plan).family),
    ...(environment && { environment }),
  });
  announce(vscode.l10n.t('The agent works on {0}', entry.id));
  return terminal.name;
}

/** The session named, else the active one, else the one picked. */
function selectActive(
  services: Services,
  argument: SessionArgument | undefined,
  title: string,
): Promise<SelectedSession | undefined> {
  return selectSession(services, argument, {
    title,
    offers: ({ status }) => status !== 'done',
    preferred: (host) => host.workspace?.active,
  });
}

async function offerPaste({ host, entry }: SelectedSession): Promise<void> {
  const paste = vscode.l10n.t('Paste Summary as Note');
  const message = vscode.l10n.t(
    '{0} is in the clipboard. Paste it into the chat; when it has answered, copy the summary.',
    entry.id,
  );
  if ((await vscode.window.showInformationMessage(message, paste)) !== paste) return;
  await runCommand('baton.pasteReview', { folder: host.id });
}

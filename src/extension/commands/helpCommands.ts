import * as vscode from 'vscode';
import { report } from '../errors.ts';
import { registerCommand } from '../registration.ts';
import type { Services } from './services.ts';

/** The ID of the extension, and of its walkthrough within it. */
const extensionId = 'baton.baton-session-orchestrator';
const walkthroughId = `${extensionId}#baton.gettingStarted`;

/** Commands that help with Baton itself. */
export function registerHelpCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.openWalkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthroughId, false),
    ),
    registerCommand('baton.reportIssue', () => reportIssue(services)),
  ];
}

/** Shows what a report of a problem needs, to be copied; where the host has an issue reporter, that can be opened with it. Sends nothing. */
async function reportIssue(services: Services): Promise<string> {
  const text = describeVersions(services);
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: text });
  await vscode.window.showTextDocument(document, { preview: false });
  void offerReporter(text, services).catch(report);
  return text;
}

async function offerReporter(text: string, services: Services): Promise<void> {
  const copy = vscode.l10n.t('Copy');
  const open = vscode.l10n.t('Open Issue Reporter');
  const showLog = vscode.l10n.t('Show Log');
  const known = new Set(await vscode.commands.getCommands(true));
  // Forks of VS Code, and windows in a browser, leave it out.
  const reporter = 'workbench.action.openIssueReporter';
  const buttons = [copy, ...(known.has(reporter) ? [open] : []), showLog];
  const message = vscode.l10n.t('Describe what happened in the text that is open. Nothing is sent by Baton.');
  const chosen = await vscode.window.showInformationMessage(message, ...buttons);
  if (chosen === copy) await vscode.env.clipboard.writeText(text);
  else if (chosen === open) await vscode.commands.executeCommand(reporter, { extensionId, issueBody: text });
  else if (chosen === showLog) services.log.show();
}

/** Versions and counts: no names, paths or texts of a repository. */
function describeVersions({ projects }: Services): string {
  const version: unknown = vscode.extensions.getExtension(extensionId)?.packageJSON?.version;
  const hosts = projects.withFiles;
  const count = (of: (host: (typeof hosts)[number]) => number | undefined) =>
    hosts.reduce((sum, host) => sum + (of(host) ?? 0), 0);
  const kind = vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop';
  const facts: readonly (readonly [string, string])[] = [
    ['Baton', String(version)],
    [
      vscode.env.appName,
      `${vscode.version} (${kind}${vscode.env.remoteName === undefined ? '' : `, ${vscode.env.remoteName}`})`,
    ],
    ['Node', process.versions.node],
    ['System', `${process.platform} ${process.arch}`],
    ['Trusted', String(vscode.workspace.isTrusted)],
    ['Folders', `${hosts.length} of ${projects.all.length} with state files`],
    ['Sessions', String(count(({ workspace }) => workspace?.sessions.length))],
    ['Plans', String(count(({ workspace }) => workspace?.plans.length))],
    ['Task lists', String(count(({ workspace }) => workspace?.taskLists.length))],
  ];
  return [
    vscode.l10n.t('## What happened'),
    '',
    vscode.l10n.t(
      'What you did, what you expected, and what came instead. The log (“Baton: Show Log”) often says more.',
    ),
    '',
    vscode.l10n.t('## Versions'),
    '',
    ...facts.map(([name, value]) => `- ${name}: ${value}`),
    '',
  ].join('\n');
}

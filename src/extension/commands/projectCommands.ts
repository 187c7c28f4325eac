import * as vscode from 'vscode';
import { check } from '../../core/actions/check.ts';
import { init } from '../../core/actions/init.ts';
import { registerCommand, runCommand } from '../registration.ts';
import type { CheckArgument, InitArgument } from '../sessionArguments.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { openText } from './openText.ts';
import { runVerb } from './runVerb.ts';
import { selectHost } from './selectHost.ts';
import type { Services } from './services.ts';

/** The verbs about a project as a whole. */
export function registerProjectCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.initProject', (argument) => initProject(services, argument)),
    registerCommand('baton.checkFiles', (argument) => checkFiles(services, argument)),
  ];
}

async function initProject(services: Services, argument: InitArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument, () => true);
  if (host === undefined) return undefined;
  const plan = argument?.plan ?? (argument?.project === undefined ? await pickPlan(host) : undefined);
  if (plan === null) return undefined;
  const project = argument?.project ?? (await askProject(host, plan));
  if (project === undefined) return undefined;
  const repositories = argument?.repositories ?? (plan === undefined ? await askRepositories(host) : []);
  if (repositories === undefined) return undefined;
  const options = { title: vscode.l10n.t('Creating the progress file'), needs: 'git' };
  const result = await runVerb(services, host, options, (context) =>
    init(context, { project, repositories, ...(plan === undefined ? {} : { plan }) }),
  );
  await openText(host, result.path);
  return result;
}

/** Undefined for no plan, null where the person picked nothing. */
async function pickPlan(host: ProjectHost): Promise<string | undefined | null> {
  const plans = host.workspace?.plans ?? [];
  if (plans.length === 0) return undefined;
  const items: (vscode.QuickPickItem & { readonly path?: string })[] = [
    ...plans.map(({ path, title, sessions }) => ({
      label: path,
      description: title ?? '',
      detail: vscode.l10n.t('{0} sessions', sessions.length),
      path,
    })),
    { label: vscode.l10n.t('Without a plan'), description: vscode.l10n.t('an empty table per repository') },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Create Progress File (1/2): plan') });
  return chosen === undefined ? null : chosen.path;
}

function askProject(host: ProjectHost, plan: string | undefined): Thenable<string | undefined> {
  const title = host.workspace?.plans.find(({ path }) => path === plan)?.title;
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Create Progress File (2/2): project'),
    prompt: vscode.l10n.t('The file is named docs/progress/PROJECT_PROGRESS.md.'),
    value: title ?? host.folder.name,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('The project needs a name.') : undefined),
  });
}

async function askRepositories(host: ProjectHost): Promise<readonly string[] | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Repositories'),
    prompt: vscode.l10n.t('Names, separated by commas; each gets a table.'),
    value: host.folder.name,
  });
  return text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

async function checkFiles(services: Services, argument: CheckArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument);
  if (host === undefined) return undefined;
  const fix = argument?.fix === true;
  const options = { title: vscode.l10n.t('Checking the state files'), savesFirst: fix };
  const result = await runVerb(services, host, options, (context) => check(context, { fix }));
  await services.problems.show(host, result.problems);
  void announceCheck(host, result);
  return result;
}

async function announceCheck(host: ProjectHost, result: Awaited<ReturnType<typeof check>>): Promise<void> {
  const diagnostics = result.problems.flatMap((file) => file.diagnostics);
  const fixed = result.fixed === 0 ? '' : ` ${vscode.l10n.t('{0} mended.', result.fixed)}`;
  if (diagnostics.length === 0) {
    void vscode.window.showInformationMessage(
      `${vscode.l10n.t('{0} files checked: no problems.', result.files)}${fixed}`,
    );
    return;
  }
  const showAll = vscode.l10n.t('Show Problems');
  const mend = vscode.l10n.t('Mend');
  const canMend = diagnostics.some((diagnostic) => diagnostic.fix?.safe === true);
  const count =
    diagnostics.length === 1
      ? vscode.l10n.t('1 problem found.')
      : vscode.l10n.t('{0} problems found.', diagnostics.length);
  const chosen = await vscode.window.showWarningMessage(`${count}${fixed}`, showAll, ...(canMend ? [mend] : []));
  if (chosen === showAll) await vscode.commands.executeCommand('workbench.actions.view.problems');
  else if (chosen === mend) await runCommand('baton.checkFiles', { folder: host.id, fix: true });
}

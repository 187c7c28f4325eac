import * as vscode from 'vscode';
import { claim } from '../../core/actions/tasks/claim.ts';
import { handOffTaskList } from '../../core/actions/tasks/handOffTaskList.ts';
import { release } from '../../core/actions/tasks/release.ts';
import { type ResumeTaskListResult, resumeTaskList } from '../../core/actions/tasks/resumeTaskList.ts';
import { verifyTaskList } from '../../core/actions/tasks/verifyTaskList.ts';
import { BatonError } from '../../core/errors.ts';
import { userName } from '../../platform/userName.ts';
import { registerCommand, runCommand } from '../registration.ts';
import type { ClaimArgument, HandOffArgument, TaskListArgument } from '../taskArguments.ts';
import { textDocumentOf } from '../workspace/conflictView.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { notify } from './notify.ts';
import { openText } from './openText.ts';
import type { Services } from './services.ts';
import { resumeReport, verifyReport } from './tasksReports.ts';
import { runTaskVerb } from './tasksRun.ts';
import { selectList, selectTask } from './tasksSelect.ts';

/** The commands about working sessions of a list: resume, hand off, verify, and claims on its tasks. */
export function registerListSessionCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.resumeTaskList', (argument) => resumeList(services, argument)),
    registerCommand('baton.handOffTaskList', (argument) => handOff(services, argument)),
    registerCommand('baton.verifyTaskList', (argument) => verifyList(services, argument)),
    registerCommand('baton.claimTask', (argument) => claimTask(services, argument)),
    registerCommand('baton.releaseTask', (argument) => releaseTask(services, argument)),
  ];
}

async function resumeList(
  services: Services,
  argument: TaskListArgument | undefined,
): Promise<ResumeTaskListResult | undefined> {
  const selected = await selectList(services, argument, { title: vscode.l10n.t('Resume Task List') });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const options = { title: vscode.l10n.t('{0} resumed', entry.list.title) };
  const result = await runTaskVerb(services, host, options, (context) =>
    resumeTaskList(context, { list: entry.list.path, who: userName() }),
  );
  void announceResume(host, result);
  return result;
}

/** What the session before left is one click away. */
async function announceResume(host: ProjectHost, result: ResumeTaskListResult): Promise<void> {
  const { list, session, rejoined, next, handoff } = result;
  const show = vscode.l10n.t('Show Handoff');
  const open = vscode.l10n.t('Open Task');
  const message = rejoined
    ? vscode.l10n.t('Session {0} of {1} is open here already.', session, list.list.title)
    : vscode.l10n.t('Session {0} of {1} is open.', session, list.list.title);
  const text = next === undefined ? message : `${message} ${vscode.l10n.t('Next: {0}.', next.id)}`;
  const buttons = [...(handoff === undefined ? [] : [show]), ...(next === undefined ? [] : [open])];
  const chosen = await notify('nextStep', text, ...buttons);
  if (chosen === show) await showReport(`${list.list.id}-resume.md`, resumeReport(result));
  else if (chosen === open && next !== undefined) {
    await runCommand('baton.openTask', { folder: host.id, list: list.list.path, task: next.id });
  }
}

async function handOff(services: Services, argument: HandOffArgument | undefined): Promise<unknown> {
  const title = vscode.l10n.t('Hand Off Task List');
  const selected = await selectList(services, argument, { title });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const end = argument?.end ?? (await askEnd(entry.openSession?.number));
  if (end === undefined) return undefined;
  const options = { title: vscode.l10n.t('Handoff of {0} written', entry.list.title) };
  const result = await runTaskVerb(services, host, options, (context) =>
    handOffTaskList(context, { list: entry.list.path, end }),
  );
  const { list } = result.list;
  if (list.handoff === undefined) await openText(host, list.path);
  else await openText(host, list.path, { range: list.handoff.range, text: list.text });
  return result;
}

async function askEnd(session: number | undefined): Promise<boolean | undefined> {
  const items = [
    { label: vscode.l10n.t('Write the handoff and end the session'), end: true },
    { label: vscode.l10n.t('Only write the handoff'), end: false },
  ];
  const title =
    session === undefined ? vscode.l10n.t('Hand Off Task List') : vscode.l10n.t('Hand off session {0}', session);
  return (await vscode.window.showQuickPick(items, { title }))?.end;
}

async function verifyList(services: Services, argument: TaskListArgument | undefined): Promise<unknown> {
  trustGate.require('git');
  const selected = await selectList(services, argument, {
    title: vscode.l10n.t('Verify Task List'),
    offers: () => true,
  });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const options = { title: vscode.l10n.t('{0} verified', entry.list.title) };
  const result = await runTaskVerb(services, host, options, (context) =>
    verifyTaskList(context, { list: entry.list.path }),
  );
  const report = verifyReport(entry.list, result);
  services.log.info(report);
  await showReport(`${entry.list.id}-verify.md`, report);
  return result;
}

/** Shows a text for reading beside the files. */
async function showReport(name: string, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(textDocumentOf(name, text));
  await vscode.window.showTextDocument(document, { preview: true });
}

async function claimTask(services: Services, argument: ClaimArgument | undefined): Promise<unknown> {
  const selected = await selectTask(services, argument, {
    title: vscode.l10n.t('Claim Task'),
    offers: ({ status, claim: held }) => status !== 'COMPLETE' && (held === undefined || held.expired),
  });
  if (selected === undefined) return undefined;
  const { host, entry, task } = selected;
  const run = (takeover: boolean) =>
    runTaskVerb(services, host, { title: vscode.l10n.t('{0} claimed', task.id) }, (context) =>
      claim(context, {
        item: task.id,
        list: entry.list.id,
        takeover,
        owner: argument?.owner ?? userName(),
      }),
    );
  try {
    return await run(argument?.takeover === true);
  } catch (error) {
    if (argument?.takeover !== undefined || !BatonError.is(error, 'claimed')) throw error;
    if (task.claim?.expired !== true) throw error;
    const consent = await services.prompt.confirm({
      question: error.message,
      detail: [vscode.l10n.t('The claim ran out. Whoever made it may still be at work.')],
      yes: vscode.l10n.t('Take It Over'),
    });
    return consent === true ? run(true) : undefined;
  }
}

async function releaseTask(services: Services, argument: ClaimArgument | undefined): Promise<unknown> {
  const selected = await selectTask(services, argument, {
    title: vscode.l10n.t('Release Task'),
    offers: ({ claim: held }) => held !== undefined,
  });
  if (selected === undefined) return undefined;
  const { host, entry, task } = selected;
  const owner = argument?.owner ?? userName();
  const run = (force: boolean) =>
    runTaskVerb(services, host, { title: vscode.l10n.t('{0} is free again', task.id) }, (context) =>
      release(context, { item: task.id, list: entry.list.id, force, owner }),
    );
  try {
    return await run(false);
  } catch (error) {
    if (argument?.owner !== undefined || !BatonError.is(error, 'claimed')) throw error;
    const consent = await services.prompt.confirm({
      question: error.message,
      detail: [vscode.l10n.t('Whoever claimed it may be at work on it.')],
      yes: vscode.l10n.t('Give It Back'),
    });
    return consent === true ? run(true) : undefined;
  }
}

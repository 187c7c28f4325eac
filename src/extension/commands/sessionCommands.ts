import * as vscode from 'vscode';
import { fail } from '../../core/actions/fail.ts';
import { pause } from '../../core/actions/pause.ts';
import { recover } from '../../core/actions/recover.ts';
import { type ResumeOptions, resume } from '../../core/actions/resume.ts';
import { type StartResult, start } from '../../core/actions/start.ts';
import { BatonError } from '../../core/errors.ts';
import { shownState } from '../../core/model/shownState.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';
import { defaultWay, wayTitle } from '../agents/workWays.ts';
import { localized } from '../localized.ts';
import { registerCommand, runCommand } from '../registration.ts';
import type { ReasonArgument, SessionArgument, StartArgument } from '../sessionArguments.ts';
import { stateWord, waitingReason } from '../views/sessionStates.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { notify } from './notify.ts';
import { openText } from './openText.ts';
import { announce, runVerb } from './runVerb.ts';
import { hasActiveSession, hasPausedSession, selectHost } from './selectHost.ts';
import { type SelectedSession, selectSession } from './selectSession.ts';
import type { Services } from './services.ts';

/** The verbs that change which session is active. */
export function registerSessionCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.startSession', (argument) => startSession(services, argument)),
    registerCommand('baton.pauseSession', (argument) => pauseSession(services, argument)),
    registerCommand('baton.resumeSession', (argument) => resumeSession(services, argument)),
    registerCommand('baton.failSession', (argument) => failSession(services, argument)),
    registerCommand('baton.recoverSession', async (argument) => {
      const host = await selectHost(services.projects, argument);
      if (host === undefined) return undefined;
      const result = await runVerb(services, host, { title: vscode.l10n.t('Recovering'), needs: 'git' }, recover);
      const steps = result.steps.join('; ');
      const message =
        result.finished !== undefined
          ? vscode.l10n.t('{0} was finished: {1}', result.finished, steps)
          : vscode.l10n.t('{0} was undone: {1}', result.undone ?? '', steps);
      void vscode.window.showInformationMessage(message);
      return result;
    }),
  ];
}

async function startSession(services: Services, argument: StartArgument | undefined): Promise<StartResult | undefined> {
  const selected = await selectSession(services, argument, {
    title: vscode.l10n.t('Start Session'),
    offers: (entry) => entry.status !== 'done' && entry.status !== 'active',
    refuses: startRefusal,
  });
  if (selected === undefined) return undefined;
  if (selected.entry.status === 'paused') {
    const { id, project } = selected.entry;
    await runCommand('baton.resumeSession', { folder: selected.host.id, id, project });
    return undefined;
  }
  const result = await startWithConsent(services, selected, argument);
  if (result === undefined) return undefined;
  // From its beginning: VS Code remembers where the session before was left.
  await openText(selected.host, result.path, { range: { start: 0, end: 0 }, text: '' });
  void offerWork(selected.host, result);
  return result;
}

function startRefusal(entry: SessionEntry): string | undefined {
  if (entry.ready || entry.status === 'paused') return undefined;
  return waitingReason(entry) ?? stateWord(shownState(entry));
}

/** Starts; where that is refused and a person may override it, asks, saying what would be overridden. */
async function startWithConsent(
  services: Services,
  { host, entry }: SelectedSession,
  argument: StartArgument | undefined,
): Promise<StartResult | undefined> {
  const options = {
    id: entry.id,
    project: entry.project,
    ...(argument?.plan === undefined ? {} : { plan: argument.plan }),
    ...(argument?.model === undefined ? {} : { model: argument.model }),
    ...(argument?.keepForeign === undefined ? {} : { keepForeign: argument.keepForeign }),
  };
  const title = vscode.l10n.t('Starting {0}', entry.id);
  const run = (force: boolean) =>
    runVerb(services, host, { title, needs: 'git', savesFirst: true }, (context) =>
      start(context, { ...options, force }),
    );
  try {
    return await run(argument?.force === true);
  } catch (error) {
    if (
      argument?.force !== undefined ||
      !BatonError.is(error, 'dependencies-unmet', 'wrong-state', 'already-dispatched')
    )
      throw error;
    const consent = await services.prompt.confirm({
      question: error.message,
      detail: [vscode.l10n.t('Starting in spite of that is noted in SESSION.md and in the progress file.')],
      yes: vscode.l10n.t('Start Anyway'),
    });
    return consent === true ? run(true) : undefined;
  }
}

/** After the start: what to do next depends on how the plan wants the session to be worked on. */
async function offerWork(host: ProjectHost, { session, model }: StartResult): Promise<void> {
  const action = wayTitle(defaultWay(session));
  const message = vscode.l10n.t('{0} is active. Model: {1}.', session.id, model.model);
  const text = model.reason === undefined ? message : `${message} ${localized(model.reason)}`;
  if ((await notify('nextStep', text, action)) !== action) return;
  await runCommand('baton.workOnSession', { folder: host.id, id: session.id, project: session.project });
}

async function pauseSession(services: Services, argument: ReasonArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument, hasActiveSession);
  if (host === undefined) return undefined;
  const reason = argument?.reason;
  const options = { title: vscode.l10n.t('Pausing'), needs: 'git', savesFirst: true };
  const result = await runVerb(services, host, options, (context) =>
    pause(context, reason === undefined ? {} : { reason }),
  );
  announce(vscode.l10n.t('{0} is paused', result.session));
  return result;
}

async function resumeSession(services: Services, argument: SessionArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument, hasPausedSession);
  if (host === undefined) return undefined;
  const picked = await pickPaused(host, argument);
  if (picked === null) return undefined;
  const options = { title: vscode.l10n.t('Resuming'), needs: 'git', savesFirst: true };
  const result = await runVerb(services, host, options, (context) => resume(context, picked));
  await openText(host, result.path);
  announce(vscode.l10n.t('{0} is active again', result.session));
  return result;
}

/** What is left open is the action's to choose (none or one is paused); null where the person picked none. */
async function pickPaused(host: ProjectHost, argument: SessionArgument | undefined): Promise<ResumeOptions | null> {
  const { id, project } = argument ?? {};
  const known = { ...(id === undefined ? {} : { id }), ...(project === undefined ? {} : { project }) };
  const paused = host.workspace?.paused.filter((file) => file.id !== undefined && (id ?? file.id) === file.id) ?? [];
  if (paused.length < 2 || (id !== undefined && project !== undefined)) return known;
  const items = paused.map((file) => ({
    label: file.id ?? '',
    description: [file.project, file.title].filter((part) => part !== undefined).join(' · '),
    file,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Resume Session') });
  if (chosen === undefined) return null;
  return { id: chosen.label, ...(chosen.file.project === undefined ? {} : { project: chosen.file.project }) };
}

async function failSession(services: Services, argument: ReasonArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument, hasActiveSession);
  if (host === undefined) return undefined;
  const why =
    argument?.reason ??
    (await vscode.window.showInputBox({
      title: vscode.l10n.t('Fail Session'),
      prompt: vscode.l10n.t('Why the session failed; it goes into the progress file.'),
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Say why in a few words.') : undefined),
      ignoreFocusOut: true,
    }));
  if (why === undefined) return undefined;
  const options = { title: vscode.l10n.t('Recording the failure'), needs: 'git', savesFirst: true };
  const result = await runVerb(services, host, options, (context) => fail(context, { why }));
  announce(vscode.l10n.t('{0} is recorded as failed', result.session));
  return result;
}

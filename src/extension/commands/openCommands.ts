import * as vscode from 'vscode';
import type { RangeOptions } from '../../core/actions/sessionRange.ts';
import { BatonError } from '../../core/errors.ts';
import { showChanges } from '../changes/showChanges.ts';
import { registerCommand } from '../registration.ts';
import type { CommitArgument, SessionArgument } from '../sessionArguments.ts';
import { findHidingProblems } from '../views/problems.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { openText } from './openText.ts';
import { announce } from './runVerb.ts';
import { hasActiveSession, selectHost } from './selectHost.ts';
import { plainLabel, type SelectedSession, selectSession } from './selectSession.ts';
import type { Services } from './services.ts';

/** Commands that open and show; none changes anything. */
export function registerOpenCommands(services: Services): vscode.Disposable[] {
  const select = (argument: SessionArgument | undefined, title: string) =>
    selectSession(services, argument, { title, offers: () => true, preferred: (host) => host.workspace?.active });
  return [
    registerCommand('baton.openPlan', async (argument) => {
      const selected = await select(argument, vscode.l10n.t('Open Plan'));
      if (selected !== undefined) await openPlan(selected);
    }),
    registerCommand('baton.openProgress', async (argument) => {
      const selected =
        argument?.id === undefined
          ? await firstRow(services, argument)
          : await select(argument, vscode.l10n.t('Open Progress'));
      if (selected !== undefined) await openProgress(selected);
    }),
    registerCommand('baton.openSessionFile', async (argument) => {
      const host = await selectHost(services.projects, argument, hasActiveSession);
      const path = host?.workspace?.config.sessionFile;
      if (host !== undefined && path !== undefined) await openText(host, path);
    }),
    registerCommand('baton.openPrompt', async (argument) => {
      const selected = await select(argument, vscode.l10n.t('Open Prompt'));
      if (selected !== undefined) await openPrompt(selected);
    }),
    registerCommand('baton.copySessionId', async (argument) => {
      const selected = await select(argument, vscode.l10n.t('Copy Session ID'));
      if (selected === undefined) return;
      await vscode.env.clipboard.writeText(selected.entry.id);
      announce(vscode.l10n.t('{0} is in the clipboard', selected.entry.id));
    }),
    registerCommand('baton.showChanges', async (argument) => {
      trustGate.require('git');
      const selected = await select(argument, vscode.l10n.t('Show Changes'));
      return selected && (await showChanges(selected.host, rangeOf(selected, argument)));
    }),
    registerCommand('baton.showCheckpoint', async (argument) => {
      trustGate.require('git');
      const selected = await select(argument, vscode.l10n.t('Show Changes of a Checkpoint'));
      const commit = argument?.checkpoint === undefined && selected ? await pickCheckpoint(selected) : undefined;
      if (selected === undefined || commit === null) return undefined;
      return showChanges(selected.host, { ...rangeOf(selected, argument), ...(commit !== undefined && { commit }) });
    }),
    registerCommand('baton.openChangedFile', async (argument) => {
      const uri = argument?.resourceUri;
      if (uri instanceof vscode.Uri) await vscode.commands.executeCommand('vscode.open', uri);
    }),
    registerCommand('baton.openProblem', async (argument) => {
      const host = await selectHost(
        services.projects,
        argument,
        ({ workspace }) => workspace !== undefined && findHidingProblems(workspace).length > 0,
      );
      const [problem] = host?.workspace === undefined ? [] : findHidingProblems(host.workspace);
      if (host === undefined || problem === undefined) return;
      const text = (await host.ports.files.readText(problem.path).catch(() => undefined)) ?? '';
      await openText(host, problem.path, { range: { start: problem.offset, end: problem.offset }, text });
    }),
    registerCommand('baton.showVerificationLog', async (argument) => {
      const host = await selectHost(services.projects, undefined, hasActiveSession);
      if (host === undefined || typeof argument?.log !== 'string') return;
      const uri = vscode.Uri.file(host.ports.localState.locate(argument.log));
      await vscode.window.showTextDocument(uri, { preview: true });
    }),
    registerCommand('baton.showLog', () => services.log.show()),
  ];
}

function rangeOf({ entry }: SelectedSession, argument: CommitArgument | undefined): RangeOptions {
  return {
    id: entry.id,
    project: entry.project,
    ...(argument?.commit !== undefined && { commit: argument.commit }),
    ...(argument?.checkpoint !== undefined && { checkpoint: argument.checkpoint }),
  };
}

/** The commit of the checkpoint that the person picks; null where none was picked. */
async function pickCheckpoint({ host, entry }: SelectedSession): Promise<string | null> {
  const { show } = await import('../../core/actions/show.ts');
  const { commits } = await show(host.createContext(), { id: entry.id, project: entry.project });
  const items = commits
    .filter(({ kind }) => kind === 'checkpoint')
    .map(({ hash, number, subject, date }) => ({
      label: vscode.l10n.t('Checkpoint {0}', number ?? '?'),
      description: plainLabel(subject.replace(/^WIP: \[.*?\] checkpoint \d+ - /, '')),
      detail: `${hash.slice(0, 7)} · ${date}`,
      hash,
    }));
  if (items.length === 0) {
    throw new BatonError('unknown-checkpoint', vscode.l10n.t('{0} has no checkpoints.', entry.id), {
      hint: vscode.l10n.t('“Show Changes” shows all that it has changed.'),
    });
  }
  const title = vscode.l10n.t('Show Changes of a Checkpoint');
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.hash ?? null;
}

/** Without an ID, "Open Progress" means the progress file and none of its rows. */
async function firstRow(
  services: Services,
  argument: SessionArgument | undefined,
): Promise<SelectedSession | undefined> {
  const host = await selectHost(services.projects, argument);
  const sessions = (host?.workspace?.sessions ?? []).filter(
    ({ project, progressPath }) =>
      progressPath !== undefined && (argument?.project === undefined || argument.project === project),
  );
  const entry = sessions.find(({ activeHere }) => activeHere) ?? sessions[0];
  if (host === undefined) return undefined;
  if (entry !== undefined) return { host, entry };
  throw new BatonError('no-progress', vscode.l10n.t('There is no progress file with a table of sessions.'));
}

async function openPlan({ host, entry }: SelectedSession): Promise<void> {
  const plan = host.workspace?.plans.find(({ path }) => path === entry.planPath);
  if (plan === undefined || entry.plan === undefined) {
    throw new BatonError('no-plan', vscode.l10n.t('No plan defines {0}.', entry.id), {
      hint: vscode.l10n.t('Its row in the progress file is all there is.'),
    });
  }
  await openText(host, plan.path, { range: entry.plan.headingRange, text: plan.text });
}

async function openProgress({ host, entry }: SelectedSession): Promise<void> {
  const progress = host.workspace?.progress.find(({ path }) => path === entry.progressPath);
  if (progress === undefined || entry.row === undefined) {
    throw new BatonError('no-progress', vscode.l10n.t('No progress file has a row for {0}.', entry.id));
  }
  await openText(host, progress.path, { range: entry.row.range, text: progress.text });
}

async function openPrompt({ host, entry }: SelectedSession): Promise<void> {
  const file = entry.activeHere ? host.workspace?.sessionFile : undefined;
  if (file?.prompt !== undefined) {
    await openText(host, file.path, { range: file.prompt.range, text: file.text, selects: true });
    return;
  }
  const plan = host.workspace?.plans.find(({ path }) => path === entry.planPath);
  if (plan === undefined || entry.plan?.prompt === undefined) {
    throw new BatonError('no-plan', vscode.l10n.t('No plan has a prompt for {0}.', entry.id), {
      hint: vscode.l10n.t('Write one below its heading in the plan.'),
    });
  }
  await openText(host, plan.path, { range: entry.plan.prompt.range, text: plan.text, selects: true });
}

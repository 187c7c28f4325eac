import * as vscode from 'vscode';
import { planRollback, type RollbackPlan, rollback } from '../../core/actions/rollback.ts';
import { show } from '../../core/actions/show.ts';
import { registerCommand } from '../registration.ts';
import type { RollbackArgument } from '../sessionArguments.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { announce, runVerb } from './runVerb.ts';
import { type SelectedSession, selectSession } from './selectSession.ts';
import type { Services } from './services.ts';

/** How many files the question names before it says "and n more". */
const mostFiles = 15;

/** The verb that takes commits of a session back. */
export function registerRollbackCommand(services: Services): vscode.Disposable[] {
  return [registerCommand('baton.rollbackSession', (argument) => rollbackSession(services, argument))];
}

async function rollbackSession(services: Services, argument: RollbackArgument | undefined): Promise<unknown> {
  trustGate.require('git');
  const selected = await selectSession(services, argument, {
    title: vscode.l10n.t('Roll Back Session'),
    offers: ({ status }) => status !== 'pending',
    preferred: (host) => host.workspace?.active,
  });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const to =
    argument?.to ?? (argument?.id === undefined || entry.activeHere ? await pickCheckpoint(selected) : undefined);
  if (to === null) return undefined;
  const target = { session: entry.id, project: entry.project, ...(to === undefined ? {} : { to }) };
  const plan = await planRollback(host.createContext(), target);
  const isMeant = await services.prompt.confirm({
    question:
      to === undefined
        ? vscode.l10n.t('Roll back all of {0}?', entry.id)
        : vscode.l10n.t('Roll {0} back to checkpoint {1}?', entry.id, to),
    detail: describePlan(plan),
    yes: vscode.l10n.t('Roll Back'),
  });
  if (isMeant !== true) return undefined;
  const runCommands = argument?.runCommands ?? (await offerCommands(services, plan));
  const options = {
    title: vscode.l10n.t('Rolling back {0}', entry.id),
    needs: 'git',
    cancellable: true,
    savesFirst: true,
  };
  const result = await runVerb(services, host, options, (context) => rollback(context, { ...target, runCommands }));
  announce(vscode.l10n.t('{0} is rolled back, {1} commits reverted', result.session, result.reverted.length));
  return result;
}

/** Undefined for the whole session, null where the person picked none. */
async function pickCheckpoint({ host, entry }: SelectedSession): Promise<number | undefined | null> {
  const { commits } = await show(host.createContext(), { id: entry.id, project: entry.project });
  const checkpoints = commits.filter((commit) => commit.kind === 'checkpoint' && commit.number !== undefined);
  if (checkpoints.length === 0) return undefined;
  const items: (vscode.QuickPickItem & { readonly to?: number })[] = [
    ...checkpoints.map(({ number = 0, subject, hash }) => ({
      label: vscode.l10n.t('To checkpoint {0}', number),
      description: hash.slice(0, 7),
      detail: subject,
      to: number,
    })),
    { label: vscode.l10n.t('The whole session'), description: vscode.l10n.t('all its commits') },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Roll Back {0}', entry.id) });
  return chosen === undefined ? null : chosen.to;
}

function describePlan({ commits, files }: RollbackPlan): string[] {
  const lines = [
    vscode.l10n.t('These commits are reverted, by one new commit; nothing is removed from history:'),
    ...commits.map(({ hash, message }) => `${hash.slice(0, 7)} ${message.split('\n')[0] ?? ''}`),
    '',
    vscode.l10n.t('Files:'),
    ...files.slice(0, mostFiles),
  ];
  if (files.length > mostFiles) lines.push(vscode.l10n.t('and {0} more', files.length - mostFiles));
  return lines;
}

async function offerCommands(services: Services, { commands }: RollbackPlan): Promise<boolean> {
  if (commands.length === 0) return false;
  const answer = await services.prompt.confirm({
    question: vscode.l10n.t('Run the rollback commands of the plan as well?'),
    detail: commands,
    yes: vscode.l10n.t('Run Them First'),
  });
  return answer === true;
}

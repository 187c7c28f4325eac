import * as vscode from 'vscode';
import { inspectIsolated, removeIsolated, restoreIsolated } from '../../core/actions/isolated/clean.ts';
import { BatonError } from '../../core/errors.ts';
import type { WorktreeSheet } from '../../core/ports/worktrees.ts';
import type { IsolatedArgument } from '../agentArguments.ts';
import { openIsolated, runIsolated } from '../isolated/openIsolated.ts';
import { registerCommand, runCommand } from '../registration.ts';
import { abilitiesOf } from '../views/agents/model.ts';
import { notify } from './notify.ts';
import { announce } from './runVerb.ts';
import { selectHost } from './selectHost.ts';
import { selectIsolated } from './selectIsolated.ts';
import type { Services } from './services.ts';

/** So many names of a kind are shown. */
const mostNames = 8;

/** The commands that put a session away and bring it back. */
export function registerRemoveCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.removeIsolated', (argument) => remove(services, argument)),
    registerCommand('baton.restoreIsolated', async (argument) => {
      const host = await selectHost(services.projects, argument);
      if (host === undefined) return undefined;
      const title = vscode.l10n.t('Restore from Trash');
      const id = argument?.id ?? (await pickTrashed(services, argument, title));
      if (id === undefined) return undefined;
      const { session } = await runIsolated(services, host, { title }, (context) => restoreIsolated(context, { id }));
      announce(vscode.l10n.t('{0} is back', session.item.id));
      return session;
    }),
  ];
}

async function remove(services: Services, argument: IsolatedArgument | undefined): Promise<unknown> {
  const title = vscode.l10n.t('Move to Trash');
  const offers = (entry: Parameters<typeof abilitiesOf>[0]) => abilitiesOf(entry).includes('remove');
  const selected = await selectIsolated(services, argument, { title, offers });
  if (selected === undefined) return undefined;
  const { host, entry } = selected;
  const { session } = entry;
  const sheet = await inspectIsolated(await openIsolated(host, host.createContext()), session);
  const isMeant = await services.prompt.confirm({
    question: vscode.l10n.t('Move the worktree of {0} to the trash?', session.item.id),
    detail: describeSheet(sheet),
    yes: vscode.l10n.t('Move to Trash'),
  });
  if (isMeant !== true) return undefined;
  const result = await runIsolated(services, host, { title }, (context) => removeIsolated(context, { id: session.id }));
  void offerUndo(host.id, session.id, session.item.id);
  return result;
}

async function offerUndo(folder: string, id: string, item: string): Promise<void> {
  const undo = vscode.l10n.t('Undo');
  const chosen = await notify('undo', vscode.l10n.t('{0} is in the trash, with its branch', item), undo);
  if (chosen === undo) await runCommand('baton.restoreIsolated', { folder, id });
}

/** Everything that is in a worktree, for who is about to remove it. */
export function describeSheet(sheet: WorktreeSheet | undefined): readonly string[] {
  if (sheet === undefined) return [vscode.l10n.t('Its worktree is gone already.')];
  const { ahead, merged, modified, untracked, ignored, processes } = sheet;
  const lines = [
    merged
      ? vscode.l10n.t('It has no commits that are not merged.')
      : vscode.l10n.t('Not merged: {0} commits of its own.', ahead),
    list(vscode.l10n.t('Modified'), modified),
    list(vscode.l10n.t('Untracked'), untracked),
    list(
      vscode.l10n.t('Ignored'),
      ignored.map(({ path, bytes }) => `${path} (${bytes === undefined ? vscode.l10n.t('large') : sizeOf(bytes)})`),
    ),
    list(
      vscode.l10n.t('Running processes'),
      processes.map(({ pid, command }) => `${pid} ${command}`),
    ),
    '',
    vscode.l10n.t('All of it moves to the trash, and Undo brings it back whole.'),
  ];
  return lines.filter((line) => line !== undefined);
}

function list(name: string, all: readonly string[]): string | undefined {
  if (all.length === 0) return undefined;
  const shown = all.slice(0, mostNames).join(', ');
  const more = all.length - mostNames;
  return more > 0 ? vscode.l10n.t('{0}: {1} and {2} more', name, shown, more) : `${name}: ${shown}`;
}

function sizeOf(bytes: number): string {
  return bytes > 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`;
}

async function pickTrashed(
  services: Services,
  argument: IsolatedArgument | undefined,
  title: string,
): Promise<string | undefined> {
  const host = await selectHost(services.projects, argument);
  if (host === undefined) return undefined;
  const { isolated } = await openIsolated(host, host.createContext());
  const trash = (await isolated.worktrees.listTrash()).toSorted((a, b) => b.atMs - a.atMs);
  if (trash.length === 0) throw new BatonError('unknown-item', vscode.l10n.t('The trash is empty.'));
  const items = trash.map(({ id, branch, atMs }) => ({
    label: id,
    description: [branch, new Date(atMs).toLocaleString()].filter(Boolean).join(' · '),
    id,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.id;
}

import { basename } from 'node:path';
import * as vscode from 'vscode';
import { findLeftovers, type Leftovers, removeLeftovers } from '../../core/actions/isolated/clean.ts';
import type { CleanUpArgument } from '../agentArguments.ts';
import { openIsolated, runIsolated } from '../isolated/openIsolated.ts';
import { registerCommand } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { notify } from './notify.ts';
import { announce } from './runVerb.ts';
import { selectHost } from './selectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';

/** One thing that may be cleaned up. */
interface Offer extends vscode.QuickPickItem {
  /** The path, the ref, the ID in the trash, or the mark of the processes. */
  readonly key: string;
  /** What happens, for the question. */
  readonly what: string;
}

/** The command that removes what nobody needs any more: shown, picked and asked before anything happens. */
export function registerCleanUpCommand(services: Services): vscode.Disposable[] {
  return [registerCommand('baton.cleanUpAgents', (argument) => cleanUp(services, argument))];
}

async function cleanUp(services: Services, argument: CleanUpArgument | undefined): Promise<unknown> {
  const host = await selectHost(services.projects, argument);
  if (host === undefined) return undefined;
  const title = vscode.l10n.t('Clean Up Agents');
  const found = await findLeftovers(await openIsolated(host, host.createContext()));
  const offers = offersOf(found);
  if (offers.length === 0) {
    announce(vscode.l10n.t('Nothing is left over.'));
    return undefined;
  }
  const picked = argument?.keys ? offers.filter(({ key }) => argument.keys?.includes(key)) : await pick(offers, title);
  if (picked === undefined || picked.length === 0) return undefined;
  const isMeant = await services.prompt.confirm({
    question: vscode.l10n.t('Clean up {0} of {1}?', picked.length, offers.length),
    detail: picked.map(({ label, what }) => `${label}: ${what}`),
    yes: vscode.l10n.t('Clean Up'),
  });
  if (isMeant !== true) return undefined;
  const chosen = only(found, new Set(picked.map(({ key }) => key)));
  const warnings = await runIsolated(services, host, { title }, async (context) => ({
    warnings: await removeLeftovers(context, chosen),
  }));
  void offerUndo(services, host, chosen);
  return { removed: picked.map(({ key }) => key), ...warnings };
}

async function pick(offers: readonly Offer[], title: string): Promise<readonly Offer[] | undefined> {
  const placeHolder = vscode.l10n.t('What nobody needs any more');
  return await vscode.window.showQuickPick(offers, { title, placeHolder, canPickMany: true, matchOnDescription: true });
}

function offersOf({ trash, orphans, refs, processes, keys }: Leftovers): readonly Offer[] {
  const forEver = vscode.l10n.t('is removed for ever; its work is merged');
  return [
    ...orphans.map(({ path, branch }) =>
      toOffer(path, basename(path), vscode.l10n.t('moves to the trash, whole; Undo brings it back'), branch),
    ),
    ...trash.map(({ id, branch }) => toOffer(id, id, forEver, branch)),
    ...refs.filter(({ merged }) => merged).map(({ ref }) => toOffer(ref, ref.replace('refs/heads/', ''), forEver)),
    ...[...new Set(processes.map(({ mark }) => mark))].map((mark) => {
      const own = processes.filter((one) => one.mark === mark);
      const names = own.map(({ pid, command }) => `${pid} ${command}`).join(', ');
      return toOffer(mark, names, vscode.l10n.t('is ended; its session is not at work'));
    }),
    ...keys.map((key) => toOffer(key, basename(key), vscode.l10n.t('is removed; its session is gone'))),
  ];
}

function toOffer(key: string, label: string, what: string, description?: string): Offer {
  return { key, label: plainLabel(label), what, detail: what, picked: true, ...(description && { description }) };
}

function only(found: Leftovers, keys: ReadonlySet<string>): Leftovers {
  return {
    ...found,
    trash: found.trash.filter(({ id }) => keys.has(id)),
    orphans: found.orphans.filter(({ path }) => keys.has(path)),
    refs: found.refs.filter(({ ref }) => keys.has(ref)),
    processes: found.processes.filter(({ mark }) => keys.has(mark)),
    keys: found.keys.filter((key) => keys.has(key)),
  };
}

/** Only what was moved to the trash can come back. */
async function offerUndo(services: Services, host: ProjectHost, { orphans }: Leftovers): Promise<void> {
  if (orphans.length === 0) return;
  const undo = vscode.l10n.t('Undo');
  const names = orphans.map(({ path }) => basename(path));
  const chosen = await notify('undo', vscode.l10n.t('{0} is in the trash, with its branch', names.join(', ')), undo);
  if (chosen !== undo) return;
  const title = vscode.l10n.t('Restore from Trash');
  await runIsolated(services, host, { title }, async ({ isolated }) => {
    for (const name of names) await isolated.worktrees.restore(`orphan-${name}`);
  });
}

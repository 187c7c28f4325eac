import * as vscode from 'vscode';
import { type IsolatedEntry, listIsolated } from '../../core/actions/isolated/listIsolated.ts';
import { BatonError } from '../../core/errors.ts';
import type { IsolatedArgument } from '../agentArguments.ts';
import { agentDescription, agentIcon } from '../views/agents/agentText.ts';
import { shownAgent } from '../views/agents/model.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';

/** An isolated session and its folder. */
export interface SelectedIsolated {
  readonly host: ProjectHost;
  readonly entry: IsolatedEntry;
}

export interface IsolatedPick {
  readonly title: string;
  /** Which sessions are offered. */
  readonly offers: (entry: IsolatedEntry) => boolean;
}

/**
 * Finds the isolated session that a command is about: the one that its argument names, by its own ID or that of its work item, else the
 * only one that fits, else the one that is picked.
 *
 * @returns undefined where the person picked none
 * @throws BatonError `unknown-isolated`
 */
export async function selectIsolated(
  services: Services,
  argument: IsolatedArgument | undefined,
  pick: IsolatedPick,
): Promise<SelectedIsolated | undefined> {
  const all = await readAll(services, argument);
  const { id } = argument ?? {};
  if (id !== undefined) {
    const found = all.filter(({ entry }) => entry.session.id === id);
    // Of several that were given the same item the last is the one that is at work.
    const named = found[0] ?? all.filter(({ entry }) => entry.session.item.id === id).at(-1);
    if (named !== undefined) return named;
    throw new BatonError('unknown-isolated', vscode.l10n.t('There is no isolated session {0}.', id));
  }
  const offered = all.filter(({ entry }) => pick.offers(entry));
  if (offered.length === 0) {
    throw new BatonError('unknown-isolated', vscode.l10n.t('No isolated session fits: {0}.', pick.title), {
      hint: vscode.l10n.t('The view “Agents” shows them all with their states.'),
    });
  }
  if (offered.length === 1) return offered[0];
  const items = offered.map((selected) => ({
    iconPath: agentIcon(shownAgent(selected.entry), false),
    label: plainLabel(selected.entry.session.item.id),
    description: plainLabel(selected.entry.session.item.title),
    detail: plainLabel(agentDescription(selected.entry, false)),
    selected,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: pick.title,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.selected;
}

async function readAll(
  { projects }: Services,
  argument: IsolatedArgument | undefined,
): Promise<readonly SelectedIsolated[]> {
  await projects.load();
  const hosts = typeof argument?.folder === 'string' ? [projects.get(argument.folder)] : projects.all;
  const lists = await Promise.all(
    hosts
      .filter(({ isLocal }) => isLocal)
      .map(async (host) => {
        // What is merged can still be looked at, where it is named.
        const archived = argument?.id !== undefined;
        const entries = await listIsolated({ ports: host.ports }, { archived }).catch(() => []);
        return entries.map((entry) => ({ host, entry }));
      }),
  );
  return lists.flat();
}

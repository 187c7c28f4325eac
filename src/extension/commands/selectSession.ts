import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import { shownState } from '../../core/model/shownState.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';
import { findSession } from '../../core/store/lookup.ts';
import type { SessionArgument } from '../sessionArguments.ts';
import { stateIcon, stateWord, waitingReason } from '../views/sessionStates.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Services } from './services.ts';

/** A session and its folder. */
export interface SelectedSession {
  readonly host: ProjectHost;
  readonly entry: SessionEntry;
}

export interface SessionPick {
  readonly title: string;
  readonly placeholder?: string;
  /** Which sessions are offered at all. */
  readonly offers: (entry: SessionEntry) => boolean;
  /** Why an offered session cannot be picked; undefined where it can. */
  readonly refuses?: (entry: SessionEntry) => string | undefined;
  /** Taken without asking where the argument names none. */
  readonly preferred?: (host: ProjectHost) => SessionEntry | undefined;
}

interface SessionItem extends vscode.QuickPickItem {
  readonly selected?: SelectedSession;
  readonly refusal?: string;
}

/**
 * Finds the session that a command is about: the one that its argument names, else the preferred one, else the one that is picked.
 *
 * @returns undefined where the person picked none
 * @throws BatonError `unknown-session`, `ambiguous-session` (the places are named), `no-project`
 */
export async function selectSession(
  services: Services,
  argument: SessionArgument | undefined,
  pick: SessionPick,
): Promise<SelectedSession | undefined> {
  const { projects } = services;
  await projects.load();
  const hosts = typeof argument?.folder === 'string' ? [projects.get(argument.folder)] : projects.withFiles;
  if (typeof argument?.id === 'string') return findNamed(hosts, argument.id, argument.project);
  const preferred = hosts.flatMap((host) => {
    const entry = pick.preferred?.(host);
    return entry === undefined ? [] : [{ host, entry }];
  });
  if (preferred.length === 1) return preferred[0];
  return pickSession(hosts, pick);
}

function findNamed(hosts: readonly ProjectHost[], id: string, project: string | undefined): SelectedSession {
  const found: SelectedSession[] = [];
  let failure: unknown;
  for (const host of hosts) {
    if (host.workspace === undefined) continue;
    try {
      found.push({ host, entry: findSession(host.workspace, id, project === undefined ? {} : { project }) });
    } catch (error) {
      if (!BatonError.is(error, 'unknown-session')) throw error;
      failure ??= error;
    }
  }
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  if (only !== undefined) {
    const places = found.map(({ host }) => host.folder.name);
    throw new BatonError('ambiguous-session', vscode.l10n.t('{0} is in several folders: {1}.', id, places.join(', ')), {
      hint: vscode.l10n.t('Use the tree “Sessions”, or pass the folder.'),
      data: { places },
    });
  }
  if (failure !== undefined) throw failure;
  throw new BatonError('unknown-session', vscode.l10n.t('There is no session {0}.', id), {
    hint: vscode.l10n.t('Open a folder with a plan or a progress file first.'),
  });
}

/** Lists the sessions with states and reasons. What cannot be picked stays in the list and says why. */
async function pickSession(hosts: readonly ProjectHost[], pick: SessionPick): Promise<SelectedSession | undefined> {
  const items = hosts.flatMap((host) => itemsOf(host, pick, hosts.length > 1));
  if (items.length === 0) {
    throw new BatonError('unknown-session', vscode.l10n.t('No session fits: {0}.', pick.title), {
      hint: vscode.l10n.t('The view “Sessions” shows them all with their states.'),
    });
  }
  const quickPick = vscode.window.createQuickPick<SessionItem>();
  quickPick.title = pick.title;
  quickPick.placeholder = pick.placeholder ?? vscode.l10n.t('Session ID or title');
  quickPick.matchOnDescription = true;
  quickPick.matchOnDetail = true;
  quickPick.items = items;
  const first = items.find((item) => item.selected !== undefined && item.refusal === undefined);
  if (first !== undefined) quickPick.activeItems = [first];
  try {
    return await new Promise((resolve) => {
      quickPick.onDidAccept(() => {
        const [item] = quickPick.selectedItems;
        if (item?.selected === undefined) return;
        if (item.refusal === undefined) resolve(item.selected);
        else quickPick.title = `${item.selected.entry.id}: ${item.refusal}`;
      });
      quickPick.onDidHide(() => resolve(undefined));
      quickPick.show();
    });
  } finally {
    quickPick.dispose();
  }
}

function itemsOf(host: ProjectHost, pick: SessionPick, isNamed: boolean): SessionItem[] {
  const sessions = (host.workspace?.sessions ?? []).filter(pick.offers);
  const items = sessions.map((entry) => itemOf(host, entry, pick));
  // Those that can be picked first, in the order of the tables.
  const ordered = [
    ...items.filter((item) => item.refusal === undefined),
    ...items.filter((item) => item.refusal !== undefined),
  ];
  if (!isNamed || ordered.length === 0) return ordered;
  return [{ label: host.folder.name, kind: vscode.QuickPickItemKind.Separator }, ...ordered];
}

function itemOf(host: ProjectHost, entry: SessionEntry, pick: SessionPick): SessionItem {
  const state = shownState(entry);
  const refusal = pick.refuses?.(entry);
  const details = [
    refusal ?? waitingReason(entry),
    entry.unblocksCount === 0 ? undefined : vscode.l10n.t('unblocks {0}', entry.unblocks.join(', ')),
    entry.plan?.estimate,
  ].filter((part) => part !== undefined && part !== '');
  return {
    // An icon within the label would be read out by its name.
    iconPath: stateIcon(state),
    label: plainLabel(entry.id),
    description: `${plainLabel(entry.title)} · ${stateWord(state)}`,
    ...(details.length === 0 ? {} : { detail: plainLabel(details.join(' · ')) }),
    selected: { host, entry },
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** Text from files in a label must not become an icon. */
export function plainLabel(text: string): string {
  return text.replace(/\$\(/g, '$\u200B(').replace(/\s+/g, ' ');
}

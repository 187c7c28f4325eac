import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import { shownStates } from '../../core/model/shownState.ts';
import type { ItemArgument } from '../agentArguments.ts';
import { defaultWay, wayCommands, wayTitle } from '../agents/workWays.ts';
import type { CommandId } from '../contributions.ts';
import { contextValues, registerCommand } from '../registration.ts';
import { tickItem } from '../views/currentSession/view.ts';
import { stateIcon, stateWord } from '../views/sessionStates.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { hasActiveSession, hasPausedSession, selectHost } from './selectHost.ts';
import { plainLabel, selectSession } from './selectSession.ts';
import type { Services } from './services.ts';

/** Commands about the views themselves, and the list of what is possible now. */
export function registerViewCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.filterSessions', async (argument) => {
      const named = argument?.statuses;
      const chosen =
        named === undefined ? await pickStates(services) : shownStates.filter((state) => named.includes(state));
      if (chosen !== undefined) await services.sessions.setFilter(chosen);
    }),
    registerCommand('baton.clearFilter', () => services.sessions.setFilter([])),
    registerCommand('baton.refreshViews', () =>
      vscode.window.withProgress({ location: { viewId: 'baton.sessions' } }, async () => {
        await services.projects.load();
        await services.projects.refresh();
      }),
    ),
    registerCommand('baton.revealSession', async (argument) => {
      const selected = await selectSession(services, argument, {
        title: vscode.l10n.t('Show Session'),
        offers: () => true,
        preferred: (host) => host.workspace?.active,
      });
      if (selected === undefined) return;
      const element = services.sessions.provider.find(selected.host.id, selected.entry.id, selected.entry.project);
      if (element !== undefined) await services.sessions.reveal(element, true);
    }),
    registerCommand('baton.toggleItem', (argument) => toggleItem(services, argument)),
    registerCommand('baton.showActions', async (argument) => {
      const host = await selectHost(services.projects, argument, hasActiveSession);
      if (host !== undefined) await showActions(host);
    }),
  ];
}

async function pickStates(services: Services) {
  const { states } = services.sessions.filter;
  const items = shownStates.map((state) => ({
    iconPath: stateIcon(state),
    label: stateWord(state),
    picked: states.length === 0 || states.includes(state),
    state,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t('Sessions to show'),
  });
  if (chosen === undefined) return undefined;
  return chosen.length === items.length ? [] : chosen.map((item) => item.state);
}

/** The keyboard's way to tick: an item of the tree, or one picked from the list. */
async function toggleItem(services: Services, argument: ItemArgument | undefined): Promise<void> {
  const host = await selectHost(services.projects, argument, hasActiveSession);
  const checklist = host?.workspace?.sessionFile?.checklist ?? [];
  if (host === undefined) return;
  if (checklist.length === 0) {
    throw new BatonError('no-active-session', vscode.l10n.t('No session with a checklist is active.'));
  }
  if (typeof argument?.item === 'number') {
    await tickItem(host, argument.item, argument.checked ?? checklist[argument.item]?.checked !== true);
    return;
  }
  const items = checklist.map((item, index) => ({ label: plainLabel(item.text), picked: item.checked, index }));
  const title = vscode.l10n.t('Checklist of {0}', host.workspace?.sessionFile?.id ?? '');
  const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, title });
  if (chosen === undefined) return;
  const ticked = new Set(chosen.map(({ index }) => index));
  for (const [index, item] of checklist.entries()) {
    if (item.checked !== ticked.has(index)) await tickItem(host, index, ticked.has(index));
  }
}

interface ActionItem extends vscode.QuickPickItem {
  readonly command?: CommandId;
}

/** Lists what can be done now, the most likely first. */
async function showActions(host: ProjectHost): Promise<void> {
  const chosen = await vscode.window.showQuickPick(actionsOf(host), { title: titleOf(host), matchOnDescription: true });
  if (chosen?.command === undefined) return;
  const file = host.workspace?.sessionFile;
  const isAboutActive = hasActiveSession(host) && file?.id !== undefined && aboutActive.has(chosen.command);
  await vscode.commands.executeCommand(chosen.command, { folder: host.id, ...(isAboutActive ? { id: file.id } : {}) });
}

const aboutActive: ReadonlySet<CommandId> = new Set<CommandId>([
  'baton.startAgent',
  'baton.openPrompt',
  'baton.copyForReview',
  'baton.rollbackSession',
  'baton.revealSession',
]);

function titleOf(host: ProjectHost): string {
  const file = host.workspace?.sessionFile;
  return file?.kind === 'session' && file.id !== undefined
    ? vscode.l10n.t('{0} is active', file.id)
    : vscode.l10n.t('No session is active');
}

/** What is possible in the folder now. */
export function actionsOf(host: ProjectHost): readonly ActionItem[] {
  const { workspace } = host;
  const item = (icon: string, label: string, command: CommandId, description?: string): ActionItem => ({
    iconPath: new vscode.ThemeIcon(icon),
    label,
    command,
    ...(description === undefined ? {} : { description }),
  });
  const items: ActionItem[] = [];
  if (hasActiveSession(host)) {
    const active = workspace?.active;
    if (active !== undefined) {
      const way = defaultWay(active);
      items.push(item('play', wayTitle(way), wayCommands[way]));
    }
    items.push(
      item('checklist', vscode.l10n.t('Tick Checklist Items'), 'baton.toggleItem'),
      item('git-commit', vscode.l10n.t('Checkpoint'), 'baton.checkpointSession'),
      item('beaker', vscode.l10n.t('Verify'), 'baton.verifySession'),
      item('pass', vscode.l10n.t('Complete'), 'baton.completeSession'),
      item('note', vscode.l10n.t('Add Note'), 'baton.addNote'),
      item('debug-pause', vscode.l10n.t('Pause'), 'baton.pauseSession'),
      item('error', vscode.l10n.t('Fail'), 'baton.failSession'),
      item('discard', vscode.l10n.t('Roll Back'), 'baton.rollbackSession'),
      item('go-to-file', vscode.l10n.t('Open SESSION.md'), 'baton.openSessionFile'),
      item('list-tree', vscode.l10n.t('Show in Sessions'), 'baton.revealSession'),
    );
  } else {
    const ready = workspace?.sessions.filter((session) => session.ready).length ?? 0;
    items.push(item('play', vscode.l10n.t('Start Session'), 'baton.startSession', vscode.l10n.t('{0} ready', ready)));
  }
  if (hasPausedSession(host) && !hasActiveSession(host))
    items.push(item('debug-continue', vscode.l10n.t('Resume'), 'baton.resumeSession'));
  items.push(...waveActions(item));
  items.push(
    item('dashboard', vscode.l10n.t('Open Dashboard'), 'baton.openDashboard'),
    item('table', vscode.l10n.t('Open Progress'), 'baton.openProgress'),
    item('search', vscode.l10n.t('Check State Files'), 'baton.checkFiles'),
  );
  return items;
}

/** What can be done with wave runs. */
function waveActions(item: (icon: string, label: string, command: CommandId) => ActionItem): readonly ActionItem[] {
  const context = contextValues();
  return [
    ...(context['baton.wavesRun'] ? [item('debug-pause', vscode.l10n.t('Pause Wave Run'), 'baton.pauseWaveRun')] : []),
    ...(context['baton.wavesRest']
      ? [item('debug-continue', vscode.l10n.t('Resume Wave Run'), 'baton.resumeWaveRun')]
      : []),
    ...(context['baton.wavesDone'] ? [item('pass', vscode.l10n.t('Close Wave Run'), 'baton.closeWaveRun')] : []),
    ...(context['baton.hasWaveRun'] ? [] : [item('run-all', vscode.l10n.t('Start Wave Run'), 'baton.startWaveRun')]),
  ];
}

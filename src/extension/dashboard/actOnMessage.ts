import * as vscode from 'vscode';
import { editCell } from '../../core/actions/editCell.ts';
import { setSessionStatus } from '../../core/actions/setSessionStatus.ts';
import { BatonError } from '../../core/errors.ts';
import type { DashboardAgentVerb } from '../../core/model/dashboard.ts';
import { sessionStatuses } from '../../core/model/sessionStatus.ts';
import type { WaveAgentVerb, WaveVerb } from '../../core/model/waves/shownRun.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';
import type { HostMessage, WebviewMessage } from '../../webview/protocol.ts';
import { openText } from '../commands/openText.ts';
import type { Services } from '../commands/services.ts';
import type { CommandId } from '../contributions.ts';
import { localized } from '../localized.ts';
import { runCommand } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { answerItem } from './answerItem.ts';
import { exportCsv, exportReport } from './exports.ts';
import { runDashboardVerb } from './runDashboardVerb.ts';

/** What acting on a message takes. */
export interface DashboardContext {
  readonly services: Services;
  readonly host: ProjectHost;
  readonly post: (message: HostMessage) => void;
}

/**
 * Does what the page asked for. Keys, lists and paths are looked up among what the state files have, and nothing else is opened or changed.
 *
 * @throws BatonError what a command or an action refused
 */
export async function actOnMessage(
  context: DashboardContext,
  message: Exclude<WebviewMessage, { kind: 'ready' }>,
): Promise<void> {
  const { services, host } = context;
  switch (message.kind) {
    case 'run':
      return runDashboardVerb(services, host, message.verb, findEntries(host, message.keys));
    case 'editCell':
      return answering(context, message.request, () => edit(context, message));
    case 'setStatus':
      return answering(context, message.request, () => setStatus(context, message));
    case 'exportCsv':
      return exportCsv(host, message.name, message.csv);
    case 'exportReport':
      return exportReport(host);
    case 'openTaskList':
      return openTaskList(host, message.list);
    case 'answer':
      return answerItem(services, host, message.item);
    case 'agent':
      return void (await runCommand(agentCommands[message.verb], { folder: host.id, id: message.id }));
    case 'wave': {
      const { run: id, wave, verb } = message;
      return void (await runCommand(waveCommands[verb], { folder: host.id, id, ...(wave !== undefined && { wave }) }));
    }
    case 'waveAgent': {
      const { run: id, agent, verb } = message;
      return void (await runCommand(waveAgentCommands[verb], { folder: host.id, id, agent }));
    }
    case 'startWaves':
      return void (await runCommand('baton.startWaveRun', { folder: host.id }));
    case 'openFile':
      return openStateFile(host, message.path);
  }
}

const agentCommands = {
  changes: 'baton.showIsolatedChanges',
  log: 'baton.followAgentLog',
  merge: 'baton.mergeIsolated',
  stop: 'baton.stopIsolated',
  retry: 'baton.retryIsolated',
} as const satisfies Readonly<Record<DashboardAgentVerb, CommandId>>;

const waveCommands = {
  pause: 'baton.pauseWaveRun',
  resume: 'baton.resumeWaveRun',
  abort: 'baton.abortWaveRun',
  close: 'baton.closeWaveRun',
  openState: 'baton.openWaveState',
  changes: 'baton.showWaveChanges',
} as const satisfies Readonly<Record<WaveVerb, CommandId>>;

const waveAgentCommands = {
  log: 'baton.showWaveAgentLog',
  changes: 'baton.showWaveChanges',
  stop: 'baton.stopWaveAgent',
} as const satisfies Readonly<Record<WaveAgentVerb, CommandId>>;

/** Tells the page how its request ended; what is refused is told there, beside the cell, and nowhere else. */
async function answering({ post }: DashboardContext, request: number, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    post({ v: 1, kind: 'cellResult', request });
  } catch (error) {
    const hint = BatonError.is(error) && error.hint !== undefined ? ` ${localized(error.hint)}` : '';
    const message =
      error instanceof Error ? `${localized(error.message).replace(/[.:]?$/, '.')}${hint}` : String(error);
    post({ v: 1, kind: 'cellResult', request, message });
    if (!BatonError.is(error)) throw error;
  }
}

async function edit(
  { host, services }: DashboardContext,
  { key, column, was, text }: Extract<WebviewMessage, { kind: 'editCell' }>,
): Promise<void> {
  const [entry] = findEntries(host, [key]);
  if (entry === undefined) throw goneError();
  const { id, project } = entry;
  const { warnings } = await editCell(host.createContext(), { id, project, key, column, was, text });
  for (const warning of warnings) services.log.warn(warning);
}

async function setStatus(
  { host, services }: DashboardContext,
  message: Extract<WebviewMessage, { kind: 'setStatus' }>,
): Promise<void> {
  const status = sessionStatuses.find((one) => one === message.status);
  const entries = findEntries(host, message.keys);
  if (status === undefined || entries.length === 0) throw goneError();
  if (entries.length > 1) {
    const consent = await services.prompt.confirm({
      question: vscode.l10n.t('Set the state of {0} sessions to “{1}”?', entries.length, status),
      detail: [entries.map(({ id }) => id).join(', ')],
      yes: vscode.l10n.t('Set State'),
    });
    if (consent !== true) throw new BatonError('cancelled', vscode.l10n.t('Nothing was changed'));
  }
  for (const { id, project, key } of entries) {
    const { warnings } = await setSessionStatus(host.createContext(), { id, project, key, status });
    for (const warning of warnings) services.log.warn(warning);
  }
}

/** The sessions with these keys; what is gone is left out. */
function findEntries({ workspace }: ProjectHost, keys: readonly string[]): readonly SessionEntry[] {
  const wanted = new Set(keys);
  return workspace?.sessions.filter(({ key }) => wanted.has(key)) ?? [];
}

function goneError(): BatonError {
  return new BatonError('unknown-session', vscode.l10n.t('The session is not there any more'));
}

async function openTaskList(host: ProjectHost, id: string): Promise<void> {
  const found = host.workspace?.taskLists.find(({ list }) => list.id === id);
  if (found !== undefined) await runCommand('baton.openTask', { folder: host.id, list: found.list.path });
}

async function openStateFile(host: ProjectHost, path: string): Promise<void> {
  const { workspace } = host;
  if (workspace === undefined) return;
  const known = [
    ...[workspace.plans, workspace.progress, workspace.paused, workspace.unreadable, workspace.problems].flatMap(
      (files) => files.map((file) => file.path),
    ),
    ...workspace.taskLists.map(({ list }) => list.path),
    workspace.config.sessionFile,
  ];
  if (known.includes(path)) await openText(host, path);
}

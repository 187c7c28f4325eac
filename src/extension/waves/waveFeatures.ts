import * as vscode from 'vscode';
import type { Peer, SessionLock } from '../../core/model/waves/sessionLock.ts';
import type { ShownWaveRun } from '../../core/model/waves/shownRun.ts';
import type { Services } from '../commands/services.ts';
import { setContext } from '../registration.ts';
import type { StatusBar, WaveStatus } from '../statusBar.ts';
import type { AgentFolderInput } from '../views/agents/model.ts';
import { formatMinutes } from '../views/times.ts';
import { CurrentWaves } from '../views/waves/currentPart.ts';
import { peerParts } from '../views/waves/peerItems.ts';
import { runWord, waveOfText } from '../views/waves/waveText.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { AutopilotItem } from './autopilotItem.ts';
import { WaveStateLenses } from './stateLenses.ts';

/** Looking for other sessions asks git and reads files of the user: no more often than this. */
const leastBetweenMs = 5_000;

interface FolderLock {
  readonly lock?: SessionLock;
  readonly isLive: boolean;
  readonly peers: readonly Peer[];
}

/** What the window shows of wave runs beside the tree of agents: rows of the current session, context keys, status bar, lenses. */
export class WaveFeatures implements vscode.Disposable {
  readonly lenses: WaveStateLenses;
  readonly #services: Services;
  readonly #statusBar: StatusBar;
  readonly autopilot: AutopilotItem;
  readonly #current: CurrentWaves;
  readonly #locks = new Map<string, FolderLock>();
  readonly #askedAt = new Map<string, number>();
  #onPeers: (folder: string, peers: readonly Peer[]) => void = () => {};
  #inputs: readonly AgentFolderInput[] = [];
  #isDisposed = false;

  constructor(services: Services, statusBar: StatusBar) {
    this.#services = services;
    this.#statusBar = statusBar;
    this.autopilot = new AutopilotItem(services.projects);
    this.#current = new CurrentWaves(services.current.provider);
    this.lenses = new WaveStateLenses(services.projects, (folder) => this.runsOf(folder));
  }

  /** The runs of a folder as they are shown. */
  runsOf(folder: string): readonly ShownWaveRun[] {
    return this.#inputs.find((input) => input.folder === folder)?.runs ?? [];
  }

  /** Tells whoever shows other sessions what is found. */
  followPeers(onPeers: (folder: string, peers: readonly Peer[]) => void): void {
    this.#onPeers = onPeers;
  }

  /** Shows what the folders have now. */
  show(inputs: readonly AgentFolderInput[]): void {
    this.#inputs = inputs;
    const folders = inputs.map(({ folder, name, runs = [] }) => ({ folder, name, runs }));
    this.#current.show(folders);
    this.#setContext(folders.flatMap(({ runs }) => runs));
    this.#showStatus();
    void this.autopilot.refresh();
    this.lenses.refresh();
    for (const { folder, runs } of folders) if (runs.length > 0) void this.#askLock(folder);
  }

  /** Elapsed times go on, and other sessions come and go. */
  tickMinute(): void {
    for (const { folder } of this.#inputs) void this.#askLock(folder);
    void this.autopilot.refresh();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.lenses.dispose();
    this.autopilot.dispose();
  }

  #setContext(runs: readonly ShownWaveRun[]): void {
    const some = (verb: ShownWaveRun['can'][number]): boolean => runs.some(({ can }) => can.includes(verb));
    setContext(
      'baton.hasWaveRun',
      runs.some(({ source }) => source === 'record'),
    );
    setContext('baton.hasWaveState', some('openState'));
    setContext('baton.wavesRun', some('pause'));
    setContext('baton.wavesRest', some('resume'));
    setContext('baton.wavesDone', some('close'));
  }

  #showStatus(): void {
    const runs = this.#inputs.flatMap((input) => input.runs ?? []);
    const run = runs.find(({ status }) => status === 'active') ?? runs[0];
    const details = this.#inputs.flatMap(({ folder }) => detailsOf(this.#locks.get(folder)));
    this.#statusBar.setWaves(statusOf(run, details));
  }

  async #askLock(folder: string): Promise<void> {
    const host = this.#services.projects.all.find(({ id, isLocal }) => id === folder && isLocal);
    const askedAt = this.#askedAt.get(folder) ?? 0;
    if (host === undefined || Date.now() < askedAt + leastBetweenMs) return;
    this.#askedAt.set(folder, Date.now());
    const found = await readLock(host).catch((error: unknown) => {
      this.#services.log.info(`No lock in ${host.folder.name}: ${error instanceof Error ? error.message : error}`);
      return undefined;
    });
    if (found === undefined || this.#isDisposed) return;
    this.#locks.set(folder, found);
    this.#onPeers(folder, found.peers);
    this.#showStatus();
  }
}

/** The lock's own session is no other one, and neither is a run that has rows of its own. */
async function readLock(host: ProjectHost): Promise<FolderLock> {
  const { readLockStatus } = await import('../../core/actions/waves/sessionLock.ts');
  const context = { ports: host.ports };
  const { lock, isLive, peers } = await readLockStatus(context);
  const states = new Set(host.workspace?.waveStates?.map(({ path }) => path));
  const others = peers.filter(
    ({ sessionId, file }) => sessionId !== lock?.session_id && (file === undefined || !states.has(file)),
  );
  return { isLive, peers: others, ...(lock && { lock }) };
}

function statusOf(run: ShownWaveRun | undefined, details: readonly string[]): WaveStatus {
  if (run === undefined || run.total === 0) return { text: '', label: '', details };
  const label = [run.title, runWord(run.status), waveOfText(run)].filter(Boolean).join(', ');
  return { text: `$(layers) ${run.wave}/${run.total}`, label, details };
}

/** The lock and the other sessions, a line each. */
function detailsOf(found: FolderLock | undefined): readonly string[] {
  if (found === undefined) return [];
  const { lock, isLive, peers } = found;
  return [...(lock === undefined ? [] : [lockText(lock, isLive)]), ...peers.map(peerText)];
}

function lockText(lock: SessionLock, isLive: boolean): string {
  const name = lock.semantic_session_id ?? lock.session_id;
  const minutes = (Date.now() - Date.parse(lock.last_heartbeat)) / 60_000;
  const ago = Number.isNaN(minutes) ? '' : formatMinutes(Math.max(0, Math.floor(minutes)));
  return isLive
    ? vscode.l10n.t('Lock: {0} ({1}), sign of life {2} ago', name, lock.mode, ago)
    : vscode.l10n.t('Lock: {0} ({1}), stale, sign of life {2} ago', name, lock.mode, ago);
}

function peerText(peer: Peer): string {
  return vscode.l10n.t('Beside it: {0}', [peer.label ?? peer.sessionId, ...peerParts(peer)].join(' · '));
}

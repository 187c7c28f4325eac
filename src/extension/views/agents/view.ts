import * as vscode from 'vscode';
import { shownRuns } from '../../../core/actions/waves/shownRuns.ts';
import type { Peer } from '../../../core/model/waves/sessionLock.ts';
import type { WorktreeInfo } from '../../../core/ports/worktrees.ts';
import { createAgentCatalog } from '../../../platform/agents/agentCatalog.ts';
import { bypassesPermissions } from '../../../platform/agents/agentDefinition.ts';
import { views } from '../../contributions.ts';
import { AgentNotices } from '../../isolated/agentNotices.ts';
import { AgentRecords, type AgentSnapshot } from '../../isolated/agentRecords.ts';
import type { Log } from '../../log.ts';
import { onDidChangeSetting, setContext } from '../../registration.ts';
import { needsText, type StatusBar } from '../../statusBar.ts';
import type { ProjectHost } from '../../workspace/projectHost.ts';
import type { Projects } from '../../workspace/projects.ts';
import { trustGate } from '../../workspace/trustGate.ts';
import { type AgentElement, type AgentFolderInput, countNeeds, hasRows } from './model.ts';
import { AgentsProvider } from './provider.ts';

export interface AgentsViewParts {
  readonly projects: Projects;
  readonly log: Log;
  readonly statusBar: StatusBar;
  /** Called when the records of a folder were read again. */
  readonly onDidRead: (host: ProjectHost) => void;
  /** Called when what is shown may be other: with the folders, their runs and peers. */
  readonly onDidShow?: (inputs: readonly AgentFolderInput[]) => void;
}

/** The view "Agents": what needs the person, isolated sessions by state, and what stands around them. Restricted Mode only looks. */
export class AgentsView implements vscode.Disposable {
  readonly provider = new AgentsProvider();
  readonly notices = new AgentNotices();
  readonly #parts: AgentsViewParts;
  readonly #tree: vscode.TreeView<AgentElement>;
  readonly #records = new Map<string, AgentRecords>();
  readonly #owned: vscode.Disposable[];
  readonly #peers = new Map<string, readonly Peer[]>();
  readonly #others = new Map<string, readonly WorktreeInfo[]>();
  #bypassing: ReadonlySet<string> = new Set();
  #agents = '';

  constructor(parts: AgentsViewParts) {
    this.#parts = parts;
    this.#tree = vscode.window.createTreeView(views.agents, { treeDataProvider: this.provider, showCollapseAll: true });
    this.#owned = [
      this.#tree,
      this.provider,
      this.notices,
      parts.projects.onDidChange((change) => {
        this.#followHosts();
        // What closes a work item changes its files too.
        if (change !== undefined) this.#records.get(change.host.id)?.readSoon();
      }),
      trustGate.onDidGrant(() => this.#update()),
      onDidChangeSetting(['baton.statusBar.shown'], () => this.#update()),
      this.#tree.onDidChangeVisibility(() => this.#look()),
    ];
    this.#followHosts();
  }

  /** Message and badge, for tests. */
  get surroundings(): { readonly message?: string; readonly badge?: number } {
    const { message, badge } = this.#tree;
    return {
      ...(message === undefined ? {} : { message }),
      ...(badge === undefined ? {} : { badge: badge.value }),
    };
  }

  /** Reads everything again. */
  async refresh(): Promise<void> {
    await Promise.all([...this.#records.values()].map((records) => records.read()));
  }

  /** Elapsed times go on, and what no watcher told of is found. */
  tickMinute(): void {
    this.provider.tickMinute();
    // A person may have changed the agents meanwhile.
    this.#agents = '';
    void this.refresh();
  }

  dispose(): void {
    for (const one of [...this.#owned, ...this.#records.values()]) one.dispose();
    this.#records.clear();
  }

  #followHosts(): void {
    const hosts = this.#parts.projects.all.filter(({ isLocal }) => isLocal);
    for (const [id, records] of this.#records) {
      if (hosts.some((host) => host.id === id)) continue;
      records.dispose();
      this.#records.delete(id);
    }
    for (const host of hosts) if (!this.#records.has(host.id)) this.#follow(host);
    this.#update();
  }

  #follow(host: ProjectHost): void {
    const records = new AgentRecords({
      host,
      logger: this.#parts.log,
      onRead: (snapshot) => this.#read(host, snapshot),
    });
    this.#records.set(host.id, records);
    records.isLookedAt = this.#tree.visible;
    records.readSoon();
  }

  #look(): void {
    for (const records of this.#records.values()) records.isLookedAt = this.#tree.visible;
  }

  #read(host: ProjectHost, snapshot: AgentSnapshot): void {
    this.notices.follow(host.id, snapshot);
    this.#parts.onDidRead(host);
    this.#update();
    void this.#readAgents();
  }

  /** Which of the agents ask nobody; asked again when another agent appears. */
  async #readAgents(): Promise<void> {
    const names = new Set(this.#inputs().flatMap(({ entries }) => entries.map(({ session }) => session.agent)));
    const agents = [...names].sort().join(' ');
    if (agents === this.#agents) return;
    this.#agents = agents;
    const catalog = createAgentCatalog();
    const bypassing: string[] = [];
    for (const name of names) {
      // An agent that is gone from the configuration runs no more either.
      const agent = await catalog.find(name).catch(() => undefined);
      if (agent !== undefined && bypassesPermissions(agent)) bypassing.push(name);
    }
    this.#bypassing = new Set(bypassing);
    this.#update();
  }

  #inputs(): readonly AgentFolderInput[] {
    return this.#parts.projects.all.flatMap(({ id, folder, workspace }) => {
      const records = this.#records.get(id);
      if (records === undefined) return [];
      const { entries, items, waves } = records.snapshot;
      const runs = shownRuns({ root: folder.uri.fsPath, entries: waves, workspace });
      const peers = this.#peers.get(id) ?? [];
      const others = this.#others.get(id) ?? [];
      return [{ folder: id, name: folder.name, entries, items, bypassing: this.#bypassing, runs, peers, others }];
    });
  }

  /** Says which other sessions there are; asked from outside, since it takes a while. */
  setPeers(folder: string, peers: readonly Peer[]): void {
    if (JSON.stringify(this.#peers.get(folder) ?? []) === JSON.stringify(peers)) return;
    this.#peers.set(folder, peers);
    this.#update();
  }

  /** Says which worktrees there are that Baton did not make. */
  setOthers(folder: string, others: readonly WorktreeInfo[]): void {
    this.#others.set(folder, others);
    this.#update();
  }

  #update(): void {
    const inputs = this.#inputs();
    this.provider.show(inputs);
    this.#parts.onDidShow?.(inputs);
    const entries = inputs.flatMap((input) => input.entries);
    const needs = countNeeds(inputs);
    this.#tree.badge = needs === 0 ? undefined : { value: needs, tooltip: needsText(needs) };
    const hasAny = inputs.some(hasRows);
    this.#tree.message =
      hasAny && !trustGate.isTrusted
        ? vscode.l10n.t('Restricted Mode: sessions are shown, and nothing is started.')
        : undefined;
    this.#parts.statusBar.setNeeds(needs);
    setContext('baton.hasAgents', hasAny);
    setContext(
      'baton.hasApproved',
      entries.some(({ session }) => session.status === 'approved'),
    );
    setContext(
      'baton.agentsInterrupted',
      entries.some(({ interrupted }) => interrupted),
    );
  }
}

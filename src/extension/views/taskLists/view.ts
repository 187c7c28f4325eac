import * as vscode from 'vscode';
import { toClaimInfo } from '../../../core/actions/tasks/claimInfo.ts';
import { linkedLists, rescuedTasks } from '../../../core/actions/tasks/syncMirror.ts';
import type { ClaimInfo } from '../../../core/model/taskList.ts';
import type { Logger } from '../../../core/ports/logger.ts';
import { views } from '../../contributions.ts';
import { localized } from '../../localized.ts';
import { runCommand, setContext } from '../../registration.ts';
import type { ProjectHost } from '../../workspace/projectHost.ts';
import type { Projects } from '../../workspace/projects.ts';
import { TaskDragAndDrop } from './dragAndDrop.ts';
import { countNeeding, countTasks, type TaskElement } from './model.ts';
import { TaskListsProvider } from './provider.ts';

/** The view "Task Lists": its tree, what stands around it, and the gestures in it. */
export class TaskListsView implements vscode.Disposable {
  readonly provider = new TaskListsProvider();
  readonly dragAndDrop: TaskDragAndDrop;
  readonly #tree: vscode.TreeView<TaskElement>;
  readonly #projects: Projects;
  readonly #logger: Logger;
  readonly #claims = new Map<string, readonly ClaimInfo[]>();
  readonly #rescued = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
  readonly #owned: vscode.Disposable[];

  constructor(projects: Projects, logger: Logger) {
    this.#projects = projects;
    this.#logger = logger;
    this.dragAndDrop = new TaskDragAndDrop(() => this.provider.tree);
    this.#tree = vscode.window.createTreeView(views.taskLists, {
      treeDataProvider: this.provider,
      dragAndDropController: this.dragAndDrop,
      // The file is the truth: a box is ticked when the file says so.
      manageCheckboxStateManually: true,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#owned = [
      this.#tree,
      this.provider,
      projects.onDidChange((change) => this.#changed(change?.host)),
      this.#tree.onDidChangeVisibility(() => this.#changed(undefined)),
      this.#tree.onDidChangeCheckboxState(
        ({ items }) =>
          void this.tick(items.map(([element, state]) => [element, state === vscode.TreeItemCheckboxState.Checked])),
      ),
    ];
  }

  /** Description, message and badge, for tests. */
  get surroundings(): { readonly message?: string; readonly description?: string; readonly badge?: number } {
    const { message, description, badge } = this.#tree;
    return {
      ...(message === undefined ? {} : { message }),
      ...(description === undefined ? {} : { description }),
      ...(badge === undefined ? {} : { badge: badge.value }),
    };
  }

  /** Ticks or unticks as a click does; a box whose task stayed as it was goes back. */
  async tick(items: readonly (readonly [TaskElement, boolean])[]): Promise<void> {
    for (const [element, checked] of items) {
      await runCommand(checked ? 'baton.completeTask' : 'baton.reopenTask', element);
    }
    this.provider.reset(items.map(([element]) => element));
  }

  /** Selects a list or a task in the tree and shows the view. */
  async reveal(element: TaskElement, focus: boolean): Promise<void> {
    await this.#tree.reveal(element, { select: true, focus, expand: true });
  }

  /** The tasks that are selected, topmost first. */
  get selected(): readonly TaskElement[] {
    return this.#tree.selection;
  }

  /** Reads what the files do not say again: claims, and tasks that Claude Code's own lists dropped. */
  async refreshClaims(host: ProjectHost): Promise<void> {
    if (!host.isLocal || host.workspace === undefined || host.workspace.taskLists.length === 0) return;
    try {
      const { claims, clock, localState } = host.ports;
      const { offsetMinutes } = clock.now();
      this.#claims.set(
        host.id,
        (await claims.list()).map((claim) => toClaimInfo(claim, offsetMinutes)),
      );
      const linked = await linkedLists(localState);
      const rescued = await Promise.all(linked.map(async (id) => [id, await rescuedTasks(localState, id)] as const));
      this.#rescued.set(host.id, new Map(rescued));
      this.#update();
    } catch (error) {
      // Outside git there are none; the tree shows what the files say.
      this.#logger.info(`No claims in ${host.folder.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Shows claims that ran out meanwhile, and those that other processes made. */
  tickMinute(): void {
    if (this.#tree.visible) for (const host of this.#projects.all) void this.refreshClaims(host);
  }

  dispose(): void {
    for (const one of this.#owned) one.dispose();
  }

  #changed(host: ProjectHost | undefined): void {
    this.#update();
    for (const one of host === undefined ? this.#projects.all : [host]) void this.refreshClaims(one);
  }

  #update(): void {
    const hosts = this.#projects.all.filter(({ workspace }) => (workspace?.taskLists.length ?? 0) > 0);
    this.provider.show(
      hosts.map(({ id, folder, workspace }) => ({
        folder: id,
        name: folder.name,
        lists: workspace?.taskLists ?? [],
        claims: this.#claims.get(id) ?? [],
        rescued: this.#rescued.get(id) ?? new Map(),
      })),
    );
    const { tree } = this.provider;
    const { complete, total } = countTasks(tree);
    this.#tree.description = total === 0 ? undefined : vscode.l10n.t('{0}/{1} complete', complete, total);
    const needing = countNeeding(tree);
    const tooltip =
      needing === 1 ? vscode.l10n.t('1 task needs attention') : vscode.l10n.t('{0} tasks need attention', needing);
    this.#tree.badge = needing === 0 ? undefined : { value: needing, tooltip };
    this.#tree.message = this.#message(hosts);
    setContext('baton.hasTaskLists', tree.nodes.size > 0);
  }

  /** A list that cannot be understood is never passed over in silence. */
  #message(hosts: readonly ProjectHost[]): string | undefined {
    for (const { workspace } of hosts) {
      const paths = new Set(workspace?.taskLists.map(({ list }) => list.path));
      const found = workspace?.problems.find(
        ({ path, diagnostics }) => paths.has(path) && diagnostics.some(({ code }) => code === 'merge-markers'),
      );
      const first = found?.diagnostics.find(({ code }) => code === 'merge-markers');
      if (found !== undefined && first !== undefined) return `${found.path}: ${localized(first.message)}`;
    }
    return undefined;
  }
}

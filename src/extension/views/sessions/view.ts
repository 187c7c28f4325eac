import * as vscode from 'vscode';
import { type ShownState, shownStates } from '../../../core/model/shownState.ts';
import { views } from '../../contributions.ts';
import { onDidChangeSetting, readSetting, setContext } from '../../registration.ts';
import type { Projects } from '../../workspace/projects.ts';
import { trustGate } from '../../workspace/trustGate.ts';
import { describeProblem, findHidingProblems } from '../problems.ts';
import type { SessionFilter, SessionTreeElement } from './model.ts';
import { SessionsProvider } from './provider.ts';

const filterKey = 'baton.sessionFilter';

/** Time for the window to ask for what has changed. */
const revealDelayMs = 250;

/** The view "Sessions": its tree, and what stands around it. */
export class SessionsView implements vscode.Disposable {
  readonly provider = new SessionsProvider();
  readonly #tree: vscode.TreeView<SessionTreeElement>;
  readonly #projects: Projects;
  readonly #state: vscode.Memento;
  readonly #owned: vscode.Disposable[];
  #revealed: string | undefined;
  #revealing: ReturnType<typeof setTimeout> | undefined;

  constructor(projects: Projects, state: vscode.Memento) {
    this.#projects = projects;
    this.#state = state;
    this.#tree = vscode.window.createTreeView(views.sessions, {
      treeDataProvider: this.provider,
      showCollapseAll: true,
    });
    this.#owned = [
      this.#tree,
      this.provider,
      this.provider.onDidSettle(() => this.#revealActiveNow()),
      projects.onDidChange(() => this.update()),
      trustGate.onDidGrant(() => this.update()),
      onDidChangeSetting(['baton.sessions.revealActive'], () => this.update()),
      this.#tree.onDidChangeVisibility(() => this.#revealActive()),
    ];
  }

  /** The states that are shown; none: all. */
  get filter(): SessionFilter {
    const kept = this.#state.get<readonly string[]>(filterKey, []);
    return { states: shownStates.filter((state) => kept.includes(state)) };
  }

  /** Shows only sessions in these states, in this workspace, also after a reload; none: all. */
  async setFilter(states: readonly ShownState[]): Promise<void> {
    await this.#state.update(filterKey, states);
    this.update();
  }

  /** What stands around the tree, for tests. */
  get surroundings(): { readonly message?: string; readonly description?: string; readonly badge?: number } {
    const { message, description, badge } = this.#tree;
    return {
      ...(message === undefined ? {} : { message }),
      ...(description === undefined ? {} : { description }),
      ...(badge === undefined ? {} : { badge: badge.value }),
    };
  }

  /** Brings everything up to date with the snapshots. */
  update(): void {
    const hosts = this.#projects.withFiles;
    const inputs = hosts.flatMap(({ id, folder, workspace }) =>
      workspace === undefined ? [] : [{ folder: id, name: folder.name, workspace }],
    );
    const { filter } = this;
    // A project without sessions tells nothing beside the message that says what is wrong with its file.
    const shown = inputs.filter(
      ({ workspace }) => workspace.sessions.length > 0 || findHidingProblems(workspace).length === 0,
    );
    this.provider.show(shown, filter);
    setContext('baton.filtered', filter.states.length > 0);
    const sessions = inputs.flatMap(({ workspace }) => workspace.sessions);
    const done = sessions.filter((session) => session.status === 'done').length;
    const progress = sessions.length === 0 ? undefined : vscode.l10n.t('{0}/{1} done', done, sessions.length);
    this.#tree.description =
      filter.states.length > 0 && progress !== undefined ? vscode.l10n.t('{0}, filtered', progress) : progress;
    this.#tree.message = this.#message();
    const needing = sessions.filter(
      ({ status }) => status === 'failed' || status === 'blocked' || status === 'retry',
    ).length;
    this.#tree.badge =
      needing === 0
        ? undefined
        : {
            value: needing,
            tooltip:
              needing === 1
                ? vscode.l10n.t('1 session needs attention')
                : vscode.l10n.t('{0} sessions need attention', needing),
          };
    this.#revealActive();
  }

  /** Selects a session in the tree and shows the view. */
  async reveal(element: SessionTreeElement, focus: boolean): Promise<void> {
    await this.#tree.reveal(element, { select: true, focus, expand: true });
  }

  dispose(): void {
    clearTimeout(this.#revealing);
    for (const one of this.#owned) one.dispose();
  }

  /** A table that cannot be understood is never passed over in silence. */
  #message(): string | undefined {
    for (const host of this.#projects.withFiles) {
      const problem = host.workspace && describeProblem(host.workspace);
      if (problem !== undefined) return problem;
    }
    const hasFiles = this.#projects.withFiles.length > 0;
    if (hasFiles && !trustGate.isTrusted) {
      return vscode.l10n.t('Restricted Mode: the files can be read and edited, and nothing is run.');
    }
    return undefined;
  }

  /**
   * Reveals once the tree is drawn, if only when the provider says so. Up to 1.139 at least, VS Code asks for children in batches
   * and mixes up the answers when a reveal asks in between: groups then show the children of others.
   */
  #revealActive(): void {
    clearTimeout(this.#revealing);
    this.#revealing = setTimeout(() => {
      if (this.provider.isSettled) this.#revealActiveNow();
    }, revealDelayMs);
  }

  /** Once per session: a person who scrolls elsewhere is not brought back by every change. */
  #revealActiveNow(): void {
    if (!this.#tree.visible || !readSetting('baton.sessions.revealActive')) return;
    for (const host of this.#projects.withFiles) {
      const active = host.workspace?.active;
      if (active === undefined) continue;
      const element = this.provider.find(host.id, active.id, active.project);
      if (element === undefined || element.nodeId === this.#revealed) return;
      this.#revealed = element.nodeId;
      // The tree may be about to change again; then the next update reveals.
      this.#tree.reveal(element, { select: true, focus: false }).then(undefined, () => {
        this.#revealed = undefined;
      });
      return;
    }
  }
}

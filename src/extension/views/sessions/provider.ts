import * as vscode from 'vscode';
import { shownState } from '../../../core/model/shownState.ts';
import type { SessionEntry } from '../../../core/model/workspace.ts';
import { commandLink } from '../../registration.ts';
import { stateIcon, stateWord, waitingReason } from '../sessionStates.ts';
import { formatMinutes, minutesBetween } from '../times.ts';
import { createFactsTooltip } from '../tooltipText.ts';
import { doneUri } from './doneDecorations.ts';
import {
  buildSessionTree,
  changedElements,
  emptyTree,
  type FolderInput,
  type SessionFilter,
  type SessionTree,
  type SessionTreeElement,
  type SessionTreeNode,
} from './model.ts';

/** How long nothing must have been asked until the tree counts as drawn. */
const settledMs = 250;

/** Translates the tree of sessions into tree items. */
export class SessionsProvider implements vscode.TreeDataProvider<SessionTreeElement>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<SessionTreeElement | SessionTreeElement[] | undefined>();
  readonly #elements = new Map<string, SessionTreeElement>();
  #tree: SessionTree = emptyTree;
  readonly #settled = new vscode.EventEmitter<void>();
  #settling: ReturnType<typeof setTimeout> | undefined;
  #isDrawn = false;
  readonly #toRedraw = new Set<string>();

  readonly onDidChangeTreeData = this.#changed.event;

  /** Shows these folders now; fires the smallest elements that differ. */
  show(inputs: readonly FolderInput[], filter: SessionFilter): void {
    const before = this.#tree;
    this.#tree = buildSessionTree(inputs, filter);
    for (const nodeId of [...this.#elements.keys()]) if (!this.#tree.nodes.has(nodeId)) this.#elements.delete(nodeId);
    const changed = changedElements(before, this.#tree);
    if (changed === undefined) this.#changed.fire(undefined);
    else if (changed.length > 0) {
      this.#redrawLater(
        changed.map(({ nodeId }) => nodeId),
        changed.length > 1,
      );
      this.#changed.fire(changed.map((element) => this.#known(element)));
    }
  }

  /** Shows times anew where a session is active. */
  tickMinute(): void {
    const active = [...this.#tree.nodes.values()].filter((node) => node.state === 'active');
    if (active.length > 0) this.#changed.fire(active.map((node) => this.#known(node.element)));
  }

  /** Finds a session's element. */
  find(folder: string, id: string, project?: string): SessionTreeElement | undefined {
    for (const { element } of this.#tree.nodes.values()) {
      const isWanted = element.kind === 'session' && element.folder === folder && element.id === id;
      if (isWanted && (project === undefined || element.project === project)) return this.#known(element);
    }
    return undefined;
  }

  /** Fires when the window has asked for all that it draws. */
  readonly onDidSettle = this.#settled.event;

  /** Whether the window has drawn the tree, and asks for nothing more. */
  get isSettled(): boolean {
    return this.#settling === undefined && this.#isDrawn;
  }

  getChildren(element?: SessionTreeElement): SessionTreeElement[] {
    this.#settleLater();
    this.#isDrawn = true;
    if (element === undefined) this.#redrawLater(this.#tree.roots, this.#tree.roots.length > 1);
    const children = element === undefined ? this.#tree.roots : (this.#tree.nodes.get(element.nodeId)?.children ?? []);
    return children.flatMap((nodeId) => {
      const node = this.#tree.nodes.get(nodeId);
      return node === undefined ? [] : [this.#known(node.element)];
    });
  }

  /**
   * Notes which groups to draw again, one at a time, after these were drawn. Up to 1.139 at least, the window joins what it asks
   * for siblings to one request, and where a further level is asked for meanwhile it gives a group the children of another. A
   * group that holds groups is safe when it is drawn alone: below it only sessions follow.
   */
  #redrawLater(nodeIds: readonly string[], hasSiblings: boolean): void {
    for (const nodeId of nodeIds) {
      const children = this.#tree.nodes.get(nodeId)?.children ?? [];
      const holdsGroups = children.some((child) => this.#tree.nodes.get(child)?.element.kind !== 'session');
      if (!holdsGroups) continue;
      if (hasSiblings) this.#toRedraw.add(nodeId);
      this.#redrawLater(children, hasSiblings || children.length > 1);
    }
  }

  #redrawNext(): boolean {
    for (const nodeId of this.#toRedraw) {
      this.#toRedraw.delete(nodeId);
      const node = this.#tree.nodes.get(nodeId);
      if (node === undefined) continue;
      this.#changed.fire(this.#known(node.element));
      // A group that is closed is not asked for.
      this.#settleLater();
      return true;
    }
    return false;
  }

  #settleLater(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = undefined;
      if (!this.#redrawNext()) this.#settled.fire();
    }, settledMs);
  }

  getParent(element: SessionTreeElement): SessionTreeElement | undefined {
    const parent = this.#tree.nodes.get(element.nodeId)?.parent;
    const node = parent === undefined ? undefined : this.#tree.nodes.get(parent);
    return node && this.#known(node.element);
  }

  getTreeItem(element: SessionTreeElement): vscode.TreeItem {
    const node = this.#tree.nodes.get(element.nodeId);
    if (node?.entry !== undefined) return sessionItem(node, node.entry);
    return node === undefined ? new vscode.TreeItem(element.id ?? '') : groupItem(node);
  }

  /** The tooltip costs the most and is seen the least. */
  resolveTreeItem(item: vscode.TreeItem, element: SessionTreeElement): vscode.TreeItem {
    const entry = this.#tree.nodes.get(element.nodeId)?.entry;
    if (entry !== undefined) item.tooltip = sessionTooltip(entry);
    return item;
  }

  dispose(): void {
    clearTimeout(this.#settling);
    this.#settled.dispose();
    this.#changed.dispose();
  }

  #known(element: SessionTreeElement): SessionTreeElement {
    const known = this.#elements.get(element.nodeId);
    if (known !== undefined) return known;
    this.#elements.set(element.nodeId, element);
    return element;
  }
}

const groupIcons = { folder: 'root-folder', project: 'project', repository: 'repo', section: 'milestone' } as const;

/** Everything is open at first, but sections that are done. */
function isOpenGroup({ element, counts, entry }: SessionTreeNode): boolean {
  if (entry !== undefined || element.kind === 'session') return false;
  const { done, total } = counts ?? { done: 0, total: 0 };
  return element.kind !== 'section' || total === 0 || done < total;
}

function groupItem(node: SessionTreeNode): vscode.TreeItem {
  const { element, label, counts, progressPath } = node;
  const { done, total } = counts ?? { done: 0, total: 0 };
  const isOpen = isOpenGroup(node);
  const item = new vscode.TreeItem(
    label,
    isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = element.nodeId;
  item.contextValue = progressPath === undefined ? element.kind : `${element.kind} progress`;
  item.description = `${done}/${total}`;
  item.iconPath = new vscode.ThemeIcon(element.kind === 'session' ? 'circle-outline' : groupIcons[element.kind]);
  item.accessibilityInformation = { label: vscode.l10n.t('{0}, {1} of {2} sessions done', label, done, total) };
  return item;
}

function sessionItem({ element, isStartable = false }: SessionTreeNode, entry: SessionEntry): vscode.TreeItem {
  const state = shownState(entry);
  const item = new vscode.TreeItem(
    entry.title === '' || entry.title === entry.id ? entry.id : `${entry.id}  ${entry.title}`,
  );
  item.id = element.nodeId;
  item.description = sessionDescription(entry);
  item.iconPath = stateIcon(state);
  item.contextValue = contextOf(entry, isStartable);
  if (state === 'done') item.resourceUri = doneUri(entry.key);
  item.accessibilityInformation = { label: accessibleLabel(entry) };
  item.command = commandLink(
    entry.plan === undefined ? 'baton.openProgress' : 'baton.openPlan',
    vscode.l10n.t('Open'),
    {
      folder: element.folder,
      id: entry.id,
      ...(element.project === undefined ? {} : { project: element.project }),
    },
  );
  return item;
}

/** Words for menus' `viewItem =~ /…/`: the kind, the state, what there is to open, and whether it can be started. */
function contextOf(entry: SessionEntry, isStartable: boolean): string {
  const words = ['session', shownState(entry)];
  if (entry.activeHere) words.push('here');
  if (entry.plan !== undefined) words.push('plan');
  if (entry.plan?.prompt !== undefined) words.push('prompt');
  if (entry.row !== undefined) words.push('row');
  if (entry.commit !== undefined) words.push('commit');
  if (isStartable) words.push('startable');
  return words.join(' ');
}

/** What stands beside the session's name: time, and why it cannot be started. */
function sessionDescription(entry: SessionEntry): string {
  const parts: string[] = [];
  const state = shownState(entry);
  const minutes = sessionMinutes(entry);
  if (minutes !== undefined && (state === 'active' || state === 'done')) parts.push(formatMinutes(minutes));
  const reason = waitingReason(entry);
  if (reason !== undefined) parts.push(reason);
  if (state === 'unknown') parts.push(vscode.l10n.t('status “{0}” is not understood', entry.row?.status.raw ?? ''));
  if (state === 'paused' || state === 'blocked' || state === 'failed' || state === 'retry')
    parts.push(stateWord(state));
  return parts.join(' · ');
}

/** Elapsed minutes of a running session, all of a finished one. */
function sessionMinutes(entry: SessionEntry): number | undefined {
  if (entry.status === 'done' && entry.completed === undefined) return undefined;
  return minutesBetween(entry.started, entry.status === 'done' ? entry.completed : undefined);
}

/** Screen readers may miss what only the description or the icon says. */
function accessibleLabel(entry: SessionEntry): string {
  const parts = [entry.id, entry.title === entry.id ? '' : entry.title, stateWord(shownState(entry))];
  if (entry.started !== undefined) parts.push(vscode.l10n.t('started {0}', entry.started));
  if (entry.completed !== undefined) parts.push(vscode.l10n.t('completed {0}', entry.completed));
  const reason = waitingReason(entry);
  if (reason !== undefined) parts.push(reason);
  return parts.filter((part) => part !== '').join(', ');
}

/** Everything known of a session. */
export function sessionTooltip(entry: SessionEntry): vscode.MarkdownString {
  const { tooltip, line } = createFactsTooltip(entry.id, entry.title);
  line(vscode.l10n.t('State'), stateWord(shownState(entry)));
  line(vscode.l10n.t('Repository'), entry.repository);
  line(vscode.l10n.t('Section'), entry.section);
  line(vscode.l10n.t('Started'), entry.started);
  line(vscode.l10n.t('Completed'), entry.completed);
  line(vscode.l10n.t('Commit'), entry.commit);
  line(vscode.l10n.t('Estimate'), entry.plan?.estimate);
  line(vscode.l10n.t('Model'), entry.plan?.modelSettings.model);
  const dependencies = entry.dependencies.map((one) => {
    const reason = one.reason === undefined ? '' : ` (${one.reason})`;
    return `${one.met ? '✓' : '○'} ${one.id}${reason}`;
  });
  line(vscode.l10n.t('Depends on'), dependencies.join(', '));
  line(vscode.l10n.t('Unblocks'), entry.unblocks.join(', '));
  line(vscode.l10n.t('In parallel with'), entry.plan?.parallelWith.join(', '));
  line(vscode.l10n.t('Notes'), entry.notes);
  return tooltip;
}

import * as vscode from 'vscode';
import type { TaskEntry, TaskListEntry } from '../../../core/model/taskList.ts';
import { commandLink } from '../../registration.ts';
import { appendWords } from '../tooltipText.ts';
import {
  buildTaskTree,
  changedTasks,
  emptyTaskTree,
  errorsIn,
  shownTask,
  type TaskElement,
  type TaskFolderInput,
  type TaskNode,
  type TaskTree,
} from './model.ts';
import { taskDescription, taskIcon, taskLabel, taskTooltip } from './taskText.ts';

/** Translates the tree of task lists into tree items. */
export class TaskListsProvider implements vscode.TreeDataProvider<TaskElement>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<TaskElement | TaskElement[] | undefined>();
  readonly #elements = new Map<string, TaskElement>();
  #tree: TaskTree = emptyTaskTree;

  readonly onDidChangeTreeData = this.#changed.event;

  /** What is shown now. */
  get tree(): TaskTree {
    return this.#tree;
  }

  /** Shows these folders now; fires the smallest elements that differ. */
  show(inputs: readonly TaskFolderInput[]): void {
    const before = this.#tree;
    this.#tree = buildTaskTree(inputs);
    for (const nodeId of [...this.#elements.keys()]) if (!this.#tree.nodes.has(nodeId)) this.#elements.delete(nodeId);
    const changed = changedTasks(before, this.#tree);
    if (changed === undefined) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed.map((element) => this.#known(element)));
  }

  /** Shows elements again as the files have them, whatever was clicked. */
  reset(elements: readonly TaskElement[]): void {
    this.#changed.fire([...elements]);
  }

  /** Finds the element of a list, or of a task of it. */
  find(folder: string, list: string, task?: string): TaskElement | undefined {
    for (const { element } of this.#tree.nodes.values()) {
      if (element.folder === folder && element.list === list && element.task === task) return this.#known(element);
    }
    return undefined;
  }

  getChildren(element?: TaskElement): TaskElement[] {
    const children = element === undefined ? this.#tree.roots : (this.#tree.nodes.get(element.nodeId)?.children ?? []);
    return children.flatMap((nodeId) => {
      const node = this.#tree.nodes.get(nodeId);
      return node === undefined ? [] : [this.#known(node.element)];
    });
  }

  getParent(element: TaskElement): TaskElement | undefined {
    const parent = this.#tree.nodes.get(element.nodeId)?.parent;
    const node = parent === undefined ? undefined : this.#tree.nodes.get(parent);
    return node && this.#known(node.element);
  }

  getTreeItem(element: TaskElement): vscode.TreeItem {
    const node = this.#tree.nodes.get(element.nodeId);
    const item = node === undefined ? new vscode.TreeItem('') : itemOf(node);
    item.id = element.nodeId;
    return item;
  }

  /** The tooltip costs the most and is seen the least. */
  resolveTreeItem(item: vscode.TreeItem, element: TaskElement): vscode.TreeItem {
    const node = this.#tree.nodes.get(element.nodeId);
    if (node?.entry === undefined) return item;
    item.tooltip = node.task === undefined ? listTooltip(node.entry) : taskTooltip(node.task, node.entry);
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #known(element: TaskElement): TaskElement {
    const known = this.#elements.get(element.nodeId);
    if (known !== undefined) return known;
    this.#elements.set(element.nodeId, element);
    return element;
  }
}

function itemOf(node: TaskNode): vscode.TreeItem {
  if (node.entry === undefined) return groupItem(node);
  return node.task === undefined
    ? listItem(node.entry)
    : taskItem(
        { folder: node.element.folder, list: node.entry.list.path, archived: node.entry.list.archived },
        node.task,
      );
}

function groupItem({ element, name, children }: TaskNode): vscode.TreeItem {
  const isArchive = element.kind === 'archive';
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const label = isArchive ? vscode.l10n.t('Archived') : (name ?? '');
  const item = new vscode.TreeItem(label, isArchive ? Collapsed : Expanded);
  item.contextValue = element.kind;
  item.description = isArchive ? String(children.length) : '';
  item.iconPath = new vscode.ThemeIcon(isArchive ? 'archive' : 'root-folder');
  return item;
}

function listItem(entry: TaskListEntry): vscode.TreeItem {
  const { list, counts, openSession } = entry;
  const isDone = counts.total > 0 && counts.complete === counts.total;
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(list.title, isDone || list.archived ? Collapsed : Expanded);
  const problems = errorsIn(entry);
  const parts = [
    `${counts.complete}/${counts.total}`,
    counts.inProgress === 0 ? undefined : vscode.l10n.t('{0} in progress', counts.inProgress),
    openSession === undefined ? undefined : vscode.l10n.t('session {0}', openSession.number),
    problems === 0 ? undefined : problemCount(problems),
  ].filter((part) => part !== undefined);
  item.description = parts.join(' · ');
  item.iconPath = new vscode.ThemeIcon(isDone ? 'checklist' : 'list-ordered');
  const words = ['list', list.archived ? 'archived' : 'here', ...(openSession === undefined ? [] : ['open'])];
  item.contextValue = words.join(' ');
  const done = vscode.l10n.t('{0} of {1} tasks complete', counts.complete, counts.total);
  item.accessibilityInformation = { label: [list.title, list.id, done, ...parts.slice(1)].join(', ') };
  return item;
}

function problemCount(count: number): string {
  return count === 1 ? vscode.l10n.t('1 problem') : vscode.l10n.t('{0} problems', count);
}

/** Where a task is shown from. */
export interface TaskPlace {
  readonly folder: string;
  /** Path of the list. */
  readonly list: string;
  readonly archived: boolean;
}

/** A task as an item of a tree. */
export function taskItem({ folder, list, archived }: TaskPlace, task: TaskEntry): vscode.TreeItem {
  const state = shownTask(task);
  // A box has two states: what is in progress is told by a mark in the label, the icon and the description.
  const parts = [task.id, state === 'inProgress' ? '▶' : '', task.title === task.id ? '' : task.title];
  const item = new vscode.TreeItem(parts.join(' ').trimEnd(), vscode.TreeItemCollapsibleState.None);
  item.description = taskDescription(task);
  item.iconPath = taskIcon(state);
  const label = taskLabel(task);
  item.accessibilityInformation = { label };
  if (!archived) {
    const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
    const isComplete = task.status === 'COMPLETE';
    item.checkboxState = {
      state: isComplete ? Checked : Unchecked,
      tooltip: isComplete ? vscode.l10n.t('Set {0} back to PENDING', task.id) : vscode.l10n.t('Complete {0}', task.id),
      accessibilityInformation: { label },
    };
  }
  item.contextValue = ['task', state, ...(archived ? ['archived'] : ['here']), ...claimWords(task)].join(' ');
  const argument = { folder, list, task: task.id, keepsFocus: true };
  item.command = commandLink('baton.openTask', vscode.l10n.t('Open'), argument);
  return item;
}

function claimWords({ claim }: TaskEntry): readonly string[] {
  if (claim === undefined) return ['free'];
  return [claim.expired ? 'expired' : 'claimed'];
}

function listTooltip({ list, counts, openSession }: TaskListEntry): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString(undefined, true);
  tooltip.appendMarkdown('**');
  appendWords(tooltip, list.title);
  tooltip.appendMarkdown('**\n\n');
  const line = (name: string, value: string | undefined) => {
    if (value === undefined) return;
    tooltip.appendMarkdown(`${name}: `);
    appendWords(tooltip, value);
    tooltip.appendMarkdown('  \n');
  };
  line(vscode.l10n.t('List ID'), list.id);
  line(vscode.l10n.t('File'), list.path);
  line(vscode.l10n.t('Created'), list.createdAt);
  line(vscode.l10n.t('Complete'), `${counts.complete}/${counts.total}`);
  line(
    vscode.l10n.t('Open session'),
    openSession && [String(openSession.number), openSession.who, openSession.started].filter(Boolean).join(', '),
  );
  line(vscode.l10n.t('Handoff'), list.handoff === undefined ? undefined : vscode.l10n.t('in the file'));
  return tooltip;
}

import * as vscode from 'vscode';
import { commandLink } from '../../registration.ts';
import { stateIcon } from '../sessionStates.ts';
import { taskItem } from '../taskLists/provider.ts';
import { formatMinutes, formatMs, minutesBetween } from '../times.ts';
import { appendWords } from '../tooltipText.ts';
import {
  type ActiveInput,
  buildCurrentTree,
  type CurrentContent,
  type CurrentElement,
  type CurrentGroup,
  type CurrentNode,
  type CurrentTree,
  changedCurrent,
  emptyCurrentTree,
  type FactName,
} from './model.ts';

/** Rows of the view that other code makes, above those of the active sessions. */
export interface CurrentPart {
  readonly roots: readonly string[];
  readonly nodes: ReadonlyMap<string, Pick<CurrentNode, 'element' | 'parent' | 'children'>>;
  itemOf(element: CurrentElement): vscode.TreeItem;
  tooltipOf(element: CurrentElement): vscode.MarkdownString | undefined;
}

const noPart: CurrentPart = {
  roots: [],
  nodes: new Map(),
  itemOf: () => new vscode.TreeItem(''),
  tooltipOf: () => undefined,
};

/** Translates the active session into tree items. */
export class CurrentSessionProvider implements vscode.TreeDataProvider<CurrentElement>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<CurrentElement | CurrentElement[] | undefined>();
  readonly #elements = new Map<string, CurrentElement>();
  #tree: CurrentTree = emptyCurrentTree;
  #part = noPart;

  readonly onDidChangeTreeData = this.#changed.event;

  /** Shows these sessions now; fires the smallest elements that differ. */
  show(inputs: readonly ActiveInput[]): void {
    const before = this.#tree;
    this.#tree = buildCurrentTree(inputs);
    this.#fire(changedCurrent(before, this.#tree));
  }

  /** Shows these rows above; `changed` are the smallest ones that differ, undefined where the topmost ones do. */
  setPart(part: CurrentPart, changed: readonly CurrentElement[] | undefined): void {
    this.#part = part;
    this.#fire(changed);
  }

  /** Shows the elapsed time anew. */
  tickMinute(): void {
    const sessions = [...this.#tree.nodes.values()].filter(({ content }) => content.kind === 'session');
    if (sessions.length > 0) this.#changed.fire(sessions.map(({ element }) => this.#known(element)));
  }

  /** Shows elements again as the files have them, whatever was clicked. */
  reset(elements: readonly CurrentElement[]): void {
    this.#changed.fire([...elements]);
  }

  /** What an element says. */
  contentOf(element: CurrentElement): CurrentContent | undefined {
    return this.#tree.nodes.get(element.nodeId)?.content;
  }

  getChildren(element?: CurrentElement): CurrentElement[] {
    const children =
      element === undefined ? [...this.#part.roots, ...this.#tree.roots] : (this.#find(element.nodeId)?.children ?? []);
    return children.flatMap((nodeId) => {
      const node = this.#find(nodeId);
      return node === undefined ? [] : [this.#known(node.element)];
    });
  }

  getParent(element: CurrentElement): CurrentElement | undefined {
    const parent = this.#find(element.nodeId)?.parent;
    const node = parent === undefined ? undefined : this.#find(parent);
    return node && this.#known(node.element);
  }

  getTreeItem(element: CurrentElement): vscode.TreeItem {
    const node = this.#tree.nodes.get(element.nodeId);
    const item = node === undefined ? this.#part.itemOf(element) : itemOf(node);
    item.id = element.nodeId;
    return item;
  }

  /** Only rows that are made elsewhere leave their tooltips for later. */
  resolveTreeItem(item: vscode.TreeItem, element: CurrentElement): vscode.TreeItem {
    item.tooltip ??= this.#part.tooltipOf(element);
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #find(nodeId: string): Pick<CurrentNode, 'element' | 'parent' | 'children'> | undefined {
    return this.#tree.nodes.get(nodeId) ?? this.#part.nodes.get(nodeId);
  }

  #fire(changed: readonly CurrentElement[] | undefined): void {
    for (const nodeId of [...this.#elements.keys()]) if (!this.#find(nodeId)) this.#elements.delete(nodeId);
    if (changed === undefined) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed.map((element) => this.#known(element)));
  }

  /** The element that VS Code knows; a menu's argument must be that of now, so a changed one is replaced. */
  #known(element: CurrentElement): CurrentElement {
    const known = this.#elements.get(element.nodeId);
    const isSame = known?.commit === element.commit && known?.to === element.to && known?.task === element.task;
    if (known !== undefined && isSame && known.list === element.list) return known;
    this.#elements.set(element.nodeId, element);
    return element;
  }
}

function itemOf({ element, content }: CurrentNode): vscode.TreeItem {
  switch (content.kind) {
    case 'session':
      return sessionItem(content.input, content.hasChildren);
    case 'group':
      return groupItem(content);
    case 'item':
      return checklistItem(content);
    case 'checkpoint':
      return checkpointItem(element, content);
    case 'command':
      return commandItem(content);
    case 'task':
      return taskItem({ folder: element.folder, list: content.list, archived: content.archived }, content.task);
    case 'note':
      return textItem(content.text, 'note', 'note');
    case 'fact':
      return factItem(content.name, content.value);
  }
}

function sessionItem(input: ActiveInput, hasChildren: boolean): vscode.TreeItem {
  const { file, entry, details } = input;
  const title = entry?.title ?? file.title ?? '';
  const state = hasChildren ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None;
  const item = new vscode.TreeItem(title === '' ? file.id : `${file.id}  ${title}`, state);
  const minutes = minutesBetween(file.startedAt);
  const parts = [
    ...(minutes === undefined ? [] : [formatMinutes(minutes)]),
    ...(details === undefined || details.receiptState === 'none' ? [] : [details.verified]),
    ...(hasChildren ? [input.folderName] : []),
  ];
  item.description = parts.join(' · ');
  item.iconPath = stateIcon('active');
  const words = [
    'activeSession',
    ...(file.prompt === undefined && entry?.plan?.prompt === undefined ? [] : ['prompt']),
  ];
  item.contextValue = words.join(' ');
  item.command = commandLink('baton.openSessionFile', vscode.l10n.t('Open SESSION.md'), { folder: input.folder });
  item.accessibilityInformation = { label: [file.id, title, vscode.l10n.t('active'), ...parts].join(', ') };
  const tooltip = new vscode.MarkdownString(undefined, true);
  tooltip.appendMarkdown('**').appendText(file.id).appendMarkdown('** ');
  appendWords(tooltip, title);
  if (file.startedAt !== undefined) {
    tooltip.appendMarkdown('\n\n');
    appendWords(tooltip, vscode.l10n.t('Started {0}', file.startedAt));
  }
  if (file.plan !== undefined) {
    tooltip.appendMarkdown('  \n');
    appendWords(tooltip, vscode.l10n.t('Plan: {0}', file.plan));
  }
  item.tooltip = tooltip;
  return item;
}

const groupIcons: Readonly<Record<CurrentGroup, string>> = {
  checklist: 'checklist',
  tasks: 'list-ordered',
  verification: 'beaker',
  checkpoints: 'git-commit',
  notes: 'note',
  plan: 'info',
};

function groupName(group: CurrentGroup): string {
  switch (group) {
    case 'checklist':
      return vscode.l10n.t('Checklist');
    case 'tasks':
      return vscode.l10n.t('Tasks');
    case 'verification':
      return vscode.l10n.t('Verification');
    case 'checkpoints':
      return vscode.l10n.t('Checkpoints');
    case 'notes':
      return vscode.l10n.t('Notes');
    case 'plan':
      return vscode.l10n.t('Plan');
  }
}

function groupItem(content: Extract<CurrentContent, { kind: 'group' }>): vscode.TreeItem {
  const { group, done, total, state } = content;
  const isOpen = group === 'checklist' || group === 'tasks' || group === 'verification';
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const name = groupName(group);
  const item = new vscode.TreeItem(name, isOpen ? Expanded : Collapsed);
  const count = done === undefined ? String(total) : `${done}/${total}`;
  item.description = state === 'stale' ? vscode.l10n.t('{0}, files changed since', count) : count;
  item.iconPath = new vscode.ThemeIcon(groupIcons[group]);
  item.contextValue = `group ${group}`;
  const label = done === undefined ? `${name}, ${total}` : vscode.l10n.t('{0}, {1} of {2} done', name, done, total);
  item.accessibilityInformation = {
    label: state === 'stale' ? `${label}, ${vscode.l10n.t('files changed since')}` : label,
  };
  return item;
}

function checklistItem({ text, checked }: Extract<CurrentContent, { kind: 'item' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(text);
  const word = checked ? vscode.l10n.t('done') : vscode.l10n.t('to do');
  item.checkboxState = {
    state: checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    accessibilityInformation: { label: `${text}, ${word}` },
  };
  item.tooltip = text;
  item.contextValue = 'item';
  item.accessibilityInformation = { label: `${text}, ${word}` };
  return item;
}

function checkpointItem(
  element: CurrentElement,
  content: Extract<CurrentContent, { kind: 'checkpoint' }>,
): vscode.TreeItem {
  const { number, subject, hash, date } = content;
  const label = vscode.l10n.t('Checkpoint {0}', number);
  const item = new vscode.TreeItem(label);
  const message = subject?.replace(/^WIP: \[.*?\] checkpoint \d+ - /, '');
  item.description = message ?? '';
  item.iconPath = new vscode.ThemeIcon('git-commit');
  item.contextValue = hash === undefined ? 'checkpoint' : 'checkpoint commit';
  item.tooltip = [label, message, date, hash].filter((part) => part !== undefined).join('\n');
  item.accessibilityInformation = { label: message === undefined ? label : `${label}, ${message}` };
  if (hash !== undefined) {
    const argument = { folder: element.folder, id: element.id, commit: hash };
    item.command = commandLink('baton.showChanges', vscode.l10n.t('Show Changes'), argument);
  }
  return item;
}

function commandItem(content: Extract<CurrentContent, { kind: 'command' }>): vscode.TreeItem {
  const { command, label, result, isStale } = content;
  const item = new vscode.TreeItem(label ?? command.split('\n')[0] ?? command);
  const outcome = result === undefined ? vscode.l10n.t('not run yet') : outcomeOf(result);
  item.description = isStale && result !== undefined ? vscode.l10n.t('{0}, before later changes', outcome) : outcome;
  item.tooltip = command;
  item.contextValue = result === undefined ? 'command' : 'command log';
  item.accessibilityInformation = { label: `${label ?? command}, ${item.description}` };
  if (result === undefined) item.iconPath = stateIcon('ready');
  else item.iconPath = isStale ? new vscode.ThemeIcon('history') : stateIcon(result.exitCode === 0 ? 'done' : 'failed');
  if (result !== undefined) {
    item.command = commandLink('baton.showVerificationLog', vscode.l10n.t('Show Output'), { log: result.log });
  }
  return item;
}

function outcomeOf(result: NonNullable<Extract<CurrentContent, { kind: 'command' }>['result']>): string {
  const time = formatMs(result.durationMs);
  if (result.timedOut) return vscode.l10n.t('timed out after {0}', time);
  if (result.cancelled) return vscode.l10n.t('cancelled after {0}', time);
  if (result.exitCode === 0) return vscode.l10n.t('passed in {0}', time);
  if (result.exitCode === undefined) return vscode.l10n.t('ended by a signal after {0}', time);
  return vscode.l10n.t('failed with exit code {0} after {1}', result.exitCode, time);
}

function factItem(name: FactName, value: string): vscode.TreeItem {
  const label = factLabel(name);
  const item = new vscode.TreeItem(label);
  item.description = value;
  item.tooltip = `${label}: ${value}`;
  item.contextValue = 'fact';
  item.accessibilityInformation = { label: `${label}: ${value}` };
  return item;
}

function factLabel(name: FactName): string {
  switch (name) {
    case 'model':
      return vscode.l10n.t('Model');
    case 'thinking':
      return vscode.l10n.t('Thinking');
    case 'estimate':
      return vscode.l10n.t('Estimate');
    case 'execution':
      return vscode.l10n.t('Execution');
    case 'dependsOn':
      return vscode.l10n.t('Depends on');
    case 'parallel':
      return vscode.l10n.t('In parallel with');
    case 'skill':
      return vscode.l10n.t('Skill');
    case 'subAgent':
      return vscode.l10n.t('Sub-agent');
    case 'reference':
      return vscode.l10n.t('Reference');
    case 'file':
      return vscode.l10n.t('File');
  }
}

function textItem(text: string, icon: string, kind: string): vscode.TreeItem {
  const plain = text.replace(/^[-*+]\s+/, '');
  const item = new vscode.TreeItem(plain.split('\n')[0] ?? plain);
  item.tooltip = plain;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = kind;
  item.accessibilityInformation = { label: plain };
  return item;
}

import * as vscode from 'vscode';
import type { IsolatedEntry } from '../../../core/actions/isolated/listIsolated.ts';
import type { InboxItem } from '../../../core/model/inbox.ts';
import { localized } from '../../localized.ts';
import { commandLink } from '../../registration.ts';
import { createFactsTooltip } from '../tooltipText.ts';
import { peerItem, peersItem } from '../waves/peerItems.ts';
import { waveItem, waveTooltip } from '../waves/waveItems.ts';
import {
  agentDescription,
  agentIcon,
  agentLabel,
  agentTooltip,
  bypassText,
  groupName,
  verdictText,
} from './agentText.ts';
import {
  type AgentElement,
  type AgentFolderInput,
  type AgentNode,
  type AgentTree,
  abilitiesOf,
  buildAgentTree,
  changedAgents,
  emptyAgentTree,
  shownAgent,
} from './model.ts';
import { worktreeItem, worktreesItem } from './worktreeItems.ts';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** Translates the tree of isolated sessions and the inbox into tree items. */
export class AgentsProvider implements vscode.TreeDataProvider<AgentElement>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<AgentElement | AgentElement[] | undefined>();
  readonly #elements = new Map<string, AgentElement>();
  #tree: AgentTree = emptyAgentTree;

  readonly onDidChangeTreeData = this.#changed.event;

  /** Shows these folders now; fires the smallest elements that differ. */
  show(inputs: readonly AgentFolderInput[]): void {
    const before = this.#tree;
    this.#tree = buildAgentTree(inputs);
    for (const nodeId of [...this.#elements.keys()]) if (!this.#tree.nodes.has(nodeId)) this.#elements.delete(nodeId);
    const changed = changedAgents(before, this.#tree);
    if (changed === undefined) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed.map((element) => this.#known(element)));
  }

  /** Elapsed times go on. */
  tickMinute(): void {
    const running = [...this.#tree.nodes.values()].filter(
      ({ element, entry }) => element.kind === 'isolated' && entry?.session.completedAt === undefined,
    );
    if (running.length > 0) this.#changed.fire(running.map(({ element }) => this.#known(element)));
  }

  getChildren(element?: AgentElement): AgentElement[] {
    const children = element === undefined ? this.#tree.roots : (this.#tree.nodes.get(element.nodeId)?.children ?? []);
    return children.flatMap((nodeId) => {
      const node = this.#tree.nodes.get(nodeId);
      return node === undefined ? [] : [this.#known(node.element)];
    });
  }

  getParent(element: AgentElement): AgentElement | undefined {
    const parent = this.#tree.nodes.get(element.nodeId)?.parent;
    const node = parent === undefined ? undefined : this.#tree.nodes.get(parent);
    return node && this.#known(node.element);
  }

  getTreeItem(element: AgentElement): vscode.TreeItem {
    const node = this.#tree.nodes.get(element.nodeId);
    const item = node === undefined ? new vscode.TreeItem('') : itemOf(node);
    item.id = element.nodeId;
    return item;
  }

  /** The tooltip costs the most and is seen the least. */
  resolveTreeItem(item: vscode.TreeItem, element: AgentElement): vscode.TreeItem {
    const node = this.#tree.nodes.get(element.nodeId);
    if (node?.wave !== undefined) item.tooltip ??= waveTooltip(node.wave);
    else if (node?.item !== undefined) item.tooltip = questionTooltip(node.item);
    else if (node?.entry !== undefined && element.kind === 'isolated') {
      item.tooltip = agentTooltip(node.entry, node.bypasses === true);
    }
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #known(element: AgentElement): AgentElement {
    const known = this.#elements.get(element.nodeId);
    if (known !== undefined) return known;
    this.#elements.set(element.nodeId, element);
    return element;
  }
}

function itemOf(node: AgentNode): vscode.TreeItem {
  const { element, entry, item, wave, peer, worktree } = node;
  if (wave !== undefined) return waveItem(wave);
  if (peer !== undefined) return peerItem(peer);
  if (element.kind === 'peers') return peersItem(node.children.length);
  if (worktree !== undefined) return worktreeItem(worktree);
  if (element.kind === 'worktrees') return worktreesItem(node.children.length);
  if (item !== undefined) return questionItem(element, item);
  if (entry !== undefined && element.kind === 'isolated') return sessionItem(entry, node.bypasses === true);
  if (entry !== undefined) return factItem(element, entry);
  return groupItem(node);
}

function groupItem({ element, name, children }: AgentNode): vscode.TreeItem {
  const { group } = element;
  const label = group === undefined ? (name ?? '') : groupName(group);
  const treeItem = new vscode.TreeItem(label, group === 'merged' ? Collapsed : Expanded);
  treeItem.contextValue = group === undefined ? 'folder' : `group ${group}`;
  if (group === undefined) treeItem.iconPath = new vscode.ThemeIcon('root-folder');
  else {
    treeItem.description = String(children.length);
    treeItem.accessibilityInformation = { label: `${label}, ${children.length}` };
  }
  return treeItem;
}

function sessionItem(entry: IsolatedEntry, bypasses: boolean): vscode.TreeItem {
  const { item } = entry.session;
  const needsLook = ['failed', 'conflict', 'rejected'].includes(entry.session.status);
  const title = item.title === item.id ? item.id : `${item.id} ${item.title}`;
  const treeItem = new vscode.TreeItem(title, needsLook ? Expanded : Collapsed);
  treeItem.description = agentDescription(entry, bypasses);
  treeItem.iconPath = agentIcon(shownAgent(entry), bypasses);
  treeItem.contextValue = ['isolated', shownAgent(entry), ...abilitiesOf(entry)].join(' ');
  treeItem.accessibilityInformation = { label: agentLabel(entry, bypasses) };
  return treeItem;
}

function questionItem({ kind, folder, id }: AgentElement, item: InboxItem): vscode.TreeItem {
  const treeItem = new vscode.TreeItem(item.question.replace(/\s+/g, ' '), None);
  const who = item.isolated?.replace(/^session-(.+)-[0-9a-z]+-[0-9a-z]+$/, '$1') ?? item.wave ?? item.session;
  const parts = [item.blocking ? vscode.l10n.t('blocks') : vscode.l10n.t('goes on meanwhile'), who];
  treeItem.description = parts.filter((part) => part !== undefined).join(' · ');
  const icon = kind === 'approval' ? 'shield' : 'comment-unresolved';
  treeItem.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor('testing.iconQueued'));
  treeItem.contextValue = kind;
  const word = kind === 'approval' ? vscode.l10n.t('approval') : vscode.l10n.t('question');
  treeItem.accessibilityInformation = { label: [word, item.question, treeItem.description].join(', ') };
  treeItem.command = commandLink('baton.answerQuestion', vscode.l10n.t('Answer'), { folder, ...(id && { id }) });
  return treeItem;
}

function questionTooltip(item: InboxItem): vscode.MarkdownString {
  const { tooltip, line } = createFactsTooltip('', item.question);
  line(vscode.l10n.t('Background'), item.context);
  line(vscode.l10n.t('Answers'), item.options.join(' · '));
  line(vscode.l10n.t('Commands'), item.commands?.join(' ; '));
  line(vscode.l10n.t('Asked'), item.askedAt.slice(0, 16).replace('T', ' '));
  return tooltip;
}

interface FactLook {
  readonly label: string;
  readonly description?: string | undefined;
  readonly icon: string;
  readonly color?: string;
  readonly tooltip?: string | undefined;
  readonly command?: vscode.Command;
}

function factItem(element: AgentElement, entry: IsolatedEntry): vscode.TreeItem {
  const look = lookOf(element, entry);
  const treeItem = new vscode.TreeItem(look.label, None);
  treeItem.description = look.description ?? '';
  treeItem.iconPath = new vscode.ThemeIcon(look.icon, look.color ? new vscode.ThemeColor(look.color) : undefined);
  treeItem.contextValue = `fact ${element.fact ?? ''} ${abilitiesOf(entry).join(' ')}`.trimEnd();
  treeItem.tooltip = look.tooltip ?? look.label;
  treeItem.accessibilityInformation = { label: [look.label, look.description].filter(Boolean).join(', ') };
  if (look.command !== undefined) treeItem.command = look.command;
  return treeItem;
}

function lookOf({ fact, folder, id = '' }: AgentElement, entry: IsolatedEntry): FactLook {
  const { session } = entry;
  const argument = { folder, id };
  switch (fact) {
    case 'bypass':
      return { label: bypassText(session.agent), icon: 'warning', color: 'errorForeground' };
    case 'error':
      return {
        label: localized(session.error?.message ?? '').split('\n')[0] ?? '',
        icon: 'error',
        color: 'testing.iconFailed',
        tooltip: session.error && localized(session.error.message),
      };
    case 'verdict':
      return { label: verdictText(entry) ?? '', icon: 'law', tooltip: session.summary };
    case 'conflicts':
      return { label: vscode.l10n.t('Conflicts'), description: session.conflicts?.join(', '), icon: 'warning' };
    case 'stray':
      return {
        label: vscode.l10n.t('Its agent changed files outside of its worktree'),
        description: session.strayFiles?.join(', '),
        icon: 'warning',
        color: 'errorForeground',
        tooltip: session.strayFiles?.join('\n'),
      };
    case 'meanwhile':
      return {
        label: vscode.l10n.t('Changed elsewhere while it ran'),
        description: session.changedMeanwhile?.join(', '),
        icon: 'info',
        tooltip: `${vscode.l10n.t('By this session or by somebody else:')}\n${session.changedMeanwhile?.join('\n')}`,
      };
    case 'changes':
      return {
        label: vscode.l10n.t('Changes'),
        icon: 'diff-multiple',
        command: commandLink('baton.showIsolatedChanges', vscode.l10n.t('Show Changes'), argument),
      };
    case 'branch':
      return { label: session.branch, icon: 'git-branch', tooltip: session.worktree };
    default:
      return {
        label: vscode.l10n.t('Log'),
        description: entry.activity?.line,
        icon: 'output',
        command: commandLink('baton.followAgentLog', vscode.l10n.t('Follow Log'), argument),
      };
  }
}

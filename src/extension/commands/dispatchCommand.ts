import * as vscode from 'vscode';
import { approveSetUp } from '../../core/actions/isolated/control.ts';
import { type DispatchResult, dispatch, findOverlap } from '../../core/actions/isolated/dispatch.ts';
import { listIsolated } from '../../core/actions/isolated/listIsolated.ts';
import { findReadyWork } from '../../core/actions/isolated/readyWork.ts';
import { BatonError } from '../../core/errors.ts';
import type { WorkItem, WorkSource } from '../../core/model/isolated.ts';
import { createAgentCatalog } from '../../platform/agents/agentCatalog.ts';
import { bypassesPermissions } from '../../platform/agents/agentDefinition.ts';
import type { DispatchArgument } from '../agentArguments.ts';
import { openIsolated, runIsolated } from '../isolated/openIsolated.ts';
import { registerCommand } from '../registration.ts';
import { agentWord } from '../views/agents/agentText.ts';
import { waitingReason } from '../views/sessionStates.ts';
import { waitingText } from '../views/taskLists/taskText.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { pickAgent } from './pickAgent.ts';
import { announce } from './runVerb.ts';
import { selectHost } from './selectHost.ts';
import { plainLabel } from './selectSession.ts';
import type { Services } from './services.ts';

/** What is given to agents, and to which. */
interface Choice {
  readonly items?: readonly string[];
  readonly sources?: readonly WorkSource[];
  readonly agent?: string;
}

/** Gives ready work to agents in worktrees of their own. */
export function registerDispatchCommand(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.dispatchWork', (argument, selection) =>
      dispatchWork(services, argument, selection.length > 1 ? selection : argument === undefined ? [] : [argument]),
    ),
  ];
}

async function dispatchWork(
  services: Services,
  argument: DispatchArgument | undefined,
  elements: readonly DispatchArgument[],
): Promise<DispatchResult | undefined> {
  trustGate.require(vscode.l10n.t('an agent'));
  const host = await selectHost(services.projects, argument);
  if (host === undefined) return undefined;
  const { ready, max, agent, model } = argument ?? {};
  const named = namedItems(host, elements);
  const choice = ready === true || named !== undefined ? named : await pickWork(host, agent);
  if (choice === undefined && ready !== true) return undefined;
  const result = await runIsolated(services, host, { title: vscode.l10n.t('Dispatching') }, async (context) => {
    // Where it is not approved every session would fail at once: it is asked about while the person is here.
    await approveSetUp(context);
    return dispatch(context, {
      ...choice,
      ...(agent !== undefined && { agent }),
      ...(ready === true && { ready }),
      ...(max !== undefined && { max }),
      ...(model !== undefined && { model }),
    });
  });
  tell(result);
  return result;
}

function tell({ dispatched, held }: DispatchResult): void {
  const names = dispatched.map(({ item }) => item.id).join(', ');
  if (names !== '') announce(vscode.l10n.t('Dispatched: {0}', names));
  if (held.length === 0) return;
  const reasons = held.map(({ item, reason }) => `${item.id}: ${reason}`);
  void vscode.window.showInformationMessage(vscode.l10n.t('Held back: {0}', reasons.join('; ')));
}

/** What arguments and rows of the trees name; undefined where nothing. */
function namedItems(host: ProjectHost, elements: readonly DispatchArgument[]): Choice | undefined {
  const items: string[] = [];
  const sources = new Set<WorkSource>();
  for (const { items: more = [], id, task, list, sources: told } of elements) {
    items.push(...more);
    for (const source of told ?? []) sources.add(source);
    if (task !== undefined) {
      items.push(list === undefined ? task : `${listId(host, list)}/${task}`);
      sources.add('task');
    } else if (id !== undefined) {
      items.push(id);
      sources.add('session');
    }
  }
  return items.length === 0 ? undefined : { items, ...(sources.size > 0 && { sources: [...sources] }) };
}

/** Rows of the tree name a list by its path. */
function listId({ workspace }: ProjectHost, list: string): string {
  return workspace?.taskLists.find((one) => one.list.path === list)?.list.id ?? list;
}

interface WorkPick extends vscode.QuickPickItem {
  readonly item?: WorkItem;
  /** Why it cannot be dispatched now. */
  readonly held?: string;
}

async function pickWork(host: ProjectHost, given: string | undefined): Promise<Choice | undefined> {
  const catalog = createAgentCatalog();
  let agent = given ?? (await catalog.defaultName());
  const picks = await offerWork(host);
  const quickPick = vscode.window.createQuickPick<WorkPick>();
  const title = async () => {
    const definition = await catalog.find(agent);
    quickPick.title = bypassesPermissions(definition)
      ? vscode.l10n.t('Dispatch to {0} ⚠ it asks nobody before it does anything', agent)
      : vscode.l10n.t('Dispatch to {0}', agent);
  };
  quickPick.placeholder = vscode.l10n.t('Work for agents, each in a git worktree of its own');
  quickPick.canSelectMany = true;
  quickPick.matchOnDescription = true;
  quickPick.matchOnDetail = true;
  quickPick.ignoreFocusOut = true;
  quickPick.buttons = [{ iconPath: new vscode.ThemeIcon('hubot'), tooltip: vscode.l10n.t('Choose the Agent') }];
  quickPick.items = picks;
  let isChoosingAgent = false;
  try {
    await title();
    const chosen = await new Promise<readonly WorkItem[] | undefined>((resolve) => {
      quickPick.onDidChangeSelection((selected) => {
        const held = selected.find((one) => one.held !== undefined);
        if (held?.item === undefined) return;
        quickPick.title = vscode.l10n.t('{0} is held: {1}', held.item.id, held.held ?? '');
        quickPick.selectedItems = selected.filter((one) => one.held === undefined);
      });
      quickPick.onDidTriggerButton(async () => {
        isChoosingAgent = true;
        agent = (await pickAgent(agent)) ?? agent;
        isChoosingAgent = false;
        await title();
        quickPick.show();
      });
      quickPick.onDidAccept(() => {
        resolve(quickPick.selectedItems.flatMap(({ item, held }) => (item && held === undefined ? [item] : [])));
      });
      quickPick.onDidHide(() => {
        if (!isChoosingAgent) resolve(undefined);
      });
      quickPick.show();
    });
    if (chosen === undefined || chosen.length === 0) return undefined;
    return {
      agent,
      items: chosen.map(({ id, list }) => (list === undefined ? id : `${list}/${id}`)),
      sources: [...new Set(chosen.map(({ source }) => source))],
    };
  } finally {
    quickPick.dispose();
  }
}

/** What is ready by where it comes from, then what cannot be dispatched, with the reason. */
async function offerWork(host: ProjectHost): Promise<readonly WorkPick[]> {
  const context = await openIsolated(host, host.createContext());
  const [{ items, claimed, warnings }, sessions] = await Promise.all([findReadyWork(context), listIsolated(context)]);
  const open = sessions.map(({ session }) => session).filter(({ status }) => status !== 'merged');
  const groups: readonly (readonly [WorkSource, string])[] = [
    ['session', vscode.l10n.t('Sessions')],
    ['task', vscode.l10n.t('Tasks')],
    ['beads', vscode.l10n.t('Beads issues')],
  ];
  const heldBack: WorkPick[] = [];
  const ready = groups.flatMap(([source, label]): WorkPick[] => {
    const found: WorkPick[] = [];
    for (const item of items.filter((one) => one.source === source)) {
      const given = sessions.find(({ session }) => sameItem(session.item, item));
      const reason =
        given === undefined ? findOverlap(item, open) : vscode.l10n.t('an agent has it ({0})', agentWord(given));
      if (reason === undefined) found.push(pickOf(item));
      else heldBack.push({ ...pickOf(item), detail: plainLabel(reason), held: reason });
    }
    return found.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...found];
  });
  for (const { item, owner } of claimed) {
    const held = vscode.l10n.t('claimed by {0}', owner);
    heldBack.push({ ...pickOf(item), detail: plainLabel(held), held });
  }
  heldBack.push(...waitingWork(host));
  if (ready.length + heldBack.length === 0) {
    throw new BatonError('unknown-item', vscode.l10n.t('Nothing is ready to be dispatched.'), {
      hint: vscode.l10n.t('The views “Sessions” and “Task Lists” tell what waits for what.'),
    });
  }
  for (const warning of warnings) void vscode.window.showWarningMessage(warning);
  if (heldBack.length === 0) return ready;
  return [...ready, { label: vscode.l10n.t('Held back'), kind: vscode.QuickPickItemKind.Separator }, ...heldBack];
}

function sameItem(a: WorkItem, b: WorkItem): boolean {
  return a.source === b.source && a.id === b.id && a.list === b.list;
}

function pickOf(item: WorkItem): WorkPick {
  const { id, title, list, project, unblocksCount } = item;
  const unblocks = unblocksCount === 0 ? undefined : vscode.l10n.t('unblocks {0}', unblocksCount);
  const description = [title === id ? undefined : title, list ?? project, unblocks].filter((one) => one !== undefined);
  return { label: plainLabel(id), description: plainLabel(description.join(' · ')), item };
}

/** Sessions and tasks that wait for others. */
function waitingWork({ workspace }: ProjectHost): readonly WorkPick[] {
  const base = { files: [], unblocksCount: 0, prompt: '' };
  const sessions = (workspace?.sessions ?? []).flatMap((entry): WorkPick[] => {
    const reason = entry.status === 'pending' ? waitingReason(entry) : undefined;
    if (reason === undefined) return [];
    const { id, title, project } = entry;
    const item: WorkItem = { ...base, source: 'session', id, title, project };
    return [{ ...pickOf(item), detail: plainLabel(reason), held: reason }];
  });
  const tasks = (workspace?.taskLists ?? []).flatMap((entry) =>
    entry.list.archived
      ? []
      : entry.tasks.flatMap((task): WorkPick[] => {
          const reason = task.status === 'PENDING' ? waitingText(task) : undefined;
          if (reason === undefined) return [];
          const item: WorkItem = { ...base, source: 'task', id: task.id, title: task.title, list: entry.list.id };
          return [{ ...pickOf(item), detail: plainLabel(reason), held: reason }];
        }),
  );
  return [...sessions, ...tasks];
}

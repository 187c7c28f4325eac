import type { WorkItem, WorkSource } from '../../model/isolated.ts';
import type { TaskEntry, TaskListEntry } from '../../model/taskList.ts';
import type { SessionEntry, Workspace } from '../../model/workspace.ts';
import type { BeadsIssue } from '../../ports/isolatedPorts.ts';
import { readySessions } from '../../store/lookup.ts';
import { readWorkspace } from '../beginVerb.ts';
import { readTaskLists } from '../tasks/readLists.ts';
import type { IsolatedContext } from './context.ts';
import { isIsolatedId } from './records.ts';

/** What can be worked on now. */
export interface ReadyWork {
  /** What unblocks most first; among equals sessions, then tasks, then issues, each in its own order. */
  readonly items: readonly WorkItem[];
  /** Would be among them, but somebody has claimed them. */
  readonly claimed: readonly ClaimedWork[];
  /** A source that was asked and could not answer. */
  readonly warnings: readonly string[];
}

/** A ready item that somebody works on. */
export interface ClaimedWork {
  readonly item: WorkItem;
  readonly owner: string;
}

const allSources: readonly WorkSource[] = ['session', 'task', 'beads'];

/** Finds ready work: sessions of plans whose dependencies are done, ready tasks of lists, and what Beads says is ready; what is claimed by itself. */
export async function findReadyWork(
  context: IsolatedContext,
  sources: readonly WorkSource[] = allSources,
): Promise<ReadyWork> {
  const items: WorkItem[] = [];
  const warnings: string[] = [];
  if (sources.includes('session')) {
    const workspace = await readWorkspace(context);
    items.push(...readySessions(workspace).map((entry) => sessionItem(workspace, entry)));
  }
  if (sources.includes('task')) items.push(...(await readyTasks(context)));
  if (sources.includes('beads')) {
    const found = await context.isolated.beads.ready().catch((error: unknown) => {
      warnings.push(error instanceof Error ? error.message : String(error));
      return undefined;
    });
    items.push(...(found ?? []).map(beadsItem));
  }
  const sorted = items.toSorted((a, b) => b.unblocksCount - a.unblocksCount);
  return { ...(await splitClaimed(context, sorted)), warnings };
}

/** An isolated session's own claim is for others to see; its dispatch key says more. */
async function splitClaimed(
  { ports }: IsolatedContext,
  items: readonly WorkItem[],
): Promise<Pick<ReadyWork, 'items' | 'claimed'>> {
  const claims = (await ports.claims.list()).filter(({ isExpired, owner }) => !isExpired && !isIsolatedId(owner));
  const claimOf = ({ source, id, list }: WorkItem) =>
    source === 'beads' ? undefined : claims.find((claim) => claim.item === id && claim.list === list);
  return {
    items: items.filter((item) => claimOf(item) === undefined),
    claimed: items.flatMap((item) => {
      const claim = claimOf(item);
      return claim === undefined ? [] : [{ item, owner: claim.owner }];
    }),
  };
}

async function readyTasks(context: IsolatedContext): Promise<readonly WorkItem[]> {
  const { lists } = await readTaskLists(context);
  return lists.filter(({ list }) => !list.archived).flatMap((list) => list.ready.map((task) => taskItem(list, task)));
}

/** A session of a plan as a work item. */
export function sessionItem(workspace: Workspace, entry: SessionEntry): WorkItem {
  const { plan } = entry;
  const model = plan?.modelSettings.model;
  const text = plan?.prompt?.text ?? sectionText(workspace, entry);
  const done = plan?.checklist.map(({ text: item }) => `- ${item}`) ?? [];
  const prompt = [text, ...(done.length > 0 ? ['It is done when:', done.join('\n')] : [])].join('\n\n');
  return {
    source: 'session',
    id: entry.id,
    title: entry.title,
    project: entry.project,
    files: plan?.files ?? [],
    unblocksCount: entry.unblocksCount,
    prompt: prompt.trim() === '' ? entry.title : prompt,
    ...(model !== undefined && { model }),
  };
}

/** The plan's own words on a session, where it has no section for a prompt. */
function sectionText(workspace: Workspace, { plan, planPath }: SessionEntry): string {
  const text = workspace.plans.find(({ path }) => path === planPath)?.text;
  return plan === undefined || text === undefined ? '' : text.slice(plan.range.start, plan.range.end).trim();
}

/** A task as a work item. */
export function taskItem({ list }: TaskListEntry, task: TaskEntry): WorkItem {
  return {
    source: 'task',
    id: task.id,
    title: task.title,
    list: list.id,
    files: [],
    unblocksCount: task.unblocksCount,
    prompt: `Task ${task.id} of the task list "${list.title}" (${list.id}): ${task.title}`,
  };
}

/** A Beads issue as a work item. */
export function beadsItem(issue: BeadsIssue): WorkItem {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['', issue.description],
    ['Design', issue.design],
    ['Acceptance criteria', issue.acceptanceCriteria],
    ['Notes', issue.notes],
  ];
  const sections = parts.flatMap(([name, text]) => {
    if (text === undefined || text.trim() === '') return [];
    return [name === '' ? text.trim() : `${name}:\n${text.trim()}`];
  });
  return {
    source: 'beads',
    id: issue.id,
    title: issue.title,
    files: [],
    unblocksCount: issue.dependentCount,
    prompt: [`${issue.id}: ${issue.title}`, ...sections].join('\n\n'),
  };
}

import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { claudeFolderName } from '../../formats/claudeFolder.ts';
import { planListEdit } from '../../formats/taskListEdits.ts';
import type { TaskListEntry } from '../../model/taskList.ts';
import type { ClaudeTasks } from '../../ports/claudeTasks.ts';
import type { ActionContext } from '../context.ts';
import { readListSession } from './listSession.ts';
import { planSync } from './planSync.ts';
import { planSyncEdits } from './planSyncEdits.ts';
import { changeTaskList, readTaskListNamed, revisionOfList } from './readLists.ts';
import { forgetMirror, type MirrorTask, readMirror, type TaskMirror, writeMirror } from './syncMirror.ts';
import type { SyncChange, SyncConflict, SyncPlan, SyncSide } from './syncTypes.ts';

export interface SyncTaskListOptions {
  readonly list: string;
  readonly claudeTasks: ClaudeTasks;
  /** Tells what would be done, and does nothing. */
  readonly dryRun?: boolean;
  /** The side that decides where both say different things; without it such conflicts are told and left. */
  readonly prefer?: SyncSide;
}

export interface SyncTaskListResult {
  readonly list: TaskListEntry;
  readonly revision: string;
  /** Claude Code's folder of the list, absolute. */
  readonly folder: string;
  /** The list was linked by this sync. */
  readonly isNew: boolean;
  readonly changes: readonly SyncChange[];
  readonly conflicts: readonly SyncConflict[];
  /** IDs of complete tasks that are not in Claude Code's store any more and stay here. */
  readonly rescued: readonly string[];
  /** What is odd in the store, and left as it is. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** So often a sync is planned again because files of the store were changed between reading and writing. */
const maximumRetries = 12;

/**
 * Brings a task list and Claude Code's own tasks of the same ID into step, both ways, and remembers that they are linked. Our file is
 * written first and the mirror last, so that a sync that was killed in between is finished by the next one.
 *
 * @throws BatonError `unknown-list`, `ambiguous-list` where two lists would share a folder of the store, `wrong-state` for an archived one,
 *   `locked`, `unreadable-file`, `read-only`
 */
export async function syncTaskList(context: ActionContext, options: SyncTaskListOptions): Promise<SyncTaskListResult> {
  const { entry, read } = await readTaskListNamed(context, options.list);
  assertOwnFolder(entry, read.lists);
  if (options.dryRun === true) return previewSync(context, entry, options);
  return options.claudeTasks.exclusively(entry.list.id, () => runSync(context, entry, options));
}

/**
 * Ends the link of a list: what is on both sides stays there.
 *
 * @returns false where it was not linked
 */
export async function unlinkTaskList(context: ActionContext, { list }: { readonly list: string }): Promise<boolean> {
  const { entry } = await readTaskListNamed(context, list);
  return forgetMirror(context.ports.localState, entry.list.id);
}

async function runSync(
  context: ActionContext,
  entry: TaskListEntry,
  { claudeTasks, prefer }: SyncTaskListOptions,
): Promise<SyncTaskListResult> {
  const { localState, frontmatter, clock } = context.ports;
  const { id } = entry.list;
  const record = await readListSession(context.ports, id);
  const isNew = (await readMirror(localState, id)) === undefined;
  const changes: SyncChange[] = [];
  for (let retries = 0; ; ) {
    context.report(phrase`Reading Claude Code's tasks of ${id}`);
    const [store, mirror] = await Promise.all([claudeTasks.read(id), readMirror(localState, id)]);
    let plan: SyncPlan | undefined;
    const change = await changeTaskList(context, entry, {}, (read) => {
      plan = planSync({ list: read.list, store, mirror, ...(prefer !== undefined && { prefer }) });
      return planSyncEdits(read, plan.here, { frontmatter, now: clock.now(), record });
    });
    if (plan === undefined) throw new Error('a list was written without a plan');
    const stale = plan.there.length === 0 ? noNumbers : await claudeTasks.apply(id, plan.there);
    const next = mirrorAfter(id, plan, stale, change.list);
    if (JSON.stringify(next) !== JSON.stringify(mirror)) await writeMirror(localState, next);
    changes.push(...plan.changes.filter((done) => done.side === 'list' || !stale.has(done.number ?? '')));
    if (stale.size === 0 && !plan.isPartial)
      return resultOf({ change, plan, changes, isNew, folder: claudeTasks.locate(id) });
    retries = stale.size === 0 ? 0 : retries + 1;
    if (retries > maximumRetries) {
      throw new BatonError(
        'conflict',
        phrase`Claude Code keeps changing the tasks of ${id} while they are brought into step`,
        {
          hint: 'Run again in a moment: nothing is lost.',
          data: { list: id, numbers: [...stale] },
        },
      );
    }
  }
}

const noNumbers: ReadonlySet<string> = new Set();

async function previewSync(
  context: ActionContext,
  entry: TaskListEntry,
  { claudeTasks, prefer }: SyncTaskListOptions,
): Promise<SyncTaskListResult> {
  const { localState, frontmatter } = context.ports;
  const { id, path, text } = entry.list;
  const [store, mirror] = await Promise.all([claudeTasks.read(id), readMirror(localState, id)]);
  let plan: SyncPlan | undefined;
  planListEdit(text, path, frontmatter, (read) => {
    plan = planSync({ list: read.list, store, mirror, ...(prefer !== undefined && { prefer }) });
    return [];
  });
  if (plan === undefined) throw new Error('a list was read without a plan');
  const change = { list: entry, revision: revisionOfList(entry), warnings: [] };
  const isNew = mirror === undefined;
  return resultOf({ change, plan, changes: plan.changes, isNew, folder: claudeTasks.locate(id) });
}

function resultOf(parts: {
  readonly change: Pick<SyncTaskListResult, 'list' | 'revision' | 'warnings'>;
  readonly plan: SyncPlan;
  readonly changes: readonly SyncChange[];
  readonly isNew: boolean;
  readonly folder: string;
}): SyncTaskListResult {
  const { change, plan, changes, isNew, folder } = parts;
  const { conflicts, rescued, problems } = plan;
  const { list, revision, warnings } = change;
  return { list, revision, folder, isNew, changes, conflicts, rescued, problems, warnings };
}

/** What is in step now. Titles are remembered as our file has them: a cell cannot hold every text. */
function mirrorAfter(id: string, plan: SyncPlan, stale: ReadonlySet<string>, { list }: TaskListEntry): TaskMirror {
  const titles = new Map(list.tasks.map((task) => [task.id, task.title]));
  const written = new Set([...plan.here.cells].flatMap(([task, { title }]) => (title === undefined ? [] : [task])));
  for (const { id: task } of plan.here.added) written.add(task);
  const tasks = plan.mirror.flatMap(({ after, before, needs }): MirrorTask[] => {
    const kept = needs.some((number) => stale.has(number)) ? before : after;
    if (kept === undefined) return [];
    const title = written.has(kept.id) ? (titles.get(kept.id) ?? kept.title) : kept.title;
    return [{ ...kept, title }];
  });
  return { list: id, tasks };
}

/** Claude Code's names of folders are plainer than our IDs, so that two lists may come to one folder. */
function assertOwnFolder({ list }: TaskListEntry, lists: readonly TaskListEntry[]): void {
  const folder = claudeFolderName(list.id);
  const other = lists.find((one) => one.list.path !== list.path && claudeFolderName(one.list.id) === folder);
  if (other === undefined) return;
  throw new BatonError(
    'ambiguous-list',
    phrase`${list.id} and ${other.list.id} would both be the list ${folder} of Claude Code`,
    { hint: 'Give one of them another ID.', data: { list: list.id, other: other.list.id, folder } },
  );
}

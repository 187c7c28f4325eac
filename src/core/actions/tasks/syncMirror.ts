import { type TaskStatus, taskStatuses } from '../../model/taskList.ts';
import type { LocalState } from '../../ports/localState.ts';

/** What a task was when list and store were last in step: the base of the three-way merge. */
export interface MirrorTask {
  readonly id: string;
  /** Claude Code's number of it. */
  readonly number: string;
  readonly status: TaskStatus;
  /** As our row had it, and as the store had it: what either side cannot write is no change of that side. Undefined where they never agreed. */
  readonly title: string | undefined;
  readonly subject: string | undefined;
  /** Tasks that it came after on both sides. */
  readonly after: readonly string[];
  /** The store dropped it after it was complete; it stays in the list. */
  readonly rescued?: boolean;
  /** It vanished from the store, and why that may not have been meant; so it stays until somebody decides. */
  readonly doubt?: string;
}

/** What this worktree remembers of a list that is linked to Claude Code's tasks. */
export interface TaskMirror {
  readonly list: string;
  readonly tasks: readonly MirrorTask[];
}

function mirrorKey(localState: LocalState, list: string): string {
  return `task-mirror/${localState.worktreeKey}/${localState.keyPart(list)}`;
}

/** Reads what is remembered; undefined where the list is not linked. A record that somebody damaged counts for what can be read of it. */
export async function readMirror(localState: LocalState, list: string): Promise<TaskMirror | undefined> {
  const value = await localState.read(mirrorKey(localState, list));
  if (typeof value !== 'object' || value === null || !('list' in value) || value.list !== list) return undefined;
  const tasks = 'tasks' in value && Array.isArray(value.tasks) ? value.tasks : [];
  return { list, tasks: tasks.filter(isMirrorTask) };
}

export async function writeMirror(localState: LocalState, mirror: TaskMirror): Promise<void> {
  await localState.write(mirrorKey(localState, mirror.list), mirror);
}

/** Forgets the link. False where there was none. */
export async function forgetMirror(localState: LocalState, list: string): Promise<boolean> {
  const known = await readMirror(localState, list);
  await localState.remove(mirrorKey(localState, list));
  return known !== undefined;
}

/** IDs of the lists that this worktree keeps in step with Claude Code's tasks. */
export async function linkedLists(localState: LocalState): Promise<readonly string[]> {
  const keys = await localState.list(`task-mirror/${localState.worktreeKey}/`);
  const records = await Promise.all(keys.map((key) => localState.read(key)));
  return records.flatMap((value) =>
    typeof value === 'object' && value !== null && 'list' in value && typeof value.list === 'string'
      ? [value.list]
      : [],
  );
}

const noTasks: ReadonlySet<string> = new Set();

/** IDs of a list's tasks that stay here although Claude Code's own list dropped them; none where it is not linked. */
export async function rescuedTasks(localState: LocalState, list: string): Promise<ReadonlySet<string>> {
  const rescued = (await readMirror(localState, list))?.tasks.filter((task) => task.rescued === true) ?? [];
  return rescued.length === 0 ? noTasks : new Set(rescued.map(({ id }) => id));
}

function isMirrorTask(value: unknown): value is MirrorTask {
  if (typeof value !== 'object' || value === null) return false;
  const { id, number, status, title, subject, after } = value as Partial<Record<keyof MirrorTask, unknown>>;
  return (
    [id, number].every((text) => typeof text === 'string') &&
    [title, subject].every((text) => text === undefined || typeof text === 'string') &&
    taskStatuses.some((known) => known === status) &&
    Array.isArray(after) &&
    after.every((one) => typeof one === 'string')
  );
}

import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import { minuteStamp } from '../../formats/taskListEdits.ts';
import { newTaskListText } from '../../formats/taskListText.ts';
import { slugOf } from '../../model/slug.ts';
import { isTaskListId, type TaskListEntry } from '../../model/taskList.ts';
import { findTaskList } from '../../store/findTaskList.ts';
import type { ActionContext } from '../context.ts';
import { writeListSession } from './listSession.ts';
import { listAfter, type ReadLists, readTaskLists } from './readLists.ts';
import { readOutline, readSpecs, resolveTasks, type TaskInput } from './taskInput.ts';
import { inProgressWarnings } from './warnings.ts';

export interface CreateTaskListOptions {
  /** May be left out where an outline, a plan or another list gives one. */
  readonly title?: string;
  /** Made of the title and a random part where it is not given. */
  readonly id?: string;
  readonly tasks?: readonly TaskInput[];
  /** Tasks as lines of the form `ID: TITLE after A,B`. */
  readonly specs?: readonly string[];
  /** Text of an outline, YAML or markdown. */
  readonly outline?: string;
  /** Path of a plan whose sessions become tasks. */
  readonly fromPlan?: string;
  /** A list whose tasks are copied, all of them pending. */
  readonly fromList?: string;
  /** Who works in session 1. */
  readonly who?: string;
}

export interface CreateTaskListResult {
  readonly list: TaskListEntry;
  readonly path: string;
  readonly revision: string;
  /** Number of the session that this opened: 1. */
  readonly session: number;
  readonly warnings: readonly string[];
}

/** So often an ID is made that turns out to be taken. */
const maximumAttempts = 8;

/**
 * Makes a task list and opens its session 1.
 *
 * @throws BatonError `invalid-argument`, `already-exists` where the ID is taken, `unknown-task`, `cyclic-dependency`, `unknown-list`, `no-plan`
 */
export async function createTaskList(
  context: ActionContext,
  options: CreateTaskListOptions,
): Promise<CreateTaskListResult> {
  const read = await readTaskLists(context);
  const source = await gatherTasks(context, options, read);
  const title = (options.title ?? source.title ?? '').replace(/\s+/g, ' ').trim();
  if (title === '') {
    throw new BatonError('invalid-argument', 'The task list has no title', {
      hint: 'Say what it is for, in a few words.',
    });
  }
  const tasks = resolveTasks(source.tasks, []);
  const now = context.ports.clock.now();
  const started = minuteStamp(now);
  const who = (options.who ?? '').trim();
  const { id, path, text } = await writeNew(context, { options, title, read }, (listId) =>
    newTaskListText({
      id: listId,
      title,
      createdAt: isoTimeOf(now),
      ...(source.from !== undefined && { from: source.from }),
      tasks,
      session: { number: 1, started, who },
    }),
  );
  const startRef = await headOf(context);
  await writeListSession(context.ports, { list: id, number: 1, started, ...(startRef !== undefined && { startRef }) });
  const list = await listAfter(context, path, text);
  return { list, path, revision: revisionOf(text), session: 1, warnings: inProgressWarnings(list) };
}

/** The commit that HEAD is at; undefined outside git and before the first commit. */
export async function headOf({ ports }: Pick<ActionContext, 'ports'>): Promise<string | undefined> {
  return (await (await ports.git(''))?.head())?.hash;
}

interface Naming {
  readonly options: CreateTaskListOptions;
  readonly title: string;
  readonly read: ReadLists;
}

async function writeNew(
  context: ActionContext,
  { options, title, read }: Naming,
  textFor: (id: string) => string,
): Promise<{ id: string; path: string; text: string }> {
  const given = options.id?.trim();
  if (given !== undefined && !isTaskListId(given)) {
    throw new BatonError('invalid-argument', phrase`"${given}" cannot be the ID of a task list`, {
      hint: 'An ID has letters, digits, "-", "_" and "." only, e.g. database-migration; it is also the name of the file.',
      data: { list: given },
    });
  }
  const isTaken = (id: string): boolean => read.lists.some(({ list }) => list.id.toLowerCase() === id.toLowerCase());
  for (let attempt = 0; ; attempt++) {
    const id = given ?? `${slugOf(title, 'tasks')}-${randomPart(context, title, attempt)}`;
    const folder = read.config.taskFolder === '.' ? '' : `${read.config.taskFolder}/`;
    const path = `${folder}${id}.md`;
    try {
      if (isTaken(id)) throw taken(id);
      const { after } = await context.ports.stateFiles.update(
        path,
        () => [{ start: 0, end: 0, newText: textFor(id) }],
        { create: true },
      );
      return { id, path, text: after };
    } catch (error) {
      if (!BatonError.is(error, 'already-exists')) throw error;
      if (given !== undefined) throw taken(given);
      if (attempt >= maximumAttempts) throw error;
    }
  }
}

function taken(id: string): BatonError {
  return new BatonError('already-exists', phrase`There is a task list ${id} already`, {
    hint: phrase`Continue it with \`baton tasks resume ${id}\`, or choose another ID.`,
    data: { list: id },
  });
}

/** Four letters and digits that differ for every process, moment and attempt, on whatever machine. */
function randomPart({ ports }: ActionContext, title: string, attempt: number): string {
  const { self } = ports.owners;
  const seed = [
    title,
    ports.clock.now().epochMs,
    Math.random(),
    attempt,
    self.pid,
    self.startTime,
    self.bootId,
    self.host,
  ];
  return Number.parseInt(revisionOf(JSON.stringify(seed)).slice(0, 12), 16)
    .toString(36)
    .padStart(4, '0')
    .slice(-4);
}

async function gatherTasks(
  context: ActionContext,
  options: CreateTaskListOptions,
  { lists }: ReadLists,
): Promise<{ readonly title?: string; readonly from?: string; readonly tasks: readonly TaskInput[] }> {
  const tasks: TaskInput[] = [];
  let from: string | undefined;
  let title: string | undefined;
  if (options.fromList !== undefined) {
    const { list } = findTaskList(lists, options.fromList);
    title ??= list.title;
    from = list.id;
    const ids = new Set(list.tasks.map(({ id }) => id));
    tasks.push(
      ...list.tasks.map((task) => ({
        id: task.id,
        title: task.title,
        after: task.after.filter((name) => ids.has(name)),
      })),
    );
  }
  if (options.fromPlan !== undefined) {
    const plan = await readPlan(context, options.fromPlan);
    title ??= plan.title;
    tasks.push(...plan.tasks);
  }
  const outline = await readOutline(options.outline);
  title ??= outline.title;
  tasks.push(...outline.tasks);
  tasks.push(...(options.tasks ?? []));
  tasks.push(...readSpecs(options.specs ?? [], tasks));
  return { tasks, ...(title !== undefined && { title }), ...(from !== undefined && { from }) };
}

async function readPlan(
  context: ActionContext,
  path: string,
): Promise<{ title?: string; tasks: readonly TaskInput[] }> {
  const text = await context.ports.files.readText(path);
  if (text === undefined) {
    throw new BatonError('no-plan', phrase`There is no plan ${path}`, {
      hint: 'Give its path relative to the project.',
      data: { plan: path },
    });
  }
  const { parsePlan } = await import('../../formats/plan.ts');
  const plan = parsePlan(text, path).value;
  if (plan.sessions.length === 0) {
    throw new BatonError('no-plan', phrase`${path} defines no sessions`, {
      hint: 'A session begins with a heading such as "## Session BE-01: Title".',
      data: { plan: path },
    });
  }
  const ids = new Set(plan.sessions.map(({ id }) => id));
  const tasks = plan.sessions.map(({ id, title, dependencies }) => ({
    id,
    title: title === '' ? id : title,
    after: dependencies.map((dependency) => dependency.id).filter((name) => ids.has(name)),
  }));
  return plan.title === undefined ? { tasks } : { title: plan.title, tasks };
}

import * as z from 'zod';
import { addTasks } from '../../core/actions/tasks/addTasks.ts';
import { createTaskList } from '../../core/actions/tasks/createTaskList.ts';
import { editTask } from '../../core/actions/tasks/editTask.ts';
import { listTaskLists } from '../../core/actions/tasks/listTaskLists.ts';
import { createdLine, saveLine, sessionLine, taskLine } from '../../core/actions/tasks/seedLines.ts';
import { setTask } from '../../core/actions/tasks/setTask.ts';
import { showTaskList } from '../../core/actions/tasks/showTaskList.ts';
import { BatonError } from '../../core/errors.ts';
import { readTaskStatus, type TaskEntry, type TaskListEntry, type TaskStatus } from '../../core/model/taskList.ts';
import { given } from '../sessionViews.ts';
import { plainHandoff, taskLines, taskShape, toList, toTask } from '../taskViews.ts';
import { defineTool, type ToolAnswer, type ToolRun } from '../tool.ts';
import { expectedRevision, message, revision, texts } from './fields.ts';

const newTask = z.strictObject({ id: z.string().optional(), title: z.string(), after: texts });
const list = z.string().describe('list ID');

export const createList = defineTool({
  name: 'create_task_list',
  description:
    'Make a task list that outlives this session and open its session 1. Only for new work: else resume_task_list. Tell the user its ID.',
  effect: 'changes',
  input: z.strictObject({
    title: z.string().optional(),
    id: z.string().optional(),
    tasks: z.array(newTask).optional(),
    outline: z.string().describe('YAML or markdown, instead of tasks').optional(),
    from_list: z.string().optional(),
    from_plan: z.string().optional(),
  }),
  output: z.object({
    ...message,
    id: z.string(),
    path: z.string(),
    session: z.number(),
    tasks: z.array(taskShape),
    ...revision,
  }),
  async run({ context, client }, { title, id, tasks, outline, from_list, from_plan }) {
    const made = await createTaskList(context, {
      ...given('title', title),
      ...given('id', id),
      ...(tasks && { tasks: tasks.map(toInput) }),
      ...given('outline', outline),
      ...given('fromList', from_list),
      ...given('fromPlan', from_plan),
      who: client,
    });
    const listId = made.list.list.id;
    const lines = [
      sessionLine(made.session),
      createdLine(listId),
      ...taskLines(made.list),
      saveLine(listId, made.session + 1),
    ];
    const { path, session, warnings } = made;
    const data = { id: listId, path, session, tasks: made.list.tasks.map(toTask), revision: made.revision };
    return { message: lines.join('\n'), data, warnings };
  },
});

function toInput({ id, title, after }: z.output<typeof newTask>) {
  return { title, ...given('id', id), ...given('after', after) };
}

export const getList = defineTool({
  name: 'get_task_list',
  description:
    'A task list by ID with states, dependencies and handoff; without list all lists. ready: only tasks that can start.',
  effect: 'reads',
  input: z.strictObject({ list: z.string().optional(), ready: z.boolean().optional() }),
  output: z.object({
    ...message,
    id: z.string().optional(),
    tasks: z.array(taskShape).optional(),
    handoff: z.string().optional(),
    lists: z.array(z.object({ id: z.string(), title: z.string() })).optional(),
    ...revision,
  }),
  async run({ context }, { list: name, ready }) {
    if (name === undefined) return describeLists(await listTaskLists(context));
    const {
      list: found,
      revision: seen,
      handoff,
      criticalPath,
      warnings,
    } = await showTaskList(context, { list: name });
    const tasks = ready ? found.ready : found.tasks;
    const lines = [
      `${found.list.title} (${found.list.id}): ${found.counts.complete}/${found.counts.total} complete`,
      ...(ready ? tasks.map(({ id, title }) => `${id}: ${title}`) : taskLines(found)),
    ];
    if (ready && tasks.length === 0) lines.push('No task can be started now.');
    const left = handoff === undefined ? undefined : plainHandoff(handoff);
    if (left !== undefined && !ready) lines.push('', left);
    const data = {
      ...toList(found),
      tasks: tasks.map(toTask),
      critical_path: criticalPath,
      ...given('handoff', left),
      revision: seen,
    };
    return { message: lines.join('\n'), data, warnings };
  },
});

function describeLists({
  lists,
  warnings,
}: {
  readonly lists: readonly TaskListEntry[];
  readonly warnings: readonly string[];
}): ToolAnswer {
  const lines = lists.map(({ list: { id, title }, counts }) => `${id}: ${title} (${counts.complete}/${counts.total})`);
  return {
    message: lines.length === 0 ? 'There is no task list.' : lines.join('\n'),
    data: { lists: lists.map(toList) },
    warnings,
  };
}

const updateInput = z.strictObject({
  action: z.enum(['add', 'set', 'edit']).describe('default: set with status, else edit').optional(),
  list,
  task: z.string().describe('task ID'),
  status: z.string().describe('PENDING, IN_PROGRESS, COMPLETE').optional(),
  title: z.string().optional(),
  after: texts.describe('IDs it waits for'),
  force: z.boolean().optional(),
  ...expectedRevision,
});

type UpdateInput = z.output<typeof updateInput>;

export const updateTask = defineTool({
  name: 'update_task',
  description: 'Set the status of a task, edit it, or add one. One task at a time, as soon as it changes.',
  effect: 'changes',
  input: updateInput,
  output: z.object({ ...message, task: taskShape, newly_ready: texts, ...revision }),
  async run(run, input) {
    const action = input.action ?? (input.status === undefined ? 'edit' : 'set');
    if (action === 'add') return add(run, input);
    if (action === 'edit') return edit(run, input);
    return set(run, input);
  },
});

async function set(
  { context }: ToolRun,
  { list: name, task, status, title, after, force, expected_revision }: UpdateInput,
) {
  if (status === undefined) throw missing('status', 'set');
  if (title !== undefined || after !== undefined) throw mixed();
  const result = await setTask(context, {
    list: name,
    task,
    status,
    ...given('force', force),
    ...given('expectedRevision', expected_revision),
  });
  const number = result.list.tasks.findIndex(({ id }) => id === result.task.id) + 1;
  const lines = [taskLine({ number, id: result.task.id, status: result.to, from: result.from })];
  if (result.forced.length > 0) lines.push(`By force: ${result.forced.join('; ')}`);
  if (result.newlyReady.length > 0) lines.push(`Ready now: ${result.newlyReady.join(', ')}`);
  return answerWith(result, result.task, lines);
}

async function edit({ context }: ToolRun, { list: name, task, status, title, after, expected_revision }: UpdateInput) {
  if (status !== undefined) throw mixed();
  if (title === undefined && after === undefined) throw missing('title or after', 'edit');
  const result = await editTask(context, {
    list: name,
    task,
    ...given('title', title),
    ...given('after', after),
    ...given('expectedRevision', expected_revision),
  });
  return answerWith(result, result.task, [`Changed ${result.task.id}: ${result.task.title}`]);
}

async function add({ context }: ToolRun, { list: name, task, status, title, after, expected_revision }: UpdateInput) {
  const result = await addTasks(context, {
    list: name,
    tasks: [
      {
        id: task,
        title: title ?? task,
        ...given('after', after),
        ...given('status', status === undefined ? undefined : readStatus(status)),
      },
    ],
    ...given('expectedRevision', expected_revision),
  });
  const added = result.list.tasks.find(({ id }) => id === result.added[0]);
  if (added === undefined) throw new Error(`${task} was added and is not there`);
  return answerWith(result, added, [`Added ${added.id}: ${added.title}`]);
}

interface Updated {
  readonly revision: string;
  readonly newlyReady?: readonly string[];
  readonly warnings: readonly string[];
}

function answerWith(
  { revision: now, newlyReady, warnings }: Updated,
  task: TaskEntry,
  lines: readonly string[],
): ToolAnswer {
  const data = { task: toTask(task), ...given('newly_ready', newlyReady), revision: now };
  return { message: lines.join('\n'), data, warnings };
}

function readStatus(text: string): TaskStatus {
  const status = readTaskStatus(text);
  if (status !== undefined) return status;
  throw new BatonError('invalid-argument', `"${text}" is no status of a task`, {
    hint: 'Say PENDING, IN_PROGRESS or COMPLETE.',
  });
}

function missing(what: string, action: string): BatonError {
  return new BatonError('invalid-argument', `${action} needs ${what}`, { hint: `Give ${what}.` });
}

function mixed(): BatonError {
  return new BatonError('invalid-argument', 'A status and a title or dependencies are two changes', {
    hint: 'Set the status with one call, edit the task with another.',
  });
}

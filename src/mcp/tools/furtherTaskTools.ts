import * as z from 'zod';
import { archiveTaskList } from '../../core/actions/tasks/archiveTaskList.ts';
import { moveTask } from '../../core/actions/tasks/moveTask.ts';
import { removeTask } from '../../core/actions/tasks/removeTask.ts';
import { reorderTask } from '../../core/actions/tasks/reorderTask.ts';
import { given } from '../sessionViews.ts';
import { taskLines, taskShape, toTask } from '../taskViews.ts';
import { defineTool, type Tool } from '../tool.ts';
import { expectedRevision, message, revision } from './fields.ts';

const named = { list: z.string(), task: z.string() };
const tasks = z.object({ ...message, tasks: z.array(taskShape), ...revision });

const reorder = defineTool({
  name: 'reorder_task',
  description: 'Move a task within its list: before or after another one, first or last.',
  effect: 'changes-once',
  input: z.strictObject({
    ...named,
    before: z.string().optional(),
    after: z.string().optional(),
    to: z.enum(['first', 'last']).optional(),
    ...expectedRevision,
  }),
  output: tasks,
  async run({ context }, { list, task, before, after, to, expected_revision }) {
    const result = await reorderTask(context, {
      list,
      task,
      ...given('before', before),
      ...given('after', after),
      ...given('to', to),
      ...given('expectedRevision', expected_revision),
    });
    const data = { tasks: result.list.tasks.map(toTask), revision: result.revision };
    return { message: taskLines(result.list).join('\n'), data, warnings: result.warnings };
  },
});

const move = defineTool({
  name: 'move_task',
  description: 'Move a task to another list.',
  effect: 'changes',
  input: z.strictObject({ ...named, to_list: z.string(), before: z.string().optional(), ...expectedRevision }),
  output: tasks,
  async run({ context }, { list, task, to_list, before, expected_revision }) {
    const result = await moveTask(context, {
      list,
      task,
      toList: to_list,
      ...given('before', before),
      ...given('expectedRevision', expected_revision),
    });
    const data = { tasks: result.target.tasks.map(toTask), revision: result.revision };
    return { message: `Moved to ${result.target.list.id}.`, data, warnings: result.warnings };
  },
});

const remove = defineTool({
  name: 'remove_task',
  description: 'Take a task out of its list; noted there. Ask the person first.',
  effect: 'removes',
  input: z.strictObject({ ...named, force: z.boolean().optional(), ...expectedRevision }),
  output: tasks,
  async run({ context }, { list, task, force, expected_revision }) {
    const result = await removeTask(context, {
      list,
      task,
      ...given('force', force),
      ...given('expectedRevision', expected_revision),
    });
    const data = { tasks: result.list.tasks.map(toTask), revision: result.revision };
    return { message: `Removed ${result.removed.id}: ${result.removed.title}`, data, warnings: result.warnings };
  },
});

const archive = defineTool({
  name: 'archive_task_list',
  description: 'Put a list that is done into the archive; restore brings it back.',
  effect: 'changes-once',
  input: z.strictObject({ list: z.string(), restore: z.boolean().optional() }),
  output: z.object({ ...message, path: z.string(), ...revision }),
  async run({ context }, { list, restore }) {
    const { path, revision: now, warnings } = await archiveTaskList(context, { list, ...given('restore', restore) });
    return { message: `${list} is at ${path}.`, data: { path, revision: now }, warnings };
  },
});

/** The verbs on task lists that few agents need. */
export const furtherTaskTools: readonly Tool[] = [reorder, move, remove, archive];

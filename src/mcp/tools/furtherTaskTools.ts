import * as z from 'zod';
import { archiveTaskList } from '../../core/actions/tasks/archiveTaskList.ts';
import { claim } from '../../core/actions/tasks/claim.ts';
import { moveTask } from '../../core/actions/tasks/moveTask.ts';
import { release } from '../../core/actions/tasks/release.ts';
import { removeTask } from '../../core/actions/tasks/removeTask.ts';
import { reorderTask } from '../../core/actions/tasks/reorderTask.ts';
import { verdictLines } from '../../core/actions/tasks/seedLines.ts';
import { type TaskVerdict, verifyTaskList } from '../../core/actions/tasks/verifyTaskList.ts';
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
  input: z.strictObject({ list: z.string(), restore: z.boolean().optional(), ...expectedRevision }),
  output: z.object({ ...message, path: z.string(), ...revision }),
  async run({ context }, { list, restore, expected_revision }) {
    const options = { list, ...given('restore', restore), ...given('expectedRevision', expected_revision) };
    const { path, revision: now, warnings } = await archiveTaskList(context, options);
    return { message: `${list} is at ${path}.`, data: { path, revision: now }, warnings };
  },
});

const verdict = z.object({ ok: z.boolean() });

const verifyList = defineTool({
  name: 'verify_task_list',
  description: 'Prove from the file and git that each session of a list went on where the last one stopped.',
  effect: 'reads',
  input: z.strictObject({ list: z.string() }),
  output: z.object({
    ...message,
    id: z.string(),
    cross_session_continuation: z.enum(['SUCCESS', 'FAILED']),
    task_state_persistence: z.enum(['VERIFIED', 'BROKEN']),
    id_continuity: verdict,
    status_preservation: verdict,
    seamless_continuation: verdict,
  }),
  async run({ context }, { list }) {
    const result = await verifyTaskList(context, { list });
    const { idContinuity, statusPreservation, seamlessContinuation } = result.verdicts;
    const { crossSessionContinuation, taskStatePersistence, found, warnings } = result;
    const lines = [
      ...describeVerdict('TaskList ID continuity', idContinuity),
      ...describeVerdict('Status preservation', statusPreservation),
      ...describeVerdict('Seamless continuation', seamlessContinuation),
      ...verdictLines(crossSessionContinuation === 'SUCCESS', taskStatePersistence === 'VERIFIED'),
    ];
    const data = {
      id: result.list.list.id,
      cross_session_continuation: crossSessionContinuation,
      task_state_persistence: taskStatePersistence,
      id_continuity: idContinuity,
      status_preservation: statusPreservation,
      seamless_continuation: seamlessContinuation,
      ...given('found', found),
    };
    return { message: lines.join('\n'), data, warnings };
  },
});

function describeVerdict(title: string, { ok, findings }: TaskVerdict): readonly string[] {
  return [`${title}: ${ok ? 'OK' : 'BROKEN'}`, ...findings.map((finding) => `- ${finding.message}`)];
}

const claimed = z.object({ ...message, item: z.string(), owner: z.string(), expires: z.string(), ...revision });

const claimItem = defineTool({
  name: 'claim_item',
  description: 'Take a task, or a session of a plan, for yourself; nobody else gets it until the claim ends.',
  effect: 'changes',
  input: z.strictObject({
    item: z.string(),
    list: z.string().optional(),
    owner: z.string().describe('the same one renews').optional(),
    minutes: z.number().min(1).optional(),
    takeover: z.boolean().describe('of a claim that is over').optional(),
    expected_revision: z.string().describe("of the task's list").optional(),
  }),
  output: claimed,
  async run({ context }, { item, list, owner, minutes, takeover, expected_revision }) {
    const result = await claim(context, {
      item,
      ...given('list', list),
      ...given('owner', owner),
      ...given('ttlMinutes', minutes),
      ...given('takeover', takeover),
      ...given('expectedRevision', expected_revision),
    });
    const { claim: made, renewed, takenFrom, revision: now, warnings } = result;
    const taken = takenFrom === undefined ? '' : `, taken over from ${takenFrom.owner}`;
    return {
      message: `${renewed ? 'Renewed' : 'Claimed'} ${made.item} for ${made.owner} until ${made.expiresAt}${taken}.`,
      data: { item: made.item, owner: made.owner, expires: made.expiresAt, renewed, ...given('revision', now) },
      warnings,
    };
  },
});

const releaseItem = defineTool({
  name: 'release_item',
  description: 'Give a claim back.',
  effect: 'changes-once',
  input: z.strictObject({
    item: z.string(),
    list: z.string().optional(),
    owner: z.string().optional(),
    expected_revision: z.string().describe("of the task's list").optional(),
  }),
  output: claimed,
  async run({ context }, { item, list, owner, expected_revision }) {
    const result = await release(context, {
      item,
      ...given('list', list),
      ...given('owner', owner),
      ...given('expectedRevision', expected_revision),
    });
    const { claim: released, revision: now, warnings } = result;
    return {
      message: `Released ${released.item}.`,
      data: { item: released.item, owner: released.owner, expires: released.expiresAt, ...given('revision', now) },
      warnings,
    };
  },
});

/** The verbs on task lists that few agents need. */
export const furtherTaskTools: readonly Tool[] = [reorder, move, remove, archive, verifyList, claimItem, releaseItem];

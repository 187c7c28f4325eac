import * as z from 'zod';
import { handOffTaskList } from '../../core/actions/tasks/handOffTaskList.ts';
import { type ResumeTaskListResult, resumeTaskList } from '../../core/actions/tasks/resumeTaskList.ts';
import {
  loadedLine,
  preservedLine,
  saveLine,
  sessionCompleteLine,
  sessionLine,
} from '../../core/actions/tasks/seedLines.ts';
import { given } from '../sessionViews.ts';
import { plainHandoff, taskShape, toList, toTask } from '../taskViews.ts';
import { defineTool } from '../tool.ts';
import { expectedRevision, message, revision, texts } from './fields.ts';

export const resumeList = defineTool({
  name: 'resume_task_list',
  description:
    'Go on with a task list by its ID: opens the next session, gives preserved states, handoff and what is next.',
  effect: 'changes-once',
  input: z.strictObject({ list: z.string(), ...expectedRevision }),
  output: z.object({
    ...message,
    id: z.string(),
    session: z.number(),
    tasks: z.array(taskShape),
    next: taskShape.optional(),
    handoff: z.string().optional(),
    ...revision,
  }),
  async run({ context, client }, { list, expected_revision }) {
    const result = await resumeTaskList(context, {
      list,
      who: client,
      ...given('expectedRevision', expected_revision),
    });
    const { list: entry, session, rejoined, deadOwner, handoff, next, warnings } = result;
    const data = {
      ...toList(entry),
      session,
      rejoined,
      tasks: entry.tasks.map(toTask),
      ...(next && { next: toTask(next) }),
      ...given('handoff', handoff?.text),
      ...given('handoff_is_fresh', handoff?.fresh),
      ...given('previous_owner_died', deadOwner),
      revision: result.revision,
    };
    return { message: describeResumed(result), data, warnings };
  },
});

function describeResumed({
  list,
  session,
  rejoined,
  deadOwner,
  preserved,
  handoff,
  next,
}: ResumeTaskListResult): string {
  const lines = [
    sessionLine(session),
    loadedLine(list.list.id),
    ...preserved.map(({ id, status }, index) => preservedLine({ number: index + 1, id, status })),
  ];
  if (rejoined) lines.push(`Session ${session} was open here and goes on.`);
  if (deadOwner) lines.push(`Process ${deadOwner.pid}, which had it since ${deadOwner.at}, has ended.`);
  if (next) lines.push(`Next: ${next.id} - ${next.title}`);
  else lines.push(list.counts.complete === list.counts.total ? 'All tasks are complete.' : 'No task is ready.');
  if (handoff) lines.push('', handoff.text.trim());
  return lines.join('\n');
}

export const handOffList = defineTool({
  name: 'hand_off_task_list',
  description: 'Write the handoff of a task list for the next session; with end also close this session.',
  effect: 'changes-once',
  input: z.strictObject({
    list: z.string(),
    end: z.boolean().optional(),
    note: z.string().optional(),
    questions: texts,
    ...expectedRevision,
  }),
  output: z.object({
    ...message,
    id: z.string(),
    session: z.number(),
    ended: z.boolean(),
    handoff: z.string(),
    ...revision,
  }),
  async run({ context }, { list, end, note, questions, expected_revision }) {
    const result = await handOffTaskList(context, {
      list,
      ...given('end', end),
      ...given('note', note),
      ...given('questions', questions),
      ...given('expectedRevision', expected_revision),
    });
    const { id } = result.list.list;
    const { session, ended, warnings } = result;
    const { complete, total } = result.list.counts;
    const handoff = plainHandoff(result.text);
    // Where nothing is left there is no next session to save it for.
    const save = complete < total ? [saveLine(id, session + 1)] : [];
    const closing = ended ? [sessionCompleteLine(session), ...save, ''] : [];
    return {
      message: [...closing, handoff].join('\n'),
      data: { id, session, ended, handoff, revision: result.revision },
      warnings,
    };
  },
});

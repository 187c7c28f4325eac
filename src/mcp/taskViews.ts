import * as z from 'zod';
import { taskLine } from '../core/actions/tasks/seedLines.ts';
import type { TaskEntry, TaskListEntry } from '../core/model/taskList.ts';
import { given } from './sessionViews.ts';

/** The fields of a task that the output schemas announce; results have more of them, which explain themselves. */
export const taskShape = z.object({ id: z.string(), title: z.string(), status: z.string() });

/** What is told of a task. */
export function toTask(task: TaskEntry) {
  const { id, title, status, after, ready, waitingFor, critical, error, session, updated, claim } = task;
  return {
    id,
    title,
    status,
    ...(after.length > 0 && { after }),
    ...(ready && { ready }),
    ...(waitingFor.length > 0 && { waiting_for: waitingFor }),
    ...(critical && { critical }),
    ...given('error', error),
    ...given('session', session),
    ...given('updated', updated),
    ...(claim && { claimed_by: claim.owner, claim_expires: claim.expiresAt, claim_expired: claim.expired }),
  };
}

/** What is told of a list, without its tasks. */
export function toList({ list, counts, openSession }: TaskListEntry) {
  return {
    id: list.id,
    title: list.title,
    path: list.path,
    session: list.session,
    ...(openSession && { open_session: openSession.number }),
    complete: counts.complete,
    in_progress: counts.inProgress,
    total: counts.total,
    ...(list.archived && { archived: true }),
  };
}

/** A handoff without the marks by which it is recognised. */
export function plainHandoff(text: string): string {
  return text.replace(/^<!-- \/?baton:handoff\b.*-->\r?\n?/gm, '').trim();
}

/** One line a task, as the multi-session orchestrator writes them. */
export function taskLines({ tasks }: TaskListEntry): readonly string[] {
  return tasks.map((task, index) => {
    const line = taskLine({ number: index + 1, id: task.id, status: task.status });
    const title = task.title === task.id ? '' : ` - ${task.title}`;
    const waiting = task.waitingFor.length > 0 ? ` (after ${task.waitingFor.join(', ')})` : '';
    return line + title + waiting;
  });
}

import { isoTimeOf } from '../../base/localTime.ts';
import { BatonError } from '../../errors.ts';
import { noUsage } from '../../model/activity.ts';
import { type IsolatedSession, liveStatuses } from '../../model/isolated.ts';
import { approveCommands } from '../approveCommands.ts';
import { readWorkspace } from '../beginVerb.ts';
import type { IsolatedContext } from './context.ts';
import { listIsolated } from './listIsolated.ts';
import { moveIsolated, requireIsolated, updateIsolated } from './records.ts';
import { conflictWhy } from './workPrompt.ts';

/**
 * Stops a session and everything that it started. Its worktree stays as it is.
 *
 * @throws BatonError `unknown-isolated`, `wrong-state` for one that has ended
 */
export async function stopIsolated(
  context: IsolatedContext,
  { id, reason }: { readonly id: string; readonly reason?: string },
): Promise<IsolatedSession> {
  const session = await requireIsolated(context, id);
  const why = reason?.trim() || 'stopped by the person';
  const isAtWork = liveStatuses.includes(session.status);
  const isTaken = session.status === 'queued' && (await context.isolated.supervisors.isRunning());
  if (!isAtWork && !isTaken) return await moveIsolated(context, session.id, 'stopped', { why });
  // The supervisor has its processes: it ends them, and writes what became of it. One that is started for that finds what a dead one left.
  const request = { kind: 'stop' as const, at: isoTimeOf(context.ports.clock.now()), text: why };
  const after = await updateIsolated(context, session.id, (one) => ({ ...one, request }));
  await context.isolated.supervisors.ensure();
  return after;
}

/**
 * Puts a session that rests back into the queue: one that failed, was stopped, paused or rejected, or that met a conflict. It goes on in its
 * worktree, with the agent's own history where that is kept.
 *
 * @throws BatonError `unknown-isolated`, `wrong-state`, `approval-required` where set-up commands are not approved, `supervisor-failed`
 */
export async function retryIsolated(
  context: IsolatedContext,
  { id, message, fresh = false }: { readonly id: string; readonly message?: string; readonly fresh?: boolean },
): Promise<IsolatedSession> {
  const session = await requireRecovered(context, id);
  if (session.error?.code === 'approval-required') await approveSetUp(context);
  // In one step: the supervisor may take it at once.
  const changesAgain = ['conflict', 'rejected', 'approved'].includes(session.status);
  const after = await moveIsolated(context, session.id, 'queued', {
    why: message?.trim() || whyAgain(session),
    from: ['failed', 'stopped', 'paused', 'rejected', 'conflict', 'approved'],
    change: ({ attempt, status, usage }) => ({
      attempt: attempt + 1,
      // Else it would pause again at once.
      ...(status === 'paused' && { budgetFrom: { usage: usage ?? noUsage, at: isoTimeOf(context.ports.clock.now()) } }),
    }),
    drop: [
      'error',
      'request',
      ...(fresh ? ['agentSession' as const] : []),
      ...(changesAgain ? ['phase' as const] : []),
    ],
  });
  await context.isolated.supervisors.ensure();
  return after;
}

/**
 * Puts back into the queue what a crash or a restart of the machine ended, all of it.
 *
 * @throws BatonError `unknown-isolated` where nothing was interrupted, `supervisor-failed`
 */
export async function retryInterrupted(
  context: IsolatedContext,
  options: { readonly message?: string; readonly fresh?: boolean } = {},
): Promise<readonly IsolatedSession[]> {
  const again: IsolatedSession[] = [];
  for (const id of await requireInterrupted(context)) again.push(await retryIsolated(context, { id, ...options }));
  return again;
}

/**
 * Leaves what a crash or a restart ended as failed: nobody is reminded of it any more. Each can still be retried.
 *
 * @throws BatonError `unknown-isolated` where nothing was interrupted, `supervisor-failed`
 */
export async function failInterrupted(context: IsolatedContext): Promise<readonly IsolatedSession[]> {
  const failed: IsolatedSession[] = [];
  for (const id of await requireInterrupted(context)) {
    await requireRecovered(context, id);
    const at = isoTimeOf(context.ports.clock.now());
    const after = await updateIsolated(context, id, (one) => {
      if (one.status !== 'failed' || one.error?.code !== 'interrupted') return undefined;
      const history = [...one.history, { status: 'failed' as const, at, why: 'marked as failed by the person' }];
      return { ...one, history, error: { ...one.error, code: 'process-failed' } };
    });
    failed.push(after);
  }
  return failed;
}

async function requireInterrupted(context: IsolatedContext): Promise<readonly string[]> {
  const found = (await listIsolated(context)).filter((entry) => entry.interrupted);
  if (found.length > 0) return found.map(({ session }) => session.id);
  throw new BatonError('unknown-isolated', 'No session was interrupted', {
    hint: '`baton isolated list` lists all.',
  });
}

/** A session that seems to run after its supervisor was killed is seen to first, by a new supervisor. */
async function requireRecovered(context: IsolatedContext, id: string): Promise<IsolatedSession> {
  const { supervisors } = context.isolated;
  const session = await requireIsolated(context, id);
  if (!liveStatuses.includes(session.status) || (await supervisors.isRunning())) return session;
  await supervisors.ensure();
  return await requireIsolated(context, session.id);
}

function whyAgain({ status, review, conflicts, base, error }: IsolatedSession): string {
  if (status === 'conflict') return conflictWhy(base.branch, conflicts ?? []);
  if (status === 'rejected')
    return `The review rejected the work: ${review?.byPerson?.reason ?? review?.summary ?? ''}`;
  if (status === 'approved') return 'The work was approved, and is to be changed once more.';
  if (error?.code === 'interrupted') return 'This session was interrupted and goes on.';
  return 'This session goes on.';
}

/** The lines that make a worktree ready come from the repository: a person has read them, or they do not run. */
export async function approveSetUp(context: IsolatedContext): Promise<void> {
  const { config } = await readWorkspace(context);
  const commands =
    config.setUp === undefined
      ? (await context.isolated.worktrees.setUpCommands()).map(({ command }) => command)
      : [config.setUp];
  if (commands.length === 0 || (await context.ports.approvals.isApproved(commands))) return;
  await approveCommands(context, { commands, purpose: 'making worktrees ready', folder: '' }).catch(
    (error: unknown) => {
      if (!BatonError.is(error, 'approval-required') || error.data?.['refused'] !== true) throw error;
      throw new BatonError('approval-required', error.message, {
        hint: 'Change them where they stand: `set_up` in .baton.yaml, .cursor/worktrees.json or conductor.json.',
        ...(error.data !== undefined && { data: error.data }),
      });
    },
  );
  // They run later, in the supervisor, where nobody can be asked: an approval for one run would be none.
  await context.ports.approvals.approve(commands);
}

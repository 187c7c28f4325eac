import * as z from 'zod';
import type { IsolatedEntry } from '../../core/actions/isolated/listIsolated.ts';
import { openForOrchestrator } from '../openForOrchestrator.ts';
import { given } from '../sessionViews.ts';
import { defineTool, type Tool } from '../tool.ts';
import { message } from './fields.ts';

const dispatchWork = defineTool({
  name: 'dispatch_work',
  description:
    'Give ready work to agents, each in a git worktree of its own. Only where the project says `mode: agentic`; else the person dispatches.',
  effect: 'changes',
  input: z.strictObject({
    items: z.array(z.string()).describe('IDs of sessions, tasks (LIST/TASK), issues').optional(),
    ready: z.boolean().describe('everything that is ready').optional(),
    max: z.number().int().positive().optional(),
    agent: z.string().optional(),
  }),
  output: z.object({ ...message, dispatched: z.array(z.object({ id: z.string(), item: z.string() })) }),
  async run(run, { items, ready, max, agent }) {
    const context = await openForOrchestrator(run);
    const { dispatch } = await import('../../core/actions/isolated/dispatch.ts');
    const options = {
      ...given('items', items),
      ...given('ready', ready),
      ...given('max', max),
      ...given('agent', agent),
    };
    const { dispatched, held, warnings } = await dispatch(context, options);
    return {
      message: [
        ...dispatched.map(({ item, agent: name, branch }) => `dispatched ${item.id} to ${name} on ${branch}`),
        ...held.map(({ item, reason }) => `held ${item.id}: ${reason}`),
      ].join('\n'),
      data: {
        dispatched: dispatched.map(({ id, item }) => ({ id, item: item.id })),
        held: held.map(({ item, reason }) => ({ item: item.id, reason })),
      },
      warnings,
    };
  },
});

const listAll = defineTool({
  name: 'list_isolated',
  description: 'Isolated sessions: state, verdict, questions that wait for the person.',
  effect: 'reads',
  input: z.strictObject({ all: z.boolean().describe('also those that are merged or put away').optional() }),
  output: z.object({
    ...message,
    sessions: z.array(z.object({ id: z.string(), item: z.string(), status: z.string() })),
  }),
  async run({ context }, { all = false }) {
    const { listIsolated } = await import('../../core/actions/isolated/listIsolated.ts');
    const entries = await listIsolated(context, { archived: all });
    return {
      message: entries.length === 0 ? 'No isolated sessions.' : entries.map(describeEntry).join('\n'),
      data: { sessions: entries.map(toView) },
    };
  },
});

const mergeOne = defineTool({
  name: 'merge_isolated',
  description:
    'Merge approved work of an isolated session and close its work item. Only where the project says `mode: agentic`, and never without a valid verdict.',
  effect: 'changes',
  input: z.strictObject({ id: z.string().describe('the session or its work item') }),
  output: z.object({ ...message, session: z.string(), item: z.string(), commit: z.string().nullable() }),
  async run(run, { id }) {
    const context = await openForOrchestrator(run);
    const { mergeIsolated } = await import('../../core/actions/isolated/merge.ts');
    const { session, item, commit, wasIn, unblocked, warnings } = await mergeIsolated(context, { id });
    const ready = unblocked.map((one) => one.id);
    const told = ready.length === 0 ? '' : `; now ready: ${ready.join(', ')}`;
    return {
      message: wasIn
        ? `${item} is closed; there was nothing to merge${told}`
        : `merged ${item} in ${commit.slice(0, 7)}${told}`,
      data: { session, item, commit: wasIn ? null : commit, unblocked: ready },
      warnings,
    };
  },
});

function describeEntry({ session, interrupted, questions }: IsolatedEntry): string {
  const asks = questions.map(({ question }) => ` ? ${question}`).join('');
  return `${session.item.id}: ${interrupted ? 'interrupted' : session.status}${asks}`;
}

function toView({ session, interrupted, questions }: IsolatedEntry) {
  const { id, item, status, phase, branch, review, error, conflicts } = session;
  return {
    id,
    item: item.id,
    status,
    interrupted,
    branch,
    ...given('phase', phase),
    ...given('review', review && { decision: review.decision, summary: review.summary }),
    ...given('error', error?.message),
    ...given('conflicts', conflicts),
    questions: questions.map(({ question }) => question),
  };
}

/** Tools about isolated sessions. Nobody answers for the person: there is none for that. */
export const isolatedTools: readonly Tool[] = [dispatchWork, listAll, mergeOne];

import { describe, expect, it } from 'vitest';
import { answer } from '../../../../src/core/actions/inbox/answer.ts';
import {
  failInterrupted,
  retryInterrupted,
  retryIsolated,
  stopIsolated,
} from '../../../../src/core/actions/isolated/control.ts';
import { approveIsolated } from '../../../../src/core/actions/isolated/decide.ts';
import { dispatch } from '../../../../src/core/actions/isolated/dispatch.ts';
import { listIsolated } from '../../../../src/core/actions/isolated/listIsolated.ts';
import { collectQuestions, continueAnswered, takeAnswers } from '../../../../src/core/actions/isolated/questions.ts';
import { requireIsolated } from '../../../../src/core/actions/isolated/records.ts';
import type { IsolatedSession } from '../../../../src/core/model/isolated.ts';
import { createProject, refusal } from '../support.ts';
import { isolatedOf, restIn, setRecord } from './support.ts';

const interruption = { code: 'interrupted', message: 'It was interrupted: its supervisor ended.' };

/** A session of A-01 with a record of ours; the supervisor, where it is asked for, sees to what an earlier one left. */
async function sessionWith(record: Partial<IsolatedSession>, isRunning = false) {
  const shop = await createProject();
  const made = await isolatedOf(shop, {
    isRunning,
    ensure: async () => {
      const now = await requireIsolated(made.context, 'A-01');
      if (now.status === 'running') await setRecord(made.context, now, { status: 'failed', error: interruption });
    },
  });
  const { context, counts } = made;
  const [queued] = (await dispatch(context, { items: ['A-01'] })).dispatched;
  if (queued === undefined) throw new Error('nothing was dispatched');
  const session = await setRecord(context, queued, record);
  counts.ensured = 0;
  return { context, counts, session };
}

describe('a session whose supervisor was killed', () => {
  it('is interrupted, and goes on when it is retried', async () => {
    const { context, counts } = await sessionWith({ status: 'running' });
    expect(await listIsolated(context)).toMatchObject([{ interrupted: true }]);
    expect(await retryInterrupted(context)).toMatchObject([{ status: 'queued', attempt: 2 }]);
    expect(counts.ensured).toBe(2);
    const session = await requireIsolated(context, 'A-01');
    expect(session.error).toBeUndefined();
    expect(session.history.at(-1)).toMatchObject({ why: 'This session was interrupted and goes on.' });
    await refusal(retryInterrupted(context), 'unknown-isolated');
  });

  it('is not retried with the interrupted ones once a person has decided about it', async () => {
    const { context, session } = await sessionWith({});
    await setRecord(context, session, { status: 'queued' });
    await restIn(context, session, { 'schema.txt': 'id\n' }, { status: 'failed', error: interruption });
    expect(await listIsolated(context)).toMatchObject([{ interrupted: true }]);
    await approveIsolated(context, { id: 'A-01', reason: 'it was done' });
    expect(await listIsolated(context)).toMatchObject([{ interrupted: false }]);
  });

  it('is failed, and no more, where the person marks it so', async () => {
    const { context } = await sessionWith({ status: 'running' });
    expect(await failInterrupted(context)).toMatchObject([{ status: 'failed', error: { code: 'process-failed' } }]);
    expect(await listIsolated(context)).toMatchObject([{ interrupted: false }]);
    await refusal(failInterrupted(context), 'unknown-isolated');
    expect(await retryIsolated(context, { id: 'A-01' })).toMatchObject({ status: 'queued' });
  });

  it('is stopped by a new supervisor, which finds its processes', async () => {
    const { context, counts } = await sessionWith({ status: 'running' });
    await stopIsolated(context, { id: 'A-01', reason: 'not now' });
    expect(counts.ensured).toBe(1);
    expect((await requireIsolated(context, 'A-01')).request).toMatchObject({ kind: 'stop', text: 'not now' });
  });

  it('is not stopped by anybody where it was only queued', async () => {
    const { context, counts } = await sessionWith({ status: 'queued' });
    expect(await stopIsolated(context, { id: 'A-01' })).toMatchObject({ status: 'stopped' });
    expect(counts.ensured).toBe(0);
  });
});

describe('retrying', () => {
  it('begins a new phase of work after a conflict, and goes on in the same one after a failure', async () => {
    const phase = 'review';
    const { context, session } = await sessionWith({ status: 'conflict', phase, conflicts: ['schema.txt'] });
    const again = await retryIsolated(context, { id: session.id });
    expect(again.phase).toBeUndefined();
    expect(again.history.at(-1)?.why).toContain('met conflicts in: schema.txt');
    await setRecord(context, session, { status: 'failed', phase });
    expect(await retryIsolated(context, { id: session.id })).toMatchObject({ status: 'queued', phase });
  });
});

describe('an answer', () => {
  it('wakes the supervisor for a session that waits, and is told once', async () => {
    const { context, counts, session } = await sessionWith({ status: 'waiting' });
    const [item] = await collectQuestions(context, session.id, [
      { id: 'q-1', question: 'Which key?', options: ['id', 'name'], blocking: true },
    ]);
    const { item: answered } = await answer(context, { id: item?.id ?? '', text: '2' });
    expect(await continueAnswered(context, answered)).toMatchObject({ id: session.id });
    expect(counts.ensured).toBe(1);
    expect(await takeAnswers(context, [answered])).toMatchObject([{ questionId: 'q-1', answer: 'name' }]);
    expect(await takeAnswers(context, [answered])).toEqual([]);
  });

  it('starts nothing for a session that has ended', async () => {
    const { context, counts, session } = await sessionWith({ status: 'stopped' });
    const [item] = await collectQuestions(context, session.id, [
      { id: 'q-1', question: 'Which key?', options: [], blocking: true },
    ]);
    const { item: answered } = await answer(context, { id: item?.id ?? '', text: 'id' });
    expect(await continueAnswered(context, answered)).toBeUndefined();
    expect(counts.ensured).toBe(0);
  });
});

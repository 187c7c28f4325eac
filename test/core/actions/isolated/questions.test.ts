import { expect, it } from 'vitest';
import { ask } from '../../../../src/core/actions/inbox/ask.ts';
import { listInbox } from '../../../../src/core/actions/inbox/listInbox.ts';
import { removeIsolated, restoreIsolated } from '../../../../src/core/actions/isolated/clean.ts';
import { dispatch } from '../../../../src/core/actions/isolated/dispatch.ts';
import { createProject } from '../support.ts';
import { isolatedOf, restIn } from './support.ts';

it('questions stand in the order of what waits for their sessions, as long as those are there', async () => {
  const { context } = await isolatedOf(await createProject());
  const { dispatched } = await dispatch(context, { items: ['A-01', 'A-03'] });
  const [first, third] = dispatched;
  if (first === undefined || third === undefined) throw new Error('not all were dispatched');
  await restIn(context, first, {}, { status: 'stopped' });
  for (const isolated of [third.id, first.id])
    await ask(context, { question: `${isolated}?`, blocking: true, isolated });
  await ask(context, { question: 'Another?' });
  const open = async () => (await listInbox(context)).items.map(({ question }) => question);
  const [of1, of3] = [`${first.id}?`, `${third.id}?`];
  expect(await open()).toEqual([of1, of3, 'Another?']);
  await removeIsolated(context, { id: first.id });
  expect(await open()).toEqual([of3, 'Another?']);
  expect((await listInbox(context, { all: true })).items).toHaveLength(3);
  await restoreIsolated(context, { id: first.id });
  expect(await open()).toEqual([of1, of3, 'Another?']);
});

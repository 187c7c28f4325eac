import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dispatch } from '../../../src/core/actions/isolated/dispatch.ts';
import { Outbox } from '../../../src/platform/agents/outbox.ts';
import { OutboxQuestions } from '../../../src/platform/agents/outboxQuestions.ts';
import { isolatedOf } from '../../core/actions/isolated/support.ts';
import { createProject } from '../../core/actions/support.ts';

it('a look that meets another one under way sees what that has taken', async () => {
  const { context } = await isolatedOf(await createProject());
  const [session] = (await dispatch(context, { items: ['A-01'] })).dispatched;
  if (session === undefined) throw new Error('nothing was dispatched');
  mkdirSync(session.worktree, { recursive: true });
  const outbox = new Outbox(session.worktree);
  await outbox.open();
  const asked = [{ id: 'q-1', question: 'Which port?', options: ['8080'], blocking: true }];
  writeFileSync(`${outbox.folder}/questions.json`, JSON.stringify(asked));
  const questions = new OutboxQuestions(context, session.id, outbox);
  const first = questions.collect();
  await questions.collect();
  expect((await questions.open()).map(({ question }) => question)).toEqual(['Which port?']);
  await first;
});

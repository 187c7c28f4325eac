import { expect, it } from 'vitest';
import { continuePrompt, workPrompt } from '../../../../src/core/actions/isolated/workPrompt.ts';

const session = {
  item: { source: 'session', id: 'A-01', title: 'Schema', files: [], unblocksCount: 0, prompt: 'Write schema.txt.' },
  branch: 'baton/A-01-x',
} as const;

it('who is continued is told why and each answer, and where the task stands', () => {
  const answers = [{ questionId: 'q-1', answer: 'green', answeredAt: '' }];
  const prompt = continuePrompt(session, { why: 'Your question has been answered.', answers, hasHistory: true });
  expect(prompt).toContain('Your question has been answered.\n\nAnswer to q-1: green\n\n');
  expect(prompt).toContain('.baton/task.md');
  expect(prompt).not.toContain('Write schema.txt.');
});

it('who has lost the history is told everything', () => {
  const prompt = continuePrompt(session, { why: 'This session goes on.', hasHistory: false });
  expect(prompt.startsWith(workPrompt(session))).toBe(true);
  expect(prompt).toContain('This session goes on.');
});

import { describe, expect, it } from 'vitest';
import { recommendModel } from '../../../src/core/formats/modelChoice.ts';
import { parsePlan } from '../../../src/core/formats/plan.ts';

function recommend(title: string, body = '') {
  const [session] = parsePlan(`## Session A-1: ${title}\n\n${body}\n`, 'docs/X_PROMPTS.md').value.sessions;
  if (!session) throw new Error('no session');
  return recommendModel(session);
}

describe('recommending a model', () => {
  it.each([
    ['API documentation', 'haiku', false, 'documentation'],
    ['Update the README', 'haiku', false, 'README'],
    ['Button styling', 'haiku', false, 'styling'],
    ['Implement configuration loader', 'sonnet', false, 'configuration'],
    ['CRUD endpoints for users', 'sonnet', false, 'CRUD'],
    ['Project scaffold', 'sonnet', false, 'scaffold'],
    ['Add tests for the parser', 'sonnet', false, 'Add tests'],
    ['Database schema', 'sonnet', true, 'schema'],
    ['Refactor the store', 'sonnet', true, 'Refactor'],
    ['Security hardening', 'sonnet', true, 'Security'],
    ['CI/CD setup', 'sonnet', true, 'CI/CD'],
    ['Document the architecture', 'sonnet', true, 'architecture'],
    ['Cross-system analysis of payments', 'opus', false, 'Cross-system analysis'],
    ['User list', 'sonnet', false, 'nothing'],
  ])('%s: %s, thinking %s, because of "%s"', (title, family, thinking, word) => {
    const { reason, ...choice } = recommend(title);
    expect(choice).toEqual({ family, thinking });
    expect(reason).toContain(word);
  });

  it('thinks above an hour, whatever it is about', () => {
    const long = recommend('Project scaffold', '```yaml\nestimated_time: 1-2 hours\n```');
    expect(long).toMatchObject({ family: 'sonnet', thinking: true, reason: expect.stringContaining('120 minutes') });
    expect(recommend('Project scaffold', '```yaml\nestimated_time: 60 minutes\n```').thinking).toBe(false);
  });

  it('listens to the execution mode and to the prompt, the title first', () => {
    expect(recommend('User list', '```yaml\nexecution: 🧠 Ultrathink\n```').thinking).toBe(true);
    expect(recommend('User list', 'Mind the edge cases.')).toMatchObject({
      thinking: true,
      reason: expect.stringContaining('edge cases'),
    });
    expect(recommend('User endpoints', 'Mind the edge cases.').thinking).toBe(false);
  });
});

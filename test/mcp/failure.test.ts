import { expect, test } from 'vitest';
import { BatonError } from '../../src/core/errors.ts';
import { toFailure } from '../../src/mcp/failure.ts';

test.each([
  [
    'Name the plan that you mean: --plan docs/A_PROMPTS.md or --plan "docs/B C.md".',
    'Name the plan that you mean: `plan: "docs/A_PROMPTS.md"` or `plan: "docs/B C.md"`.',
  ],
  [
    'Name the project that you mean: --project Shop or --project "Zoo 2.0".',
    'Name the project that you mean: `project: "Shop"` or `project: "Zoo 2.0"`.',
  ],
])('options of the command line become arguments: %s', (hint, expected) => {
  const { structuredContent } = toFailure(new BatonError('ambiguous-session', 'Two.', { hint }));
  expect(structuredContent).toMatchObject({ error: { hint: expected } });
});

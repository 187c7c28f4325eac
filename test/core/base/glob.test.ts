import { describe, expect, it } from 'vitest';
import { compileGlob, isFoundBy } from '../../../src/core/base/glob.ts';

describe('globs', () => {
  it.each([
    ['docs/**/*_PROMPTS.md', 'docs/A_PROMPTS.md', true],
    ['docs/**/*_PROMPTS.md', 'docs/a/b/A_PROMPTS.md', true],
    ['docs/**/*_PROMPTS.md', 'A_PROMPTS.md', false],
    ['docs/**/*_PROMPTS.md', 'docs/node_modules/x/A_PROMPTS.md', false],
    ['node_modules/x/*.md', 'node_modules/x/A.md', true],
    ['*.md', 'docs/A.md', false],
    ['docs/[draft] (1)/*.md', 'docs/[draft] (1)/A.md', true],
    ['docs/{a,b}/?.md', 'docs/b/x.md', true],
    ['**/*.md', '.worktrees/one/docs/A.md', false],
  ])('%s and %s: %s', (glob, path, expected) => {
    expect(isFoundBy([compileGlob(glob)], path)).toBe(expected);
  });
});

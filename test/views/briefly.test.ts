import { describe, expect, it } from 'vitest';
import { parseProgress } from '../../src/core/formats/progress.ts';
import { briefly } from '../../src/extension/views/briefly.ts';

describe('a problem above a tree', () => {
  it('is said in its first clause, however many tables it lists', () => {
    const table = '| One | Two |\n|---|---|\n| a | b |\n\ntext\n\n';
    const { diagnostics } = parseProgress(`# P\n\n${table.repeat(9)}`, 'docs/progress/P_PROGRESS.md');
    const [problem] = diagnostics.filter(({ code }) => code === 'no-progress-table');
    expect(problem?.message.length).toBeGreaterThan(300);
    expect(briefly(problem?.message ?? '')).toBe('No table of this file is a progress table.');
  });

  it('stays whole where it is short', () => {
    expect(briefly('A merge is under way.')).toBe('A merge is under way.');
    expect(briefly('See docs/a.md: it is empty')).toBe('See docs/a.md: it is empty.');
  });

  it('is cut between words where it has no clauses', () => {
    const text = briefly('word '.repeat(60));
    expect(text.length).toBeLessThanOrEqual(121);
    expect(text).toMatch(/ word…$/);
    expect(briefly('x'.repeat(500))).toHaveLength(121);
  });
});

import { expect, it } from 'vitest';
import { findStrayWrites } from '../../src/supervisor/strayWrites.ts';

const call = (name: string, input: object): string =>
  JSON.stringify({ type: 'assistant', message: { content: [{ type: 'tool_use', name, input }] } });

it('tells which files an agent writes outside of its worktree', () => {
  const outside = '/clone/src/a.ts';
  for (const name of ['Write', 'Edit', 'MultiEdit']) {
    expect(findStrayWrites(call(name, { file_path: outside }), '/clone/.worktrees/a')).toEqual([outside]);
  }
  expect(findStrayWrites(call('NotebookEdit', { notebook_path: '/n.ipynb' }), '/w')).toEqual(['/n.ipynb']);
  expect(findStrayWrites(call('Write', { file_path: '/w/../x' }), '/w')).toEqual(['/w/../x']);
  for (const line of [
    call('Read', { file_path: outside }),
    call('Write', { file_path: '/w/src/a.ts' }),
    call('Write', { file_path: 'src/a.ts' }),
    call('Write', {}),
    '{"tool_use"',
    '"tool_use" as text',
    '',
  ]) {
    expect(findStrayWrites(line, '/w')).toEqual([]);
  }
});

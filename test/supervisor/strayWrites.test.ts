import { describe, expect, it } from 'vitest';
import { findStrayWrites } from '../../src/supervisor/strayWrites.ts';

const claude = (name: string, input: object) =>
  JSON.stringify({ type: 'assistant', message: { content: [{ type: 'tool_use', id: 't', name, input }] } });
const codex = (...paths: readonly string[]) =>
  JSON.stringify({
    type: 'item.completed',
    item: {
      id: 'i',
      type: 'file_change',
      changes: paths.map((path) => ({ path, kind: 'update' })),
      status: 'completed',
    },
  });

describe('what an agent says of its writes', () => {
  it.each([
    [claude('Write', { file_path: '/r ü/src/a.ts' }), ['/r ü/src/a.ts']],
    [claude('NotebookEdit', { notebook_path: '/r ü/n.ipynb' }), ['/r ü/n.ipynb']],
    [claude('Edit', { file_path: '/r ü/.worktrees/w/a.ts' }), []],
    [claude('Edit', { file_path: 'a.ts' }), []],
    // Reading is no writing, and what a shell does nobody can tell from its line.
    [claude('Read', { file_path: '/r ü/src/a.ts' }), []],
    [claude('Bash', { command: 'echo > /r ü/src/a.ts' }), []],
    [codex('/r ü/.worktrees/w/b.ts', '/r ü/b.ts'), ['/r ü/b.ts']],
    ['{"type":"tool_use" broken', []],
    ['"file_change"', []],
  ])('%s', (line, expected) => {
    expect(findStrayWrites(line, '/r ü/.worktrees/w')).toEqual(expected);
  });
});

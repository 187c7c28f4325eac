import { isAbsolute, relative } from 'node:path';
import { fieldsField, listField, readFields, textField } from '../core/formats/agents/fields.ts';

const writers: ReadonlySet<string> = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit']);

/** Files outside of its worktree that an agent changes by its own tools, as a line of Claude Code's stream says. */
export function findStrayWrites(line: string, worktree: string): readonly string[] {
  // Most lines are no calls of tools, and some are very long.
  if (!line.includes('"tool_use"')) return [];
  const message = fieldsField(readFields(line), 'message');
  return listField(message, 'content').flatMap((block) => {
    const input = fieldsField(block, 'input');
    const path = textField(input, 'file_path') ?? textField(input, 'notebook_path');
    if (!writers.has(textField(block, 'name') ?? '') || path === undefined || !isAbsolute(path)) return [];
    const inside = relative(worktree, path);
    return inside.startsWith('..') || isAbsolute(inside) ? [path] : [];
  });
}

import { isAbsolute, relative } from 'node:path';
import { type Fields, fieldsField, listField, readFields, textField } from '../core/formats/agents/fields.ts';

const writers: ReadonlySet<string> = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit']);

/** Files outside of its worktree that an agent changes by its own tools, as a line of the stream of Claude Code or Codex says. */
export function findStrayWrites(line: string, worktree: string): readonly string[] {
  // Most lines are no such calls, and some are very long.
  const isCall = line.includes('"tool_use"');
  if (!isCall && !line.includes('"file_change"')) return [];
  const fields = readFields(line);
  const paths = isCall
    ? listField(fieldsField(fields, 'message'), 'content').map(pathOfCall)
    : listField(fieldsField(fields, 'item'), 'changes').map((change) => textField(change, 'path'));
  return paths.filter((path) => path !== undefined && isOutside(path, worktree)) as readonly string[];
}

function pathOfCall(block: Fields): string | undefined {
  const input = fieldsField(block, 'input');
  if (!writers.has(textField(block, 'name') ?? '')) return undefined;
  return textField(input, 'file_path') ?? textField(input, 'notebook_path');
}

function isOutside(path: string, worktree: string): boolean {
  if (!isAbsolute(path)) return false;
  const inside = relative(worktree, path);
  return inside.startsWith('..') || isAbsolute(inside);
}

import type { Range } from '../base/range.ts';
import { readTaskList } from '../formats/taskList.ts';
import { rowAt } from '../formats/taskListCells.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { nearestIds } from '../model/sessionId.ts';
import type { TaskColumn, TaskListEntry } from '../model/taskList.ts';
import { idSeparators, tokenAt } from './completions.ts';

/** The cell of a task's row in a column, of which the problem of the row speaks; without white space around. Undefined where it is missing. */
export function taskCell({ list }: TaskListEntry, { range }: Diagnostic, name: TaskColumn): Range | undefined {
  const { table, text } = list;
  const column = table?.columns[name];
  if (table === undefined || column === undefined) return undefined;
  const { outline } = readTaskList(text, list.path);
  const row = rowAt(outline, outline.lines.lineAt(range.start), table.columnCount);
  const cell = row.cells[column]?.range;
  if (cell === undefined || cell.start < range.start || cell.end > range.end) return undefined;
  const raw = text.slice(cell.start, cell.end);
  const start = cell.start + raw.length - raw.trimStart().length;
  return raw.trim() === '' ? undefined : { start, end: start + raw.trim().length };
}

/** Where a row names the task that its list lacks, and the nearest ones that it has. */
export function nearestTasks(
  entry: TaskListEntry,
  problem: Diagnostic,
): { readonly range: Range; readonly ids: readonly string[] } | undefined {
  const cell = taskCell(entry, problem, 'after');
  if (cell === undefined) return undefined;
  const { text } = entry.list;
  const known = entry.tasks.map(({ id }) => id);
  for (let at = cell.start; at < cell.end; ) {
    const range = tokenAt(text, cell, at, idSeparators);
    const id = text.slice(range.start, range.end);
    if (id !== '' && problem.message.includes(` ${id}, `)) return { range, ids: nearestIds(id, known) };
    at = Math.max(range.end, at) + 1;
  }
  return undefined;
}

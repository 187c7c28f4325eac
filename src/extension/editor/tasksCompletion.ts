import * as vscode from 'vscode';
import { rowAt } from '../../core/formats/taskListCells.ts';
import { taskStatuses } from '../../core/model/taskList.ts';
import { shownTask } from '../views/taskLists/model.ts';
import { sessionText, statusMeaning, taskWord } from '../views/taskLists/taskText.ts';
import type { TaskDocument } from './tasksDocuments.ts';

/** Completes the cells of a task list's rows: states with their meaning, IDs of tasks, numbers of sessions. Replaces exactly the cell, or one ID in it. */
export function provideTaskCompletions(
  found: TaskDocument,
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.CompletionItem[] {
  const cell = cellAt(found, document, position);
  if (cell === undefined) return [];
  const { table, log } = found.entry.list;
  if (cell.table === 'log')
    return cell.column === log?.columns.completed ? taskItems(found, document, position, cell) : [];
  switch (cell.column) {
    case table?.columns.status:
      return taskStatuses.map((status, order) => {
        const item = new vscode.CompletionItem(status, vscode.CompletionItemKind.EnumMember);
        item.documentation = statusMeaning(status);
        item.sortText = String(order);
        item.range = cell.content;
        return item;
      });
    case table?.columns.after:
      return taskItems(found, document, position, cell);
    case table?.columns.session:
      return found.entry.list.sessions.map(({ number }) => {
        const item = new vscode.CompletionItem(String(number), vscode.CompletionItemKind.Value);
        item.detail = sessionText(found.entry, String(number)) ?? '';
        item.range = cell.content;
        return item;
      });
    default:
      return [];
  }
}

interface Cell {
  readonly table: 'tasks' | 'log';
  readonly column: number;
  /** The cell's text without the white space around. */
  readonly content: vscode.Range;
  /** ID in the row's first cells. */
  readonly task?: string;
}

/** The cell at a position in the table of tasks or in the log of sessions; a row that is being typed counts. */
function cellAt(
  { entry, read }: TaskDocument,
  document: vscode.TextDocument,
  position: vscode.Position,
): Cell | undefined {
  const { line } = position;
  const isIn = (table: { readonly headerLine: number; readonly endLine: number } | undefined): boolean =>
    table !== undefined && line > table.headerLine + 1 && line <= Math.max(table.endLine - 1, table.headerLine + 2);
  const { table, log } = entry.list;
  const kind = isIn(table) ? 'tasks' : isIn(log) ? 'log' : undefined;
  const columnCount = kind === 'tasks' ? table?.columnCount : log?.columnCount;
  if (kind === undefined || columnCount === undefined) return undefined;
  const offset = document.offsetAt(position);
  // Offsets of the outline are those of the document's own text.
  const cells = rowAt(read.outline, line, columnCount).cells;
  const column = cells.findIndex(({ range }) => range.start <= offset && offset <= range.end);
  const cell = cells[column];
  if (cell === undefined) return undefined;
  const text = read.outline.text.slice(cell.range.start, cell.range.end);
  const start =
    text.trim() === '' ? Math.min(offset, cell.range.end) : cell.range.start + (text.length - text.trimStart().length);
  const end = text.trim() === '' ? start : start + text.trim().length;
  const task = entry.tasks.find((one) => one.line === line)?.id;
  return {
    table: kind,
    column,
    content: new vscode.Range(document.positionAt(start), document.positionAt(Math.max(start, end))),
    ...(task === undefined ? {} : { task }),
  };
}

/** The other tasks of the list; of a cell that has several IDs only the one at the position is replaced. */
function taskItems(
  { entry }: TaskDocument,
  document: vscode.TextDocument,
  position: vscode.Position,
  cell: Cell,
): vscode.CompletionItem[] {
  const text = document.getText(cell.content);
  const at = document.offsetAt(position) - document.offsetAt(cell.content.start);
  const before = /[^\s,;&]*$/.exec(text.slice(0, Math.max(0, at)))?.[0] ?? '';
  const after = /^[^\s,;&]*/.exec(text.slice(Math.max(0, at)))?.[0] ?? '';
  const isBlank = text === '' || /^[-\u2010-\u2015]+$/.test(text);
  const range = isBlank
    ? cell.content
    : new vscode.Range(position.translate(0, -before.length), position.translate(0, after.length));
  const others = entry.tasks.find(({ id }) => id === cell.task)?.after.filter((id) => id !== before + after) ?? [];
  return entry.tasks
    .filter(({ id }) => id !== cell.task && !others.includes(id))
    .map((task) => {
      const item = new vscode.CompletionItem(task.id, vscode.CompletionItemKind.Reference);
      item.detail = `${task.title} (${taskWord(shownTask(task))})`;
      item.range = range;
      return item;
    });
}

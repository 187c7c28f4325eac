import type { Range } from '../base/range.ts';
import { type Outline, type OutlineTable, outlineSection } from '../markdown/outline.ts';
import { isBlankCell, plainCellText } from '../markdown/table.ts';
import type { ListSession, SessionLog, TaskColumn, TaskTable } from '../model/taskList.ts';
import { cellTexts, plainId, readAfter, unescapePipes } from './taskListCells.ts';

/** Header names, in lower case, by what they mean. */
const taskHeaders: ReadonlyMap<string, TaskColumn> = new Map([
  ['task', 'task'],
  ['task id', 'task'],
  ['id', 'task'],
  ['status', 'status'],
  ['state', 'status'],
  ['title', 'title'],
  ['name', 'title'],
  ['subject', 'title'],
  ['description', 'title'],
  ['after', 'after'],
  ['depends on', 'after'],
  ['dependencies', 'after'],
  ['blocked by', 'after'],
  ['session', 'session'],
  ['updated', 'updated'],
  ['last updated', 'updated'],
]);

const sessionHeaders: ReadonlyMap<string, keyof SessionLog['columns']> = new Map([
  ['session', 'number'],
  ['#', 'number'],
  ['no', 'number'],
  ['started', 'started'],
  ['start', 'started'],
  ['ended', 'ended'],
  ['end', 'ended'],
  ['who', 'who'],
  ['by', 'who'],
  ['completed', 'completed'],
]);

/** Finds the table of tasks: the first one with an ID column and a status column. */
export function findTaskTable(outline: Outline): TaskTable | undefined {
  for (const table of outline.tables) {
    const { columns, count } = readHeader(outline, table, taskHeaders);
    if (columns.task === undefined || columns.status === undefined) continue;
    return {
      range: rangeOfLines(outline, table.line, table.endLine),
      headerLine: table.line,
      endLine: table.endLine,
      columns,
      columnCount: count,
    };
  }
  return undefined;
}

/** Finds the log of working sessions: a table with a number and a start, under a heading `Sessions`. */
export function findSessionLog(outline: Outline, tasks: TaskTable | undefined): SessionLog | undefined {
  const heading = outline.headings.findLast(({ level, text }) => level >= 2 && level <= 3 && /^sessions$/i.test(text));
  if (heading === undefined) return undefined;
  const body = outlineSection(outline, heading);
  for (const table of outline.tables) {
    const { start } = outline.lines.rangeOf(table.line);
    if (start < body.start || start >= body.end || table.line === tasks?.headerLine) continue;
    const { columns, count } = readHeader(outline, table, sessionHeaders);
    if (columns.number === undefined || columns.started === undefined) continue;
    return { headerLine: table.line, endLine: table.endLine, columns, columnCount: count };
  }
  return undefined;
}

function readHeader<K extends string>(
  outline: Outline,
  table: OutlineTable,
  names: ReadonlyMap<string, K>,
): { readonly columns: Partial<Record<K, number>>; readonly count: number } {
  const cells = cellTexts(outline, table.line, outline.lines.rangeOf(table.line), undefined) ?? [];
  const columns: Partial<Record<K, number>> = {};
  for (const [index, cell] of cells.entries()) {
    const name = names.get((/^[A-Za-z0-9 #]*$/.test(cell) ? cell : plainCellText(cell)).toLowerCase());
    // Of several columns with one meaning the first has it.
    if (name !== undefined) columns[name] ??= index;
  }
  return { columns, count: cells.length };
}

function rangeOfLines({ lines }: Outline, line: number, endLine: number): Range {
  return { start: lines.rangeOf(line).start, end: lines.rangeOf(Math.max(line, endLine - 1)).end };
}

/** Reads the rows of the session log; what has no number is passed over. */
export function readListSessions(outline: Outline, log: SessionLog): ListSession[] {
  const sessions: ListSession[] = [];
  for (let line = log.headerLine + 2; line < log.endLine; line++) {
    const range = outline.lines.rangeOf(line);
    const cells = cellTexts(outline, line, range, log.columnCount);
    const textOf = (name: keyof SessionLog['columns']): string => {
      const index = log.columns[name];
      return index === undefined ? '' : (cells?.[index] ?? '');
    };
    const number = /^\d{1,6}$/.exec(plainId(textOf('number')))?.[0];
    if (number === undefined) continue;
    const ended = textOf('ended');
    sessions.push({
      number: Number(number),
      started: textOf('started'),
      ...(!isBlankCell(ended) && { ended }),
      who: isBlankCell(textOf('who')) ? '' : unescapePipes(textOf('who')),
      completed: readAfter(textOf('completed')),
      range,
      line,
    });
  }
  return sessions;
}

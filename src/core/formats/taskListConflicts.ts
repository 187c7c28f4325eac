import type { TextEdit } from '../base/textEdit.ts';
import type { ConflictBlock, Outline } from '../markdown/outline.ts';
import { plainCellText } from '../markdown/table.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SessionLog, TaskTable } from '../model/taskList.ts';
import { rowAt } from './taskListCells.ts';

interface RowTable {
  readonly headerLine: number;
  readonly endLine: number;
  readonly columnCount: number;
  /** Of the column that names a row. */
  readonly keyColumn: number;
  /** Two rows may have one key: two branches that both opened session 2. */
  readonly sharesKeys: boolean;
}

/**
 * Resolves the conflicts of the tables in which each side only added rows: the rows of both are kept, ours first. All other conflicts, and
 * every byte outside, stay as they are.
 */
export function planConflictUnion(
  outline: Outline,
  table: TaskTable | undefined,
  log: SessionLog | undefined,
): TextEdit[] {
  const tables = rowTables(table, log);
  return outline.conflicts.flatMap((conflict) => unionOf(outline, tables, conflict) ?? []);
}

/** Reports every conflict; with a safe fix where each side only added rows. */
export function describeConflicts(
  outline: Outline,
  table: TaskTable | undefined,
  log: SessionLog | undefined,
): Diagnostic[] {
  const tables = rowTables(table, log);
  return outline.conflicts.map((conflict): Diagnostic => {
    const edits = unionOf(outline, tables, conflict);
    const range = outline.lines.rangeOf(conflict.oursLine);
    if (edits === undefined) {
      const message = 'A merge left its conflict marks here. Choose one of the two sides and remove the marks.';
      return { code: 'merge-markers', severity: 'error', message, range };
    }
    const message = 'A merge left its conflict marks here, and each side only added rows: all of them can be kept.';
    const fix = { title: 'Keep the rows of both sides', edits, safe: true };
    return { code: 'merge-markers', severity: 'error', message, range, fix };
  });
}

/** The conflicts that touch the table and are left when those are resolved that can be, by the line of their first mark. */
export function unresolvedIn(outline: Outline, table: TaskTable | SessionLog): readonly ConflictBlock[] {
  return outline.conflicts.filter(
    ({ oursLine, theirsLine }) => theirsLine >= table.headerLine && oursLine < table.endLine,
  );
}

function rowTables(table: TaskTable | undefined, log: SessionLog | undefined): readonly RowTable[] {
  return [
    ...(table ? [{ ...table, keyColumn: table.columns.task ?? 0, sharesKeys: false }] : []),
    ...(log ? [{ ...log, keyColumn: log.columns.number ?? 0, sharesKeys: true }] : []),
  ];
}

function unionOf(outline: Outline, tables: readonly RowTable[], conflict: ConflictBlock): TextEdit[] | undefined {
  const { oursLine, baseLine, middleLine, theirsLine } = conflict;
  const table = tables.find(({ headerLine, endLine }) => oursLine > headerLine + 1 && theirsLine < endLine);
  if (table === undefined) return undefined;
  const ours = linesBetween(oursLine, baseLine ?? middleLine);
  const base = baseLine === undefined ? [] : linesBetween(baseLine, middleLine);
  const theirs = linesBetween(middleLine, theirsLine);
  // Where git shows the base, rows in it were there before: then the sides changed or removed them.
  if (base.length > 0) return undefined;
  const keys = [...ours, ...theirs].map((line) => keyOf(outline, table, line));
  if (keys.includes('')) return undefined;
  const others = new Set(
    linesBetween(table.headerLine + 1, table.endLine)
      .filter((line) => line < oursLine || line > theirsLine)
      .map((line) => keyOf(outline, table, line)),
  );
  const texts = new Set(ours.map((line) => textOf(outline, line)));
  const repeated = theirs.filter((line) => texts.has(textOf(outline, line)));
  const added = [...ours, ...theirs.filter((line) => !repeated.includes(line))].map((line) =>
    keyOf(outline, table, line),
  );
  const isClash = new Set(added).size < added.length || added.some((key) => others.has(key));
  if (isClash && !table.sharesKeys) return undefined;
  return [oursLine, middleLine, theirsLine, ...(baseLine === undefined ? [] : [baseLine]), ...repeated]
    .sort((a, b) => a - b)
    .map((line) => removeLine(outline, line));
}

function linesBetween(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from - 1) }, (_, index) => from + 1 + index);
}

function textOf({ text, lines }: Outline, line: number): string {
  const { start, end } = lines.rangeOf(line);
  return text.slice(start, end).trim();
}

function keyOf(outline: Outline, table: RowTable, line: number): string {
  if (!textOf(outline, line).startsWith('|')) return '';
  return plainCellText(rowAt(outline, line, table.columnCount).cells[table.keyColumn]?.text ?? '');
}

/** Takes a line away with its ending; the text's last line with the ending before it. */
function removeLine({ text, lines }: Outline, line: number): TextEdit {
  const { start, end } = lines.rangeOf(line);
  if (line + 1 < lines.lineCount) return { start, end: lines.rangeOf(line + 1).start, newText: '' };
  return { start: line > 0 ? lines.rangeOf(line - 1).end : start, end: Math.max(end, text.length), newText: '' };
}

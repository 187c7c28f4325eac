import type { Range } from '../base/range.ts';
import type { LineIndex } from '../markdown/lines.ts';
import { isBlankCell, readTableRow } from '../markdown/table.ts';
import type { Progress, ProgressColumn, ProgressRow, ProgressTable } from '../model/progress.ts';

/** A cell of a progress table at some offset; the row may be one that is being typed. */
export interface ProgressCellPlace {
  readonly table: ProgressTable;
  readonly column: ProgressColumn;
  /** Undefined for a row without an ID. */
  readonly row: ProgressRow | undefined;
  /** The cell's text without the white space around, but up to the offset; where there is none, the offset. */
  readonly range: Range;
  readonly text: string;
  /** Nothing, or what stands for nothing: `—`. */
  readonly isBlank: boolean;
}

/** The cell of a progress file at an offset, both ends included; undefined in headers and outside tables. Never throws. */
export function progressCellAt(progress: Progress, lines: LineIndex, offset: number): ProgressCellPlace | undefined {
  const line = lines.lineAt(offset);
  // White space behind the last row is not the table's, but its line is.
  const table = progress.tables.find(
    ({ range, headerLine }) => headerLine + 1 < line && line <= lines.lineAt(range.end),
  );
  if (table === undefined) return undefined;
  const row = table.rows.find((one) => one.line === line);
  const cells = row?.cells ?? readTableRow({ text: progress.text, lines }, line, table.columns.length).cells;
  const index = cells.findIndex(({ range }) => range.start <= offset && offset <= range.end);
  const cell = cells[index];
  if (cell === undefined) {
    const next = table.columns[cells.length];
    const isBehind = next !== undefined && offset > (cells.at(-1)?.range.end ?? 0) && cells.length > 0;
    return isBehind
      ? { table, column: next, row, range: { start: offset, end: offset }, text: '', isBlank: true }
      : undefined;
  }
  const column = table.columns[index];
  if (column === undefined) return undefined;
  const raw = progress.text.slice(cell.range.start, cell.range.end);
  const text = raw.trim();
  const start = text === '' ? offset : cell.range.start + raw.length - raw.trimStart().length;
  // What is replaced must hold the cursor, wherever in the white space it stands.
  const range = { start: Math.min(start, offset), end: Math.max(start + text.length, offset) };
  return { table, column, row, range, text, isBlank: isBlankCell(text) };
}

import { displayWidth } from '../base/displayWidth.ts';
import type { TextEdit } from '../base/textEdit.ts';
import type { MarkdownDocument, TableBlock } from '../markdown/blocks.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { readTableRow, type TableRow } from '../markdown/table.ts';

/** A column is made at most this wide; longer cells stick out. */
const widest = 60;

/**
 * Pads the cells of the table at an offset so that its pipes stand below each other. Only white space in cells and the number of dashes in
 * the delimiter row change. A table with rows that are cut short, and one without the outer pipes, is left alone.
 *
 * @returns undefined where there is no table, or nothing to change
 */
export function planNormalTable(text: string, offset: number): readonly TextEdit[] | undefined {
  const doc = parseMarkdown(text);
  const block = doc.tables.find(({ range }) => range.start <= offset && offset <= range.end);
  if (block === undefined) return undefined;
  const rows = rowsOf(doc, block);
  const [header, delimiter] = rows;
  if (header === undefined || delimiter === undefined) return undefined;
  const count = header.cellCount;
  if (rows.some((row) => row.cellCount !== count || !row.leadingPipe || !row.trailingPipe)) return undefined;
  const widths = widthsOf(rows, count);
  const edits = rows.flatMap((row, index) =>
    Array.from({ length: count }, (_, column): TextEdit => {
      const width = widths[column] ?? 3;
      const cell = row.textAt(column);
      const padded = ` ${cell}${' '.repeat(Math.max(0, width - displayWidth(cell)))} `;
      return { ...row.rangeAt(column), newText: index === 1 ? delimiterOf(cell, width) : padded };
    }),
  );
  const changed = edits.filter(({ start, end, newText }) => text.slice(start, end) !== newText);
  return changed.length === 0 ? undefined : changed;
}

function rowsOf(doc: MarkdownDocument, block: TableBlock): readonly TableRow[] {
  const columns = readTableRow(doc, block.line, undefined, block.contentStarts[0]).cellCount;
  return Array.from({ length: block.endLine - block.line }, (_, index) =>
    readTableRow(doc, block.line + index, index === 0 ? undefined : columns, block.contentStarts[index]),
  );
}

function widthsOf(rows: readonly TableRow[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, column) =>
    rows.reduce((width, row, index) => {
      const own = index === 1 ? 3 : displayWidth(row.textAt(column));
      return own > widest ? width : Math.max(width, own);
    }, 3),
  );
}

/** Dashes as wide as the column, with the colons that tell how it is aligned. */
function delimiterOf(cell: string, width: number): string {
  const left = cell.startsWith(':') ? ':' : '-';
  const right = cell.endsWith(':') && cell.length > 1 ? ':' : '-';
  return `${left}${'-'.repeat(width)}${right}`;
}

import type { Range } from '../base/range.ts';
import type { Outline } from '../markdown/outline.ts';
import { isBlankCell, plainCellText, readTableRow, type TableRow } from '../markdown/table.ts';

/** The row on a line, with the places of its cells. */
export function rowAt(
  outline: Pick<Outline, 'text' | 'lines'>,
  line: number,
  columnCount: number | undefined,
): TableRow {
  return readTableRow(outline, line, columnCount, contentStart(outline, line));
}

function contentStart({ text, lines }: Pick<Outline, 'text' | 'lines'>, line: number): number {
  const { start, end } = lines.rangeOf(line);
  let at = start;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

/** Texts of a row's cells; undefined for a conflict mark. Rows without escapes and code are split without asking for more. */
export function cellTexts(
  outline: Outline,
  line: number,
  range: Range,
  columnCount: number | undefined,
): readonly string[] | undefined {
  const text = outline.text.slice(range.start, range.end);
  if (text.startsWith('|') && !/[\\`]/.test(text)) {
    const cells = text.trimEnd().split('|');
    const last = cells.length - 1;
    const trimmed: string[] = [];
    for (let index = 1; index < (cells[last] === '' ? last : last + 1); index++)
      trimmed.push((cells[index] ?? '').trim());
    if (!/^\|{7}(?:[ \t]|$)/.test(text)) return trimmed;
  }
  if (/^(?:<{7}|\|{7}|={7}|>{7})(?:[ \t]|$)/.test(text)) return undefined;
  return rowAt(outline, line, columnCount).cells.map((cell) => cell.text);
}

/** An ID without the formatting around it. */
export function plainId(cell: string): string {
  return /[`*[<\\]/.test(cell) ? plainCellText(cell) : cell;
}

/** Text as people read it: a pipe that was escaped is a pipe. */
export function unescapePipes(cell: string): string {
  return cell.includes('\\') ? cell.replaceAll('\\|', '|') : cell;
}

/** The names in an `After` cell. */
export function readAfter(cell: string): readonly string[] {
  if (cell === '' || isBlankCell(cell) || /^none$/i.test(cell)) return noNames;
  if (!/[\s,;&`*[<]/.test(cell)) return [cell];
  const names = plainId(cell)
    .split(/[\s,;&]+/)
    .filter((name) => name !== '' && !isBlankCell(name));
  return [...new Set(names)];
}

const noNames: readonly string[] = [];

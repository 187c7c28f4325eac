import { displayWidth, wrapText } from './text.ts';

/** A cell: plain text, and how it is painted once its width is known. */
export interface TableCell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** A column: `grows` may be narrowed, its text then wraps. */
export interface TableColumn {
  readonly grows?: boolean;
}

const gap = 2;
const narrowest = 12;

/**
 * Lays rows out in columns that together fit `width`; long text wraps in its column, so that nothing is cut off. Gives each row's lines.
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  { width, indent = 0 }: { readonly width: number; readonly indent?: number },
): readonly (readonly string[])[] {
  const natural = columns.map((_, index) => Math.max(0, ...rows.map((row) => displayWidth(row[index]?.text ?? ''))));
  const widths = fitColumns(columns, natural, width - indent);
  return rows.map((row) => formatRow(row, widths, ' '.repeat(indent)));
}

function fitColumns(columns: readonly TableColumn[], natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  const used = () => widths.reduce((sum, each) => sum + (each === 0 ? 0 : each + gap), -gap);
  // The widest column that may grow gives way first, column by column, so that two long ones end up alike.
  while (used() > width) {
    const widest = columns.reduce<number | undefined>((best, column, index) => {
      if (column.grows !== true || (widths[index] ?? 0) <= narrowest) return best;
      return best === undefined || (widths[index] ?? 0) > (widths[best] ?? 0) ? index : best;
    }, undefined);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function formatRow(row: readonly TableCell[], widths: readonly number[], indent: string): readonly string[] {
  const wrapped = widths.map((width, index) => wrapText(row[index]?.text ?? '', Math.max(width, 1)));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    let text = indent;
    let pending = '';
    widths.forEach((width, index) => {
      if (width === 0) return;
      const part = wrapped[index]?.[line] ?? '';
      if (part !== '') {
        text += pending + (row[index]?.paint?.(part) ?? part);
        pending = '';
      }
      pending += ' '.repeat(Math.max(0, width - displayWidth(part)) + gap);
    });
    return text;
  });
}

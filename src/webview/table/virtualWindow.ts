/** Rows that are in the document: from `first` up to, without, `end`. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** Where the table is scrolled to, in pixels. */
export interface ScrollPlace {
  readonly top: number;
  readonly height: number;
  readonly rowHeight: number;
}

/** A row, or the room of rows that are not in the document; `end` where no row follows. */
export type WindowPart =
  | { readonly kind: 'row'; readonly index: number }
  | { readonly kind: 'gap'; readonly rows: number; readonly end: boolean };

const overscan = 8;
/** The window moves by as many rows at once, so that most steps of scrolling change nothing. */
const step = 4;

/** At most as many rows are in the document at once, besides the one that has the focus. */
export const mostRows = 76;

/** The rows that are needed to show this place. */
export function windowAt(place: ScrollPlace, count: number): RowWindow {
  const height = Math.max(1, place.rowHeight);
  const seen = Math.ceil(place.height / height) + 1;
  const top = Math.max(0, Math.min(Math.floor(place.top / height), count - seen));
  const first = Math.max(0, Math.floor((top - overscan) / step) * step);
  const end = Math.min(count, first + Math.min(mostRows, Math.ceil((seen + 2 * overscan + step) / step) * step));
  return { first, end };
}

/** The window as parts from top to bottom, with one more row (the focused one) wherever it is, so that the focus is never lost by scrolling. */
export function windowParts(window: RowWindow, count: number, kept: number | undefined): readonly WindowPart[] {
  const parts: WindowPart[] = [];
  let next = 0;
  const addRow = (index: number): void => {
    if (index > next) parts.push({ kind: 'gap', rows: index - next, end: false });
    parts.push({ kind: 'row', index });
    next = index + 1;
  };
  const isOutside = kept !== undefined && kept >= 0 && kept < count && (kept < window.first || kept >= window.end);
  if (isOutside && kept < window.first) addRow(kept);
  for (let index = window.first; index < Math.min(window.end, count); index++) addRow(index);
  if (isOutside && kept >= window.end) addRow(kept);
  if (next < count) parts.push({ kind: 'gap', rows: count - next, end: true });
  return parts;
}

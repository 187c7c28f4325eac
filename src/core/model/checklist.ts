import type { Range } from '../base/range.ts';

/** A check box of a list (`- [ ] text`), in the document's order. */
export interface ChecklistItem {
  /** The text behind the box as it stands, inline formatting included. */
  readonly text: string;
  readonly checked: boolean;
  /** The one character between the brackets. */
  readonly boxRange: Range;
  /** The whole line without its line ending. */
  readonly range: Range;
  /** Zero-based line. */
  readonly line: number;
}

import type { Range } from '../base/range.ts';
import type { ChecklistItem } from '../model/checklist.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { LineIndex } from './lines.ts';

/** The block between `---` lines at the top of a file. */
export interface FrontmatterBlock {
  /** From the opening `---` to the end of the closing line, without that line's ending; without a closing line to the text's end. */
  readonly range: Range;
  /** What is between the two lines, with the last line's ending. */
  readonly contentRange: Range;
  /** False where the closing `---` is missing. Such a file is read as one without frontmatter structure below it. */
  readonly closed: boolean;
  /** What follows the opening `---` on its line, e.g. `js`; empty for plain frontmatter. */
  readonly language: string;
}

/** An ATX or setext heading outside fences, comments, quotes and lists. */
export interface Heading {
  readonly level: number;
  /** The heading's plain text: links, emphasis, strikethrough, code marks and images removed. */
  readonly text: string;
  /** The heading's text as it stands, without the `#` marks; several lines (setext) joined by spaces. */
  readonly raw: string;
  /** The whole line (for setext: its lines with the underline) without the last line ending. */
  readonly range: Range;
  /** Where `raw` stands. */
  readonly contentRange: Range;
  /** Zero-based line of its beginning. */
  readonly line: number;
}

/** A fenced code block. */
export interface Fence {
  /** What follows the opening marks, trimmed. */
  readonly info: string;
  /** The first word of `info`, in lower case: `yaml`, `markdown`, empty for a bare fence. */
  readonly language: string;
  /** From the start of the opening line to the end of the closing one, without its ending. */
  readonly range: Range;
  /** The lines between them, with the last one's line ending; empty for an empty fence. */
  readonly contentRange: Range;
  /** The marks that open it, e.g. three backticks. */
  readonly markup: string;
  /** Zero-based line of the opening marks. */
  readonly line: number;
  /** True for a `markdown` fence in which inner fences were paired, so that it ends later than CommonMark would end it. */
  readonly nestedFencesPaired: boolean;
  readonly closed: boolean;
}

/** Where a table stands; `parseTable` reads it. */
export interface TableBlock {
  /** From the header line's start to the last row's end, without its line ending. */
  readonly range: Range;
  /** Zero-based line of the header; the delimiter row is the one below it. */
  readonly line: number;
  /** Line behind the last row. */
  readonly endLine: number;
  /** Per line from `line` on: where its content begins, behind indentation and the marks of quotes and lists. */
  readonly contentStarts: readonly number[];
}

/** A block of lines whose kind is told by the list that it is in. */
export interface LineBlock {
  /** Whole lines, without the last line ending. */
  readonly range: Range;
  readonly line: number;
  /** Line behind the last one. */
  readonly endLine: number;
}

/** The structure of a markdown text. All ranges are in `text`; blocks are in the text's order. */
export interface MarkdownDocument {
  readonly text: string;
  readonly lines: LineIndex;
  readonly bom: boolean;
  readonly frontmatter?: FrontmatterBlock;
  readonly headings: readonly Heading[];
  readonly fences: readonly Fence[];
  readonly tables: readonly TableBlock[];
  readonly checklist: readonly ChecklistItem[];
  /** Block quotes that are not inside another block. */
  readonly quotes: readonly LineBlock[];
  /** Blocks of raw HTML, comments among them, and bare XML elements up to the next blank line. */
  readonly html: readonly LineBlock[];
  /** List items, nested ones too; `range` begins at the item's line. */
  readonly listItems: readonly LineBlock[];
  /** The lines `<<<<<<<`, `|||||||`, `=======`, `>>>>>>>` of conflicts that a merge left behind. */
  readonly mergeMarkers: readonly Range[];
  /** `nested-fence` and `merge-markers`. */
  readonly diagnostics: readonly Diagnostic[];
}

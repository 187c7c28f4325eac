/** Lines that were left out, at one place. */
interface Gap {
  /** The line of the shortened text that stands behind it. */
  readonly line: number;
  /** So many lines, and characters, are left out up to here, by all gaps together. */
  readonly lines: number;
  readonly chars: number;
  /** Where each of its own lines begins in the whole text. */
  readonly starts: readonly number[];
}

/** A text without most of its table rows, and the way back to the places of the whole one. */
export interface CondensedRows {
  readonly text: string;
  readonly gaps: readonly Gap[];
}

const pipe = 124;
const colon = 58;
const firstBeyondAscii = 128;
/** Of a run of rows so many are kept before what is left out: they end or continue what stands above them. */
const keptBefore = 3;
/** And so many behind it: the last one may be a table's header, where its delimiter row follows, and what is above it ends before it. */
const keptBehind = 2;
/** Fewer rows are not worth the work. */
const fewest = 64;

/**
 * Leaves out the inner rows of long runs of lines that begin with a pipe, so that a markdown parser, which looks at each character, need
 * not see them. They change nothing: no block begins with a pipe, but for a table at its delimiter row, and those stay; what a pipe begins
 * within fences, comments, quotes and paragraphs belongs to what its run began in. Only the end of raw HTML can stand anywhere, and it has
 * a `>`; such lines stay too.
 *
 * @param text with no other line endings than `\n`
 * @returns undefined where nothing is worth leaving out
 */
export function condenseRows(text: string): CondensedRows | undefined {
  const pieces: string[] = [];
  const gaps: Gap[] = [];
  const scan = new RunScanner(text);
  let [taken, lines, chars] = [0, 0, 0];
  for (let run = scan.next(); run !== undefined; run = scan.next()) {
    const starts = run.starts.slice(keptBefore, -keptBehind);
    const [from, to] = [starts[0], run.starts.at(-keptBehind)];
    if (from === undefined || to === undefined || starts.length < fewest) continue;
    pieces.push(text.slice(taken, from));
    taken = to;
    const line = run.line + keptBefore - lines;
    lines += starts.length;
    chars += to - from;
    gaps.push({ line, lines, chars, starts });
  }
  if (gaps.length === 0) return undefined;
  return { text: pieces.join('') + text.slice(taken), gaps };
}

/** The line of the whole text that a line of the shortened one is. */
export function restoreLine({ gaps }: CondensedRows, line: number): number {
  return line + (lastGap(gaps, line)?.lines ?? 0);
}

/** The place in the whole text of one on a line of the shortened text. */
export function restoreOffset({ gaps }: CondensedRows, line: number, offset: number): number {
  return offset + (lastGap(gaps, line)?.chars ?? 0);
}

/** Places on lines that follow each other, the first on `line`, in the whole text; those of lines that were left out are where they begin. */
export function restoreOffsets(condensed: CondensedRows, line: number, offsets: readonly number[]): readonly number[] {
  const restored: number[] = [];
  offsets.forEach((offset, index) => {
    const gap = lastGap(condensed.gaps, line + index);
    if (gap?.line === line + index && index > 0) for (const start of gap.starts) restored.push(start);
    restored.push(offset + (gap?.chars ?? 0));
  });
  return restored;
}

/** Tells whether lines are left out between two lines of the shortened text. */
export function hasGap({ gaps }: CondensedRows, line: number, endLine: number): boolean {
  return lastGap(gaps, line) !== lastGap(gaps, endLine - 1);
}

/** The last gap before a line of the shortened text. */
function lastGap(gaps: readonly Gap[], line: number): Gap | undefined {
  let [low, high] = [0, gaps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((gaps[middle]?.line ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return gaps[low - 1];
}

interface Run {
  readonly line: number;
  readonly starts: readonly number[];
}

/** Finds runs of lines that begin with a pipe and are neither delimiter rows nor hold a `>`. */
class RunScanner {
  readonly #text: string;
  #at = 0;
  #line = 0;
  #nextAngle: number;

  constructor(text: string) {
    this.#text = text;
    this.#nextAngle = text.indexOf('>');
  }

  /** The next run of one line at least; undefined where there is none. */
  next(): Run | undefined {
    const text = this.#text;
    while (this.#at < text.length) {
      const line = this.#line;
      const starts: number[] = [];
      for (let end = this.#endOfRow(); end !== -1; end = this.#endOfRow()) {
        starts.push(this.#at);
        this.#at = end + 1;
        this.#line++;
      }
      if (starts.length > 0) return { line, starts };
      const end = text.indexOf('\n', this.#at);
      this.#at = end === -1 ? text.length : end + 1;
      this.#line++;
    }
    return undefined;
  }

  /** The end of the line that begins here; -1 where it is none of a run, or the text's last. */
  #endOfRow(): number {
    const text = this.#text;
    const start = this.#at;
    if (text.charCodeAt(start) !== pipe) return -1;
    const end = text.indexOf('\n', start);
    if (end === -1) return -1;
    if (this.#nextAngle !== -1 && this.#nextAngle < start) this.#nextAngle = text.indexOf('>', start);
    if (this.#nextAngle !== -1 && this.#nextAngle < end) return -1;
    return isDelimiterLike(text, start, end) ? -1 : end;
  }
}

/** Tells whether nothing stands there but what a delimiter row has. */
function isDelimiterLike(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    // Letters, and with them most rows, end this at once.
    if (code > colon && code < firstBeyondAscii && code !== pipe) return false;
    if (!/[\s|:-]/.test(text.charAt(at))) return false;
  }
  return true;
}

import { type EditStep, numberOf, type ToolUse } from '../../../formats/waves/toolUse.ts';
import { Alarm, addEvidence, type Sighting, setBounded } from './sighting.ts';

const mostFiles = 200;
const mostLines = 400;
const mostEdits = 16;

/** What one agent did to one file. */
interface EditedFile {
  /** Edits that did not just add to the work: the first, and each that changed the agent's own changes again. */
  count: number;
  lastTurn: number;
  /** Lines that its edits wrote, as numbers. */
  readonly written: Set<number>;
  /** The latest edits: what each took away and what it put there. */
  readonly edits: { readonly removed: number; readonly written: number; readonly addsOnly: boolean }[];
  /** Whole contents that it wrote. */
  readonly contents: number[];
  readonly alarm: Alarm;
  readonly evidence: string[];
}

/** How much an edit adds to the count of its file. */
type Weight = 0 | 1 | 2;

/**
 * Watches for the spiral of edits: one agent edits the same file three times or more, or takes its own change back (formats.md §1.4).
 *
 * Edits within one turn are one. Edits at places of a file that the agent had not changed yet carry the work on and count as one together:
 * what counts is changing again what it had changed itself. Taking back a replacement counts twice, so that it is at once a spiral.
 */
export class EditWatch {
  readonly #files = new Map<string, EditedFile>();

  /** Notes an edit that was done. */
  note(use: ToolUse, turn: number): readonly Sighting[] {
    return use.files.flatMap((file) => {
      const steps = use.steps.filter((one) => one.file === file).map(({ step }) => step);
      return this.#noteFile(file, steps, use.shown, turn);
    });
  }

  /** Notes that a shell line put files of the agent's back to what git has. */
  noteRestored(command: string, turn: number): readonly Sighting[] {
    const restores = /\bgit\s+(?:checkout|restore)\b([^&|;]{0,2000})/.exec(command)?.[1];
    if (restores === undefined) return [];
    return restores.split(/\s+/).flatMap((word) => {
      const file = word.replace(/^["']|["']$/g, '').replace(/^\.\//, '');
      const edited = this.#files.get(file);
      if (edited === undefined || edited.lastTurn === turn) return [];
      return this.#count(file, edited, { weight: 2, turn, shown: `git takes back ${file}` });
    });
  }

  #noteFile(file: string, steps: readonly EditStep[], shown: string, turn: number): readonly Sighting[] {
    const edited = this.#files.get(file) ?? newFile();
    setBounded(this.#files, file, edited, mostFiles);
    const weights = steps.map((step) => noteStep(edited, step));
    if (edited.lastTurn === turn) return [];
    const weight = edited.count === 0 ? 1 : (Math.max(0, ...weights) as Weight);
    edited.lastTurn = turn;
    return weight === 0 ? [] : this.#count(file, edited, { weight, turn, shown });
  }

  #count(
    file: string,
    edited: EditedFile,
    { weight, turn, shown }: { readonly weight: Weight; readonly turn: number; readonly shown: string },
  ): readonly Sighting[] {
    edited.lastTurn = turn;
    edited.count += weight;
    addEvidence(edited.evidence, turn, weight === 2 ? `${shown} (takes its own change back)` : shown);
    const severity = edited.alarm.check(edited.count);
    if (severity === undefined) return [];
    return [{ pattern: 'spiral', severity, file, occurrences: edited.count, evidence: [...edited.evidence] }];
  }
}

function newFile(): EditedFile {
  return { count: 0, lastTurn: -1, written: new Set(), edits: [], contents: [], alarm: new Alarm(), evidence: [] };
}

/** Remembers a step; returns how much it counts where it is not the first of its file. */
function noteStep(edited: EditedFile, step: EditStep): Weight {
  if (step.kind === 'unknown') return 1;
  if (step.kind === 'write') {
    const content = numberOf(step.content);
    if (edited.contents.at(-1) === content) return 0;
    const isRestored = edited.contents.includes(content);
    edited.contents.push(content);
    if (edited.contents.length > mostEdits) edited.contents.shift();
    return isRestored ? 2 : 1;
  }
  const start = sameLines(step.before, step.after);
  const before = linesOf(step.before.slice(start));
  const after = linesOf(step.after.slice(start));
  const removed = [...before].filter((line) => !after.has(line));
  const written = [...after].filter((line) => !before.has(line));
  const edit = { removed: sumOf(removed), written: sumOf(written), addsOnly: removed.length === 0 };
  const undone = edited.edits.find((one) => one.removed === edit.written && one.written === edit.removed);
  const isRework = removed.some((line) => edited.written.has(line));
  edited.edits.push(edit);
  if (edited.edits.length > mostEdits) edited.edits.shift();
  for (const line of removed) edited.written.delete(line);
  for (const line of written) edited.written.add(line);
  forgetOldest(edited.written);
  // Taking out again what was only added (a line for debugging) is tidying up.
  if (undone !== undefined && removed.length + written.length > 0) return undone.addsOnly ? 1 : 2;
  return isRework ? 1 : 0;
}

/** Of each text of an edit so much is compared, behind what both begin with. */
const longestCompared = 4_000;

function linesOf(text: string): ReadonlySet<number> {
  const lines = text
    .slice(0, longestCompared)
    .split('\n', 100)
    .map((line) => line.trim());
  return new Set(lines.filter((line) => /\w/.test(line)).map(numberOf));
}

/** Where the line begins in which two texts differ. */
function sameLines(one: string, other: string): number {
  const step = 512;
  let at = 0;
  while (at < one.length && one.slice(at, at + step) === other.slice(at, at + step)) at += step;
  const end = Math.min(at + step, one.length, other.length);
  while (at < end && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at >= one.length && at >= other.length ? 0 : one.lastIndexOf('\n', at - 1) + 1;
}

/** The same for the same lines in any order. */
function sumOf(lines: readonly number[]): number {
  return lines.reduce((sum, line) => (sum + line) >>> 0, lines.length);
}

function forgetOldest(lines: Set<number>): void {
  for (const line of lines) {
    if (lines.size <= mostLines) return;
    lines.delete(line);
  }
}

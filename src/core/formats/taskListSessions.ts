import type { TextEdit } from '../base/textEdit.ts';
import { planFrontmatterEdits } from '../markdown/frontmatter.ts';
import { lineEndingOf } from '../markdown/lines.ts';
import { outlineSection } from '../markdown/outline.ts';
import { formatRow } from '../markdown/table.ts';
import type { ListSession, TaskListNote } from '../model/taskList.ts';
import { sealNoteLines } from './noteText.ts';
import { findListHeading, handoffHeading, notesHeading, type ReadTaskList } from './taskList.ts';
import { planRowCells } from './taskListEdits.ts';

/** The header of a session log. */
export const sessionLogLines: readonly string[] = [
  '| Session | Started | Ended | Who | Completed |',
  '|---------|---------|-------|-----|-----------|',
];

const blank = '—';

/** Adds a working session to the log, and makes it the frontmatter's `session`. A log that is missing is made. */
export function planSessionOpen(
  read: ReadTaskList,
  session: { readonly number: number; readonly started: string; readonly who: string },
): TextEdit[] {
  const { outline, list } = read;
  const row = sessionRow(session);
  const edits = hasConflictedHead(read) ? [] : planFrontmatterEdits(outline.text, { session: String(session.number) });
  const log = list.log;
  if (log !== undefined) {
    const cells = Array.from({ length: log.columnCount }, () => blank);
    const values = { number: String(session.number), started: session.started, who: session.who };
    for (const [name, value] of Object.entries(values) as [keyof typeof values, string][]) {
      const index = log.columns[name];
      if (index !== undefined && value !== '') cells[index] = value;
    }
    const at = outline.lines.rangeOf(Math.max(log.headerLine + 1, log.endLine - 1)).end;
    return [...edits, { start: at, end: at, newText: `${lineEndingOf(outline.text, at)}${formatRow(cells)}` }];
  }
  return [...edits, planSection(read, 'Sessions', [...sessionLogLines, row], [notesHeading, handoffHeading])];
}

/** The row of a session that has just been opened. */
export function sessionRow({
  number,
  started,
  who,
}: {
  readonly number: number;
  readonly started: string;
  readonly who: string;
}): string {
  return formatRow([String(number), started, blank, who === '' ? blank : who, blank]);
}

/** Ends a working session in the log. */
export function planSessionEnd(
  { outline, list }: ReadTaskList,
  session: ListSession,
  end: { readonly ended: string; readonly completed: readonly string[] },
): TextEdit[] {
  if (list.log === undefined) return [];
  return planRowCells(outline, list.log, session.line, { ended: end.ended, completed: end.completed.join(', ') });
}

/** Writes down a change that is no progress, in the list's `## Notes`. */
export function planListNote(
  read: ReadTaskList,
  { kind, task, to, text }: TaskListNote & { readonly text: string },
  time: string,
): TextEdit {
  const [line = ''] = sealNoteLines([
    `- [${time}] ${kind} ${task}${to === undefined ? '' : ` to ${to}`}: ${text.replace(/\s+/g, ' ').trim()}`,
  ]);
  const heading = findListHeading(read.outline, notesHeading);
  if (heading === undefined) return planSection(read, 'Notes', [line], [handoffHeading]);
  const { start, end } = outlineSection(read.outline, heading);
  const body = read.outline.text.slice(start, end);
  const ending = lineEndingOf(read.outline.text, heading.range.end);
  const isEmpty = body.trim() === '';
  const at = isEmpty ? heading.range.end : start + body.trimEnd().length;
  return { start: at, end: at, newText: isEmpty ? `${ending}${ending}${line}` : `${ending}${line}` };
}

/** Replaces the body of `## Handoff`, or adds the section at the end. */
export function planHandoff(read: ReadTaskList, body: string): TextEdit[] {
  const { outline } = read;
  const ending = lineEndingOf(outline.text);
  const fresh = body.trim().replace(/\r\n|\n|\r/g, ending);
  const heading = findListHeading(outline, handoffHeading);
  if (heading === undefined) return [planSection(read, 'Handoff', [fresh], [])];
  const { start, end } = outlineSection(outline, heading);
  const isLast = end === outline.text.length;
  const lead = start === heading.range.end ? ending : '';
  return [{ start, end, newText: `${lead}${ending}${fresh}${ending}${isLast ? '' : ending}` }];
}

/** Adds a section before the first of the headings named, else at the end. */
function planSection(
  { outline }: ReadTaskList,
  title: string,
  lines: readonly string[],
  before: readonly RegExp[],
): TextEdit {
  const ending = lineEndingOf(outline.text);
  const text = [`## ${title}`, '', ...lines, ''].join(ending);
  const next = outline.headings.find((heading) => heading.level >= 2 && before.some((name) => name.test(heading.text)));
  if (next !== undefined) return { start: next.range.start, end: next.range.start, newText: `${text}${ending}` };
  const end = outline.text.length;
  const gap = outline.text === '' ? '' : /(?:\r\n|\n|\r)\s*(?:\r\n|\n|\r)$/.test(outline.text) ? '' : ending;
  const lead = outline.text === '' || /[\r\n]$/.test(outline.text) ? gap : ending + ending;
  return { start: end, end, newText: `${lead}${text}` };
}

/** Conflict marks in the frontmatter are for a person to resolve; the log tells the number meanwhile. */
function hasConflictedHead({ outline }: ReadTaskList): boolean {
  const end = outline.frontmatter?.range.end ?? 0;
  return outline.conflicts.some(({ oursLine }) => outline.lines.rangeOf(oursLine).start < end);
}

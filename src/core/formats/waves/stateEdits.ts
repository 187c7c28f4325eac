import { phrase } from '../../base/phrase.ts';
import type { TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import type { MarkdownDocument } from '../../markdown/blocks.ts';
import { lineEndingOf } from '../../markdown/lines.ts';
import { planSectionAppend } from '../../markdown/sectionEdits.ts';
import type { NotToRetry, OpenQuestion, QuestionPriority } from '../../model/waves/stateSections.ts';
import {
  findPlaceholder,
  findStateSection,
  insertBelow,
  oneLine,
  openLines,
  planAppend,
  planEntry,
  planSection,
  replaceLine,
  type SectionLine,
  seenAfter,
  stateSections,
} from './stateBody.ts';
import { parseStateDocument } from './stateDocument.ts';
import { planListField, planStateFields } from './stateFrontmatter.ts';
import { planIdleReset } from './stateReset.ts';
import type { StateScalar } from './stateScalar.ts';
import { linesOfSection, readCurrentWave, readNotToRetry, readQuestions } from './stateSections.ts';

// Edits of STATE.md (formats.md §1.2). Each is planned against the text and changes no byte besides; lines that are written have the
// reference's form, with the line endings of the place.

/** What one agent did, for the history. */
export interface HistoryAgent {
  readonly what: string;
  /** `done`, `partial` or `failed`. */
  readonly status: string;
  /** What was changed: a number of files, or their names. */
  readonly files: string | number;
  readonly note: string;
  /** Number of the issue that carries it over. */
  readonly issue?: number;
  /** That issue was there before. */
  readonly isExistingIssue?: boolean;
}

/** What the history says of a wave. */
export interface WaveHistoryEntry {
  readonly wave: number;
  readonly title: string;
  /** Numbers of files; both, or neither where they are not counted. */
  readonly planned?: number;
  readonly actual?: number;
  readonly tests?: { readonly passed: number; readonly failed: number; readonly platform: string };
  readonly agents: readonly HistoryAgent[];
  /** It had no tasks. */
  readonly isSkipped?: boolean;
}

/**
 * Sets keys of the frontmatter; null removes one with the lines of its value. See `planStateFields`.
 *
 * @throws BatonError `unreadable-file` where the frontmatter is not closed, `invalid-argument` for a key that none can be
 */
export function setStateFields(text: string, fields: Readonly<Record<string, StateScalar>>): readonly TextEdit[] {
  return planStateFields(text, fields);
}

/**
 * Sets the line of `## Current Wave`: `Wave 2 — Impl-Core`. A section that is missing is added at the end.
 *
 * @throws BatonError `unreadable-file`
 */
export function setCurrentWave(text: string, line: string): readonly TextEdit[] {
  const doc = parseStateDocument(text);
  const wanted = requireText(line, 'line');
  const section = findStateSection(doc, stateSections.currentWave);
  if (section === undefined) return [planSection(doc, stateSections.currentWave, [wanted])];
  const current = readCurrentWave(doc);
  if (current !== undefined) {
    const ending = lineEndingOf(text, current.range.start);
    // A rule directly below would make a heading of the line.
    const isUnderlined = /^[^\r\n]*(?:\r\n|\n|\r) {0,3}(?:-+|=+)[ \t]*(?![^\r\n])/.test(
      text.slice(current.range.start),
    );
    return replaceLine(current, isUnderlined && current.text !== wanted ? [wanted, ''] : [wanted], ending);
  }
  const { start } = section.bodyRange;
  return planAppend(doc, { start, end: start }, [wanted]);
}

/**
 * Adds the record of a wave to `## Wave History`, in place of `(none yet)`. A record that stands there word for word is not added again.
 *
 * @throws BatonError `unreadable-file`
 */
export function addWaveHistory(text: string, entry: WaveHistoryEntry): readonly TextEdit[] {
  const doc = parseStateDocument(text);
  const lines = historyLines(entry);
  const section = findStateSection(doc, stateSections.history);
  if (section === undefined) return [planSection(doc, stateSections.history, lines)];
  const added = planSectionAppend(doc, section.bodyRange, lines);
  const free = findPlaceholder(openLines(doc, section.bodyRange));
  if (added.length === 0 || free === undefined) return added.map((edit) => seenAfter(doc, edit));
  return replaceLine(free, lines, lineEndingOf(text, free.range.start));
}

function historyLines({ wave, title, planned, actual, tests, agents, isSkipped }: WaveHistoryEntry): readonly string[] {
  const name = oneLine(title);
  if (isSkipped === true) return [`### Wave ${wave} — [${name}] (skipped, no tasks)`];
  const isCounted = planned !== undefined && actual !== undefined;
  const ratio = isCounted ? Math.round((actual / Math.max(planned, 1)) * 100) / 100 : 0;
  const counts = isCounted ? ` (planned ${planned} files → actual ${actual}, over-delivery ${ratio})` : '';
  const suite = tests === undefined ? '' : ` — suite ${tests.passed}/${tests.failed} on ${oneLine(tests.platform)}`;
  return [`### Wave ${wave} — ${name}${counts}${suite}`, ...agents.map(historyLine)];
}

/** A history is read line by line; what an agent said in full is in its log. Characters. */
const longestNote = 300;

function historyLine({ what, status, files, note, issue, isExistingIssue }: HistoryAgent): string {
  const suffix = issue === undefined ? '' : ` → ${isExistingIssue === true ? 'existing' : 'issue'} #${issue}`;
  const whole = oneLine(note);
  const said = whole.length > longestNote ? `${whole.slice(0, longestNote - 1)}…` : whole;
  const changed = typeof files === 'number' ? `${files} ${files === 1 ? 'file' : 'files'}` : oneLine(files);
  // A quotation mark would end the description for who reads it.
  const name = oneLine(what).replaceAll('"', "'");
  return `- Agent "${name}": ${oneLine(status)} — ${changed}${said === '' ? '' : ` — ${said}`}${suffix}`;
}

/**
 * Adds a line to `## Deviations`. One that stands there word for word, its time too, is not added again.
 *
 * @throws BatonError `unreadable-file`, `invalid-argument` for an empty message
 */
export function addDeviation(
  text: string,
  { at, message }: { readonly at: string; readonly message: string },
): readonly TextEdit[] {
  const doc = parseStateDocument(text);
  const entry = `- [${oneLine(at)}] ${requireText(message, 'message')}`;
  const isThere = linesOfSection(doc, stateSections.deviations).some((line) => line.text === entry);
  return isThere ? [] : planEntry(doc, stateSections.deviations, [entry]);
}

/**
 * Sets the state of a mission: its line under `## Mission Status`, which is the live record, and the frontmatter's `mission-status`, where
 * that has the ID.
 *
 * @throws BatonError `unreadable-file`, `invalid-argument` for an empty ID or state
 */
export function setMissionStatus(
  text: string,
  mission: { readonly id: string; readonly status: string; readonly at: string },
): readonly TextEdit[] {
  const doc = parseStateDocument(text);
  const id = requireText(mission.id, 'ID');
  const status = requireText(mission.status, 'status');
  const entry = `- ${id}: ${status} (updated ${oneLine(mission.at)})`;
  const current = linesOfSection(doc, stateSections.missions).find(({ text: line }) => isLineOf(line, id));
  const body =
    current === undefined ? planEntry(doc, stateSections.missions, [entry]) : replaceLine(current, [entry], '');
  return [...planListField(text, 'mission-status', id, 'status', status), ...body];
}

function isLineOf(line: string, id: string): boolean {
  const mark = /^[-*+]\s+/.exec(line)?.[0] ?? '';
  return mark !== '' && line.startsWith(`${id}:`, mark.length);
}

/**
 * Sets the state of an entry of the frontmatter's `docs-tasks`; nothing where it has none with that ID.
 *
 * @throws BatonError `unreadable-file`
 */
export function setDocsTaskStatus(text: string, id: string, status: string): readonly TextEdit[] {
  return planListField(text, 'docs-tasks', id, 'status', requireText(status, 'status'));
}

/** So many questions are kept, with the oldest dropped first. */
const maximumQuestions = 20;

/** So many approaches are kept, with the oldest dropped first. */
const maximumNotToRetry = 10;

/**
 * Adds a question, in place of one with the same text, which is open again then. The oldest of more than twenty are dropped.
 *
 * @throws BatonError `unreadable-file`, `invalid-argument` for an empty question
 */
export function addOpenQuestion(
  text: string,
  asked: { readonly question: string; readonly source: string; readonly priority: QuestionPriority },
): readonly TextEdit[] {
  const doc = parseStateDocument(text);
  // The first `(source:` ends the question for who reads it.
  const question = requireText(asked.question, 'question').replaceAll('(source:', '(Source:');
  const entry = questionLine({ ...asked, question, source: oneLine(asked.source) || 'unknown-source' });
  const questions = readQuestions(doc);
  const same = questions.find((one) => one.question === question);
  if (same !== undefined) return replaceLine(lineOf(doc, same), [entry], '');
  const complete = questions.filter(({ priority }) => priority !== undefined);
  return [...dropOldest(doc, complete, maximumQuestions), ...planEntry(doc, stateSections.questions, [entry])];
}

/**
 * Writes the answer to a question: `- [x] … → Antwort: <answer>`. Nothing where it has that answer already.
 *
 * @throws BatonError `unknown-item` (data.open: the open questions) where no or more than one question is meant, `wrong-state` where it has
 *   another answer, `unreadable-file`, `invalid-argument` for an empty answer
 */
export function answerOpenQuestion(text: string, question: string, answer: string): readonly TextEdit[] {
  const doc = parseStateDocument(text);
  const said = requireText(answer, 'answer');
  const found = findQuestion(readQuestions(doc), oneLine(question));
  if (found.isAnswered) {
    if (found.answer === said) return [];
    throw new BatonError('wrong-state', phrase`"${found.question}" has an answer already: ${found.answer ?? ''}`, {
      hint: 'Ask it again to open it: `baton state question TEXT --prio P`.',
      data: { question: found.question, answer: found.answer ?? null },
    });
  }
  return replaceLine(lineOf(doc, found), [questionLine({ ...found, answer: said })], '');
}

function findQuestion(questions: readonly OpenQuestion[], wanted: string): OpenQuestion {
  const same = questions.find(({ question }) => question === wanted);
  const like = questions.filter(({ question }) => question.toLowerCase().includes(wanted.toLowerCase()));
  const [only, second] = like;
  if (same !== undefined) return same;
  if (wanted !== '' && only !== undefined && second === undefined) return only;
  const open = questions.filter(({ isAnswered }) => !isAnswered).map(({ question }) => question);
  const message =
    second === undefined
      ? phrase`There is no question "${wanted}"`
      : phrase`"${wanted}" may be any of ${like.length} questions`;
  throw new BatonError('unknown-item', message, {
    hint: open.length === 0 ? 'No question is open.' : phrase`Open: ${open.join('; ')}.`,
    data: { question: wanted, open },
  });
}

interface QuestionParts {
  readonly question: string;
  readonly source?: string;
  readonly priority?: QuestionPriority;
  readonly answer?: string;
}

function questionLine({ question, source, priority, answer }: QuestionParts): string {
  const from = source === undefined || priority === undefined ? '' : ` (source: ${source}, prio: ${priority})`;
  const asked = `- [${answer === undefined ? ' ' : 'x'}] ${question}${from}`;
  return answer === undefined ? asked : `${asked} → Antwort: ${answer}`;
}

/**
 * Adds an approach that failed. One that stands there word for word is not added again; the oldest of more than ten are dropped.
 *
 * @throws BatonError `unreadable-file`, `invalid-argument` for an empty approach or reason
 */
export function addNotToRetry(
  text: string,
  failed: { readonly approach: string; readonly why: string; readonly session: string; readonly date: string },
): readonly TextEdit[] {
  const doc = parseStateDocument(text);
  const approach = requireText(failed.approach, 'approach');
  const why = requireText(failed.why, 'reason');
  const [session, date] = [oneLine(failed.session) || 'unknown-session', oneLine(failed.date)];
  const entries = readNotToRetry(doc);
  const isThere = (one: NotToRetry): boolean =>
    one.approach === approach && one.why === why && one.session === session && one.date === date;
  if (entries.some(isThere)) return [];
  const lines = [`- **${approach}** (${session}, ${date})`, `  - why: ${why}`];
  const last = entries.at(-1);
  const added =
    last === undefined ? planEntry(doc, stateSections.notToRetry, lines) : [insertBelow(doc, last.range.end, lines)];
  return [...dropOldest(doc, entries, maximumNotToRetry), ...added];
}

/** Removes the lines of the oldest entries, so that with one more there are at most `maximum`. */
function dropOldest(
  doc: MarkdownDocument,
  entries: readonly { readonly range: { readonly start: number; readonly end: number } }[],
  maximum: number,
): TextEdit[] {
  return entries.slice(0, Math.max(0, entries.length + 1 - maximum)).map(({ range }) => {
    const last = doc.lines.lineAt(range.end);
    return { start: range.start, end: doc.lines.startOf(last + 1), newText: '' };
  });
}

function lineOf(doc: MarkdownDocument, { range }: OpenQuestion): SectionLine {
  return { number: doc.lines.lineAt(range.start), range, text: doc.text.slice(range.start, range.end) };
}

/**
 * Resets a file of a run that has ended for the next one; see `planIdleReset`.
 *
 * @throws BatonError `unreadable-file`
 */
export function resetToIdle(text: string): readonly TextEdit[] {
  return planIdleReset(text);
}

function requireText(text: string, name: string): string {
  const line = oneLine(text);
  if (line !== '') return line;
  throw new BatonError('invalid-argument', phrase`The ${name} is empty`, { hint: 'Say it in one line.' });
}

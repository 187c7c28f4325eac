import type { Range } from '../../base/range.ts';
import type { MarkdownDocument } from '../../markdown/blocks.ts';
import { parseMarkdown } from '../../markdown/document.ts';
import {
  type Deviation,
  type NotToRetry,
  type OpenQuestion,
  questionPriorities,
  type StateSections,
} from '../../model/waves/stateSections.ts';
import type { DocsTask } from '../../model/waves/wavePlan.ts';
import { findPlaceholder, findStateSection, openLines, type SectionLine, stateSections } from './stateBody.ts';
import { findEntry, readListItems, readStateFrontmatter } from './stateFrontmatter.ts';
import { readStateScalar } from './stateScalar.ts';

/** Reads the sections and lists of a STATE.md that `parseState` leaves out. Never throws; what has another form is left out. */
export function readStateSections(text: string): StateSections {
  const doc = parseMarkdown(text);
  const currentWave = readCurrentWave(doc)?.text.trim();
  return {
    ...(currentWave !== undefined && { currentWave }),
    deviations: readDeviations(doc),
    questions: readQuestions(doc),
    notToRetry: readNotToRetry(doc),
    docsTasks: doc.frontmatter?.closed === true ? readDocsTasks(text) : [],
  };
}

/** The lines of a section that are no example, those of its subsections too; none where it is missing. */
export function linesOfSection(
  doc: MarkdownDocument,
  title: Parameters<typeof findStateSection>[1],
): readonly SectionLine[] {
  const section = findStateSection(doc, title);
  return section === undefined ? [] : openLines(doc, section.bodyRange);
}

/** The line of `## Current Wave`: the first that says something, before any heading of its own. */
export function readCurrentWave(doc: MarkdownDocument): SectionLine | undefined {
  const isText = ({ text }: SectionLine): boolean => !/^[ \t]*(?:(?:-[ \t]*){3,}|(?:[*_][ \t]*){3,}|=*)$/.test(text);
  const first = linesOfSection(doc, stateSections.currentWave).find(isText);
  return first !== undefined && /^ {0,3}#{3,6}\s/.test(first.text) ? undefined : first;
}

function readDeviations(doc: MarkdownDocument): readonly Deviation[] {
  return linesOfSection(doc, stateSections.deviations).flatMap(({ text, range }): Deviation[] => {
    const [, at, message] = /^[-*+][ \t]+(?:\[(\d{4}-[^\]]*)\][ \t]*)?(.*\S)/.exec(text) ?? [];
    return message === undefined ? [] : [{ ...(at !== undefined && { at }), message, range }];
  });
}

/** `- [ ] <question> (source: <who>, prio: high)`, and an answer behind it. Nothing else holds `(source: …)` at its end. */
const questionPattern =
  /^(?<question>.+?)\s+\(source:\s*(?<source>.+?),\s*prio:\s*(?<priority>high|medium|low)\)(?:\s*→\s*Antwort:\s*(?<answer>.*))?$/;

/** The questions, those that people wrote without source and priority too. */
export function readQuestions(doc: MarkdownDocument): readonly OpenQuestion[] {
  return linesOfSection(doc, stateSections.questions).flatMap(({ text, range }) => readQuestion(text, range) ?? []);
}

function readQuestion(line: string, range: Range): OpenQuestion | undefined {
  const [, mark, content = ''] = /^[ \t]*[-*+]\s+\[([ xX])\]\s+(.*)$/.exec(line.trimEnd()) ?? [];
  if (mark === undefined || content === '') return undefined;
  const isAnswered = mark !== ' ';
  const { question, source, priority, answer } = questionPattern.exec(content)?.groups ?? {};
  if (question === undefined) {
    const [plain = '', said] = content.split(/\s*→\s*Antwort:\s*/, 2);
    return { question: plain, isAnswered, ...(said !== undefined && { answer: said }), range };
  }
  const known = questionPriorities.find((one) => one === priority);
  return {
    question: question.trim(),
    isAnswered,
    ...(source !== undefined && { source: source.trim() }),
    ...(known !== undefined && { priority: known }),
    ...(answer !== undefined && { answer: answer.trim() }),
    range,
  };
}

/** The entries, each with the deeper lines below it. */
export function readNotToRetry(doc: MarkdownDocument): readonly NotToRetry[] {
  const found: NotToRetry[] = [];
  for (const { text, range } of linesOfSection(doc, stateSections.notToRetry)) {
    const [, approach, session = '', date = ''] = /^-\s+\*\*(.+?)\*\*(?:\s+\((.+),\s*(.+)\))?\s*$/.exec(text) ?? [];
    if (approach !== undefined) {
      found.push({ approach, why: '', session: session.trim(), date: date.trim(), range });
      continue;
    }
    const last = found.at(-1);
    if (last === undefined || !/^[ \t]+\S/.test(text)) continue;
    const why = /^[ \t]+[-*+]\s+why:\s*(.*)$/.exec(text)?.[1]?.trim();
    const reason = last.why === '' && why !== undefined ? why : last.why;
    found[found.length - 1] = { ...last, why: reason, range: { start: last.range.start, end: range.end } };
  }
  return found;
}

/** The list `docs-tasks` of the frontmatter. Entries without `id` are left out. */
function readDocsTasks(text: string): readonly DocsTask[] {
  const frontmatter = readStateFrontmatter(text);
  const entry = frontmatter && findEntry(frontmatter, 'docs-tasks');
  return (entry === undefined ? [] : readListItems(text, entry)).flatMap(({ fields }): DocsTask[] => {
    const said = (key: string): string => {
      const value = readStateScalar(fields.findLast((field) => field.key === key)?.raw ?? '');
      return value === null ? '' : String(value);
    };
    const id = said('id');
    if (id === '') return [];
    return [
      {
        id,
        audience: said('audience'),
        targetPattern: said('target-pattern'),
        rationale: said('rationale'),
        wave: Number(said('wave')) || 0,
        status: said('status') || 'planned',
      },
    ];
  });
}

/** Tells whether a section says nothing yet. */
export function isEmptySection(doc: MarkdownDocument, body: Range): boolean {
  const text = doc.text.slice(body.start, body.end).trim();
  return text === '' || (!text.includes('\n') && findPlaceholder(openLines(doc, body)) !== undefined);
}

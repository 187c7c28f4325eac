import type { Range } from '../base/range.ts';
import type { Fence, MarkdownDocument } from '../markdown/blocks.ts';
import { plainText } from '../markdown/inline.ts';
import type { ChecklistItem } from '../model/checklist.ts';
import type { PlanSubsection, VerificationCommand } from '../model/plan.ts';
import { blocksWithin } from './blocksWithin.ts';
import { splitCommands } from './verificationCommands.ts';

/** A part of a text with its range. */
export interface TextSpan {
  readonly text: string;
  readonly range: Range;
}

/** A bold line with a name; `range` is the name's. */
export interface NamedField {
  readonly name: string;
  readonly range: Range;
}

/** Sections of this name hold what must be ticked. */
const checklistTitle = /check ?list|verif|acceptance|success criteria|definition of done/i;
/** Those of them that are meant first where a session has several. */
const mainChecklistTitle = /verification check ?list/i;
/** Sections of this name hold commands that prove something. */
const commandsTitle = /verif|validat|\btest(?:ing)? commands?\b|quality gates?/i;
const rollbackTitle = /roll ?back/i;
const shellLanguages = new Set(['bash', 'sh', 'shell', 'zsh', 'console']);
const proseLanguages = new Set(['markdown', 'md', 'text', 'txt', 'xml', 'prompt']);

/**
 * The sections directly below a heading, in `range`. A body runs to the next heading of the same or a higher level; blank lines around it
 * and the rule (`---`) that closes it are left out.
 */
export function subsectionsOf(doc: MarkdownDocument, range: Range): PlanSubsection[] {
  const headings = blocksWithin(doc.headings, range);
  const found: PlanSubsection[] = [];
  for (let index = 0; index < headings.length; ) {
    const heading = headings[index];
    if (!heading) break;
    let next = index + 1;
    while ((headings[next]?.level ?? 0) > heading.level) next += 1;
    const end = headings[next]?.range.start ?? range.end;
    const bodyRange = trimBody(doc.text, { start: Math.min(heading.range.end, end), end });
    found.push({ title: heading.text, headingRange: heading.range, bodyRange });
    index = next;
  }
  return found;
}

/** `range` without blank lines around it and without a closing rule; the first line keeps its indentation. */
export function trimBody(text: string, range: Range): Range {
  let { start, end } = range;
  for (;;) {
    while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
    const ruleStart = closingRule(text, start, end);
    if (ruleStart === undefined) break;
    end = ruleStart;
  }
  let lineStart = start;
  while (start < end && isSpace(text.charCodeAt(start))) {
    if (text.charCodeAt(start) === newline) lineStart = start + 1;
    start += 1;
  }
  return start >= end ? { start: end, end } : { start: Math.max(lineStart, range.start), end };
}

const newline = 10;

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** Where the rule that ends `[start, end)` begins. `---` below a paragraph's line is none: it makes that line a heading. */
function closingRule(text: string, start: number, end: number): number | undefined {
  const mark = text[end - 1];
  if (mark !== '-' && mark !== '*' && mark !== '_') return undefined;
  let at = end;
  while (at > start && text[at - 1] === mark) at -= 1;
  if (end - at < 3) return undefined;
  if (at === start) return at;
  return /\n[ \t\r]*\n$/.test(text.slice(Math.max(start, at - 4), at)) ? at : undefined;
}

/** The prompt in a section: the content of its fence where the section is one, else the whole body. */
export function readPrompt(doc: MarkdownDocument, body: Range): TextSpan | undefined {
  const trimmed = trimBody(doc.text, body);
  if (trimmed.start >= trimmed.end) return undefined;
  const fences = blocksWithin(doc.fences, trimmed);
  const fence =
    fences.find(({ language }) => proseLanguages.has(language)) ?? fences.find(({ language }) => language === '');
  if (fence && isWholeBody(doc, fence, trimmed)) return spanOf(doc.text, fenceContent(doc.text, fence));
  return spanOf(doc.text, trimmed);
}

/** Prose around a fence makes it an example in the prompt; a short line before a fence of prose only introduces it. */
function isWholeBody(doc: MarkdownDocument, fence: Fence, body: Range): boolean {
  const before = doc.text.slice(body.start, Math.max(body.start, fence.range.start)).trim();
  const after = doc.text.slice(Math.min(fence.range.end, body.end), body.end).trim();
  if (after !== '') return false;
  return before === '' || (proseLanguages.has(fence.language) && !before.includes('\n') && before.length <= 120);
}

/** A fence's lines without the last line ending. */
export function fenceContent(text: string, fence: Fence): Range {
  const { start, end } = fence.contentRange;
  if (text[end - 1] !== '\n' || end <= start) return { start, end: Math.max(start, end) };
  return { start, end: text[end - 2] === '\r' && end - 2 >= start ? end - 2 : end - 1 };
}

/** The commands in the shell fences of those sections whose title says verification. */
export function readCommands(doc: MarkdownDocument, sections: readonly PlanSubsection[]): VerificationCommand[] {
  const verifying = sections.filter(({ title }) => commandsTitle.test(title) && !rollbackTitle.test(title));
  return commandsIn(doc, verifying);
}

/** The commands in the shell fences of those sections whose title says rollback. */
export function readRollbackCommands(
  doc: MarkdownDocument,
  sections: readonly PlanSubsection[],
): VerificationCommand[] {
  return commandsIn(
    doc,
    sections.filter(({ title }) => rollbackTitle.test(title)),
  );
}

function commandsIn(doc: MarkdownDocument, sections: readonly PlanSubsection[]): VerificationCommand[] {
  return sections
    .flatMap(({ bodyRange }) => blocksWithin(doc.fences, bodyRange))
    .filter(({ language }) => shellLanguages.has(language))
    .flatMap(({ contentRange }) => splitCommands(doc.text, contentRange));
}

/**
 * The check boxes of the verification checklist; where no section has that name, those of sections about verification and acceptance, and
 * without such sections every one that is in none (`Context` holds prerequisites, for one).
 */
export function readChecklist(
  doc: MarkdownDocument,
  sections: readonly PlanSubsection[],
  preamble: Range,
): readonly ChecklistItem[] {
  const itemsIn = (chosen: readonly PlanSubsection[]) =>
    chosen.flatMap(({ bodyRange }) => blocksWithin(doc.checklist, bodyRange));
  const main = itemsIn(sections.filter(({ title }) => mainChecklistTitle.test(title)));
  if (main.length > 0) return main;
  const named = itemsIn(sections.filter(({ title }) => checklistTitle.test(title)));
  return named.length > 0 ? named : blocksWithin(doc.checklist, preamble);
}

/** The commit message in a section: of a `git commit` in a shell fence its `-m` texts, else the fence's or the body's text. */
export function readCommitMessage(doc: MarkdownDocument, sections: readonly PlanSubsection[]): string | undefined {
  const section = sections.find(({ title }) => /\bcommit\b/i.test(title));
  if (!section) return undefined;
  const fence = blocksWithin(doc.fences, section.bodyRange)[0];
  const range = fence ? fenceContent(doc.text, fence) : section.bodyRange;
  const text = doc.text.slice(range.start, range.end).replace(/\r\n?/g, '\n').trim();
  const message =
    text.length < 20_000 && /\bgit commit\b/.test(text) ? messageArguments(text) : fence ? text : plainText(text);
  return message === '' ? undefined : message;
}

function messageArguments(command: string): string {
  const heredoc = /-m\s+"\$\(cat\s+<<-?\s*['"]?(\w+)['"]?\s*\n([\s\S]*?)\n[ \t]*\1[ \t]*\n/.exec(command);
  if (heredoc) return (heredoc[2] ?? '').trim();
  const pattern = /(?:-[a-z]*m|--message)(?:\s+|=)(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)')/g;
  return [...command.matchAll(pattern)]
    .map((match) => match[2] ?? (match[1] ?? '').replace(/\\(["\\$`])/g, '$1'))
    .join('\n\n')
    .trim();
}

const referenceTitle = /^(?:key )?(?:reference files|files to (?:read|reference)|references)\b/i;

/** The paths listed under a heading or bold line (of `fields`) `Reference Files`. */
export function readReferenceFiles(doc: MarkdownDocument, range: Range, fields: readonly NamedField[]): string[] {
  const heading = blocksWithin(doc.headings, range).find(({ text }) => referenceTitle.test(text));
  const start =
    heading?.range.end ?? blocksWithin(fields, range).find(({ name }) => referenceTitle.test(name))?.range.end;
  return start === undefined
    ? []
    : pathsBelow(doc, { start: doc.lines.rangeOf(doc.lines.lineAt(start)).end, end: range.end });
}

function pathsBelow(doc: MarkdownDocument, range: Range): string[] {
  const next = blocksWithin(doc.headings, range)[0]?.range.start ?? range.end;
  const bold = /^(?:[-*+][ \t]+)?\*\*[^*\n]+(?::\*\*|\*\*\s*:)/m.exec(doc.text.slice(range.start, next));
  const end = bold ? range.start + bold.index : next;
  return blocksWithin(doc.listItems, { start: range.start, end }).flatMap(({ line }) => {
    const { start, end: lineEnd } = doc.lines.rangeOf(line);
    return pathOf(doc.text.slice(start, lineEnd)) ?? [];
  });
}

function pathOf(line: string): string | undefined {
  const text = line.replace(/^[ \t]*(?:[-*+]|\d+[.)])[ \t]+/, '').trim();
  // A check box is a thing to do and not a file.
  if (/^\[[ xX]\]/.test(text)) return undefined;
  const code = /`([^`]+)`/.exec(text)?.[1];
  const link = /\[[^\]]*\]\(([^()\s]+)\)/.exec(text)?.[1];
  const path =
    code ??
    link ??
    plainText(text)
      .split(/\s+(?:-|–|—|\()|:\s/)[0]
      ?.trim();
  return path === undefined || path === '' ? undefined : path;
}

function spanOf(text: string, range: Range): TextSpan | undefined {
  const said = text.slice(range.start, range.end);
  return said.trim() === '' ? undefined : { text: said, range };
}

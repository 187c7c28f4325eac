import type { TextEdit } from '../base/textEdit.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { lineEndingOf } from '../markdown/lines.ts';
import { type Section, sectionOf } from '../markdown/sections.ts';
import { joinHandoffBody, type ReadHandoff, readHandoffBody } from './handoffBlock.ts';

/** Writes a generated handoff into `## Handoff` of a SESSION.md, its last section where it is missing. What people wrote in it stays. */
export function planSessionHandoff(text: string, lines: readonly string[]): TextEdit[] {
  const doc = parseMarkdown(text);
  const ending = lineEndingOf(text);
  const section = findHandoff(doc);
  if (section === undefined) {
    const gap = text === '' ? '' : /[\r\n]$/.test(text) ? ending : ending + ending;
    return [
      { start: text.length, end: text.length, newText: `${gap}${['## Handoff', '', ...lines, ''].join(ending)}` },
    ];
  }
  const { start, end } = section.bodyRange;
  const body = joinHandoffBody(text.slice(start, end), lines).replace(/\n/g, ending);
  const lead = start === section.headingRange.end ? ending : '';
  return [{ start, end, newText: `${lead}${ending}${body}${ending}${end === text.length ? '' : ending}` }];
}

/** Reads `## Handoff` of a SESSION.md; undefined where it has none that says anything. */
export function readSessionHandoff(text: string): ReadHandoff | undefined {
  if (!/^ {0,3}#{2,3}[ \t]+hand-?off/im.test(text)) return undefined;
  const section = findHandoff(parseMarkdown(text));
  if (section === undefined) return undefined;
  const read = readHandoffBody(text.slice(section.bodyRange.start, section.bodyRange.end));
  return read.lines.length + read.before.length + read.behind.length > 0 ? read : undefined;
}

function findHandoff(doc: MarkdownDocument): Section | undefined {
  const heading = doc.headings.findLast(({ level, text }) => level === 2 && /^hand-?off$/i.test(text));
  return heading && sectionOf(doc, heading);
}

import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';
import { BatonError } from '../errors.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import { planSetChecked } from '../markdown/checklist.ts';
import { plainText } from '../markdown/inline.ts';
import { planSectionAppend } from '../markdown/sectionEdits.ts';
import { findHeading, headingsIn, sectionOf } from '../markdown/sections.ts';
import { formatRow, plainCellText, planRowInsert } from '../markdown/table.ts';
import type { Blocker } from '../model/progress.ts';
import { findDecisionTable, findTableWith, readProgress } from './progress.ts';

/** A blocker to be written down. */
export interface NewBlocker {
  /** What is in the way, e.g. `FE-01 blocked by BE-06`. */
  readonly text: string;
  /** The session that it blocks, where the text does not begin with it. */
  readonly session?: string;
}

/** Adds an unticked check-list item under the blockers, in a section that is made where it is missing. A blocker that stands there open is not added again. */
export function planBlockerAdd(text: string, path: string, blocker: NewBlocker): TextEdit[] {
  const { doc, progress } = readProgress(text, path);
  const plain = blocker.text.replace(/\s+/g, ' ').trim();
  if (plain === '')
    throw new BatonError('invalid-argument', 'A blocker needs a text.', { hint: 'Say what is in the way.' });
  const session = blocker.session === undefined || plain.startsWith(blocker.session) ? '' : blocker.session;
  const full = session === '' ? plain : `${session}${/^(?:is\s+)?blocked\s+by\b/i.test(plain) ? '' : ':'} ${plain}`;
  if (progress.blockers.some((other) => !other.checked && other.text === full)) return [];
  const item = `- [ ] ${full}`;
  const lastBlocker = progress.blockers.at(-1);
  const heading =
    findHeading(doc, /^\W*(?:active|open|current)\s+blockers?\W*$/i) ??
    findHeading(doc, /^\W*blockers?\W*$/i) ??
    (lastBlocker && doc.headings.findLast(({ range }) => range.start < lastBlocker.range.start));
  if (heading === undefined) return createSubsection(doc, 'Active Blockers', [item]);
  const body = sectionOf(doc, heading).bodyRange;
  const range = { start: body.start, end: headingsIn(doc, body)[0]?.range.start ?? body.end };
  const placeholder = placeholderIn(doc, range);
  if (placeholder !== undefined) return [{ ...placeholder, newText: item }];
  return planSectionAppend(doc, range, [item]);
}

/** `None yet.` and the like, where a section says nothing else. */
function placeholderIn(doc: MarkdownDocument, range: Range): Range | undefined {
  const body = doc.text.slice(range.start, range.end);
  const content = body.replace(/(?:\s|^)-{3,}\s*$/, '').trim();
  if (
    !/^(?:[-*]\s+)?[_*(]*(?:none(?:\s+(?:yet|currently|so far))?|no(?:\s+active)?\s+blockers?(?:\s+yet)?|n\/a)[.]?[_*)]*[.]?$/i.test(
      content,
    )
  )
    return undefined;
  const start = range.start + body.indexOf(content);
  return { start, end: start + content.length };
}

/** How a blocker was resolved. */
export interface BlockerResolution {
  /** The blocker's text, or a part of it that only one open blocker has. */
  readonly blocker: string;
  readonly resolution?: string;
  /** As it is to be written, e.g. `2026-01-02`. */
  readonly date: string;
}

/**
 * Ticks a blocker, and adds its row to the table of resolved blockers where the file has one. One that is ticked already changes nothing.
 *
 * @throws BatonError `invalid-argument` where no blocker or more than one is meant
 */
export function planBlockerResolve(text: string, path: string, resolution: BlockerResolution): TextEdit[] {
  const { doc, progress } = readProgress(text, path);
  const blocker = chooseBlocker(progress.blockers, resolution.blocker);
  if (blocker.checked) return [];
  const edits = planSetChecked(blocker, true);
  const heading = findHeading(doc, /^(?:resolved|closed)\s+blockers?$/i);
  const section = heading === undefined ? undefined : sectionOf(doc, heading).bodyRange;
  const found = findTableWith(doc, 'blocker') ?? findTableWith(doc, 'resolution');
  if (
    found === undefined ||
    section === undefined ||
    found.table.block.range.start < section.start ||
    found.table.block.range.end > section.end
  ) {
    return edits;
  }
  const cells = found.table.header.cells.map((cell) => {
    const name = plainCellText(cell.text).toLowerCase();
    if (/date|resolved/.test(name)) return resolution.date;
    if (/session/.test(name)) return blocker.session ?? '—';
    if (/blocker|issue|description/.test(name)) return blocker.text;
    if (/resolution|how|fix|notes?/.test(name)) return resolution.resolution ?? '—';
    return '—';
  });
  return [...edits, ...planRowInsert(doc, found.table, 'end', cells)];
}

function chooseBlocker(blockers: readonly Blocker[], wanted: string): Blocker {
  const text = plainText(wanted).toLowerCase();
  const matching = blockers.filter((blocker) => text !== '' && plainText(blocker.text).toLowerCase().includes(text));
  const exact = matching.filter((blocker) => plainText(blocker.text).toLowerCase() === text);
  const open = (exact.length > 0 ? exact : matching).filter(({ checked }) => !checked);
  const [only, second] = open;
  if (only !== undefined && second === undefined) return only;
  // One that was resolved before is nothing to complain about.
  const [resolved] = matching;
  if (only === undefined && resolved !== undefined) return resolved;
  const candidates = open.length > 0 ? open : blockers.filter(({ checked }) => !checked);
  const list = candidates.map((blocker) => phrase`line ${blocker.line + 1}: ${blocker.text}`).join('; ');
  const message =
    open.length > 0
      ? phrase`"${wanted}" may mean ${open.length} blockers.`
      : phrase`There is no open blocker "${wanted}".`;
  const hint = list === '' ? 'No blocker is open.' : phrase`Open: ${list}.`;
  throw new BatonError('invalid-argument', message, { hint, data: { lines: candidates.map(({ line }) => line + 1) } });
}

/** A decision to be written down. */
export interface NewDecision {
  /** As it is to be written, e.g. `2026-01-02`. */
  readonly date: string;
  readonly session?: string;
  readonly decision: string;
  readonly rationale?: string;
}

/** Adds a row to the table of key decisions, which is made where it is missing. A decision that the table has already (same session and text) is not added again. */
export function planDecisionAdd(text: string, path: string, decision: NewDecision): TextEdit[] {
  const { doc, progress } = readProgress(text, path);
  const found = findDecisionTable(doc);
  const values = new Map([
    ['date', decision.date],
    ['session', decision.session ?? '—'],
    ['session id', decision.session ?? '—'],
    ['decision', decision.decision],
    ['rationale', decision.rationale ?? '—'],
    ['reason', decision.rationale ?? '—'],
  ]);
  if (found === undefined) {
    const row = ['date', 'session', 'decision', 'rationale'].map((name) => values.get(name) ?? '—');
    const table = [
      '| Date | Session | Decision | Rationale |',
      '|------|---------|----------|-----------|',
      formatRow(row),
    ];
    const heading = findHeading(doc, /^key\s+decisions?$/i);
    if (heading === undefined) return createSubsection(doc, 'Key Decisions', table);
    return planSectionAppend(doc, sectionOf(doc, heading).bodyRange, table);
  }
  const same = decision.decision.replace(/\s+/g, ' ').trim();
  if (progress.decisions.some((row) => row.decision === same && (row.session ?? '—') === (decision.session ?? '—')))
    return [];
  const names = found.table.header.cells.map((cell) => plainCellText(cell.text).toLowerCase());
  return planRowInsert(
    doc,
    found.table,
    'end',
    names.map((name) => values.get(name) ?? '—'),
  );
}

/** Makes a section in `## Blockers & Decisions`, which is made where it is missing: before the metrics, else at the end. */
function createSubsection(doc: MarkdownDocument, title: string, lines: readonly string[]): TextEdit[] {
  const parent = findHeading(doc, /^(?:blockers?\s*(?:&|and)\s*decisions?|decisions?\s*(?:&|and)\s*blockers?)$/i);
  if (parent !== undefined) {
    const block = [`${'#'.repeat(Math.min(6, parent.level + 1))} ${title}`, '', ...lines];
    return planSectionAppend(doc, sectionOf(doc, parent).bodyRange, block);
  }
  const metrics = findHeading(doc, (heading) => heading.level <= 2 && /^metrics$/i.test(heading.text));
  const range = { start: 0, end: metrics?.range.start ?? doc.text.length };
  return planSectionAppend(doc, range, ['## Blockers & Decisions', '', `### ${title}`, '', ...lines]);
}

import type { Range } from '../../base/range.ts';
import type { TextEdit } from '../../base/textEdit.ts';
import type { MarkdownDocument } from '../../markdown/blocks.ts';
import { parseMarkdown } from '../../markdown/document.ts';
import { lineEndingOf } from '../../markdown/lines.ts';
import { findStateSection, ownRange, planSection, stateSections } from './stateBody.ts';
import { findEntry, planStateFields, readStateFrontmatter } from './stateFrontmatter.ts';
import { readStateScalar, type StateScalar } from './stateScalar.ts';
import { isEmptySection } from './stateSections.ts';

/** What session-end leaves for the next session to read, with the words of the archive. */
const recommendations = [
  ['recommended-mode', 'Recommended mode'],
  ['rationale', 'Rationale'],
  ['completion-rate', 'Completion rate'],
  ['carryover-ratio', 'Carryover ratio'],
  ['top-priorities', 'Top priorities'],
] as const;

/** Keys that hold for one session alone. */
const sessionKeys = [
  'scope-baseline-intent',
  'scope-baseline-owner-boundary',
  'scope-baseline-planned-files',
  'scope-baseline-session',
  'scope-baseline-frozen-at',
] as const;

/**
 * Resets a STATE.md to `idle`: `current-wave: 0`, the history (and records of waves that stand elsewhere under Deviations) moved to
 * `## Previous Session` in place of the one before, with the recommendations of the frontmatter; Deviations emptied. Open Questions, What
 * Not To Retry, Mission Status and everything else stay.
 *
 * @throws BatonError `unreadable-file` where the frontmatter or a fence is not closed
 */
export function planIdleReset(text: string): TextEdit[] {
  const doc = parseMarkdown(text);
  const removed = [...recommendations.map(([key]) => key), ...sessionKeys].map((key) => [key, null] as const);
  const fields = planStateFields(text, { status: 'idle', 'current-wave': 0, ...Object.fromEntries(removed) });
  const history = findStateSection(doc, stateSections.history);
  const deviations = findStateSection(doc, stateSections.deviations);
  const hasHistory = history !== undefined && !isEmptySection(doc, history.bodyRange);
  const own = deviations && ownRange(doc, deviations);
  const moved = [
    readRecommendations(text),
    hasHistory ? contentOf(doc, history.bodyRange) : '',
    own && deviations ? contentOf(doc, { start: own.end, end: deviations.bodyRange.end }) : '',
  ].filter((part) => part !== '');
  const edits = [...fields];
  if (hasHistory) edits.push({ start: history.headingRange.start, end: history.bodyRange.end, newText: '' });
  if (own && deviations && !isBlank(doc, { start: own.start, end: deviations.bodyRange.end })) {
    const rest = deviations.bodyRange.end < text.length ? lineEndingOf(text, own.start) : '';
    edits.push({ start: own.start, end: deviations.bodyRange.end, newText: rest });
  }
  return moved.length === 0 ? edits : [...edits, planPrevious(doc, moved)];
}

function planPrevious(doc: MarkdownDocument, parts: readonly string[]): TextEdit {
  const ending = lineEndingOf(doc.text, doc.text.length);
  const content = parts.join(ending + ending);
  const section = findStateSection(doc, stateSections.previous);
  if (section === undefined) return planSection(doc, stateSections.previous, [content]);
  const { start, end } = section.bodyRange;
  return { start, end, newText: `${ending}${content}${ending}${end < doc.text.length ? ending : ''}` };
}

function contentOf(doc: MarkdownDocument, { start, end }: Range): string {
  return doc.text.slice(start, end).replace(/^(?:[ \t]*(?:\r\n|\n|\r))+|\s+$/g, '');
}

function isBlank(doc: MarkdownDocument, { start, end }: Range): boolean {
  return doc.text.slice(start, end).trim() === '';
}

/** The recommendations as people read them; empty where the frontmatter has none. */
function readRecommendations(text: string): string {
  const frontmatter = readStateFrontmatter(text);
  if (frontmatter === undefined) return '';
  const lines = recommendations.flatMap(([key, title]) => {
    const value = readStateScalar(findEntry(frontmatter, key)?.raw ?? '');
    const said = value === null ? '' : describeValue(key, value);
    return said === '' ? [] : [`- **${title}:** ${said}`];
  });
  const ending = lineEndingOf(text, frontmatter.content.start);
  return lines.length === 0 ? '' : ['### Recommendations (archived from v1.1 frontmatter)', ...lines].join(ending);
}

function describeValue(key: string, value: StateScalar): string {
  const isShare = key === 'completion-rate' || key === 'carryover-ratio';
  if (isShare && typeof value === 'number') return `${Math.round(value * 100)}%`;
  if (typeof value !== 'object' || value === null) return String(value);
  const named = value.map((one) => (typeof one === 'number' ? `#${one}` : String(one)));
  return named.length === 0 ? '_none_' : named.join(', ');
}

import type { Range } from '../base/range.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { createLineIndex, type LineIndex } from '../markdown/lines.ts';
import type { Progress } from '../model/progress.ts';
import { readStatus, sessionStatuses, writeStatus } from '../model/sessionStatus.ts';
import { type CivilTime, formatLike, formatTime, readTime } from '../model/time.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { type Completion, type Completions, idSeparators, padded, sessionItems, tokenAt } from './completions.ts';
import { type ProgressCellPlace, progressCellAt } from './progressCells.ts';

/** What completions draw on besides the document. */
export interface CompletionContext {
  readonly workspace: Workspace;
  readonly path: string;
  readonly now: CivilTime;
  /** Models that the machine knows, the families first. */
  readonly models: readonly string[];
}

/** How people begin a note on what a session waits for. */
const waitingWords = /(?:^|\b)(?:waiting (?:for|on)|blocked by|depends on|requires|needs|after)\s+[^.;|]*$/i;

/** Completes cells of progress tables, and the sessions that blockers name. Never throws. */
export function completeProgress(
  progress: Progress,
  offset: number,
  context: CompletionContext,
): Completions | undefined {
  const lines = createLineIndex(progress.text);
  const cell = progressCellAt(progress, lines, offset);
  if (cell === undefined) return completeBlocker(progress, lines, offset, context);
  const completions = completeCell(progress, cell, offset, context);
  return (
    completions && {
      ...completions,
      items: completions.items.map((item) => padded(item, progress.text, completions.range)),
    }
  );
}

function completeCell(
  progress: Progress,
  cell: ProgressCellPlace,
  offset: number,
  context: CompletionContext,
): Completions | undefined {
  const whole = (items: readonly Completion[], isKnown: boolean): Completions => ({
    range: cell.range,
    replacesWhole: cell.isBlank || isKnown,
    items,
  });
  switch (cell.column.role) {
    case 'status': {
      const items = sessionStatuses.map(
        (status): Completion => ({ kind: 'status', newText: writeStatus(status), status }),
      );
      const isWritten = sessionStatuses.some((status) => writeStatus(status) === cell.text);
      return whole(items, isWritten || (readStatus(cell.text).status !== undefined && /\p{So}/u.test(cell.text)));
    }
    case 'id': {
      const missing = ownSessions(context).filter(({ row }) => row === undefined);
      return whole(
        sessionItems(missing, () => false),
        false,
      );
    }
    case 'dependencies':
      return completeIds(progress, cell, offset, context);
    case 'notes':
      return waitingWords.test(progress.text.slice(cell.range.start, offset))
        ? completeIds(progress, cell, offset, context)
        : undefined;
    case 'started':
    case 'completed':
    case 'date':
      return whole(timeItems(cell, context.now), readTime(cell.text) !== undefined);
    case 'model':
      return whole(
        context.models.map((newText): Completion => ({ kind: 'model', newText })),
        context.models.includes(cell.text),
      );
    default:
      return undefined;
  }
}

/** The sessions of the projects that the file belongs to; all of them where it belongs to none. */
export function ownSessions({
  workspace,
  path,
}: Pick<CompletionContext, 'workspace' | 'path'>): readonly SessionEntry[] {
  const own = workspace.projects.filter((one) => one.progressPath === path || one.planPaths.includes(path));
  return own.length > 0 ? own.flatMap(({ sessions }) => sessions) : workspace.sessions;
}

/** Only the ID at the offset is replaced; a dash for "none" is replaced whole. */
function completeIds(
  { text }: Progress,
  cell: ProgressCellPlace,
  offset: number,
  context: CompletionContext,
): Completions {
  const range = cell.isBlank ? cell.range : tokenAt(text, cell.range, offset, idSeparators);
  const others = new Set(cell.text.split(idSeparators));
  const current = text.slice(range.start, range.end);
  const isTaken = (id: string): boolean => id === cell.row?.id || (others.has(id) && id !== current);
  return { range, replacesWhole: cell.isBlank, items: sessionItems(ownSessions(context), isTaken) };
}

/** The moment in the form that the column has, and the day alone where that is another text. */
function timeItems({ table, column }: ProgressCellPlace, now: CivilTime): readonly Completion[] {
  const samples = table.rows.flatMap(({ cells }) => cells[column.index]?.text ?? []);
  const texts = new Set([formatLike(now, samples), formatTime(now, 'dateTime'), formatTime(now, 'date')]);
  return [...texts].map((newText) => ({ kind: 'time', newText }));
}

function completeBlocker(
  progress: Progress,
  lines: LineIndex,
  offset: number,
  context: CompletionContext,
): Completions | undefined {
  const { text } = progress;
  const line: Range = lines.rangeOf(lines.lineAt(offset));
  const range = tokenAt(text, line, offset, idSeparators);
  const before = text.slice(line.start, range.start);
  if (!/^\s*[-*+]\s+\[[ xX]\]\s+(?:$|.*(?:\b(?:by|for|on|after|and)\s+|,\s*)$)/i.test(before)) return undefined;
  const heading = parseMarkdown(text).headings.findLast((one) => one.range.start < offset);
  if (heading === undefined || !/\bblock(?:er|ed)/i.test(heading.text)) return undefined;
  const named = new Set(text.slice(line.start, line.end).split(idSeparators));
  const current = text.slice(range.start, range.end);
  const items = sessionItems(ownSessions(context), (id) => named.has(id) && id !== current);
  return { range, replacesWhole: false, items };
}

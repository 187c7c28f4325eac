import type { Range } from '../base/range.ts';
import type { SessionStatus } from '../model/sessionStatus.ts';
import type { TaskListEntry } from '../model/taskList.ts';
import type { SessionEntry } from '../model/workspace.ts';

/** What can be put at a place. `newText` replaces the range of its `Completions`. */
export type Completion =
  | { readonly kind: 'status'; readonly newText: string; readonly status: SessionStatus }
  | { readonly kind: 'session'; readonly newText: string; readonly entry: SessionEntry }
  | { readonly kind: 'list'; readonly newText: string; readonly list: TaskListEntry }
  /** The moment, or the day, as `newText` says it. */
  | { readonly kind: 'time'; readonly newText: string }
  | { readonly kind: 'model' | 'value' | 'key' | 'plan'; readonly newText: string };

/** Everything that can be put at one place, in the order in which it is offered. */
export interface Completions {
  /** What is replaced: a cell's text, one ID of several, a value. */
  readonly range: Range;
  /** True where a whole value stands there already, so that the others are to be offered in its place. */
  readonly replacesWhole: boolean;
  readonly items: readonly Completion[];
}

/** The run of characters that are no `separators` around an offset, within limits. */
export function tokenAt(text: string, limits: Range, offset: number, separators: RegExp): Range {
  let start = offset;
  while (start > limits.start && !separators.test(text[start - 1] ?? '')) start--;
  let end = offset;
  while (end < limits.end && !separators.test(text[end] ?? '')) end++;
  return { start, end };
}

/** What divides IDs in lists and prose. */
export const idSeparators = /[\s,;&+()[\]|"'`]/;

/** The sessions that can be named, without those that are named already and the one that names them. */
export function sessionItems(
  entries: readonly SessionEntry[],
  without: (id: string) => boolean,
): readonly Completion[] {
  const byId = new Map<string, SessionEntry>();
  for (const entry of entries) if (!byId.has(entry.id) && !without(entry.id)) byId.set(entry.id, entry);
  return [...byId.values()].map((entry) => ({ kind: 'session', newText: entry.id, entry }));
}

/** Puts a space to each side on which the cell would have none. */
export function padded<T extends Completion>(item: T, text: string, { start, end }: Range): T {
  const before = text[start - 1] === '|' ? ' ' : '';
  const after = text[end] === '|' ? ' ' : '';
  return { ...item, newText: `${before}${item.newText}${after}` };
}

import type { Range } from '../base/range.ts';
import type { ColumnRole, ProgressCell } from '../model/progress.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';

/** A range in one of the workspace's files. */
export interface Place {
  readonly path: string;
  readonly range: Range;
}

/** The first cell of an entry's row in a column of that role; undefined where the row or the column is missing. */
export function cellOf(entry: SessionEntry, role: ColumnRole): ProgressCell | undefined {
  const column = entry.table?.columns.find((one) => one.role === role);
  return column && entry.row?.cells[column.index];
}

/** Where an entry's ID stands: in its row, else in its plan. */
export function placeOfEntry(entry: SessionEntry): Place | undefined {
  if (entry.row && entry.progressPath !== undefined) return { path: entry.progressPath, range: entry.row.idRange };
  if (entry.plan && entry.planPath !== undefined) return { path: entry.planPath, range: entry.plan.idRange };
  return undefined;
}

/** Where an entry names the dependency `id`: in its plan, else in its row. */
export function placeOfDependency(workspace: Workspace, entry: SessionEntry, id: string): Place | undefined {
  const planned = entry.plan?.dependencies.find((one) => one.id === id);
  if (planned && entry.planPath !== undefined) return { path: entry.planPath, range: planned.range };
  const cell = cellOf(entry, 'dependencies') ?? cellOf(entry, 'notes');
  if (!cell || entry.progressPath === undefined) return placeOfEntry(entry);
  const text = workspace.progress.find(({ path }) => path === entry.progressPath)?.text ?? '';
  return { path: entry.progressPath, range: rangeOfWord(text, cell.range, id) };
}

/** Where `word` stands in `range` of the text; the range without the white space around where it does not. */
export function rangeOfWord(text: string, range: Range, word: string): Range {
  const part = text.slice(range.start, range.end);
  const at = part.indexOf(word);
  if (at >= 0 && word !== '') return { start: range.start + at, end: range.start + at + word.length };
  const start = range.start + part.length - part.trimStart().length;
  return { start, end: Math.max(start, range.start + part.trimEnd().length) };
}

/** Where SESSION.md says `word`, else its first line. */
export function placeInSessionFile({ path, text }: SessionFile, word: string | undefined): Place {
  const firstLine = /^[^\r\n]*/.exec(text)?.[0].length ?? 0;
  const at = word === undefined || word === '' ? -1 : text.indexOf(word);
  return { path, range: at < 0 ? { start: 0, end: firstLine } : { start: at, end: at + (word?.length ?? 0) } };
}

/** `A`, `A and B`, `A, B and C`; from the eleventh on only how many more there are. */
export function listIds(ids: readonly string[]): string {
  const shown = ids.length > 10 ? [...ids.slice(0, 9), `${ids.length - 9} more`] : ids;
  const last = shown.at(-1) ?? '';
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : last;
}

import type { Range } from '../base/range.ts';
import type { ChecklistItem } from './checklist.ts';
import type { StatusReading } from './sessionStatus.ts';

/** What a column of a progress table means, by its header's name (formats.md §2.4, §5). */
export const columnRoles = [
  'id',
  'order',
  'title',
  'status',
  'started',
  'completed',
  'date',
  'duration',
  'commit',
  'branch',
  'model',
  'dependencies',
  'estimate',
  'notes',
  'other',
] as const;
export type ColumnRole = (typeof columnRoles)[number];

export interface ProgressColumn {
  readonly index: number;
  /** The header's text as it stands. */
  readonly name: string;
  readonly role: ColumnRole;
}

/** One cell: `range` spans what is between its pipes, `text` is that without white space around, escapes still in. */
export interface ProgressCell {
  readonly range: Range;
  readonly text: string;
}

/** A row for one session. */
export interface ProgressRow {
  /** The ID as plain text: formatting, link and marks around it removed. */
  readonly id: string;
  readonly idRange: Range;
  /** The line without its ending. */
  readonly range: Range;
  readonly line: number;
  readonly cells: readonly ProgressCell[];
  readonly status: StatusReading;
  /** Plain text of the cells with that role; undefined where the column is missing or the cell is blank, `-`, `—`, `–`. */
  readonly title?: string;
  readonly started?: string;
  readonly completed?: string;
  readonly commit?: string;
  readonly notes?: string;
  readonly dependencies?: string;
  readonly estimate?: string;
}

/** A table with a row per session. */
export interface ProgressTable {
  readonly range: Range;
  readonly headerLine: number;
  readonly columns: readonly ProgressColumn[];
  readonly rows: readonly ProgressRow[];
  /** From `## Repository: X` above. */
  readonly repository?: string;
  /** The nearest heading above that is not the repository's, e.g. `Week 1 (dates)`. */
  readonly section?: string;
}

export interface Blocker extends ChecklistItem {
  /** The session that it blocks, where the text begins with a known form (`FE-01 blocked by BE-06`). */
  readonly session?: string;
}

export interface DecisionRow {
  readonly date?: string;
  readonly session?: string;
  readonly decision: string;
  readonly rationale?: string;
  readonly range: Range;
}

/** A progress file. */
export interface Progress {
  readonly path: string;
  readonly text: string;
  /** The first heading without `Progress`; else the file name's `{PROJECT}`. */
  readonly project: string;
  /** The `Plan:` field's link target, relative to the progress file as written. */
  readonly planLink?: string;
  readonly branch?: string;
  readonly started?: string;
  readonly tables: readonly ProgressTable[];
  readonly blockers: readonly Blocker[];
  readonly decisions: readonly DecisionRow[];
}

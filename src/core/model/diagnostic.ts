import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';

/** Codes of the problems that documents can have; `baton check` and the editor show them. Closed. */
export const diagnosticCodes = [
  'unknown-status',
  'status-disagrees',
  'duplicate-id',
  'unknown-dependency',
  'cyclic-dependency',
  'two-active',
  'session-progress-disagree',
  'unknown-commit',
  'malformed-row',
  'merge-markers',
  'unreadable-frontmatter',
  'unreadable-metadata',
  'unreadable-config',
  'unreadable-file',
  'nested-fence',
  'no-progress-table',
  'foreign-session-file',
  'missing-row',
  'missing-plan',
  'no-task-table',
  'wave-numbers',
  'mission-status-disagree',
  'wave-plan',
] as const;

/** One of the problem codes. */
export type DiagnosticCode = (typeof diagnosticCodes)[number];

export type Severity = 'error' | 'warning' | 'info';

/** A change that mends a problem. `edits` are planned against the text that the diagnostic was made from. */
export interface DiagnosticFix {
  /** What it does, in the imperative: `Add the missing cell`. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** True where `check --fix` may apply it without asking: it loses nothing and has one meaning. */
  readonly safe: boolean;
}

/** A problem in a document: data, never an exception. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  /** Where, in the document's text. */
  readonly range: Range;
  readonly fix?: DiagnosticFix;
  /** Other places that it is about: the session with the same ID, the file that says something else. */
  readonly related?: readonly RelatedPlace[];
}

/** A place that a problem is about besides its own. */
export interface RelatedPlace {
  /** Relative to the project's root; absent: in the same file. */
  readonly path?: string;
  /** In that file's text. */
  readonly range: Range;
  /** What stands there, in a few words. */
  readonly message: string;
}

/** A parsed value beside what was not understood while parsing. Parsing never throws. */
export interface Parsed<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

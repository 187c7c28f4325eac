import type { ColumnRole } from '../model/progress.ts';
import type { LocalTime } from '../ports/clock.ts';
import type { ProjectPath } from '../ports/fileSystem.ts';
import type { ListHanding } from './listHandOff.ts';

/**
 * The text of a cell: as it stands; or what is known only when an earlier commit effect has run, its abbreviated hash (where that commit
 * was not made, `otherwise`); or one that is written only where the cell is blank.
 */
export type EffectText =
  | string
  | { readonly hashOf: string; readonly otherwise?: string }
  | { readonly whereBlank: string };

/**
 * One change of a state file, as an intent: it is planned into ranges against the text that is there when it is applied, so that it
 * survives edits by others, and doing it twice is the same as doing it once. Serialisable: the journal keeps it.
 */
export type StateEdit =
  | { readonly kind: 'replace'; readonly text: string }
  | {
      readonly kind: 'update-row';
      readonly id: string;
      readonly repository?: string;
      readonly section?: string;
      readonly cells: Readonly<Partial<Record<ColumnRole, EffectText>>>;
    }
  | {
      readonly kind: 'add-row';
      readonly id: string;
      readonly repository?: string;
      readonly section?: string;
      readonly cells: Readonly<Partial<Record<ColumnRole, EffectText>>>;
    }
  /** One cell by its column's header; with `was` only where it still says that. */
  | {
      readonly kind: 'set-cell';
      readonly id: string;
      readonly repository?: string;
      readonly section?: string;
      readonly column: string;
      readonly text: string;
      readonly was?: string;
    }
  | {
      readonly kind: 'append-notes';
      readonly id: string;
      readonly title?: string;
      readonly repository?: string;
      readonly lines: readonly string[];
    }
  /** As `append-notes`, each in the order of its time; `since`: `HH:MM`, when the session started. */
  | {
      readonly kind: 'merge-notes';
      readonly id: string;
      readonly title?: string;
      readonly repository?: string;
      readonly lines: readonly string[];
      readonly since?: string;
    }
  | { readonly kind: 'add-blocker'; readonly text: string; readonly session?: string }
  | { readonly kind: 'resolve-blocker'; readonly text: string; readonly resolution?: string; readonly date: string }
  | {
      readonly kind: 'add-decision';
      readonly date: string;
      readonly session?: string;
      readonly decision: string;
      readonly rationale?: string;
    }
  /** Without `now` the days stay as they are. */
  | { readonly kind: 'refresh-metrics'; readonly now?: LocalTime }
  | { readonly kind: 'set-frontmatter'; readonly values: Readonly<Record<string, string | null>> }
  | { readonly kind: 'append-session-note'; readonly line: string }
  /** Writes a generated handoff into SESSION.md. */
  | { readonly kind: 'set-handoff'; readonly lines: readonly string[] }
  /** Writes the handoff of a list's session into the list, and ends it. */
  | { readonly kind: 'hand-off-list'; readonly handing: ListHanding }
  | { readonly kind: 'set-checked'; readonly text: string; readonly checked: boolean }
  /** Replaces exactly these pieces, each of which must still be what it was. */
  | {
      readonly kind: 'splice';
      readonly splices: readonly {
        readonly start: number;
        readonly end: number;
        readonly was: string;
        readonly newText: string;
      }[];
    }
  /** Adds lines at the end of a file where they are not in it yet (ignore files). */
  | { readonly kind: 'append-lines'; readonly lines: readonly string[] };

/**
 * One step of an action that changes something. Each can be applied again after a crash in the middle of it: what is already so is
 * recognised and left.
 */
export type Effect =
  | {
      readonly kind: 'edit';
      readonly path: ProjectPath;
      readonly edits: readonly StateEdit[];
      /** The file must not be there yet. */
      readonly create?: boolean;
      readonly expectedRevision?: string;
    }
  | { readonly kind: 'move'; readonly from: ProjectPath; readonly to: ProjectPath }
  | { readonly kind: 'remove'; readonly path: ProjectPath }
  /**
   * Commits those of `paths` (relative to the top level) that differ from HEAD, in the repository of `folder`; its hash is known to later
   * effects as `name`. An `optional` commit is left out where none of them differs.
   */
  | {
      readonly kind: 'commit';
      readonly name: string;
      readonly folder: string;
      readonly paths: readonly string[];
      readonly message: string;
      readonly optional?: boolean;
    }
  /** Reverts commits without committing; `paths` are the files that this touches, `keep` those that it must leave alone. */
  | {
      readonly kind: 'revert';
      readonly folder: string;
      readonly hashes: readonly string[];
      readonly paths: readonly string[];
      readonly keep: readonly string[];
    }
  | { readonly kind: 'record'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'forget'; readonly key: string };

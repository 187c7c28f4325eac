export type NoteKind = 'note' | 'decision' | 'blocker';

export interface NoteOptions {
  /** One line or several; for `resolve` the blocker's text or a part of it. */
  readonly text: string;
  readonly kind: NoteKind;
  /** Why a decision was made; how a blocker was resolved. */
  readonly rationale?: string;
  /** Ticks the blocker instead of adding one. */
  readonly resolve?: boolean;
}

export interface NoteResult {
  /** The file that was changed. */
  readonly path: string;
  /** The active session, where there is one. */
  readonly session?: string;
  readonly warnings: readonly string[];
}

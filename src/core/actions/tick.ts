export interface TickOptions {
  /** Index among the session's checklist items, from 0, or the item's text. */
  readonly item: number | string;
  readonly checked: boolean;
}

export interface TickResult {
  readonly session: string;
  readonly text: string;
  readonly checked: boolean;
  readonly checklist: { readonly done: number; readonly total: number };
  readonly warnings: readonly string[];
}

import type { Cancellation } from '../base/cancellation.ts';
import type { Ports } from '../ports/ports.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';

/** What every action gets from its host. */
export interface ActionContext {
  readonly ports: Ports;
  readonly store: WorkspaceStore;
  readonly cancellation: Cancellation;
  /** Says what is being done, for a progress display; short, no final full stop. */
  readonly report: (message: string) => void;
  /** The caller's approval of this one run (`--yes`): commands and files are shown, nothing is stored. */
  readonly yes?: boolean;
}

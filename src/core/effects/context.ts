import type { Ports } from '../ports/ports.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';

/** What effects need of an action's context. */
export interface EffectContext {
  readonly ports: Ports;
  readonly store: WorkspaceStore;
  readonly report: (message: string) => void;
}

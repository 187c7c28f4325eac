import type { IsolatedContext } from '../core/actions/isolated/context.ts';
import type { NodeAgentCatalog } from '../platform/agents/agentCatalog.ts';

/** What the supervisor works with. */
export interface SupervisorContext extends IsolatedContext {
  readonly catalog: NodeAgentCatalog;
  /** How the MCP server of Baton is started, for agents. */
  readonly mcpCommand: readonly string[];
  /** What that needs in its environment. */
  readonly mcpEnvironment: Readonly<Record<string, string>>;
  /** Remembers what is changed outside of a session's worktree; `changed` tells which files are not as they were. */
  readonly watchStrays: (worktree: string) => Promise<{ changed(): Promise<readonly string[]> }>;
  readonly settings: SupervisorSettings;
}

/** Times that tests make shorter. */
export interface SupervisorSettings {
  /** How often sessions and outboxes are looked at. */
  readonly pollMs: number;
  /** A session without a sign of life for so long is stale. */
  readonly staleMs: number;
  /** With nothing to do for so long the supervisor ends. */
  readonly idleMs: number;
}

export const defaultSettings: SupervisorSettings = { pollMs: 400, staleMs: 60 * 60_000, idleMs: 60_000 };

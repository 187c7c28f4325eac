import skill from '../../../../resources/skills/baton/SKILL.md';
import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import { unifiedDiff } from '../../base/unifiedDiff.ts';
import { addHooks, claudeSettingsPath, removeHooks } from '../../formats/connect/claudeHooks.ts';
import { addMcpServer, mcpServersPath, type PlannedText, removeMcpServer } from '../../formats/connect/mcpServers.ts';
import { addSkill, removeSkill, skillPaths } from '../../formats/connect/skillFile.ts';
import type { ProjectPath } from '../../ports/fileSystem.ts';
import type { ActionContext } from '../context.ts';
import { readConnectRecord } from './connectRecord.ts';

/** The agents that Baton knows how to connect. */
export const connectedAgents = ['claude', 'copilot', 'codex'] as const;
export type ConnectedAgent = (typeof connectedAgents)[number];

export interface ConnectOptions {
  /** All that are known where none is named. */
  readonly agents?: readonly ConnectedAgent[];
  /** Also the hooks in `.claude/settings.json`; with `remove` they always go. */
  readonly hooks?: boolean;
  /** Takes away what was written. */
  readonly remove?: boolean;
}

/** One file that is to be written or removed. */
export interface ConnectChange {
  readonly path: ProjectPath;
  /** Undefined: there is no such file yet. */
  readonly before: string | undefined;
  /** Undefined: the file goes. */
  readonly after: string | undefined;
  /** What changes, as `diff -u` shows it. */
  readonly diff: string;
}

export interface ConnectPlan {
  /** Empty where everything is as it should be. */
  readonly changes: readonly ConnectChange[];
  readonly warnings: readonly string[];
}

/**
 * Says what connecting agents to this repository would write, and writes nothing: hosts show the diffs, ask, and then call
 * `applyConnect`.
 *
 * @throws BatonError `unreadable-file` where a file to be changed is no JSON object
 */
export async function planConnect(context: ActionContext, options: ConnectOptions = {}): Promise<ConnectPlan> {
  const changes: ConnectChange[] = [];
  const warnings: string[] = [];
  const plans = plansOf(options);
  const keptFor = plans.has(mcpServersPath) ? await findServersUser(context, options) : undefined;
  for (const [path, plan] of plans) {
    const before = await context.ports.files.readText(path);
    if (path === mcpServersPath && keptFor !== undefined) {
      if (before !== undefined) warnings.push(phrase`${path} stays as it is, because ${keptFor} may use it`);
      continue;
    }
    const planned = await planFile(context, { path, before, plan, remove: options.remove === true });
    warnings.push(...planned.warnings);
    if (planned.text === before) continue;
    changes.push({ path, before, after: planned.text, diff: unifiedDiff(path, before, planned.text) });
  }
  return { changes, warnings };
}

type Plan = (text: string | undefined) => PlannedText;

function plansOf({ agents = connectedAgents, hooks = false, remove = false }: ConnectOptions): Map<ProjectPath, Plan> {
  const plans = new Map<ProjectPath, Plan>();
  const skillPlan = (path: ProjectPath): Plan => {
    return (text) => (remove ? removeSkill(text, path) : addSkill(text, skill, path));
  };
  // Codex reads no file of the repository for its servers.
  if (agents.some((agent) => agent !== 'codex')) plans.set(mcpServersPath, remove ? removeMcpServer : addMcpServer);
  if (agents.includes('claude')) plans.set(skillPaths.claude, skillPlan(skillPaths.claude));
  if (agents.some((agent) => agent !== 'claude')) plans.set(skillPaths.agents, skillPlan(skillPaths.agents));
  if (agents.includes('claude') && (hooks || remove)) plans.set(claudeSettingsPath, remove ? removeHooks : addHooks);
  return plans;
}

/** Whoever is not named for removal and still has its skill, and with that needs the server that `.mcp.json` names for all of them. */
async function findServersUser(
  { ports }: ActionContext,
  { agents = connectedAgents, remove = false }: ConnectOptions,
): Promise<string | undefined> {
  if (!remove) return undefined;
  const users = [
    { name: 'Claude Code', path: skillPaths.claude, isNamed: agents.includes('claude') },
    { name: 'Copilot', path: skillPaths.agents, isNamed: agents.some((agent) => agent !== 'claude') },
  ];
  for (const { name, path, isNamed } of users) {
    if (!isNamed && (await ports.files.readText(path)) !== undefined) return name;
  }
  return undefined;
}

interface FilePlan {
  readonly path: ProjectPath;
  readonly before: string | undefined;
  readonly plan: Plan;
  readonly remove: boolean;
}

/** A file that is still exactly as it was written goes back to what it was, byte for byte. */
async function planFile({ ports }: ActionContext, { path, before, plan, remove }: FilePlan): Promise<PlannedText> {
  const record = remove && before !== undefined ? await readConnectRecord(ports.localState, path) : undefined;
  if (record === undefined || before === undefined || record.after !== revisionOf(before)) return plan(before);
  return plan(record.before ?? undefined);
}

import { phrase } from '../../base/phrase.ts';
import { type Enforcement, enforcements } from '../../model/waves/wavePlan.ts';
import { type Fields, fieldsField, readFields, textField } from '../agents/fields.ts';
import { type CommandRule, findCommandRule, readCommandRules, ruleRecords } from './commandRules.ts';
import { isInScope } from './scopes.ts';

/** What bounds the tools of one agent of a wave: `guard.json` among the run's records. */
export interface ToolGuard {
  /** Absolute: the tree that it works in. */
  readonly folder: string;
  /** Absolute: its outbox, which it may always write to. */
  readonly outbox: string;
  /** Paths and globs relative to the folder; `[]`: nothing may be changed. */
  readonly scope: readonly string[];
  readonly enforcement: Enforcement;
  readonly rules: readonly CommandRule[];
}

/** What becomes of a call of a tool. */
export interface GuardVerdict {
  readonly kind: 'allow' | 'warn' | 'deny';
  /** For the agent. */
  readonly reason: string;
}

/** Tools of Claude Code that are judged, as a matcher of its hooks. */
export const guardedTools = 'Write|Edit|MultiEdit|NotebookEdit|Bash';

/** Writes `guard.json`. */
export function toolGuardRecord({ rules, ...guard }: ToolGuard): Fields {
  return { ...guard, rules: ruleRecords(rules) };
}

/** Reads `guard.json`; undefined where it is none: then nothing may be let through. */
export function readToolGuard(text: string): ToolGuard | undefined {
  const fields = readFields(text);
  const folder = textField(fields, 'folder');
  const outbox = textField(fields, 'outbox');
  const enforcement = enforcements.find((one) => one === textField(fields, 'enforcement'));
  const scope = fields?.['scope'];
  if (folder === undefined || outbox === undefined || enforcement === undefined || !Array.isArray(scope))
    return undefined;
  if (!scope.every((path) => typeof path === 'string') || !Array.isArray(fields?.['rules'])) return undefined;
  return { folder, outbox, enforcement, scope, rules: readCommandRules(text) };
}

/** A call as a PreToolUse hook of Claude Code is told. */
export interface ToolCall {
  readonly tool: string;
  /** As the agent gave it: absolute, or relative to `cwd`. */
  readonly path?: string;
  readonly command?: string;
  readonly cwd?: string;
}

/** Reads what the hook is told; undefined where it cannot be understood. */
export function readToolCall(text: string): ToolCall | undefined {
  const fields = readFields(text);
  const tool = textField(fields, 'tool_name');
  const input = fieldsField(fields, 'tool_input');
  if (tool === undefined || input === undefined) return undefined;
  const path = textField(input, 'file_path') ?? textField(input, 'notebook_path');
  const command = textField(input, 'command');
  const cwd = textField(fields, 'cwd');
  return {
    tool,
    ...(path !== undefined && { path }),
    ...(command !== undefined && { command }),
    ...(cwd !== undefined && { cwd }),
  };
}

const allowed: GuardVerdict = { kind: 'allow', reason: '' };

/** Judges a shell line by the rules. They hold whatever is set for scopes. */
export function judgeCommand({ rules }: ToolGuard, line: string): GuardVerdict {
  const rule = findCommandRule(line, rules);
  if (rule === undefined) return allowed;
  if (rule.severity === 'warn') {
    return {
      kind: 'warn',
      reason: phrase`"${rule.pattern}" is on this project's list of commands to be careful with.`,
    };
  }
  return {
    kind: 'deny',
    reason: phrase`"${rule.pattern}" is blocked for agents of a wave. Do without it, or say in your STATUS line what has to be done by a person.`,
  };
}

/** Judges a change of a file; `path` is relative to the agent's folder, undefined outside of it. */
export function judgeWrite({ scope, enforcement }: ToolGuard, path: string | undefined, shown: string): GuardVerdict {
  // What git keeps of itself is in nobody's scope, however wide: a hook written there would run with the next commit.
  const isFree = path !== undefined && !/^\.git(?:\/|$)/i.test(path) && isInScope(path, scope);
  if (enforcement === 'off' || isFree) return allowed;
  const bound =
    scope.length === 0
      ? 'This agent only reads: it may change no file.'
      : `This agent may change: ${scope.join(', ')}. Stay within that, and say in your STATUS line what else has to be changed.`;
  // Reading only is what such a wave is for; a warning would make it pointless.
  const kind = enforcement === 'strict' || scope.length === 0 ? 'deny' : 'warn';
  return { kind, reason: phrase`${shown} is outside of the scope. ${bound}` };
}

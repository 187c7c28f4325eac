import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import { createClaudeReader } from '../../core/formats/agents/claudeStream.ts';
import { createCodexReader } from '../../core/formats/agents/codexStream.ts';
import { createPlainReader } from '../../core/formats/agents/plainStream.ts';
import type { AgentReader } from '../../core/model/agentEvent.ts';

/** How what an agent says is understood. */
export const agentStreams = ['claude', 'codex', 'plain'] as const;
export type AgentStream = (typeof agentStreams)[number];

/** An agent as the user's configuration, or Baton, knows it. */
export interface AgentDefinition {
  readonly name: string;
  /** A program: on the PATH, or by its full path. */
  readonly command: string;
  /**
   * Arguments in which `{prompt}`, `{model}`, `{mcpConfig}`, `{settings}` and `{worktree}` stand for what they say. An argument with a placeholder that
   * has no value is left out, and the option before it too.
   */
  readonly args: readonly string[];
  /** Arguments that begin a session under an ID of ours (`{session}`), where the agent can. */
  readonly sessionArgs?: readonly string[];
  /** Arguments that continue the session `{session}`, where the agent can; they come first where `resumeFirst` says so. */
  readonly resumeArgs?: readonly string[];
  /** Arguments that stand instead of `args` when a session is continued. */
  readonly resumeInstead?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stream: AgentStream;
  /** Written by the person, in their own configuration. */
  readonly isCustom: boolean;
}

/** What one run needs to know. */
export interface AgentRun {
  readonly prompt: string;
  readonly model?: string;
  /** Continue this session of the agent's. */
  readonly resume?: string;
  /** Begin a session with this ID (a UUID). */
  readonly newSession: string;
  readonly worktree: string;
  /** A file with the MCP server of Baton, in the form that Claude Code and Copilot read. */
  readonly mcpConfig: string;
  /** A file with settings for this run alone, in the form of Claude Code: hooks of Baton. */
  readonly settings?: string;
  /** The same server, for agents that take it in arguments. */
  readonly mcpCommand: readonly string[];
  /** What the server is to have in its environment: agents may pass on nothing of their own. */
  readonly mcpEnvironment: Readonly<Record<string, string>>;
}

/** What is started, and how it is understood. */
export interface PreparedAgent {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absent where the prompt is an argument. */
  readonly input?: string;
  readonly reader: AgentReader;
  /** The session's ID, where it is known before the agent says it. */
  readonly agentSession?: string;
}

/** What Baton knows by itself. None of them may do more than its own defaults and the person's own settings allow. */
export const builtInAgents: readonly AgentDefinition[] = [
  {
    name: 'claude',
    command: 'claude',
    args: [
      '-p',
      '--output-format',
      'stream-json',
      '--verbose',
      '--mcp-config',
      '{mcpConfig}',
      '--strict-mcp-config',
      '--settings',
      '{settings}',
      '--permission-mode',
      'acceptEdits',
      '--allowedTools',
      'mcp__baton',
      '--model',
      '{model}',
    ],
    sessionArgs: ['--session-id', '{session}'],
    resumeArgs: ['--resume', '{session}'],
    env: {},
    stream: 'claude',
    isCustom: false,
  },
  {
    name: 'codex',
    command: 'codex',
    args: [
      'exec',
      '--json',
      '-s',
      'workspace-write',
      '-m',
      '{model}',
      '-c',
      '{codexMcpCommand}',
      '-c',
      '{codexMcpArgs}',
      '-c',
      '{codexMcpEnv}',
      '-',
    ],
    resumeInstead: [
      'exec',
      'resume',
      '{session}',
      '--json',
      '-c',
      '{codexMcpCommand}',
      '-c',
      '{codexMcpArgs}',
      '-c',
      '{codexMcpEnv}',
      '-',
    ],
    env: {},
    stream: 'codex',
    isCustom: false,
  },
  {
    name: 'copilot',
    command: 'copilot',
    args: ['-p', '{prompt}', '--additional-mcp-config', '@{mcpConfig}', '--model', '{model}'],
    env: {},
    stream: 'plain',
    isCustom: false,
  },
];

/** A model's name comes from a plan: it is checked before it becomes an argument. */
const modelName = /^[A-Za-z0-9][\w.:@/-]*$/;

/** Flags with which an agent asks nobody before it does anything; never Baton's own, and shown to the person where they stand. */
const bypassFlags: ReadonlySet<string> = new Set([
  '--dangerously-skip-permissions',
  '--allow-dangerously-skip-permissions',
  '--dangerously-bypass-approvals-and-sandbox',
  '--yolo',
  '--allow-all',
  '--allow-all-tools',
  '--full-auto',
  'bypassPermissions',
  'danger-full-access',
]);

/** Tells whether an agent is set to ask nobody. */
export function bypassesPermissions({ args, resumeArgs = [], sessionArgs = [] }: AgentDefinition): boolean {
  return [...args, ...resumeArgs, ...sessionArgs].some(
    (arg) => bypassFlags.has(arg.split('=').at(-1) ?? '') || bypassFlags.has(arg),
  );
}

/**
 * Fills in an agent's arguments.
 *
 * @throws BatonError `invalid-argument` for a model whose name could be something else
 */
export function prepareAgent(agent: AgentDefinition, run: AgentRun): PreparedAgent {
  if (run.model !== undefined && !modelName.test(run.model)) {
    throw new BatonError('invalid-argument', phrase`"${run.model}" cannot be the name of a model`, {
      hint: 'Correct the model in the plan, or name one with --model.',
      data: { model: run.model },
    });
  }
  const canResume = agent.resumeArgs !== undefined || agent.resumeInstead !== undefined;
  const resume = canResume ? run.resume : undefined;
  const ownSession = agent.sessionArgs === undefined ? undefined : run.newSession;
  const session = resume ?? ownSession;
  const [mcpProgram = '', ...mcpArgs] = run.mcpCommand;
  const values: Readonly<Record<string, string | undefined>> = {
    prompt: run.prompt,
    model: run.model,
    session,
    worktree: run.worktree,
    mcpConfig: run.mcpConfig,
    settings: run.settings,
    // TOML basic strings are JSON strings, but for escapes that no path here has.
    codexMcpCommand: `mcp_servers.baton.command=${JSON.stringify(mcpProgram)}`,
    codexMcpArgs: `mcp_servers.baton.args=${JSON.stringify(mcpArgs)}`,
    codexMcpEnv: `mcp_servers.baton.env=${inlineTable(run.mcpEnvironment)}`,
  };
  const base = resume !== undefined && agent.resumeInstead !== undefined ? agent.resumeInstead : agent.args;
  const more = resume === undefined ? (agent.sessionArgs ?? []) : (agent.resumeArgs ?? []);
  const args = [...fill(base, values), ...fill(more, values)];
  const takesPrompt = base.some((arg) => arg.includes('{prompt}'));
  return {
    command: agent.command,
    args,
    env: agent.env,
    ...(!takesPrompt && { input: run.prompt }),
    reader: createReader(agent.stream),
    ...(session !== undefined && { agentSession: session }),
  };
}

/** Whether a session of this agent's can be continued with its own history. */
export function canResume({ resumeArgs, resumeInstead }: AgentDefinition): boolean {
  return resumeArgs !== undefined || resumeInstead !== undefined;
}

function fill(args: readonly string[], values: Readonly<Record<string, string | undefined>>): readonly string[] {
  const filled: string[] = [];
  for (const arg of args) {
    const names = [...arg.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').filter((name) => name in values);
    if (names.some((name) => values[name] === undefined)) {
      // `--model {model}` without a model: the option goes with its value.
      if (filled.at(-1)?.startsWith('-') === true && arg.startsWith('{')) filled.pop();
      continue;
    }
    filled.push(arg.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all));
  }
  return filled;
}

/** An inline table of TOML: its basic strings are JSON's. */
function inlineTable(values: Readonly<Record<string, string>>): string {
  return `{${Object.entries(values)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}

function createReader(stream: AgentStream): AgentReader {
  switch (stream) {
    case 'claude':
      return createClaudeReader();
    case 'codex':
      return createCodexReader();
    case 'plain':
      return createPlainReader();
  }
}

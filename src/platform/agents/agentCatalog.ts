import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import { isFields } from '../../core/formats/agents/fields.ts';
import type { AgentCatalog } from '../../core/ports/isolatedPorts.ts';
import { isMissing } from '../ioErrors.ts';
import { userConfigFolder } from '../userFolders.ts';
import { type AgentDefinition, agentStreams, builtInAgents } from './agentDefinition.ts';

/** The agents of this machine: Baton's own, changed and added to by `agents.yaml` in the user's configuration folder. */
export interface NodeAgentCatalog extends AgentCatalog {
  /** @throws BatonError `agent-missing` for a name that nobody knows, `invalid-config` */
  find(name: string): Promise<AgentDefinition>;
}

/** Reads the catalog anew at each question: a person mends the file and tries again. */
export function createAgentCatalog(folder: string = userConfigFolder()): NodeAgentCatalog {
  const file = join(folder, 'agents.yaml');
  const load = () => loadAgents(file);
  const find = async (name: string): Promise<AgentDefinition> => {
    const { agents } = await load();
    const agent = agents.find((one) => one.name === name);
    if (agent !== undefined) return agent;
    throw new BatonError('agent-missing', phrase`There is no agent ${name}`, {
      hint: phrase`Known: ${agents.map((one) => one.name).join(', ')}. Others are configured in ${file}.`,
      data: { agent: name, known: agents.map((one) => one.name) },
    });
  };
  return {
    find,
    names: async () => (await load()).agents.map(({ name }) => name),
    defaultName: async () => (await load()).defaultName,
    async require(name) {
      const { command } = await find(name);
      if (await findProgram(command)) return;
      throw new BatonError('agent-missing', phrase`The agent ${name} cannot be started: ${command} was not found`, {
        hint: phrase`Install it, or give its full path in ${file}.`,
        data: { agent: name, command },
      });
    },
  };
}

async function loadAgents(file: string) {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (text === undefined) return { agents: builtInAgents, defaultName: 'claude' };
  let value: unknown;
  try {
    value = parse(text, { logLevel: 'silent', maxAliasCount: 0 });
  } catch (error) {
    throw badFile(file, error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  if (value === null) return { agents: builtInAgents, defaultName: 'claude' };
  if (!isFields(value)) throw badFile(file, phrase`it must be a list of \`key: value\` lines`);
  const agents = new Map(builtInAgents.map((agent) => [agent.name, agent]));
  const own = value['agents'];
  if (own !== undefined && !isFields(own)) throw badFile(file, '`agents` must map names to agents');
  for (const [name, fields] of Object.entries(own ?? {}))
    agents.set(name, readAgent(file, name, fields, agents.get(name)));
  const wanted = value['default'] ?? 'claude';
  if (typeof wanted !== 'string' || !agents.has(wanted))
    throw badFile(file, phrase`\`default\` names no agent: ${wanted}`);
  return { agents: [...agents.values()], defaultName: wanted };
}

/** What is given of a built-in agent changes that; its `args` are added to the built-in ones, so that its stream stays readable. */
function readAgent(file: string, name: string, value: unknown, base: AgentDefinition | undefined): AgentDefinition {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) throw badFile(file, phrase`"${name}" cannot be the name of an agent`);
  if (!isFields(value)) throw badFile(file, phrase`agents.${name} must be a list of \`key: value\` lines`);
  const text = (key: string): string | undefined => {
    const one = value[key];
    if (one === undefined) return undefined;
    if (typeof one === 'string' && one !== '') return one;
    throw badFile(file, phrase`agents.${name}.${key} must be a text`);
  };
  const texts = (key: string): readonly string[] | undefined => {
    const list = value[key];
    if (list === undefined) return undefined;
    if (Array.isArray(list) && list.every((one) => typeof one === 'string' || typeof one === 'number'))
      return list.map(String);
    throw badFile(file, phrase`agents.${name}.${key} must be a list of texts`);
  };
  const command = text('command') ?? base?.command;
  if (command === undefined) throw badFile(file, phrase`agents.${name} has no command`);
  // Relative to the worktree it would be a program of the repository's.
  if (!isAbsolute(command) && /[\\/]/.test(command)) {
    throw badFile(file, phrase`agents.${name}.command must be a program's name or its full path`);
  }
  const stream = text('stream') ?? base?.stream ?? 'plain';
  const known = agentStreams.find((one) => one === stream);
  if (known === undefined) throw badFile(file, phrase`agents.${name}.stream must be one of ${agentStreams.join(', ')}`);
  const args = texts('args') ?? [];
  const resumeArgs = texts('resume') ?? base?.resumeArgs;
  const sessionArgs = texts('session') ?? base?.sessionArgs;
  return {
    ...base,
    name,
    command,
    args: base === undefined ? args : insertArgs(base.args, args),
    ...(resumeArgs !== undefined && { resumeArgs }),
    ...(sessionArgs !== undefined && { sessionArgs }),
    env: { ...base?.env, ...readEnv(file, name, value['env']) },
    stream: known,
    isCustom: true,
  };
}

/** Added arguments stand before a final `-` (standard input). */
function insertArgs(base: readonly string[], added: readonly string[]): readonly string[] {
  return base.at(-1) === '-' ? [...base.slice(0, -1), ...added, '-'] : [...base, ...added];
}

function readEnv(file: string, name: string, value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isFields(value)) throw badFile(file, phrase`agents.${name}.env must map names to texts`);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)]));
}

function badFile(file: string, why: string): BatonError {
  return new BatonError('invalid-config', phrase`${file} cannot be used: ${why}`, {
    hint: 'Mend it; README.md shows what it can say.',
    data: { path: file },
  });
}

/** Finds a program by its full path, or on the PATH; a relative path would be one of the repository's. */
export async function findProgram(command: string): Promise<string | undefined> {
  if (isAbsolute(command)) return (await isProgram(command)) ? command : undefined;
  if (command.includes('/') || command.includes('\\')) return undefined;
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const ending of endings) {
      const path = join(folder, command + ending);
      if (await isProgram(path)) return path;
    }
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

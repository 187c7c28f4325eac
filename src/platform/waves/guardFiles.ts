import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { waveAgentFolder, waveRunKey } from '../../core/actions/waves/records.ts';
import { blockedCommands } from '../../core/actions/waves/scopeFiles.ts';
import { type CommandRule, readCommandRules } from '../../core/formats/waves/commandRules.ts';
import { guardedTools, type ToolGuard, toolGuardRecord } from '../../core/formats/waves/toolGuard.ts';
import { readWaveRun } from '../../core/model/waves/waveRun.ts';
import type { WaveAgentOrder } from '../../core/ports/waveAgents.ts';
import { writeForAgent } from '../agents/mcpConfig.ts';
import type { WaveAgentsOptions } from './nodeWaveAgents.ts';

/** A hook that takes longer is ended by the agent, which then lets the call through. */
const hookSeconds = 30;

/**
 * Writes what bounds an agent, and settings of Claude Code with a hook that asks Baton before each call of a tool: both among the run's
 * records, so that no file of the person is edited. Gives the absolute path of the settings.
 */
export async function writeGuard(
  { context, cliCommand, programEnvironment }: WaveAgentsOptions,
  order: WaveAgentOrder,
  outbox: string,
): Promise<string> {
  const { localState } = context.ports;
  const folder = waveAgentFolder(order.run, order.key);
  const guard: ToolGuard = {
    folder: await realpath(order.folder),
    outbox: await realpath(outbox),
    scope: order.scope,
    enforcement: order.enforcement,
    rules: await readRules(context, order),
  };
  const guardPath = await writeForAgent(localState, `${folder}/guard.json`, toolGuardRecord(guard));
  const assignments = Object.entries(programEnvironment).map(([name, value]) => `${name}=${quote(value)}`);
  const words = [...cliCommand, 'hook', 'pre-tool-use', guardPath].map(quote);
  // Whatever keeps the hook from its answer: only an exit with 2 refuses a call (docs of Claude Code, hooks).
  const command = `${[...assignments, ...words].join(' ')} || exit 2`;
  const hook = { matcher: guardedTools, hooks: [{ type: 'command', command, timeout: hookSeconds }] };
  return await writeForAgent(localState, `${folder}/settings.json`, { hooks: { PreToolUse: [hook] } });
}

/** The project's policy as it stands in the run's tree, what the order says, and the built-in ones: a policy adds to them. */
async function readRules(
  { ports }: WaveAgentsOptions['context'],
  order: WaveAgentOrder,
): Promise<readonly CommandRule[]> {
  const run = readWaveRun(await ports.localState.read(waveRunKey(order.run)));
  const path = join(run?.root ?? order.folder, '.orchestrator/policy/blocked-commands.json');
  const policy = readCommandRules(await readFile(path, 'utf8').catch(() => ''));
  const known = new Set(policy.map(({ pattern }) => pattern));
  const more = [...new Set([...order.blockedCommands, ...blockedCommands])].filter((pattern) => !known.has(pattern));
  return [...policy, ...more.map((pattern): CommandRule => ({ pattern, severity: 'block', allowedPaths: [] }))];
}

/** For `sh`, which runs hooks on every system. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import { waveAgentFolder, waveRunKey } from '../../core/actions/waves/records.ts';
import type { AgentEvent } from '../../core/model/agentEvent.ts';
import { readWaveRun } from '../../core/model/waves/waveRun.ts';
import { heldResourcesVariable } from '../../core/ports/resources.ts';
import type { RunningWaveAgent, WaveAgentOrder, WaveAgents } from '../../core/ports/waveAgents.ts';
import type { NodeAgentCatalog } from '../agents/agentCatalog.ts';
import { writeMcpConfig } from '../agents/mcpConfig.ts';
import { Outbox } from '../agents/outbox.ts';
import { GitClient } from '../git/gitClient.ts';
import { NodeGit } from '../git/nodeGit.ts';
import { findGitLocation } from '../gitDir.ts';
import { killRun } from '../processTree.ts';
import { writeGuard } from './guardFiles.ts';
import { WaveAgentRunner } from './waveAgentRunner.ts';

export interface WaveAgentsOptions {
  /** Of the run's own tree. */
  readonly context: IsolatedContext;
  readonly catalog: NodeAgentCatalog;
  /** How Baton's MCP server is started, for agents. */
  readonly mcpCommand: readonly string[];
  /** What that, and a hook of Baton's, needs in its environment. */
  readonly programEnvironment: Readonly<Record<string, string>>;
  /** How Baton's command line is started, for hooks. */
  readonly cliCommand: readonly string[];
  /** How often the outboxes of running agents are looked at. */
  readonly pollMs?: number;
}

const usualPollMs = 400;

/** After asking what is left of a dead run to end. */
const graceMs = 2_000;

/** Starts agents of waves as processes of this machine; see `WaveAgents`. */
export function createNodeWaveAgents(options: WaveAgentsOptions): WaveAgents {
  return {
    start: (order, onEvent) => startWaveAgent(options, order, onEvent),
    endLeftovers: (mark) => killRun({ name: 'BATON_RUN_ID', value: mark }, graceMs),
  };
}

async function startWaveAgent(
  options: WaveAgentsOptions,
  order: WaveAgentOrder,
  onEvent: (event: AgentEvent) => void,
): Promise<RunningWaveAgent> {
  const { context, catalog, mcpCommand, programEnvironment, pollMs = usualPollMs } = options;
  const { localState } = context.ports;
  const definition = await catalog.find(order.agent);
  const folder = waveAgentFolder(order.run, order.key);
  // Where agents share a tree, each has an outbox of its own; none of them is anybody's change.
  await excludeOutboxes(order.folder);
  const outbox = new Outbox(order.folder, `${order.run}-${order.key}`);
  await outbox.open();
  await outbox.keepTask(order.prompt);
  await mkdir(dirname(localState.locate(`${folder}/output.log`)), { recursive: true });
  const run = readWaveRun(await localState.read(waveRunKey(order.run)));
  const planned = run?.plan.waves.flatMap((wave) => wave.agents).find((agent) => agent.id === order.key);
  const env = {
    BATON_WAVE_RUN: order.run,
    BATON_WAVE: String(run?.wave ?? 0),
    [heldResourcesVariable]: planned?.resources.join(' ') ?? '',
    BATON_WAVE_AGENT: order.key,
    SO_WAVE_AGENT: '1',
    SO_WAVE_AGENT_ID: order.key,
    BATON_OUTBOX: outbox.folder,
  };
  const mcpConfig = await writeMcpConfig(localState, `${folder}/mcp.json`, {
    command: mcpCommand,
    env: { ...programEnvironment, ...env },
  });
  const settings = await writeGuard(options, order, outbox.folder);
  const runner = new WaveAgentRunner({
    context,
    order,
    definition,
    outbox,
    env,
    pollMs,
    onEvent,
    run: {
      ...(order.model !== undefined && { model: order.model }),
      newSession: randomUUID(),
      worktree: order.folder,
      mcpConfig,
      mcpCommand,
      mcpEnvironment: { ...programEnvironment, ...env },
      ...(settings !== undefined && { settings }),
    },
  });
  return await runner.start();
}

/** Repositories, by what their working trees share, in which outboxes are ignored already. */
const excluded = new Map<string, Promise<void>>();

async function excludeOutboxes(folder: string): Promise<void> {
  const location = await findGitLocation(folder);
  if (location === undefined) return;
  const { createRunGit } = await import('../git/simpleGit.ts');
  const known = excluded.get(location.commonDir);
  const excluding =
    known ?? new NodeGit(location, '', new GitClient(createRunGit(location.topLevel))).exclude(['.baton/']);
  excluded.set(location.commonDir, excluding);
  await excluding.catch((error: unknown) => {
    excluded.delete(location.commonDir);
    throw error;
  });
}

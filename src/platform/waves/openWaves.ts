import { join } from 'node:path';
import process from 'node:process';
import type { ActionContext } from '../../core/actions/context.ts';
import type { IsolatedContext } from '../../core/actions/isolated/context.ts';
import type { WaveContext } from '../../core/actions/waves/context.ts';
import { loadConfig } from '../../core/store/loadConfig.ts';
import { createAgentCatalog } from '../agents/agentCatalog.ts';
import { createFolderWatcher } from '../folderWatcher.ts';
import type { NodePortsOptions } from '../nodePorts.ts';
import { openIsolated } from '../openIsolated.ts';
import { openResources } from '../resources.ts';
import { readyWorktree } from '../worktrees/readyWorktree.ts';
import { createNodeWaveAgents } from './nodeWaveAgents.ts';
import { NodeWaveTrees } from './nodeWaveTrees.ts';

/**
 * Wires what actions on wave runs need besides, for every host and for the supervisor, which is the only one that starts agents. `root`: the
 * tree in which the run works, whose ports `context` has. All bundles lie in one folder.
 */
export async function openWaves(
  context: ActionContext,
  root: string,
  override?: NodePortsOptions['override'],
): Promise<WaveContext> {
  const isolatedContext: IsolatedContext = await openIsolated(context, root, override);
  const { createRunGit } = await import('../git/simpleGit.ts');
  const { worktrees } = isolatedContext.isolated;
  // VS Code's program has to be told to be Node.
  const programEnvironment: Readonly<Record<string, string>> =
    'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {};
  return {
    ...isolatedContext,
    resources: await openResources(root, context.ports.owners),
    timer: createFolderWatcher(root),
    trees: new NodeWaveTrees({
      root,
      worktrees,
      runGitIn: (folder) => createRunGit(folder),
      ready: async (worktree) =>
        readyWorktree(isolatedContext, {
          worktree,
          // Not by the whole workspace: there is a worktree for each agent.
          config: (await loadConfig(context.ports.files)).config,
          name: worktree,
          folderKey: `waves/set-up/${context.ports.localState.keyPart(worktree.slice(worktrees.folder.length + 1))}`,
          again: '`baton wave run --yes`',
          isCancelled: () => context.cancellation.isCancelled,
        }),
    }),
    waveAgents: createNodeWaveAgents({
      context: isolatedContext,
      catalog: createAgentCatalog(),
      mcpCommand: [process.execPath, join(__dirname, 'mcp.cjs')],
      cliCommand: [process.execPath, join(__dirname, 'cli.cjs')],
      programEnvironment,
    }),
  };
}

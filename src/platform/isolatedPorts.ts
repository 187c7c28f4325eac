import { join } from 'node:path';
import { BatonError } from '../core/errors.ts';
import type { IsolatedPorts } from '../core/ports/isolatedPorts.ts';
import type { Ports } from '../core/ports/ports.ts';
import { createAgentCatalog } from './agents/agentCatalog.ts';
import { createBeads } from './beads.ts';
import { findGitLocation } from './gitDir.ts';
import { createMarkedProcesses } from './markedProcesses.ts';
import { createSupervisors } from './supervisors.ts';

export interface IsolatedPortsOptions {
  /** Absolute path of the project's root. */
  readonly root: string;
  readonly ports: Pick<Ports, 'localState' | 'owners'>;
  readonly portsOf: IsolatedPorts['portsOf'];
  /** Where the bundles are: the supervisor's is beside the host's own. */
  readonly distFolder: string;
}

/** What isolated sessions need, on Node. */
export async function createIsolatedPorts(options: IsolatedPortsOptions): Promise<IsolatedPorts> {
  const { root, ports, portsOf, distFolder } = options;
  const location = await findGitLocation(root);
  if (location === undefined) {
    throw new BatonError('not-a-repository', 'Isolated sessions work in git worktrees, and this is no git repository', {
      hint: 'Run `git init` and make a first commit.',
    });
  }
  const [{ NodeWorktrees }, { createRunGit }] = await Promise.all([
    import('./worktrees/nodeWorktrees.ts'),
    import('./git/simpleGit.ts'),
  ]);
  // The common directory of a clone is the `.git` of its main working tree; of a bare one there is none.
  const main = location.worktree === undefined ? location.topLevel : join(location.commonDir, '..');
  const worktrees = new NodeWorktrees({ main, runGitIn: (folder) => createRunGit(folder) });
  return {
    worktrees,
    processes: createMarkedProcesses(worktrees.folder),
    portsOf,
    beads: createBeads(root),
    agents: createAgentCatalog(),
    supervisors: createSupervisors({ root, ...ports, program: join(distFolder, 'supervisor.cjs') }),
  };
}

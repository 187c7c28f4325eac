import type { Cancellation } from '../core/base/cancellation.ts';
import type { Approvals } from '../core/ports/approvals.ts';
import type { GitFinder } from '../core/ports/git.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { Prompt } from '../core/ports/prompt.ts';
import { createNodeClaims } from './claims.ts';
import { createGitFinder } from './git/gitFinder.ts';
import { createNodeFileSystem } from './nodeFileSystem.ts';
import { createNodeLocalState, findLocalStatePlace } from './nodeLocalState.ts';
import { createNodeStateFiles } from './nodeStateFiles.ts';
import { createNodeOwners } from './owners.ts';
import { createProjectFolder } from './projectFolder.ts';
import { systemClock } from './systemClock.ts';

export interface NodePortsOptions {
  /** Absolute path of the project's root. */
  readonly root: string;
  readonly prompt: Prompt;
  readonly logger: Logger;
  /** Ends git commands that run when the host goes away. */
  readonly cancellation?: Cancellation;
  /** Ports that the host has of its own (VS Code: `stateFiles`, and a `git` that refuses in Restricted Mode). */
  readonly override?: (ports: Ports) => Partial<Ports>;
}

/** Everything that core needs, on Node. Nothing is read or started before it is asked for, but for the search for `.git`. */
export async function createNodePorts(options: NodePortsOptions): Promise<Ports> {
  const folder = createProjectFolder(options.root);
  const location = await folder.git();
  const place = await findLocalStatePlace(options.root, location);
  const localState = createNodeLocalState(place);
  const owners = createNodeOwners();
  const git: GitFinder = createGitFinder(folder, options.cancellation);
  // Late, so that a host that only registers its commands has not evaluated gray-matter.
  const { grayMatterFrontmatter } = await import('./grayMatterFrontmatter.ts');
  const ports: Ports = {
    files: createNodeFileSystem(folder),
    stateFiles: createNodeStateFiles(folder),
    frontmatter: grayMatterFrontmatter,
    git,
    localState,
    owners,
    commands: {
      // Late: few windows ever run a command.
      run: async (options) => {
        const { createShellCommands } = await import('./shellCommands.ts');
        return createShellCommands(folder, localState).run(options);
      },
    },
    claims: createNodeClaims(place.folder, owners),
    approvals: createLateApprovals(location?.topLevel ?? options.root),
    prompt: options.prompt,
    clock: systemClock,
    logger: options.logger,
    orchestrator: async () => {
      const { createNodeOrchestratorFiles } = await import('./nodeOrchestratorFiles.ts');
      return createNodeOrchestratorFiles(options.root);
    },
  };
  return { ...ports, ...options.override?.(ports) };
}

/** Approvals are asked for by who verifies; most windows and calls never do. */
function createLateApprovals(repository: string): Approvals {
  const load = async () => {
    const { createFileApprovals } = await import('./fileApprovals.ts');
    return createFileApprovals(repository);
  };
  return {
    isApproved: async (commands) => (await load()).isApproved(commands),
    approve: async (commands) => (await load()).approve(commands),
  };
}

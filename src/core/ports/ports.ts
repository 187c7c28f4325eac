import type { Approvals } from './approvals.ts';
import type { Claims } from './claims.ts';
import type { Clock } from './clock.ts';
import type { FileSystem } from './fileSystem.ts';
import type { FrontmatterReader } from './frontmatter.ts';
import type { GitFinder } from './git.ts';
import type { LocalState } from './localState.ts';
import type { Logger } from './logger.ts';
import type { OrchestratorFiles } from './orchestratorFiles.ts';
import type { Owners } from './owner.ts';
import type { CommandRunner } from './process.ts';
import type { Prompt } from './prompt.ts';
import type { StateFiles } from './stateFiles.ts';

/** Everything that core needs from a host, for one project (one root folder). */
export interface Ports {
  readonly files: FileSystem;
  readonly stateFiles: StateFiles;
  readonly frontmatter: FrontmatterReader;
  readonly git: GitFinder;
  readonly localState: LocalState;
  readonly owners: Owners;
  readonly commands: CommandRunner;
  readonly approvals: Approvals;
  readonly claims: Claims;
  readonly prompt: Prompt;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What is shared with other programs of wave runs; made when it is asked for. */
  readonly orchestrator: () => Promise<OrchestratorFiles>;
}

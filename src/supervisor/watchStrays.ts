import { readWaveRuns } from '../core/actions/waves/records.ts';
import type { LocalState } from '../core/ports/localState.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Worktrees } from '../core/ports/worktrees.ts';
import { StrayWatch } from '../platform/worktrees/strayWatch.ts';

export interface StrayWatchOptions {
  readonly worktrees: Worktrees;
  readonly localState: LocalState;
  readonly logger: Pick<Logger, 'info'>;
  /** The session's worktree. */
  readonly own: string;
}

/**
 * Watches the main working tree and those that are not Baton's: what happens in other sessions' trees undoes their verdicts by itself. Where a
 * wave run works in a tree meanwhile, nobody can tell its changes from a session's: what changed there is not held against the session, and that
 * is logged. What the session writes there by its own tools is seen in what it says.
 */
export async function watchStrays(options: StrayWatchOptions): Promise<{ changed(): Promise<readonly string[]> }> {
  const { worktrees, localState, logger, own } = options;
  const { createRunGit } = await import('../platform/git/simpleGit.ts');
  const trees = (await worktrees.list()).filter(
    ({ path, isGone }) => path !== own && !isGone && !path.startsWith(`${worktrees.folder}/`),
  );
  const sinceMs = Date.now();
  const watch = await StrayWatch.begin(
    trees.map(({ path }) => path),
    (folder) => createRunGit(folder),
  );
  return {
    async changed() {
      const changed = await watch.changed();
      if (changed.length === 0) return [];
      const runs = (await readWaveRuns(localState)).filter(
        // Times of records have no parts of a second.
        ({ status, updatedAt }) => status === 'active' || Date.parse(updatedAt) >= sinceMs - 1_000,
      );
      const run = (path: string) => runs.find(({ root }) => path.startsWith(`${root}/`));
      const theirs = changed.filter((path) => run(path) !== undefined);
      if (theirs.length > 0) {
        const ids = [...new Set(theirs.map((path) => run(path)?.id ?? ''))];
        logger.info(`${own}: ${theirs.length} changed files outside of it are where ${ids.join(', ')} works too`);
      }
      return changed.filter((path) => run(path) === undefined);
    },
  };
}

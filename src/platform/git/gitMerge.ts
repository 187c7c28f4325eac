import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import type { Git, MergeOutcome } from '../../core/ports/git.ts';
import { type GitClient, gitFailed, lastPart } from './gitClient.ts';

/** Merges with a merge commit, or not at all; see `Git.merge`. */
export async function mergeBranch(
  git: GitClient,
  repository: Pick<Git, 'head' | 'log'>,
  { branch, message }: { readonly branch: string; readonly message: string },
): Promise<MergeOutcome> {
  const { operation, hash: before } = await repository.head();
  if (operation !== undefined) {
    throw new BatonError(
      'merge-in-progress',
      phrase`A ${operation} has begun in this repository and is not concluded`,
      {
        hint: phrase`Conclude it or give it up (git ${operation} --abort), then run it again.`,
        data: { operation },
      },
    );
  }
  const ref = `refs/heads/${branch}`;
  const known = await git.attempt({ args: ['show-ref', '--verify', '--quiet', ref] });
  if (known.exitCode !== 0) {
    throw new BatonError('git-failed', phrase`There is no branch ${branch}`, {
      hint: 'It may have been deleted or merged by hand.',
    });
  }
  const args = ['merge', '--no-ff', '--no-edit', '--quiet', '-m', message, ref];
  const result = await git.attempt({ args, writes: true });
  if (result.exitCode === 0) {
    const [commit] = (await repository.log({ limit: 1 })) ?? [];
    if (commit === undefined) throw new BatonError('git-failed', 'git merged, but the commit is not to be found');
    return { commit, ...(commit.hash === before && { wasIn: true }) };
  }
  const conflicts = await listUnmerged(git);
  if (conflicts.length > 0) {
    await giveUp(git);
    return { conflicts };
  }
  const said = result.stderr + result.stdout;
  const inTheWay = filesInTheWay(said);
  if (inTheWay.length > 0) {
    throw new BatonError(
      'wrong-state',
      phrase`Uncommitted changes are in the way of the merge: ${inTheWay.join(', ')}`,
      {
        hint: 'Commit or stash them, then merge again. Nothing was changed.',
        data: { files: inTheWay },
      },
    );
  }
  // A hook may have refused the commit of a merge that is complete in the index.
  if ((await repository.head()).operation === 'merge') {
    await giveUp(git);
    throw new BatonError('hook-failed', 'A hook refused the merge', {
      hint: 'See what it said, mend it, and merge again. Nothing was changed.',
      data: { output: lastPart(said) },
    });
  }
  throw gitFailed(args, result);
}

async function listUnmerged(git: GitClient): Promise<readonly string[]> {
  const output = await git.output({ args: ['diff', '--name-only', '--diff-filter=U', '-z'] });
  return [...new Set(output.split('\0').filter((path) => path !== ''))];
}

async function giveUp(git: GitClient): Promise<void> {
  await git.output({ args: ['merge', '--abort'], writes: true });
}

/** Git names them between two lines of its own, each after a tab; those that are staged after two spaces. */
function filesInTheWay(said: string): readonly string[] {
  if (!/would be overwritten by merge/.test(said)) return [];
  return said
    .split(/\r?\n/)
    .filter((line) => /^(?:\t| {2}\S)/.test(line))
    .map((line) => line.trim());
}

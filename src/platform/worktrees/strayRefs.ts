import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import type { StrayRef, TrashedWorktree, WorktreeInfo } from '../../core/ports/worktrees.ts';
import type { GitClient } from '../git/gitClient.ts';

const branches = 'refs/heads/baton/';
const rescues = 'refs/baton/trash/';

/** Branches of Baton's that no worktree has, and refs that keep the commits of a worktree in the trash that is not there. */
export async function findStrayRefs(
  git: GitClient,
  base: string,
  known: { readonly worktrees: readonly WorktreeInfo[]; readonly trash: readonly TrashedWorktree[] },
): Promise<readonly StrayRef[]> {
  const taken = new Set([
    ...known.worktrees.map(({ branch }) => `refs/heads/${branch}`),
    ...known.trash.flatMap(({ id, branch }) => [`${rescues}${id}`, `refs/heads/${branch}`]),
  ]);
  const inTrash = (ref: string): boolean =>
    ref.startsWith(rescues) &&
    known.worktrees.some(({ path }) => path.endsWith(`/.trash/${ref.slice(rescues.length)}`));
  const listing = await git.output({ args: ['for-each-ref', '--format=%(refname) %(objectname)', branches, rescues] });
  const lines = listing.split('\n').filter((line) => line !== '');
  const found: StrayRef[] = [];
  for (const line of lines) {
    const [ref = '', head = ''] = line.split(' ');
    if (taken.has(ref) || inTrash(ref)) continue;
    const kind = ref.startsWith(branches) ? 'branch' : 'rescue';
    found.push({ kind, ref, head, merged: await isElsewhere(git, { kind, head }, base) });
  }
  return found;
}

/** Removes a ref that stands where it stood when it was found, and whose commits are elsewhere still. */
export async function removeStrayRef(git: GitClient, { kind, ref, head }: StrayRef, base: string): Promise<void> {
  if (!(await isElsewhere(git, { kind, head }, base))) {
    throw new BatonError('conflict', phrase`${ref} holds work that is nowhere else`, { data: { ref, head } });
  }
  await git.output({ args: ['update-ref', '-d', ref, head], writes: true });
}

/** A branch's commits have to be in the base; for what the trash left any branch does. */
async function isElsewhere(
  git: GitClient,
  { kind, head }: Pick<StrayRef, 'kind' | 'head'>,
  base: string,
): Promise<boolean> {
  if (kind === 'branch')
    return (await git.attempt({ args: ['merge-base', '--is-ancestor', head, base] })).exitCode === 0;
  const { stdout } = await git.attempt({ args: ['for-each-ref', '--count=1', '--contains', head, 'refs/heads'] });
  return stdout.trim() !== '';
}

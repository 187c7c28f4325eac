import { findSessionCommits, type SessionCommit } from '../formats/commitMessage.ts';
import type { Commit, Git } from '../ports/git.ts';

/** Commits of a session that git has since a revision (all of HEAD's where that is not given or gone), newest first. */
export async function sessionCommits(
  git: Git,
  id: string,
  since?: string,
): Promise<readonly (Commit & SessionCommit)[]> {
  const recent = since === undefined ? undefined : await git.log({ range: `${since}..HEAD` });
  const commits = recent ?? (await git.log({ containing: id })) ?? [];
  const byHash = new Map(commits.map((commit) => [commit.hash, commit]));
  return findSessionCommits(commits, id).flatMap((found) => {
    const commit = byHash.get(found.hash);
    return commit ? [{ ...commit, ...found }] : [];
  });
}

/** The number of a session's next checkpoint: one more than SESSION.md and the commits since its start know. */
export function nextCheckpoint(known: number, commits: readonly SessionCommit[]): number {
  const made = commits.flatMap(({ kind, number }) => (kind === 'checkpoint' ? [number ?? 0] : []));
  // Checkpoints of the reference script are all numbered 1, so they are counted as well.
  return Math.max(known, made.length, ...made) + 1;
}

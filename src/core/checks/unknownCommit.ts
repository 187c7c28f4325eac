import { phrase } from '../base/phrase.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { cellOf, rangeOfWord } from './locate.ts';
import type { Rule } from './rule.ts';

/** A hash as a commit cell names it. */
export interface CommitMention {
  readonly entry: SessionEntry;
  /** As it stands, 7 to 40 hexadecimal digits. */
  readonly hash: string;
}

const hashPattern = /(?<![\p{L}\p{N}_])[0-9a-f]{7,40}(?![\p{L}\p{N}_])/giu;

/** Every hash that the tables' commit cells name, for the question to git which of them it knows. */
export function commitHashes(workspace: Workspace): readonly CommitMention[] {
  return workspace.sessions.flatMap((entry) =>
    (entry.commit?.match(hashPattern) ?? []).map((hash) => ({ entry, hash })),
  );
}

/** A commit cell names a commit that git does not know: mistyped, rebased away, or never fetched. */
export const findUnknownCommits: Rule = (workspace, facts) => {
  if (facts.unknownCommits.length === 0) return [];
  const unknown = new Set(facts.unknownCommits.map((hash) => hash.toLowerCase()));
  const texts = new Map(workspace.progress.map(({ path, text }) => [path, text]));
  return commitHashes(workspace).flatMap(({ entry, hash }) => {
    const cell = cellOf(entry, 'commit');
    if (!cell || entry.progressPath === undefined || !unknown.has(hash.toLowerCase())) return [];
    const message = phrase`Git does not know the commit ${hash} of ${entry.id}. It may have been rebased or not been fetched; \`git log --grep "Session: ${entry.id}"\` finds the session's commits.`;
    const range = rangeOfWord(texts.get(entry.progressPath) ?? '', cell.range, hash);
    return [
      {
        path: entry.progressPath,
        diagnostic: { code: 'unknown-commit', severity: 'warning', message, range } as const,
      },
    ];
  });
};

import type { SessionEntry } from '../model/workspace.ts';
import { cellOf, listIds, placeOfEntry } from './locate.ts';
import type { CheckFacts, Rule } from './rule.ts';

/** Tells whether a row says Active although its session is neither this worktree's nor runs in an isolated one. */
export function isStrayActive(entry: SessionEntry, { liveIsolated }: Pick<CheckFacts, 'liveIsolated'>): boolean {
  return entry.row?.status.status === 'active' && !entry.activeHere && !liveIsolated.includes(entry.id);
}

/** Several rows of a project say Active, and nothing here works on any of them. */
export const findTwoActive: Rule = (workspace, facts) =>
  workspace.projects.flatMap(({ sessions }) => {
    const stray = sessions.filter((entry) => isStrayActive(entry, facts));
    if (new Set(stray.map(({ row }) => row)).size < 2) return [];
    const ids = listIds([...new Set(stray.map(({ id }) => id))]);
    return stray.flatMap((entry) => {
      const place = placeOfEntry(entry);
      if (!place) return [];
      const message = `${entry.id} is Active although it is not the session of this worktree, as are ${stray.length} rows in all: ${ids}. Set those that nobody works on to Paused, Done or Pending.`;
      const range = cellOf(entry, 'status')?.range ?? place.range;
      return [{ path: place.path, diagnostic: { code: 'two-active', severity: 'warning', message, range } as const }];
    });
  });

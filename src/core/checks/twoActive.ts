import { phrase } from '../base/phrase.ts';
import type { SessionEntry } from '../model/workspace.ts';
import { cellOf, listIds, placeOfEntry } from './locate.ts';
import type { CheckFacts, Rule } from './rule.ts';

/** Tells whether a row says Active although its session is neither this worktree's nor runs in an isolated one. */
export function isStrayActive(entry: SessionEntry, { liveIsolated }: Pick<CheckFacts, 'liveIsolated'>): boolean {
  return entry.row?.status.status === 'active' && !entry.activeHere && !liveIsolated.includes(entry.id);
}

/** So many are named in every row; more would say the same long list in each of them. */
const mostNamed = 3;

function nameOthers(all: readonly SessionEntry[], entry: SessionEntry): string {
  const first = all.slice(0, mostNamed + 1).filter((other) => other !== entry);
  const named = first.slice(0, mostNamed).map(({ id }) => id);
  const more = all.length - 1 - named.length;
  return all.length === 2
    ? phrase`${listIds(more > 0 ? [...named, `${more} more`] : named)} is`
    : phrase`${listIds(more > 0 ? [...named, `${more} more`] : named)} are`;
}

/** Several rows of a project say Active, and nothing here works on any of them. */
export const findTwoActive: Rule = (workspace, facts) =>
  workspace.projects.flatMap(({ sessions }) => {
    const active = sessions.filter((entry) => isStrayActive(entry, facts));
    const stray = [...new Map(active.map((entry) => [entry.row, entry])).values()];
    if (stray.length < 2) return [];
    return stray.flatMap((entry) => {
      const place = placeOfEntry(entry);
      if (!place) return [];
      const message = phrase`${entry.id} is Active although it is not the session of this worktree; ${nameOthers(stray, entry)} Active too. Set those that nobody works on to Paused, Done or Pending.`;
      const range = cellOf(entry, 'status')?.range ?? place.range;
      const related = stray
        .slice(0, mostNamed + 1)
        .flatMap((other) => (other === entry ? [] : (placeOfEntry(other) ?? [])))
        .map((other) => ({ ...other, message: 'This one is Active too' }));
      const diagnostic = { code: 'two-active', severity: 'warning', message, range, related } as const;
      return [{ path: place.path, diagnostic }];
    });
  });

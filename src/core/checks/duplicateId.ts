import { phrase } from '../base/phrase.ts';
import type { SessionEntry } from '../model/workspace.ts';
import { type Place, placeOfEntry } from './locate.ts';
import type { Finding, Rule } from './rule.ts';

/**
 * One ID for two sessions of a project, in tables of different repositories or in two plans: nobody knows which one is meant. Twice in
 * one table or one plan is found when the file is parsed.
 */
export const findDuplicateIds: Rule = (workspace) => {
  const parsed = new Set(
    workspace.problems.flatMap(({ path, diagnostics }) =>
      diagnostics.filter(({ code }) => code === 'duplicate-id').map(({ range }) => `${range.start}:${path}`),
    ),
  );
  return workspace.projects.flatMap(({ sessions }) =>
    [...groupById(sessions).values()]
      .filter((group) => group.length > 1)
      .flatMap((group) =>
        describeGroup(group).filter(({ path, diagnostic }) => !parsed.has(`${diagnostic.range.start}:${path}`)),
      ),
  );
};

function groupById(sessions: readonly SessionEntry[]): ReadonlyMap<string, readonly SessionEntry[]> {
  const groups = new Map<string, SessionEntry[]>();
  for (const entry of sessions) {
    const group = groups.get(entry.id);
    if (group) group.push(entry);
    else groups.set(entry.id, [entry]);
  }
  return groups;
}

/** One finding at each place but the first. Two entries may share a place: one row that two plans define. */
function describeGroup(group: readonly SessionEntry[]): readonly Finding[] {
  const places = new Map<string, { place: Place; entry: SessionEntry }>();
  for (const entry of group) {
    const own = placeOfEntry(entry);
    const planned = entry.plan && entry.planPath !== undefined && { path: entry.planPath, range: entry.plan.idRange };
    const rowIsShared = own !== undefined && places.has(keyOf(own));
    const place = rowIsShared ? planned : own;
    if (place && !places.has(keyOf(place))) places.set(keyOf(place), { place, entry });
  }
  const [first, ...others] = [...places.values()];
  if (!first) return [];
  const where = first.entry.repository === undefined ? '' : phrase` (repository ${first.entry.repository})`;
  return others.map(({ place, entry }) => ({
    path: place.path,
    diagnostic: {
      code: 'duplicate-id',
      // Two repositories can be told apart when the session is named; two plans of one project cannot.
      severity: entry.repository === first.entry.repository ? 'error' : 'warning',
      message: phrase`${entry.id} is also the ID of a session in ${first.place.path}${where}. Give one of them another ID, or name project and plan whenever you mean it.`,
      range: place.range,
      related: [{ ...first.place, message: phrase`${first.entry.id} stands here too` }],
    },
  }));
}

function keyOf({ path, range }: Place): string {
  return `${range.start}:${path}`;
}

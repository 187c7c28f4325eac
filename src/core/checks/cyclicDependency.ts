import { findComponents, type Successors } from '../base/graph.ts';
import { phrase } from '../base/phrase.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { placeOfDependency } from './locate.ts';
import type { Finding, Rule } from './rule.ts';

/** A cycle longer than this is written with its beginning and end. */
const mostNames = 12;
/** In a group larger than this no cycle of its own is looked for at each member: that would take time by the square of it. */
const mostSearched = 200;

/** Sessions that wait for each other, so that none of them can ever be started. Each member is reported once, with a cycle through it. */
export const findCyclicDependencies: Rule = (workspace) =>
  workspace.projects.flatMap(({ sessions }) => findCycles(workspace, sessions));

function findCycles(workspace: Workspace, sessions: readonly SessionEntry[]): readonly Finding[] {
  const firstOf = new Map<string, number>();
  sessions.forEach(({ id }, index) => {
    if (!firstOf.has(id)) firstOf.set(id, index);
  });
  const graph: Successors = sessions.map(({ dependencies }) => dependencies.flatMap(({ id }) => firstOf.get(id) ?? []));
  const findings: Finding[] = [];
  for (const component of findComponents(graph)) {
    const [first] = component;
    if (first === undefined || (component.length === 1 && !graph[first]?.includes(first))) continue;
    if (component.every((index) => sessions[index]?.status === 'done')) continue;
    const members = new Set(component);
    const common = shortestCycle(graph, first, members);
    for (const index of [...component].sort((a, b) => a - b)) {
      const entry = sessions[index];
      if (!entry) continue;
      const cycle = cycleThrough(index, { graph, members, common });
      const ids = cycle.map((one) => sessions[one]?.id ?? '');
      const place = placeOfDependency(workspace, entry, ids[1] ?? entry.id);
      if (place) findings.push({ path: place.path, diagnostic: describeCycle(entry, ids, place.range) });
    }
  }
  return findings;
}

/** A cycle that begins and ends at `index` where one is found at a fair price, else one of its group. */
function cycleThrough(
  index: number,
  group: { readonly graph: Successors; readonly members: ReadonlySet<number>; readonly common: readonly number[] },
): readonly number[] {
  const at = group.common.indexOf(index);
  if (at >= 0) return [...group.common.slice(at, -1), ...group.common.slice(0, at), index];
  return group.members.size <= mostSearched ? shortestCycle(group.graph, index, group.members) : group.common;
}

/** The shortest way from `start` back to it, both ends named. */
function shortestCycle(graph: Successors, start: number, members: ReadonlySet<number>): readonly number[] {
  const cameFrom = new Map<number, number>();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph[node] ?? []) {
      if (next === start) {
        const way = [start];
        for (let at = node; at !== start; at = cameFrom.get(at) ?? start) way.push(at);
        way.push(start);
        return way.reverse();
      }
      if (!members.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return [start, start];
}

function describeCycle(
  entry: SessionEntry,
  cycle: readonly string[],
  range: Finding['diagnostic']['range'],
): Finding['diagnostic'] {
  if (cycle.length === 2 && cycle[0] === entry.id) {
    const message = `${entry.id} depends on itself, so it can never be started. Remove that dependency.`;
    return { code: 'cyclic-dependency', severity: 'error', message, range };
  }
  const names =
    cycle.length > mostNames
      ? [...cycle.slice(0, mostNames - 2), phrase`… (${cycle.length - mostNames} more)`, ...cycle.slice(-2)]
      : cycle;
  const message = phrase`${entry.id} can never be started, because these sessions wait for each other: ${names.join(' → ')}. Remove one of these dependencies.`;
  return { code: 'cyclic-dependency', severity: 'error', message, range };
}

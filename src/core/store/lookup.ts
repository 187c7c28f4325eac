import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import { nearestIds } from '../model/sessionId.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';

/** Narrows a search for a session; each part that is given must fit. */
export interface SessionScope {
  /** The project's name, in any case, or the path of its progress file. */
  readonly project?: string;
  /** Path of the plan. */
  readonly plan?: string;
  readonly repository?: string;
}

/** What a verb has an option for; its refusal of an ambiguous ID names the first that tells the sessions apart. */
export type ScopeOption = 'plan' | 'project';

/** A place where a session stands; `line` counts from 1. */
export interface SessionPlace {
  readonly project: string;
  readonly repository?: string;
  readonly path: string;
  readonly line: number;
}

/**
 * Finds the one session with this ID.
 *
 * @throws BatonError `unknown-session` (the hint and `data.nearest` name the nearest IDs), `ambiguous-session` (`data.places` are where
 * the ID stands, each a `SessionPlace`)
 */
export function findSession(
  workspace: Workspace,
  id: string,
  scope: SessionScope = {},
  options: readonly ScopeOption[] = ['plan', 'project'],
): SessionEntry {
  const within = workspace.sessions.filter((entry) => isInScope(entry, scope));
  const found = within.filter((entry) => entry.id === id);
  const [entry, second] = found;
  if (!entry) throw unknownSession(workspace, within, id, scope);
  if (second) throw ambiguousSession(workspace, found, id, options);
  return entry;
}

/** The sessions that can be started, those that unblock most first, in table order among equals. */
export function readySessions(workspace: Workspace): readonly SessionEntry[] {
  return workspace.sessions.filter(({ ready }) => ready).sort((a, b) => b.unblocksCount - a.unblocksCount);
}

/** The folder of the session's repository, as the configuration maps it; `''` (the project's root) where it maps none. */
export function folderOf(workspace: Workspace, { repository }: Pick<SessionEntry | SessionFile, 'repository'>): string {
  const { repositories } = workspace.config;
  const folder =
    repository !== undefined && Object.hasOwn(repositories, repository) ? repositories[repository] : undefined;
  return folder === undefined || folder === '.' ? '' : folder;
}

/** Where an entry stands: its row, and its section of the plan. */
export function placesOf(workspace: Workspace, entry: SessionEntry): readonly SessionPlace[] {
  const { project, repository } = entry;
  const places: SessionPlace[] = [];
  if (entry.row && entry.progressPath !== undefined) {
    places.push({ project, repository, path: entry.progressPath, line: entry.row.line + 1 });
  }
  const plan = workspace.plans.find(({ path }) => path === entry.planPath);
  if (entry.plan && plan) {
    places.push({ project, repository, path: plan.path, line: lineOf(plan.text, entry.plan.idRange.start) });
  }
  return places;
}

/** Tells whether a session is one of those that a search looks at. */
export function isInScope(entry: SessionEntry, { project, plan, repository }: SessionScope): boolean {
  const isProject =
    project === undefined || entry.project.toLowerCase() === project.toLowerCase() || entry.progressPath === project;
  const isPlan = plan === undefined || entry.planPath === plan.replace(/^(?:\.\/)+/, '');
  return isProject && isPlan && (repository === undefined || entry.repository === repository);
}

function unknownSession(
  workspace: Workspace,
  within: readonly SessionEntry[],
  id: string,
  scope: SessionScope,
): BatonError {
  const [other] = workspace.sessions.filter((entry) => entry.id === id);
  const where = [scope.project, scope.plan, scope.repository].filter((part) => part !== undefined).join(', ');
  const message = where === '' ? phrase`There is no session ${id}` : phrase`There is no session ${id} in ${where}`;
  if (other) {
    const hint = phrase`${id} is in ${[...new Set(placesOf(workspace, other).map(({ path }) => path))].join(' and ')}.`;
    return new BatonError('unknown-session', message, { hint, data: { id, nearest: [id] } });
  }
  const ids = within.map((entry) => entry.id);
  const nearest = nearestIds(id, ids);
  return new BatonError('unknown-session', message, { hint: unknownHint(nearest, ids), data: { id, nearest } });
}

function unknownHint(nearest: readonly string[], ids: readonly string[]): string {
  if (nearest.length > 0) return phrase`Did you mean ${nearest.join(' or ')}?`;
  if (ids.length === 0)
    return 'No plan or progress table with sessions was found. `baton init` makes a progress file from a plan.';
  const first = [...new Set(ids)].slice(0, 5).join(', ');
  return phrase`\`baton sessions\` lists what there is: ${first}${ids.length > 5 ? ', …' : ''}.`;
}

function ambiguousSession(
  workspace: Workspace,
  found: readonly SessionEntry[],
  id: string,
  options: readonly ScopeOption[],
): BatonError {
  const places = uniquePlaces(found.flatMap((entry) => placesOf(workspace, entry)));
  const list = places.map(({ path, line }) => `${path}:${line}`).join(', ');
  const option = options.find((one) => tellsApart(found, one));
  const values = option && found.map((entry) => `--${option} ${quote(scopeValue(entry, option) ?? '')}`);
  const hint =
    values === undefined
      ? phrase`Give each its own ID; ${id} stands at ${list}.`
      : phrase`Name the ${option} that you mean: ${values.join(' or ')}.`;
  return new BatonError('ambiguous-session', phrase`${id} is the ID of ${found.length} sessions: ${list}`, {
    hint,
    data: { id, places },
  });
}

function tellsApart(found: readonly SessionEntry[], option: ScopeOption): boolean {
  const values = new Set(found.map((entry) => scopeValue(entry, option)));
  return values.size === found.length && !values.has(undefined);
}

function scopeValue({ planPath, project }: SessionEntry, option: ScopeOption): string | undefined {
  return option === 'plan' ? planPath : project;
}

function quote(value: string): string {
  return /[^\p{L}\p{N}_./-]/u.test(value) ? JSON.stringify(value) : value;
}

function uniquePlaces(places: readonly SessionPlace[]): readonly SessionPlace[] {
  return [...new Map(places.map((place) => [`${place.line}:${place.path}`, place])).values()];
}

/** The line of an offset, counted from 1. */
function lineOf(text: string, offset: number): number {
  return (text.slice(0, offset).match(/\r\n?|\n/g)?.length ?? 0) + 1;
}

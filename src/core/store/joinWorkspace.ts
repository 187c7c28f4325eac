import { countReachable } from '../base/graph.ts';
import type { BatonConfig } from '../model/config.ts';
import type { Plan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { SessionStatus } from '../model/sessionStatus.ts';
import type { TaskList } from '../model/taskList.ts';
import type { DependencyState, FileProblems, ProjectEntry, SessionEntry, Workspace } from '../model/workspace.ts';
import { hasSameParts } from './compareEntries.ts';
import { expandDependency, type NamedDependency, readDependencies, readWaitingNote } from './dependencyText.ts';
import {
  type EntryDraft,
  findSessionFileEntry,
  isStatusUnknown,
  joinProject,
  type ProjectDraft,
  rowStatus,
} from './joinProject.ts';
import { joinTaskList } from './joinTaskList.ts';
import { matchPlans, type ProjectSources } from './matchPlans.ts';

/** The parsed state files of one root folder. */
export interface WorkspaceParts {
  readonly config: BatonConfig;
  readonly plans: readonly Plan[];
  readonly progress: readonly Progress[];
  readonly sessionFile?: SessionFile;
  readonly paused: readonly SessionFile[];
  readonly taskLists?: readonly TaskList[];
  readonly waveStates?: Workspace['waveStates'];
  readonly problems: readonly FileProblems[];
  readonly unreadable: Workspace['unreadable'];
}

/**
 * Makes the snapshot of a workspace from its parsed files. Entries that are the same as in `previous` are its very objects.
 * Pure, never throws, and linear in the number of sessions and dependencies.
 */
export function joinWorkspace(parts: WorkspaceParts, previous?: Workspace): Workspace {
  const drafts = joinProjects(parts);
  const own =
    parts.sessionFile &&
    findSessionFileEntry(
      drafts.flatMap(({ entries }) => entries),
      parts.sessionFile,
    );
  const before = new Map(previous?.sessions.map((entry) => [entry.key, entry]));
  const context: JoinContext = { parts, own, paused: groupPaused(parts.paused), before };
  const projects = drafts.map((draft) => finishProject(draft, context));
  const sessions = projects.flatMap((project) => project.sessions);
  const knownLists = new Map(previous?.taskLists.map((entry) => [entry.list, entry]));
  return {
    ...parts,
    taskLists: (parts.taskLists ?? []).map((list) => knownLists.get(list) ?? joinTaskList(list)),
    projects,
    sessions,
    active: own && sessions.find(({ key, status }) => key === own.key && status === 'active'),
  };
}

interface JoinContext {
  readonly parts: WorkspaceParts;
  /** The session that this worktree's SESSION.md is about. */
  readonly own: EntryDraft | undefined;
  /** By ID the projects whose session it is; undefined where a file does not say. */
  readonly paused: ReadonlyMap<string, readonly (string | undefined)[]>;
  readonly before: ReadonlyMap<string, SessionEntry>;
}

function joinProjects({ plans, progress }: WorkspaceParts): readonly ProjectDraft[] {
  const keys = new Map<string, number>();
  const sources = matchPlans(plans, progress);
  // Several progress files may follow one plan, one per repository say: a session that has a row in one is no news in the others,
  // and one that has none anywhere belongs to the first of them.
  const shared = findShared(sources);
  const rowsByPlan = new Map<Plan, Set<string>>();
  for (const { progress: one, plans: own } of sources) {
    for (const plan of own) {
      if (!shared.has(plan)) continue;
      const ids = rowsByPlan.get(plan) ?? new Set<string>();
      for (const table of one?.tables ?? []) for (const { id } of table.rows) ids.add(id);
      rowsByPlan.set(plan, ids);
    }
  }
  const seen = new Set<Plan>();
  return sources.map((source) => {
    const elsewhere = new Set<string>();
    for (const plan of source.plans) {
      if (!shared.has(plan)) continue;
      const ids = seen.has(plan) ? plan.sessions.map(({ id }) => id) : (rowsByPlan.get(plan) ?? []);
      for (const id of ids) elsewhere.add(id);
      seen.add(plan);
    }
    return joinProject(source, elsewhere, keys);
  });
}

/** The plans that several progress files follow. */
function findShared(sources: readonly ProjectSources[]): ReadonlySet<Plan> {
  const seen = new Set<Plan>();
  const shared = new Set<Plan>();
  for (const { plans } of sources) {
    for (const plan of plans) if (seen.has(plan)) shared.add(plan);
    for (const plan of plans) seen.add(plan);
  }
  return shared;
}

function groupPaused(paused: readonly SessionFile[]): JoinContext['paused'] {
  const projects = new Map<string, readonly (string | undefined)[]>();
  for (const { kind, id, project } of paused) {
    if (kind === 'session' && id !== undefined) projects.set(id, [...(projects.get(id) ?? []), project]);
  }
  return projects;
}

function finishProject(draft: ProjectDraft, context: JoinContext): ProjectEntry {
  const statuses = draft.entries.map((entry) => statusOf(entry, context));
  const groups = groupEntries(draft.entries, statuses);
  const dependencies = draft.entries.map((entry) => resolveDependencies(entry, groups));
  const waiting = findWaiting({ statuses, groups, dependencies });
  const counts = countReachable(waiting);
  const sessions = draft.entries.map((entry, index) => {
    const group = groups.of[index] ?? 0;
    const finished = finishEntry(entry, {
      context,
      status: statuses[index] ?? 'pending',
      dependencies: dependencies[index]?.states ?? none,
      unblocks: idsOf(waiting[group], groups),
      unblocksCount: counts[group] ?? 0,
    });
    const before = context.before.get(entry.key);
    return before && hasSameParts(before, finished) ? before : finished;
  });
  return {
    name: draft.name,
    progressPath: draft.progressPath,
    planPaths: draft.planPaths,
    repositories: draft.repositories,
    sessions,
  };
}

function statusOf(entry: EntryDraft, { parts, own, paused }: JoinContext): SessionStatus {
  if (entry === own) return parts.sessionFile?.status ?? 'active';
  // Without a row only the paused file knows of the pause.
  const projects = entry.row === undefined ? paused.get(entry.id) : undefined;
  if (projects?.some((name) => name === undefined || name === entry.project)) return 'paused';
  return rowStatus(entry.row);
}

/** The entries with one ID in one repository: one, unless the ID is there twice. */
interface Group {
  readonly id: string;
  readonly repository: string | undefined;
  /** The state of the first that is not done, so that a dependency on it is met only when every session that it may mean is done. */
  status: SessionStatus;
}

interface Groups {
  readonly all: readonly Group[];
  /** For each entry the number of its group. */
  readonly of: readonly number[];
  /** For each ID its groups: one, unless several repositories have it. */
  readonly byId: ReadonlyMap<string, readonly number[]>;
  /** Tells whether a session has this ID. */
  readonly isKnown: (id: string) => boolean;
}

function groupEntries(entries: readonly EntryDraft[], statuses: readonly SessionStatus[]): Groups {
  const all: Group[] = [];
  const byId = new Map<string, number[]>();
  const of = entries.map(({ id, repository }, index) => {
    const status = statuses[index] ?? 'pending';
    const same = byId.get(id);
    const known = same?.find((number) => all[number]?.repository === repository);
    const group = known === undefined ? undefined : all[known];
    if (known !== undefined && group) {
      if (group.status === 'done') group.status = status;
      return known;
    }
    const number = all.push({ id, repository, status }) - 1;
    if (same) same.push(number);
    else byId.set(id, [number]);
    return number;
  });
  return { all, of, byId, isKnown: (id) => byId.has(id) };
}

/** The dependencies of a session with the groups that they stand for. */
interface ResolvedDependencies {
  readonly states: readonly DependencyState[];
  readonly targets: readonly number[];
}

/** No ID is in more repositories than this but in a file made to exhaust the memory. */
const mostRepositories = 16;

/** Undefined where there are none, as of most sessions. */
function resolveDependencies(entry: EntryDraft, groups: Groups): ResolvedDependencies | undefined {
  const named = nameDependencies(entry, groups.isKnown);
  const [first] = named;
  if (first === undefined) return undefined;
  if (named.length === 1) {
    const targets = targetsOf(first.id, entry.repository, groups);
    return { states: [toState(first.id, first.reason, targets, groups)], targets };
  }
  const reasons = new Map<string, string | undefined>();
  for (const { id, reason } of named) reasons.set(id, reasons.get(id) ?? reason);
  const states: DependencyState[] = [];
  const targets: number[] = [];
  for (const [id, reason] of reasons) {
    const own = targetsOf(id, entry.repository, groups);
    states.push(toState(id, reason, own, groups));
    targets.push(...own);
  }
  return { states, targets };
}

function nameDependencies({ plan, row }: EntryDraft, isKnown: (id: string) => boolean): readonly NamedDependency[] {
  const cell = row?.dependencies;
  if (plan === undefined || plan.dependencies.length === 0) {
    if (cell !== undefined) return readDependencies(cell, isKnown);
    const notes = row?.notes;
    return notes ? readWaitingNote(notes, isKnown) : none;
  }
  const named: NamedDependency[] = [];
  for (const { id, reason } of plan.dependencies) {
    for (const one of expandDependency(id, isKnown)) named.push({ id: one, reason });
  }
  if (cell !== undefined) named.push(...readDependencies(cell, isKnown));
  else if (named.length === 0 && row?.notes) named.push(...readWaitingNote(row.notes, isKnown));
  return named;
}

/** The groups that a name stands for: more than one where other repositories have its ID and the own one has not. */
function targetsOf(id: string, repository: string | undefined, groups: Groups): readonly number[] {
  const all = groups.byId.get(id) ?? none;
  if (all.length <= 1) return all;
  const own = all.filter((number) => groups.all[number]?.repository === repository);
  return (own.length > 0 ? own : all).slice(0, mostRepositories);
}

function toState(id: string, reason: string | undefined, targets: readonly number[], groups: Groups): DependencyState {
  let status: DependencyState['status'] = 'unknown';
  for (const number of targets) {
    // The first that is not done, else done.
    if (status === 'unknown' || status === 'done') status = groups.all[number]?.status ?? 'pending';
  }
  const met = status === 'done';
  return reason === undefined ? { id, status, met } : { id, status, met, reason };
}

/** For each group the groups of unfinished sessions that depend on it directly. */
function findWaiting({
  statuses,
  groups,
  dependencies,
}: {
  readonly statuses: readonly SessionStatus[];
  readonly groups: Groups;
  readonly dependencies: readonly (ResolvedDependencies | undefined)[];
}): readonly (readonly number[])[] {
  const waiting: (number[] | undefined)[] = groups.all.map(() => undefined);
  dependencies.forEach((own, index) => {
    if (own === undefined || statuses[index] === 'done') return;
    const group = groups.of[index] ?? 0;
    for (const target of own.targets) {
      const others = waiting[target];
      if (others === undefined) waiting[target] = [group];
      // Entries come group by group, but where an ID is there twice.
      else if (others.at(-1) !== group) others.push(group);
    }
  });
  const hasDoubles = groups.all.length < groups.of.length;
  return waiting.map((others) => (others === undefined ? none : hasDoubles ? [...new Set(others)] : others));
}

function idsOf(numbers: readonly number[] | undefined, groups: Groups): readonly string[] {
  if (numbers === undefined || numbers.length === 0) return none;
  const ids = numbers.map((number) => groups.all[number]?.id ?? '');
  return ids.length === 1 ? ids : [...new Set(ids)];
}

/** One empty list for the many entries that have nothing to list. */
const none: readonly never[] = [];

function unmetOf(dependencies: readonly DependencyState[]): readonly string[] {
  if (dependencies.every(({ met }) => met)) return none;
  return dependencies.filter(({ met }) => !met).map(({ id }) => id);
}

const startable: ReadonlySet<SessionStatus> = new Set(['pending', 'failed', 'retry']);

function finishEntry(
  draft: EntryDraft,
  facts: {
    readonly context: JoinContext;
    readonly status: SessionStatus;
    readonly dependencies: readonly DependencyState[];
    readonly unblocks: readonly string[];
    readonly unblocksCount: number;
  },
): SessionEntry {
  const { row, plan } = draft;
  const { own, parts } = facts.context;
  const activeHere = draft === own;
  const file = activeHere ? parts.sessionFile : undefined;
  const statusUnknown = isStatusUnknown(row);
  const waitingFor = unmetOf(facts.dependencies);
  // Named one by one: of so many thousands of entries, each made by spreading, every one would be several times as large and slow.
  return {
    key: draft.key,
    id: draft.id,
    project: draft.project,
    repository: draft.repository,
    section: draft.section,
    progressPath: draft.progressPath,
    table: draft.table,
    row,
    planPath: draft.planPath,
    plan,
    title: plan?.title || row?.title || file?.title || draft.id,
    status: facts.status,
    statusUnknown,
    dependencies: facts.dependencies,
    waitingFor,
    unblocks: facts.unblocks,
    unblocksCount: facts.unblocksCount,
    // A status that nobody understands may well mean "not to be started".
    ready: startable.has(facts.status) && !statusUnknown && waitingFor.length === 0,
    activeHere,
    started: row?.started ?? file?.startedAt,
    completed: row?.completed,
    commit: row?.commit,
    notes: row?.notes,
  };
}

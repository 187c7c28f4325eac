import { findHeaviestChain } from '../base/graph.ts';
import type {
  DashboardActive,
  DashboardColumn,
  DashboardDependency,
  DashboardProject,
  DashboardSession,
  DashboardSnapshot,
  DashboardTaskList,
} from '../model/dashboard.ts';
import type { InboxItem } from '../model/inbox.ts';
import type { ColumnRole, ProgressTable } from '../model/progress.ts';
import { type ShownState, shownState } from '../model/shownState.ts';
import type { TaskListEntry } from '../model/taskList.ts';
import { readTime, resolveTime } from '../model/time.ts';
import type { ProjectEntry, SessionEntry, Workspace } from '../model/workspace.ts';
import type { LocalTime } from '../ports/clock.ts';
import { readySessions } from '../store/lookup.ts';
import { readWorkspace } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { readRowTexts, readSessionEstimate, readSessionTimes } from './dashboardTimes.ts';
import { listInbox } from './inbox/listInbox.ts';
import { listWaveRuns } from './waves/listWaveRuns.ts';
import { readMetrics } from './waves/metrics.ts';
import { pastWaveRuns, shownRuns } from './waves/shownRuns.ts';

/** What else than the state files the dashboard shows. */
export interface DashboardFacts {
  /** Name of the folder. */
  readonly name: string;
  readonly inbox: readonly InboxItem[];
  /** Gives times without a year or zone theirs. */
  readonly now: LocalTime;
}

/** Reads everything that the dashboard and the report show of a folder. */
export async function readDashboard(
  context: Pick<ActionContext, 'store' | 'ports'>,
  { name }: { /** Of the folder. */ readonly name: string },
): Promise<DashboardSnapshot> {
  const [workspace, { items }] = await Promise.all([readWorkspace(context), listInbox(context)]);
  const snapshot = describeWorkspace(workspace, { name, inbox: items, now: context.ports.clock.now() });
  return { ...snapshot, ...(await readWaves(context, workspace)) };
}

/** The wave runs that the dashboard and the report show; outside of git there are only those that a STATE.md tells of. */
export async function readWaves(
  context: Pick<ActionContext, 'ports'>,
  workspace: Workspace,
): Promise<Required<Pick<DashboardSnapshot, 'waves' | 'pastWaves'>>> {
  const [entries, files] = await Promise.all([
    listWaveRuns(context).catch(() => []),
    context.ports.orchestrator().catch(() => undefined),
  ]);
  const metrics = files && (await readMetrics(context).catch(() => undefined));
  return {
    waves: shownRuns({ root: files?.root ?? '', entries, workspace }),
    pastWaves: pastWaveRuns(
      metrics?.runs ?? [],
      entries.map(({ run }) => run),
    ),
  };
}

/** Makes the dashboard's snapshot of a workspace. Pure, never throws, and linear in the number of sessions and dependencies. */
export function describeWorkspace(workspace: Workspace, { name, inbox, now }: DashboardFacts): DashboardSnapshot {
  const projects = workspace.projects.map((project) => describeProject(project, workspace, now));
  const active = describeActive(workspace, now);
  return {
    name,
    takenMs: now.epochMs,
    projects: projects.map(({ project }) => project),
    sessions: projects.flatMap(({ sessions }) => sessions),
    ...(active && { active }),
    next: readySessions(workspace).map(({ key }) => key),
    taskLists: workspace.taskLists.map(describeTaskList),
    inbox,
    problems: [
      ...workspace.unreadable.map(({ path, message }) => ({ path, message })),
      ...workspace.problems.flatMap(({ path, diagnostics }) =>
        diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => ({ path, message })),
      ),
    ],
  };
}

/** Roles of the columns whose cells people own, so that they can be edited in place. */
const ownedRoles: readonly ColumnRole[] = ['notes', 'status', 'other'];

/** Tells whether people own the cells of a column: notes, status, and what Baton does not know. */
export function isOwnedColumn(role: ColumnRole): boolean {
  return ownedRoles.includes(role);
}

interface ProjectGraph {
  readonly keysById: ReadonlyMap<string, readonly SessionEntry[]>;
  readonly criticalKeys: ReadonlySet<string>;
}

function describeProject(
  project: ProjectEntry,
  workspace: Workspace,
  now: LocalTime,
): { readonly project: DashboardProject; readonly sessions: readonly DashboardSession[] } {
  const keysById = groupById(project.sessions);
  const criticalPath = findCriticalPath(project.sessions, keysById);
  const graph: ProjectGraph = { keysById, criticalKeys: new Set(criticalPath) };
  const columnsOf = new Map<ProgressTable, readonly DashboardColumn[]>();
  const sessions = project.sessions.map((entry) => describeSession(entry, graph, now));
  for (const { table } of project.sessions) {
    if (table && !columnsOf.has(table)) columnsOf.set(table, describeColumns(table));
  }
  const columns = new Map<string, DashboardColumn>();
  for (const column of [...columnsOf.values()].flat()) if (!columns.has(column.name)) columns.set(column.name, column);
  const counts: Partial<Record<ShownState, number>> = {};
  for (const { state } of sessions) counts[state] = (counts[state] ?? 0) + 1;
  const progress = workspace.progress.find(({ path }) => path === project.progressPath);
  return {
    project: {
      name: project.name,
      ...(project.progressPath !== undefined && { progressPath: project.progressPath }),
      planPaths: project.planPaths,
      repositories: project.repositories,
      columns: [...columns.values()],
      counts,
      total: sessions.length,
      done: counts.done ?? 0,
      criticalPath,
      blockers: (progress?.blockers ?? [])
        .filter(({ checked }) => !checked)
        .map(({ text, session }) => (session === undefined ? { text } : { text, session })),
    },
    sessions,
  };
}

function describeColumns({ columns }: ProgressTable): readonly DashboardColumn[] {
  return columns.map(({ name, role }) => ({ name, role, editable: isOwnedColumn(role) }));
}

function groupById(entries: readonly SessionEntry[]): ReadonlyMap<string, readonly SessionEntry[]> {
  const groups = new Map<string, SessionEntry[]>();
  for (const entry of entries) {
    const same = groups.get(entry.id);
    if (same) same.push(entry);
    else groups.set(entry.id, [entry]);
  }
  return groups;
}

/** The session that an ID means for one that depends on it: its own repository's first, as the workspace joins them. */
function findTarget(
  id: string,
  { repository }: SessionEntry,
  keysById: ProjectGraph['keysById'],
): SessionEntry | undefined {
  const all = keysById.get(id);
  return all?.find((other) => other.repository === repository) ?? all?.[0];
}

function describeSession(entry: SessionEntry, graph: ProjectGraph, now: LocalTime): DashboardSession {
  const { plan } = entry;
  const week = weekOf(entry);
  const cells = readRowTexts(entry);
  const model = cells.byRole.get('model') || plan?.modelSettings.model;
  return {
    key: entry.key,
    id: entry.id,
    title: entry.title,
    state: shownState(entry),
    project: entry.project,
    ...(entry.repository !== undefined && { repository: entry.repository }),
    ...(entry.section !== undefined && { section: entry.section }),
    ...(week !== undefined && { week }),
    ...(plan?.track !== undefined && { track: plan.track }),
    // Not an object that is filled: a header may be called `__proto__`.
    cells: Object.fromEntries(cells.byName),
    ...readSessionTimes(entry, cells, now),
    ...(model !== undefined && { model }),
    dependencies: entry.dependencies.map((dependency): DashboardDependency => {
      const target = findTarget(dependency.id, entry, graph.keysById);
      return {
        id: dependency.id,
        ...(target && { key: target.key }),
        state: target === undefined ? 'unknown' : shownState(target),
        met: dependency.met,
        ...(dependency.reason !== undefined && { reason: dependency.reason }),
      };
    }),
    waitingFor: entry.waitingFor,
    unblocks: entry.unblocks,
    unblocksCount: entry.unblocksCount,
    parallelWith: plan?.parallelWith ?? [],
    critical: graph.criticalKeys.has(entry.key),
    activeHere: entry.activeHere,
    ...(entry.commit !== undefined && { commit: entry.commit }),
    ...(plan?.taskList !== undefined && { taskList: plan.taskList }),
    hasPrompt: plan?.prompt !== undefined,
    hasRow: entry.row !== undefined,
  };
}

function weekOf({ section, plan }: SessionEntry): string | undefined {
  const number = /\bweek\s+0*(\d+)/i.exec(section ?? '') ?? /0*(\d+)/.exec(plan?.week ?? '');
  return number?.[1];
}

/** A session without an estimate counts as so long where no other of its project has one. */
const usualMinutes = 60;

/** Keys of the chain of unfinished sessions that takes longest by their estimates; what has none counts as the project's median. */
function findCriticalPath(entries: readonly SessionEntry[], keysById: ProjectGraph['keysById']): readonly string[] {
  const open = entries.filter(({ status }) => status !== 'done');
  const numbers = new Map(open.map((entry, index) => [entry, index]));
  const waiting: number[][] = open.map(() => []);
  open.forEach((entry, index) => {
    for (const { id } of entry.dependencies) {
      const target = findTarget(id, entry, keysById);
      const number = target === undefined ? undefined : numbers.get(target);
      if (number !== undefined) waiting[number]?.push(index);
    }
  });
  const estimates = open.map((entry) => readSessionEstimate(entry));
  const known = estimates.filter((minutes) => minutes !== undefined).sort((a, b) => a - b);
  const median = known[Math.floor(known.length / 2)] ?? usualMinutes;
  const chain = findHeaviestChain(
    waiting,
    estimates.map((minutes) => minutes ?? median),
  );
  // A chain of one is no path.
  return chain.length > 1 ? chain.map((number) => open[number]?.key ?? '') : [];
}

function describeActive({ sessionFile: file, active }: Workspace, now: LocalTime): DashboardActive | undefined {
  if (file?.kind !== 'session' || file.id === undefined || file.status === 'paused') return undefined;
  const started = file.startedAt === undefined ? undefined : readTime(file.startedAt);
  return {
    ...(active && { key: active.key }),
    id: file.id,
    title: active?.title ?? file.title ?? file.id,
    ...(started && { startedMs: resolveTime(started, now) }),
    checklist: { done: file.checklist.filter(({ checked }) => checked).length, total: file.checklist.length },
    checkpoints: file.checkpoints,
  };
}

/** So many tasks of a list are named. */
const fewTasks = 5;

function describeTaskList({ list, counts, ready, openSession }: TaskListEntry): DashboardTaskList {
  const inProgress: { readonly id: string; readonly title: string }[] = [];
  for (let index = 0; index < list.rows.length && inProgress.length < fewTasks; index++) {
    if (list.rows.statusAt(index) !== 'IN_PROGRESS') continue;
    const { id, title } = list.rows.taskAt(index);
    inProgress.push({ id, title });
  }
  return {
    id: list.id,
    title: list.title,
    path: list.path,
    counts,
    archived: list.archived,
    ...(openSession && { openSession: openSession.number }),
    ready: list.archived ? [] : ready.slice(0, fewTasks).map(({ id, title }) => ({ id, title })),
    inProgress,
  };
}

import type { Plan, PlanSession } from '../model/plan.ts';
import type { Progress, ProgressRow, ProgressTable } from '../model/progress.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { SessionStatus } from '../model/sessionStatus.ts';
import type { ProjectSources } from './matchPlans.ts';
import { stemOf } from './projectStem.ts';

/** A session before its dependencies are known. */
export interface EntryDraft {
  readonly key: string;
  readonly id: string;
  readonly project: string;
  readonly repository?: string;
  readonly section?: string;
  readonly progressPath?: string;
  readonly table?: ProgressTable;
  readonly row?: ProgressRow;
  readonly planPath?: string;
  readonly plan?: PlanSession;
}

/** A project before its sessions are finished. */
export interface ProjectDraft {
  readonly name: string;
  readonly progressPath?: string;
  readonly planPaths: readonly string[];
  readonly repositories: readonly string[];
  readonly entries: readonly EntryDraft[];
}

interface PlannedSession {
  readonly plan: Plan;
  readonly session: PlanSession;
}

/**
 * Joins the rows of a project's progress file with the sessions of its plans, by ID. Rows come first, in their order; then what only the
 * plans have, less `elsewhere`: IDs that have their row in another progress file of the same plan.
 * An ID that occurs more than once keeps every occurrence: which one is meant is never guessed.
 */
export function joinProject(
  sources: ProjectSources,
  elsewhere: ReadonlySet<string>,
  keys: Map<string, number>,
): ProjectDraft {
  const name = projectName(sources);
  const planned = new Map<string, PlannedSession[]>();
  for (const plan of sources.plans) {
    for (const session of plan.sessions) {
      const same = planned.get(session.id);
      if (same) same.push({ plan, session });
      else planned.set(session.id, [{ plan, session }]);
    }
  }
  const entries: EntryDraft[] = [];
  const keyOf = createKeys(keys, name);
  const add = (
    facts: Pick<EntryDraft, 'id' | 'repository' | 'section' | 'table' | 'row'>,
    match: PlannedSession | undefined,
  ): void => {
    // Named one by one: spreading several objects into each of thousands of entries takes several times as long.
    entries.push({
      key: keyOf(facts.repository, facts.id),
      id: facts.id,
      project: name,
      repository: facts.repository,
      section: facts.section,
      progressPath: sources.progress?.path,
      table: facts.table,
      row: facts.row,
      planPath: match?.plan.path,
      plan: match?.session,
    });
  };
  const used = new Set<PlannedSession>();
  for (const table of sources.progress?.tables ?? []) {
    for (const row of table.rows) {
      if (row.id === '') continue;
      const match = matchPlanned(planned.get(row.id), table.repository, used);
      if (match) used.add(match);
      const repository = table.repository ?? match?.session.repository;
      add({ id: row.id, repository, section: table.section, table, row }, match);
    }
  }
  const withRow = elsewhere.size === 0 ? elsewhere : new Set(entries.map(({ id }) => id));
  for (const [id, sessions] of planned) {
    if (elsewhere.has(id) && !withRow.has(id)) continue;
    for (const match of sessions) {
      if (used.has(match)) continue;
      const { repository } = match.session;
      add({ id, repository, section: sectionOf(match.session, sources.progress) }, match);
    }
  }
  return {
    name,
    progressPath: sources.progress?.path,
    planPaths: sources.plans.map(({ path }) => path),
    repositories: repositoriesOf(entries),
    entries,
  };
}

function repositoriesOf(entries: readonly EntryDraft[]): readonly string[] {
  const found = new Set<string>();
  for (const { repository } of entries) if (repository !== undefined) found.add(repository);
  return [...found];
}

function projectName({ progress, plans }: ProjectSources): string {
  const plan = plans[0];
  const path = progress?.path ?? plan?.path ?? '';
  return progress?.project || plan?.title || stemOf(path).toUpperCase() || path;
}

/** The plan's session for a row: the one of its repository, else one that no other row has, else the first. */
function matchPlanned(
  candidates: readonly PlannedSession[] | undefined,
  repository: string | undefined,
  used: ReadonlySet<PlannedSession>,
): PlannedSession | undefined {
  if (!candidates || candidates.length <= 1) return candidates?.[0];
  const own = candidates.filter(({ session }) => repository !== undefined && session.repository === repository);
  const open = (own.length > 0 ? own : candidates).find((one) => !used.has(one));
  return open ?? own[0] ?? candidates[0];
}

/** Where a session without a row belongs: the table of its week and repository, else the plan's own phase. */
function sectionOf(session: PlanSession, progress: Progress | undefined): string | undefined {
  const week = /\d+/.exec(session.week ?? '')?.[0];
  if (week !== undefined) {
    const pattern = new RegExp(`^week\\s+0*${week}\\b`, 'i');
    const table = progress?.tables.find(
      ({ section, repository }) =>
        section !== undefined &&
        pattern.test(section) &&
        (session.repository === undefined || repository === undefined || repository === session.repository),
    );
    if (table) return table.section;
  }
  return session.phaseName ?? (session.phase === undefined ? undefined : `Phase ${session.phase}`);
}

/**
 * Makes the keys of a project's sessions: project, repository and ID; a second session with the same three gets a number, so that a key
 * never stands for two.
 */
function createKeys(
  keys: Map<string, number>,
  project: string,
): (repository: string | undefined, id: string) => string {
  const prefixes = new Map<string | undefined, string>();
  return (repository, id) => {
    const prefix = prefixes.get(repository) ?? `${escapePart(project)}/${escapePart(repository ?? '')}/`;
    prefixes.set(repository, prefix);
    const base = prefix + escapePart(id);
    const number = (keys.get(base) ?? 0) + 1;
    keys.set(base, number);
    return number === 1 ? base : `${base}#${number}`;
  };
}

function escapePart(part: string): string {
  return /[%/#]/.test(part) ? part.replace(/[%/#]/g, encodeURIComponent) : part;
}

/** What a row's status cell means: pending where there is no row, and where the cell cannot be understood. */
export function rowStatus(row: ProgressRow | undefined): SessionStatus {
  return row?.status.status ?? 'pending';
}

/** Tells whether a row has a status cell that cannot be understood. */
export function isStatusUnknown(row: ProgressRow | undefined): boolean {
  return row !== undefined && row.status.status === undefined;
}

/**
 * Which of the drafts SESSION.md means. Its project, plan and repository decide where its ID alone does not; where they do not either,
 * none is taken.
 */
export function findSessionFileEntry(
  drafts: readonly EntryDraft[],
  sessionFile: SessionFile | undefined,
): EntryDraft | undefined {
  if (sessionFile?.kind !== 'session' || sessionFile.id === undefined) return undefined;
  let candidates = drafts.filter(({ id }) => id === sessionFile.id);
  const narrowings: ((draft: EntryDraft) => boolean)[] = [
    ({ project }) => project === sessionFile.project,
    ({ planPath }) => planPath !== undefined && planPath === sessionFile.plan,
    ({ repository }) => repository === sessionFile.repository,
    ({ row }) => row?.status.status === 'active',
  ];
  for (const fits of narrowings) {
    const narrowed = candidates.filter(fits);
    if (narrowed.length > 0) candidates = narrowed;
  }
  return candidates.length === 1 ? candidates[0] : undefined;
}

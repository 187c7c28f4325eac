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
  const add = (draft: Omit<EntryDraft, 'key' | 'project'>): void => {
    entries.push({ ...draft, key: uniqueKey(keys, name, draft), project: name });
  };
  const used = new Set<PlannedSession>();
  for (const { row, table } of rowsOf(sources.progress)) {
    const match = matchPlanned(planned.get(row.id), table.repository, used);
    if (match) used.add(match);
    add({
      ...joinedFacts(row.id, table.repository ?? match?.session.repository, table.section, match),
      progressPath: sources.progress?.path,
      table,
      row,
    });
  }
  const withRow = new Set(entries.map(({ id }) => id));
  for (const [id, sessions] of planned) {
    if (elsewhere.has(id) && !withRow.has(id)) continue;
    for (const match of sessions) {
      if (used.has(match)) continue;
      const { repository } = match.session;
      add({
        ...joinedFacts(id, repository, sectionOf(match.session, sources.progress), match),
        progressPath: sources.progress?.path,
      });
    }
  }
  return {
    name,
    progressPath: sources.progress?.path,
    planPaths: sources.plans.map(({ path }) => path),
    repositories: [...new Set(entries.flatMap(({ repository }) => repository ?? []))],
    entries,
  };
}

function joinedFacts(
  id: string,
  repository: string | undefined,
  section: string | undefined,
  match: PlannedSession | undefined,
): Pick<EntryDraft, 'id' | 'repository' | 'section' | 'planPath' | 'plan'> {
  return { id, repository, section, planPath: match?.plan.path, plan: match?.session };
}

function projectName({ progress, plans }: ProjectSources): string {
  const plan = plans[0];
  const path = progress?.path ?? plan?.path ?? '';
  return progress?.project || plan?.title || stemOf(path).toUpperCase() || path;
}

function rowsOf(progress: Progress | undefined): readonly { row: ProgressRow; table: ProgressTable }[] {
  return (progress?.tables ?? []).flatMap((table) =>
    table.rows.filter(({ id }) => id !== '').map((row) => ({ row, table })),
  );
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

/** Project, repository and ID; a second session with the same three gets a number, so that a key never stands for two. */
function uniqueKey(
  keys: Map<string, number>,
  project: string,
  { repository, id }: Pick<EntryDraft, 'repository' | 'id'>,
): string {
  const base = [project, repository ?? '', id]
    .map((part) => (/[%/#]/.test(part) ? part.replace(/[%/#]/g, encodeURIComponent) : part))
    .join('/');
  const number = (keys.get(base) ?? 0) + 1;
  keys.set(base, number);
  return number === 1 ? base : `${base}#${number}`;
}

/** What a row's status cell means: pending where there is no row, and where the cell cannot be understood. */
export function rowStatus(row: ProgressRow | undefined): {
  readonly status: SessionStatus;
  readonly isUnknown: boolean;
} {
  return { status: row?.status.status ?? 'pending', isUnknown: row !== undefined && row.status.status === undefined };
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

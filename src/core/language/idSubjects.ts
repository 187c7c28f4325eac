import type { PlanSession } from '../model/plan.ts';
import type { ProgressRow } from '../model/progress.ts';
import type { TaskListEntry } from '../model/taskList.ts';
import type { ProjectEntry, SessionEntry, Workspace } from '../model/workspace.ts';

/** A session as its ID means it: its entry, or several where rows or plans have the ID twice. */
export interface SessionSubject {
  readonly kind: 'session';
  /** Unique in the workspace. */
  readonly key: string;
  readonly id: string;
  readonly entries: readonly SessionEntry[];
}

/** A task of one list. */
export interface TaskSubject {
  readonly kind: 'task';
  readonly key: string;
  readonly id: string;
  readonly list: TaskListEntry;
}

/** What an ID names. */
export type IdSubject = SessionSubject | TaskSubject;

interface MutableSession {
  readonly kind: 'session';
  readonly key: string;
  readonly id: string;
  readonly entries: SessionEntry[];
}

/**
 * Which sessions the IDs of a workspace mean. A session is told by project, repository and ID; rows of several progress files that follow
 * one plan's session are one.
 */
export class SessionSubjects {
  readonly all: readonly SessionSubject[];
  readonly #workspace: Workspace;
  /** Per project, by its place in the workspace: two may have one name. */
  readonly #byId: readonly ReadonlyMap<string, readonly SessionSubject[]>[];
  readonly #ofRow = new Map<ProgressRow, SessionSubject>();
  readonly #ofPlan = new Map<PlanSession, SessionSubject>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    const all: MutableSession[] = [];
    this.#byId = workspace.projects.map((project, index) => this.#readProject(project, index, all));
    this.all = all;
  }

  ofRow(row: ProgressRow): SessionSubject | undefined {
    return this.#ofRow.get(row);
  }

  ofPlanned(session: PlanSession): SessionSubject | undefined {
    return this.#ofPlan.get(session);
  }

  /** The projects that a progress file or plan belongs to. */
  projectsOf(path: string): readonly number[] {
    return this.#workspace.projects.flatMap(({ progressPath, planPaths }, index) =>
      progressPath === path || planPaths.includes(path) ? [index] : [],
    );
  }

  /** The projects of an entry's session. */
  projectOf(entry: SessionEntry): readonly number[] {
    return this.#workspace.projects.flatMap(({ sessions }, index) => (sessions.includes(entry) ? [index] : []));
  }

  /** What an ID means in these projects: one session, several where nothing tells which, or none. Of several the own repository's counts. */
  resolve(id: string, projects: readonly number[], repositoryOf: () => string | undefined): readonly SessionSubject[] {
    const found = new Set<SessionSubject>();
    for (const project of projects) {
      const same = this.#byId[project]?.get(id) ?? [];
      const repository = same.length > 1 ? repositoryOf() : undefined;
      const own =
        same.length > 1 ? same.filter(({ entries }) => entries.some((one) => one.repository === repository)) : [];
      for (const one of own.length > 0 ? own : same) found.add(one);
    }
    return [...found];
  }

  /** Whether any of these projects has a session with this ID. */
  has(id: string, projects: readonly number[]): boolean {
    return projects.some((project) => this.#byId[project]?.has(id) === true);
  }

  #readProject(
    { sessions }: ProjectEntry,
    index: number,
    all: MutableSession[],
  ): ReadonlyMap<string, readonly SessionSubject[]> {
    const byId = new Map<string, MutableSession[]>();
    for (const entry of sessions) {
      const same = byId.get(entry.id) ?? [];
      byId.set(entry.id, same);
      const shared = entry.plan && (this.#ofPlan.get(entry.plan) as MutableSession | undefined);
      let subject = shared ?? same.find(({ entries }) => entries[0]?.repository === entry.repository);
      if (subject === undefined) {
        subject = { kind: 'session', key: `session/${index}/${entry.key}`, id: entry.id, entries: [] };
        all.push(subject);
      }
      if (!same.includes(subject)) same.push(subject);
      subject.entries.push(entry);
      if (entry.row) this.#ofRow.set(entry.row, subject);
      if (entry.plan) this.#ofPlan.set(entry.plan, subject);
    }
    return byId;
  }
}

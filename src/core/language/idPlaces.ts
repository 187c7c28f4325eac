import type { Range } from '../base/range.ts';
import { headingsAbove, repositoryOf } from '../formats/progressTables.ts';
import { findListHeading, handoffHeading, notesHeading, readTaskList } from '../formats/taskList.ts';
import { rowAt } from '../formats/taskListCells.ts';
import { parseXml } from '../formats/xml.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { outlineSection } from '../markdown/outline.ts';
import type { Plan, PlanSession } from '../model/plan.ts';
import type { Progress, ProgressTable } from '../model/progress.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { TaskListEntry } from '../model/taskList.ts';
import type { Workspace } from '../model/workspace.ts';
import { expandDependency, readDependencies } from '../store/dependencyText.ts';
import { findSessionFileEntry } from '../store/joinProject.ts';
import { type IdSubject, SessionSubjects } from './idSubjects.ts';
import { scanIds } from './scanIds.ts';

/**
 * What an ID does where it stands. `row`, `heading`: it is the session's or task's own. `named`: this place says which one is meant.
 * `mention`: prose. `record`: history that stays as it was (notes on renames, the log, a generated handoff). `span`: the place means it
 * without holding its letters (`BE-01..BE-06`, an escaped ID).
 */
export type IdRole = 'row' | 'heading' | 'named' | 'mention' | 'record' | 'span';

/** A place where an ID stands. */
export interface IdPlace {
  readonly path: string;
  /** In the text that the workspace has of the file. */
  readonly range: Range;
  readonly id: string;
  readonly role: IdRole;
  /** What it may mean: several where nothing tells which, none where nothing has the ID. */
  readonly subjects: readonly IdSubject[];
}

interface StateText {
  readonly path: string;
  readonly text: string;
  readonly plan?: Plan;
  readonly progress?: Progress;
  readonly session?: SessionFile;
  readonly list?: TaskListEntry;
}

/** Finds the places of IDs in one snapshot; each file is read when it is first asked for. */
export class IdPlaces {
  readonly #workspace: Workspace;
  readonly #sessions: SessionSubjects;
  readonly #files: ReadonlyMap<string, StateText>;
  readonly #places = new Map<string, readonly IdPlace[]>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#sessions = new SessionSubjects(workspace);
    this.#files = filesOf(workspace);
  }

  get sessions(): SessionSubjects {
    return this.#sessions;
  }

  /** The text that the workspace has of a state file. */
  textOf(path: string): string | undefined {
    return this.#files.get(path)?.text;
  }

  /** All state files that IDs are looked for in. */
  texts(): readonly { readonly path: string; readonly text: string }[] {
    return [...this.#files.values()].map(({ path, text }) => ({ path, text }));
  }

  /** The places of one file, in its order. */
  placesIn(path: string): readonly IdPlace[] {
    const known = this.#places.get(path);
    if (known !== undefined) return known;
    const file = this.#files.get(path);
    const places = file === undefined ? [] : this.#read(file);
    this.#places.set(path, places);
    return places;
  }

  /** The place at an offset, its end included. */
  placeAt(path: string, offset: number): IdPlace | undefined {
    const at = this.placesIn(path).filter(({ range }) => range.start <= offset && offset <= range.end);
    // Of a list that a range stands in, the ID itself is nearer.
    return at.sort((a, b) => a.range.end - a.range.start - (b.range.end - b.range.start))[0];
  }

  /** Every place that means a subject, file by file. */
  placesOf(subject: IdSubject): readonly IdPlace[] {
    const paths = subject.kind === 'task' ? [subject.list.list.path] : [...this.#files.keys()];
    return paths.flatMap((path) => {
      const { text } = this.#files.get(path) ?? { text: '' };
      // A range may mean it without its letters; nearly every other file is passed over unread.
      if (!text.includes(subject.id) && !indirect.test(text)) return [];
      return this.placesIn(path).filter(({ subjects }) => subjects.some(({ key }) => key === subject.key));
    });
  }

  /** Where a subject is defined: its heading in a plan, else its row. */
  definitionsOf(subject: IdSubject): readonly IdPlace[] {
    const paths =
      subject.kind === 'task'
        ? [subject.list.list.path]
        : subject.entries.flatMap(({ planPath, progressPath }) => [planPath, progressPath]);
    const places = [...new Set(paths)].flatMap((path) =>
      path === undefined
        ? []
        : this.placesIn(path).filter(
            ({ role, subjects }) =>
              (role === 'heading' || role === 'row') && subjects.some(({ key }) => key === subject.key),
          ),
    );
    const headings = places.filter(({ role }) => role === 'heading');
    return headings.length > 0 ? headings : places;
  }

  /** The task of a list. */
  taskSubject(list: TaskListEntry, id: string): IdSubject | undefined {
    if (list.list.rows.indexOf(id) === undefined) return undefined;
    return { kind: 'task', key: `task/${list.list.path}/${id}`, id, list };
  }

  #read(file: StateText): readonly IdPlace[] {
    const doc = parseMarkdown(file.text);
    const places: IdPlace[] = [];
    const add = (range: Range, id: string, role: IdRole, subjects: readonly IdSubject[]): void => {
      const isLiteral = file.text.slice(range.start, range.end) === id;
      places.push({ path: file.path, range, id, role: isLiteral || role === 'record' ? role : 'span', subjects });
    };
    if (file.plan) this.#readPlan(file.plan, add);
    if (file.progress) this.#readProgress(file.progress, add);
    if (file.list) this.#readList(file.list, add);
    const context = this.#contextOf(file, doc);
    const inOrder = places.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
    const covered = inOrder.filter(({ role }) => role !== 'span').map(({ range }) => range);
    const isKnown = (id: string): boolean =>
      this.#sessions.has(id, context.projects) || file.list?.list.rows.indexOf(id) !== undefined;
    const scanned = scanIds(doc, isKnown, covered).map(({ id, range, isNamed }): IdPlace => {
      const task = file.list && this.taskSubject(file.list, id);
      const subjects = task
        ? [task]
        : this.#sessions.resolve(id, context.projects, () => context.repositoryAt(range.start));
      const role = context.isRecord(range) ? 'record' : isNamed ? 'named' : 'mention';
      return { path: file.path, range, id, role, subjects };
    });
    return scanned.length === 0 ? inOrder : [...inOrder, ...scanned].sort((a, b) => a.range.start - b.range.start);
  }

  #readPlan(plan: Plan, add: AddPlace): void {
    const projects = this.#sessions.projectsOf(plan.path);
    const isKnown = (id: string): boolean => this.#sessions.has(id, projects);
    for (const session of plan.sessions) {
      const own = this.#subjectsOfPlanned(session, projects);
      add(session.idRange, session.id, 'heading', own);
      for (const range of attributeRanges(plan.text, session)) add(range, session.id, 'named', own);
      const repository = (): string | undefined => session.repository;
      for (const { id, range } of session.dependencies) {
        for (const one of expandDependency(id, isKnown)) {
          add(range, one, 'named', this.#sessions.resolve(one, projects, repository));
        }
      }
    }
  }

  #subjectsOfPlanned(session: PlanSession, projects: readonly number[]): readonly IdSubject[] {
    const own = this.#sessions.ofPlanned(session);
    return own ? [own] : this.#sessions.resolve(session.id, projects, () => session.repository);
  }

  #readProgress(progress: Progress, add: AddPlace): void {
    const projects = this.#sessions.projectsOf(progress.path);
    const isKnown = (id: string): boolean => this.#sessions.has(id, projects);
    for (const table of progress.tables) {
      const column = table.columns.find(({ role }) => role === 'dependencies')?.index;
      for (const row of table.rows) {
        const own = this.#sessions.ofRow(row);
        add(row.idRange, row.id, 'row', own ? [own] : []);
        const cell = column === undefined || row.dependencies === undefined ? undefined : row.cells[column];
        // Nearly every cell holds its IDs as they are.
        if (cell === undefined || !indirect.test(cell.text)) continue;
        const written = new Set(cell.text.match(/[^\s,;&+()[\]|`*]+/g));
        const named = readDependencies(row.dependencies ?? '', isKnown);
        // `06-09` means what stands between, and its ends are no IDs by themselves.
        if (named.every(({ id }) => written.has(id))) continue;
        for (const { id } of named) {
          add(trimmed(progress.text, cell.range), id, 'named', this.#resolveIn(table, id, projects));
        }
      }
    }
  }

  #resolveIn(table: ProgressTable, id: string, projects: readonly number[]): readonly IdSubject[] {
    return this.#sessions.resolve(id, projects, () => table.repository);
  }

  #readList(entry: TaskListEntry, add: AddPlace): void {
    const { list } = entry;
    const read = readTaskList(list.text, list.path);
    const { table } = list;
    if (table === undefined) return;
    const find = (cell: Range, id: string, role: IdRole): void => {
      const task = this.taskSubject(entry, id);
      const at = wordAt(list.text, cell, id);
      add(at ?? trimmed(list.text, cell), id, role, task ? [task] : []);
    };
    for (const task of list.tasks) {
      const row = rowAt(read.outline, task.line, table.columnCount);
      find(row.rangeAt(table.columns.task ?? 0), task.id, 'row');
      if (table.columns.after === undefined) continue;
      for (const id of task.after) find(row.rangeAt(table.columns.after), id, 'named');
    }
    for (const session of list.sessions) {
      const column = list.log?.columns.completed;
      if (column === undefined || list.log === undefined) continue;
      const cell = rowAt(read.outline, session.line, list.log.columnCount).rangeAt(column);
      for (const id of session.completed) find(cell, id, 'record');
    }
  }

  #contextOf(file: StateText, doc: MarkdownDocument): ScanContext {
    const { progress, plan, session, list } = file;
    if (session) {
      const key = findSessionFileEntry(this.#workspace.sessions, session)?.key;
      const entry = this.#workspace.sessions.find((one) => one.key === key);
      const handoff = generatedHandoff(file.text);
      return {
        projects: entry === undefined ? this.#projectsNamed(session.project) : this.#sessions.projectOf(entry),
        repositoryAt: () => entry?.repository ?? session.repository,
        isRecord: ({ start }) => handoff !== undefined && handoff.start <= start && start < handoff.end,
      };
    }
    if (list) {
      const records = recordsOf(list);
      const linked = this.#workspace.sessions.filter((one) => one.plan?.taskList === list.list.id);
      const own = new Set(linked.flatMap((one) => this.#sessions.projectOf(one)));
      return {
        projects: own.size > 0 ? [...own] : this.#projectsNamed(undefined),
        repositoryAt: () => undefined,
        isRecord: ({ start }) => records.some((range) => range.start <= start && start < range.end),
      };
    }
    return {
      projects: this.#sessions.projectsOf(file.path),
      repositoryAt: (offset) =>
        plan?.sessions.findLast(({ range }) => range.start <= offset && offset < range.end)?.repository ??
        (progress &&
          headingsAbove(doc, offset)
            .map(repositoryOf)
            .findLast((name) => name !== undefined)),
      isRecord: () => false,
    };
  }

  #projectsNamed(name: string | undefined): readonly number[] {
    const { projects } = this.#workspace;
    const named = projects.flatMap((project, index) => (project.name === name ? [index] : []));
    return named.length > 0 ? named : projects.map((_, index) => index);
  }
}

/** A range of IDs, or an ID in another spelling. */
const indirect = /\d\s*(?:-|–|—|\.{2,3}|…|\b(?:to|through|thru|bis)\b)\s*\S*\d|[\\&`*_[~]/i;

type AddPlace = (range: Range, id: string, role: IdRole, subjects: readonly IdSubject[]) => void;

/** What tells which session an ID in a file means. */
interface ScanContext {
  readonly projects: readonly number[];
  readonly repositoryAt: (offset: number) => string | undefined;
  readonly isRecord: (range: Range) => boolean;
}

const known = new WeakMap<Workspace, IdPlaces>();

/** The places of IDs in a snapshot; the same for the same snapshot. */
export function idPlacesOf(workspace: Workspace): IdPlaces {
  const places = known.get(workspace) ?? new IdPlaces(workspace);
  known.set(workspace, places);
  return places;
}

function filesOf({ plans, progress, sessionFile, paused, taskLists }: Workspace): ReadonlyMap<string, StateText> {
  const files = new Map<string, StateText>();
  const add = (file: StateText): void => void files.set(file.path, { ...files.get(file.path), ...file });
  for (const plan of plans) add({ path: plan.path, text: plan.text, plan });
  for (const one of progress) add({ path: one.path, text: one.text, progress: one });
  for (const session of [...(sessionFile ? [sessionFile] : []), ...paused])
    add({ path: session.path, text: session.text, session });
  for (const list of taskLists) add({ path: list.list.path, text: list.list.text, list });
  return files;
}

/** The `id` attribute of an XML session that stands under a heading, where the heading's is the session's. */
function attributeRanges(text: string, { form, prompt, idRange, id }: PlanSession): readonly Range[] {
  if (form !== 'xml' || prompt === undefined) return [];
  const attribute = parseXml(text, prompt.range)[0]?.attributes.get('id');
  return attribute?.value === id && attribute.range.start !== idRange.start ? [attribute.range] : [];
}

/** What a list keeps as it was: its notes and the generated part of its handoff. */
function recordsOf({ list }: TaskListEntry): readonly Range[] {
  const { outline } = readTaskList(list.text, list.path);
  const notes = findListHeading(outline, notesHeading);
  const handoff = findListHeading(outline, handoffHeading);
  const generated = handoff && generatedHandoff(list.text);
  return [...(notes ? [outlineSection(outline, notes)] : []), ...(generated ? [generated] : [])];
}

function generatedHandoff(text: string): Range | undefined {
  const start = text.indexOf('<!-- baton:handoff');
  const end = start < 0 ? -1 : text.indexOf('<!-- /baton:handoff -->', start);
  return end < 0 ? undefined : { start, end };
}

function trimmed(text: string, range: Range): Range {
  const inner = text.slice(range.start, range.end);
  const start = range.start + inner.length - inner.trimStart().length;
  return { start, end: Math.max(start, range.start + inner.trimEnd().length) };
}

/** Where an ID stands in a cell as a word of its own. */
function wordAt(text: string, { start, end }: Range, id: string): Range | undefined {
  const cell = text.slice(start, end);
  for (let at = cell.indexOf(id); at >= 0; at = cell.indexOf(id, at + 1)) {
    const isFree = (mark: string | undefined): boolean => mark === undefined || /[\s,;&`*_[\]()<>~]/.test(mark);
    if (isFree(cell[at - 1]) && isFree(cell[at + id.length])) return { start: start + at, end: start + at + id.length };
  }
  return undefined;
}

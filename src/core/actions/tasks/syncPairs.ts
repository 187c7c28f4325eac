import { phrase } from '../../base/phrase.ts';
import { type ClaudeTask, readClaudeTask, titleOfSubject } from '../../formats/claudeTask.ts';
import type { Task, TaskList } from '../../model/taskList.ts';
import type { ClaudeStore } from '../../ports/claudeTasks.ts';
import type { MirrorTask, TaskMirror } from './syncMirror.ts';
import type { SyncConflict, SyncSide } from './syncTypes.ts';

/** A task on one side or on both, with what the mirror knows of it. */
export interface SyncPair {
  readonly here?: Task;
  readonly there?: ClaudeTask;
  readonly base?: MirrorTask;
}

/** Which task is which. */
export interface SyncPairs {
  readonly pairs: readonly SyncPair[];
  /** The store's tasks by number, also those that are in no pair. */
  readonly files: ReadonlyMap<string, ClaudeTask>;
  readonly conflicts: readonly SyncConflict[];
  readonly problems: readonly string[];
  /** IDs and numbers that are left alone because it is not certain which is which; what the mirror knows of them stays. */
  readonly untouched: readonly MirrorTask[];
}

/** Finds which task of the store is which of the list: by the tag in its metadata, by the mirror, by title where only one can be meant. */
export function pairTasks(
  list: TaskList,
  store: ClaudeStore | undefined,
  mirror: TaskMirror | undefined,
  prefer?: SyncSide,
): SyncPairs {
  return new Pairing(list, store, mirror, prefer).run();
}

class Pairing {
  readonly #list: TaskList;
  readonly #mirror: readonly MirrorTask[];
  readonly #prefer: SyncSide | undefined;
  readonly #unreadable: ReadonlyMap<string, string>;
  readonly #here = new Map<string, Task>();
  readonly #repeated = new Set<string>();
  readonly #renamed = new Map<string, string>();
  readonly #files = new Map<string, ClaudeTask>();
  readonly #free = new Set<string>();
  readonly #pairs: SyncPair[] = [];
  readonly #pairedIds = new Set<string>();
  readonly #conflicts: SyncConflict[] = [];
  readonly #problems: string[] = [];
  readonly #untouched: MirrorTask[] = [];
  /** Rows whose file is gone or another's; they may have come back under another number. */
  readonly #bases = new Map<string, MirrorTask>();

  constructor(
    list: TaskList,
    store: ClaudeStore | undefined,
    mirror: TaskMirror | undefined,
    prefer: SyncSide | undefined,
  ) {
    this.#list = list;
    this.#mirror = mirror?.tasks ?? [];
    this.#prefer = prefer;
    this.#unreadable = store?.unreadable ?? new Map();
    for (const [number, text] of store?.files ?? []) this.#readFile(number, text);
    for (const [number, why] of this.#unreadable) this.#problems.push(`#${number} cannot be read: ${why}`);
    for (const { kind, task, to } of list.notes)
      if (kind === 'renamed' && to !== undefined) this.#renamed.set(task, to);
    for (const task of list.tasks) {
      if (this.#here.has(task.id)) this.#repeated.add(task.id);
      this.#here.set(task.id, task);
    }
    for (const id of this.#repeated) this.#problems.push(`${id} has several rows and is left out`);
  }

  run(): SyncPairs {
    const goneFiles = this.#pairMirrored();
    this.#pairTagged();
    this.#pairTitled();
    for (const number of this.#free) {
      const there = this.#files.get(number);
      if (there !== undefined) this.#pairs.push({ there });
    }
    for (const task of this.#list.tasks) {
      if (this.#pairedIds.has(task.id) || this.#repeated.has(task.id)) continue;
      const base = this.#bases.get(task.id);
      this.#pairs.push(base === undefined ? { here: task } : { here: task, base });
    }
    for (const base of goneFiles) {
      if (!this.#here.has(base.id) && !this.#pairedIds.has(base.id)) this.#pairs.push({ base });
    }
    return {
      pairs: this.#pairs,
      files: this.#files,
      conflicts: this.#conflicts,
      problems: this.#problems,
      untouched: this.#untouched,
    };
  }

  #readFile(number: string, text: string): void {
    const task = readClaudeTask(text, number);
    if (typeof task === 'string') {
      this.#problems.push(`#${number} ${task} and is left out`);
      return;
    }
    for (const oddity of task.oddities) this.#problems.push(`#${number} ${oddity}`);
    this.#files.set(number, task);
    if (!task.isInternal) this.#free.add(number);
  }

  /** The ID by which a task goes now, where it was renamed. */
  #follow(id: string): string {
    let at = id;
    for (let step = 0; !this.#here.has(at) && step < 100; step++) {
      const next = this.#renamed.get(at);
      if (next === undefined) return id;
      at = next;
    }
    return this.#here.has(at) ? at : id;
  }

  /** Pairs what the mirror has; gives back those whose file is not there any more. */
  #pairMirrored(): readonly MirrorTask[] {
    const gone: MirrorTask[] = [];
    for (const known of this.#mirror) {
      const base = { ...known, id: this.#follow(known.id) };
      const file = this.#files.get(base.number);
      const isUnreadable = file === undefined && (this.#unreadable.has(base.number) || this.#isBroken(base.number));
      if (this.#repeated.has(base.id) || isUnreadable) {
        this.#untouched.push(known);
        this.#free.delete(base.number);
        this.#pairedIds.add(base.id);
      } else if (file !== undefined && this.#isSame(base, file)) this.#pair(base.id, file, base);
      else {
        this.#bases.set(base.id, base);
        gone.push(base);
      }
    }
    return gone;
  }

  #isBroken(number: string): boolean {
    return this.#problems.some((problem) => problem.startsWith(`#${number} `));
  }

  /** The store uses numbers again: a file is the task that it was by its tag; without one by its subject, unless it began anew. */
  #isSame(base: MirrorTask, file: ClaudeTask): boolean {
    if (file.tag !== undefined) return this.#follow(file.tag) === base.id;
    if (base.rescued === true || base.subject === undefined || file.isInternal) return false;
    return titleOfSubject(file.subject) === titleOfSubject(base.subject) && rank(file) >= rank(base);
  }

  #pairTagged(): void {
    for (const number of [...this.#free]) {
      const file = this.#files.get(number);
      if (file?.tag === undefined) continue;
      const id = this.#follow(file.tag);
      if (this.#repeated.has(id)) this.#free.delete(number);
      else if (this.#pairedIds.has(id)) {
        this.#free.delete(number);
        this.#problems.push(`#${number} carries the tag of ${id}, which is another task, and is left out`);
      } else if (this.#here.has(id) || this.#bases.has(id)) this.#pair(id, file, this.#bases.get(id));
    }
  }

  #pairTitled(): void {
    const titleOf = (text: string): string => titleOfSubject(text).toLowerCase();
    const rows = groupBy(
      this.#list.tasks.filter(({ id }) => !this.#pairedIds.has(id) && !this.#repeated.has(id)),
      ({ title }) => titleOf(title),
    );
    const files = groupBy(
      [...this.#free].flatMap((number) => this.#files.get(number) ?? []).filter(({ tag }) => tag === undefined),
      ({ subject }) => titleOf(subject),
    );
    for (const [title, same] of files) {
      const candidates = rows.get(title) ?? [];
      const [row, otherRow] = candidates;
      const [file, otherFile] = same;
      if (row === undefined || file === undefined) continue;
      if (otherRow !== undefined || otherFile !== undefined) this.#reportAmbiguous(same, candidates);
      else if (row.status === 'COMPLETE' && file.status !== 'COMPLETE') this.#pairRecreated(row, file);
      else this.#pair(row.id, file, this.#bases.get(row.id) ?? freshBase(row, file));
    }
  }

  #reportAmbiguous(files: readonly ClaudeTask[], rows: readonly Task[]): void {
    const numbers = files.map(({ number }) => `#${number}`).join(', ');
    const ids = rows.map(({ id }) => id).join(', ');
    const message = phrase`${numbers} (“${rows[0]?.title ?? ''}”) may be any of ${ids}: give one of them another title`;
    this.#conflicts.push({ kind: 'ambiguous', message, ...(rows[0] && { task: rows[0].id }) });
    for (const { number } of files) this.#free.delete(number);
    for (const { id } of rows) this.#leave(id);
  }

  /** It may be the same task made anew by a session that had lost the list, or one more of that name. */
  #pairRecreated(row: Task, file: ClaudeTask): void {
    if (this.#prefer !== undefined) {
      const base = this.#bases.get(row.id) ?? freshBase(row, file);
      const status = this.#prefer === 'list' ? (file.status ?? 'PENDING') : 'COMPLETE';
      this.#pair(row.id, file, { ...base, number: file.number, status, subject: file.subject, title: row.title });
      return;
    }
    const message = phrase`#${file.number} (“${row.title}”) is ${file.status ?? phrase`in no known state`}, but ${row.id} of that title is COMPLETE: was it made anew?`;
    this.#conflicts.push({ kind: 'recreated', task: row.id, number: file.number, message });
    this.#free.delete(file.number);
    this.#leave(row.id);
  }

  #leave(id: string): void {
    this.#pairedIds.add(id);
    const base = this.#bases.get(id);
    if (base !== undefined) this.#untouched.push(base);
  }

  #pair(id: string, there: ClaudeTask, base: MirrorTask | undefined): void {
    const here = this.#here.get(id);
    this.#free.delete(there.number);
    this.#pairedIds.add(id);
    this.#pairs.push({ ...(here && { here }), there, ...(base && { base: { ...base, number: there.number } }) });
  }
}

/** Both were made pending and without dependencies: who says more has gone on. */
function freshBase(row: Task, file: ClaudeTask): MirrorTask {
  const { id, title } = row;
  return { id, number: file.number, status: 'PENDING', title, subject: file.subject, after: [] };
}

function rank({ status }: Pick<ClaudeTask | MirrorTask, 'status'>): number {
  return status === 'COMPLETE' ? 2 : status === 'IN_PROGRESS' ? 1 : 0;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

import { phrase } from '../../base/phrase.ts';
import { type ClaudeTask, titleOfSubject } from '../../formats/claudeTask.ts';
import type { NewTaskRow } from '../../formats/taskListEdits.ts';
import { isBlankCell } from '../../markdown/table.ts';
import { freeSlug, slugOf } from '../../model/slug.ts';
import { isTaskId, type Task, type TaskList, type TaskListNote, type TaskStatus } from '../../model/taskList.ts';
import type { ClaudeStore } from '../../ports/claudeTasks.ts';
import { type EdgeTask, mergeEdges } from './syncEdges.ts';
import type { MirrorTask, TaskMirror } from './syncMirror.ts';
import { planForcedNotes } from './syncNotes.ts';
import { pairTasks, type SyncPair, type SyncPairs } from './syncPairs.ts';
import { StoreEdits } from './syncStoreEdits.ts';
import type { PlannedMirror, SyncChange, SyncConflict, SyncPlan, SyncSide } from './syncTypes.ts';

/** So many tasks are created in the store under one lock, which Claude Code waits for at most 2.6 seconds. */
const mostCreations = 100;

/** What a sync is planned from. */
export interface SyncInput {
  readonly list: TaskList;
  /** Undefined where Claude Code has no such list. */
  readonly store: ClaudeStore | undefined;
  /** Undefined where the list is not linked yet. */
  readonly mirror: TaskMirror | undefined;
  /** The side that decides where both say different things. */
  readonly prefer?: SyncSide;
}

/**
 * Plans how a list and its mirror in Claude Code's store are brought into step: a three-way merge, task by task and field by field, with
 * the last mirrored state as base. What both sides changed differently stays on both and is told. Pure.
 */
export function planSync(input: SyncInput): SyncPlan {
  return new SyncPlanner(input).plan();
}

interface HereCells {
  /** Claude Code's number of the task. */
  number?: string;
  status?: TaskStatus;
  title?: string;
  after?: readonly string[];
}

/** A task that is, or will be, on both sides. */
interface Joined {
  readonly id: string;
  readonly number: string;
  readonly here?: Task;
  readonly there?: ClaudeTask;
  readonly base?: MirrorTask;
  status: { readonly final: TaskStatus; readonly base: TaskStatus };
  title: Pick<MirrorTask, 'title' | 'subject'>;
  needsFile: boolean;
}

class SyncPlanner {
  readonly #input: SyncInput;
  readonly #found: SyncPairs;
  readonly #joined: Joined[] = [];
  readonly #cells = new Map<string, HereCells>();
  readonly #added: NewTaskRow[] = [];
  readonly #removed: string[] = [];
  readonly #notes: TaskListNote[] = [];
  readonly #edits = new StoreEdits();
  readonly #mirror: PlannedMirror[] = [];
  readonly #changes: SyncChange[] = [];
  readonly #conflicts: SyncConflict[];
  readonly #problems: string[];
  readonly #rescued: string[] = [];
  readonly #takenIds: Set<string>;
  #nextNumber: number;
  #creations = 0;
  #isPartial = false;
  readonly #lostAll: boolean;

  constructor(input: SyncInput) {
    this.#input = input;
    this.#found = pairTasks(input.list, input.store, input.mirror, input.prefer);
    this.#conflicts = [...this.#found.conflicts];
    this.#problems = [...this.#found.problems];
    this.#takenIds = new Set(input.list.tasks.map(({ id }) => id));
    const { store } = input;
    const numbers = [...(store?.files.keys() ?? []), ...(store?.unreadable.keys() ?? [])];
    this.#nextNumber = Math.max(
      store?.highWaterMark ?? 0,
      ...numbers.map((number) => Number.parseInt(number, 10) || 0),
    );
    this.#lostAll = this.#found.pairs.every(({ there, base }) => there === undefined || base === undefined);
  }

  plan(): SyncPlan {
    for (const base of this.#found.untouched) this.#mirror.push({ after: base, before: base, needs: [] });
    const { pairs } = this.#found;
    for (const pair of pairs) if (pair.here && pair.there) this.#merge(pair, pair.here, pair.there);
    for (const pair of pairs) if (!pair.here && pair.there) this.#onlyThere(pair, pair.there);
    for (const pair of pairs) if (pair.here && !pair.there) this.#onlyHere(pair, pair.here);
    this.#mergeDependencies();
    this.#notes.push(...planForcedNotes(this.#input.list.tasks, this.#cells));
    const { changes, unwritable } = this.#edits.plan(this.#found.files);
    for (const number of unwritable) this.#problems.push(`#${number} cannot be changed: mend its JSON`);
    const isDone = (numbers: readonly string[]): boolean => !numbers.some((number) => unwritable.has(number));
    return {
      here: { cells: this.#cells, added: this.#added, removed: this.#removed, notes: this.#notes },
      there: changes,
      isPartial: this.#isPartial,
      mirror: this.#mirror.map((one) =>
        isDone(one.needs) ? one : { ...one, ...(one.before && { after: one.before }) },
      ),
      changes: this.#changes.filter(
        ({ side, number }) => side === 'list' || isDone(number === undefined ? [] : [number]),
      ),
      conflicts: this.#conflicts,
      rescued: this.#rescued,
      problems: this.#problems,
    };
  }

  #merge({ base }: SyncPair, here: Task, there: ClaudeTask): void {
    const { id } = here;
    const { number } = there;
    const joined: Joined = {
      id,
      number,
      here,
      there,
      ...(base && { base }),
      status: this.#mergeStatus(here, there, base?.status ?? 'PENDING'),
      title: this.#mergeTitle(here, there, base),
      needsFile: false,
    };
    if (there.tag !== id) this.#edits.set(number, { tag: id });
    this.#joined.push(joined);
  }

  #mergeStatus(here: Task, there: ClaudeTask, base: TaskStatus): Joined['status'] {
    const ours = here.statusUnknown ? base : here.status;
    const theirs = there.status ?? base;
    if (ours === theirs) return { final: ours, base: ours };
    const { prefer } = this.#input;
    const mayWriteHere = !here.statusUnknown;
    const mayWriteThere = there.status !== undefined;
    const winner = ours === base ? 'claude' : theirs === base ? 'list' : prefer;
    const names = { task: here.id, number: there.number };
    if (winner === 'claude' && mayWriteHere) {
      Object.assign(this.#cellsOf(here.id), { status: theirs, number: there.number });
      this.#changes.push({ side: 'list', ...names, kind: 'status', from: ours, to: theirs });
      return { final: theirs, base: theirs };
    }
    if (winner === 'list' && mayWriteThere) {
      this.#edits.set(there.number, { status: ours });
      this.#changes.push({ side: 'claude', ...names, kind: 'status', from: theirs, to: ours });
      return { final: ours, base };
    }
    if (winner === undefined) {
      const message = phrase`${here.id} is ${ours} in the list and ${theirs} in Claude Code (#${there.number}); both changed since they were ${base}`;
      this.#conflicts.push({ kind: 'status', ...names, message });
    }
    return { final: ours, base };
  }

  #mergeTitle(here: Task, there: ClaudeTask, base: MirrorTask | undefined): Joined['title'] {
    const theirs = titleOfSubject(there.subject);
    const same = { title: here.title, subject: there.subject };
    if (theirs === titleOfSubject(here.title)) return same;
    const isChangedHere = base === undefined || here.title !== base.title;
    const isChangedThere = base === undefined || there.subject !== base.subject;
    if (!isChangedHere && !isChangedThere) return same;
    const winner = !isChangedHere ? 'claude' : !isChangedThere ? 'list' : this.#input.prefer;
    const names = { task: here.id, number: there.number };
    if (winner === 'list') {
      this.#edits.set(there.number, { subject: here.title });
      this.#changes.push({ side: 'claude', ...names, kind: 'title', from: there.subject, to: here.title });
      return { title: here.title, subject: here.title };
    }
    if (winner === 'claude') {
      if (isBlankCell(theirs) || this.#input.list.table?.columns.title === undefined) {
        this.#problems.push(`#${there.number} has the title “${theirs}”, which the row of ${here.id} cannot take`);
        return same;
      }
      this.#cellsOf(here.id).title = theirs;
      this.#changes.push({ side: 'list', ...names, kind: 'title', from: here.title, to: theirs });
      return { title: theirs, subject: there.subject };
    }
    const message = phrase`${here.id} is “${here.title}” in the list and “${theirs}” in Claude Code (#${there.number})`;
    this.#conflicts.push({ kind: 'title', ...names, message });
    return { title: base?.title, subject: base?.subject };
  }

  /** A task of the store without a row: new there, or removed here. */
  #onlyThere({ base }: SyncPair, there: ClaudeTask): void {
    if (base === undefined) {
      this.#addHere(there);
      return;
    }
    const isChanged =
      (there.status ?? base.status) !== base.status ||
      titleOfSubject(there.subject) !== titleOfSubject(base.subject ?? there.subject);
    if (!isChanged || this.#input.prefer === 'list') {
      this.#edits.remove(there);
      this.#changes.push({ side: 'claude', task: base.id, number: there.number, kind: 'removed' });
      this.#mirror.push({ before: base, needs: [there.number] });
      return;
    }
    if (this.#input.prefer === 'claude') {
      this.#addHere(there);
      return;
    }
    const message = phrase`${base.id} was removed from the list, but changed in Claude Code (#${there.number}, ${there.status ?? base.status})`;
    this.#conflicts.push({ kind: 'removed', task: base.id, number: there.number, message });
    this.#mirror.push({ after: base, before: base, needs: [] });
  }

  #addHere(there: ClaudeTask): void {
    const title = titleOfSubject(there.subject);
    const wanted = there.tag !== undefined && isTaskId(there.tag) ? there.tag : slugOf(title);
    const id = freeSlug(wanted, (slug) => this.#takenIds.has(slug));
    this.#takenIds.add(id);
    const status = there.status ?? 'PENDING';
    const row = { id, title: isBlankCell(title) ? id : title, status, after: [] };
    this.#added.push(row);
    this.#changes.push({ side: 'list', task: id, number: there.number, kind: 'created', to: status });
    if (there.tag !== id) this.#edits.set(there.number, { tag: id });
    const names = { title: row.title, subject: there.subject };
    this.#joined.push({
      id,
      number: there.number,
      there,
      status: { final: status, base: status },
      title: names,
      needsFile: false,
    });
  }

  /** A row without a task in the store: new here, dropped there after it was complete, or removed there. */
  #onlyHere({ base }: SyncPair, here: Task): void {
    const isComplete = here.status === 'COMPLETE' && !here.statusUnknown;
    if (base !== undefined && isComplete) {
      this.#rescued.push(here.id);
      const kept = { ...base, status: here.status, title: here.title, rescued: true };
      this.#mirror.push({ after: kept, before: kept, needs: [] });
      return;
    }
    const isVanished = base !== undefined && base.rescued !== true && base.status !== 'COMPLETE';
    if (base === undefined || !isVanished || this.#input.store === undefined || this.#input.prefer === 'list') {
      this.#createThere(here, base);
      return;
    }
    const doubt = this.#input.prefer === 'claude' ? undefined : this.#doubtRemoval(base, here);
    if (doubt === undefined) {
      this.#removed.push(here.id);
      this.#notes.push({
        kind: 'removed',
        task: here.id,
        text: `${here.status}; ${here.title}; removed in Claude Code`,
      });
      this.#changes.push({ side: 'list', task: here.id, number: base.number, kind: 'removed' });
      return;
    }
    const message = phrase`${here.id} (${here.status}) is gone from Claude Code (#${base.number}): ${doubt}`;
    this.#conflicts.push({ kind: 'vanished', task: here.id, number: base.number, message });
    const kept = { ...base, doubt };
    this.#mirror.push({ after: kept, before: kept, needs: [] });
  }

  /** Why a task that is gone from the store may not have been removed by somebody; undefined where it was. */
  #doubtRemoval(base: MirrorTask, here: Task): string | undefined {
    const { store } = this.#input;
    const number = Number.parseInt(base.number, 10);
    if (base.doubt !== undefined) return base.doubt;
    if (store?.files.has(base.number)) return 'its number belongs to another task now';
    if (this.#lostAll) return 'all its tasks are';
    if (base.status !== 'PENDING') return 'work on it had begun, and Claude Code drops tasks that are complete';
    if (here.statusUnknown || here.status !== base.status || here.title !== base.title)
      return 'the row was changed meanwhile';
    if (number > (store?.highWaterMark ?? 0))
      return 'not by Claude Code itself, which writes down the numbers of removed tasks';
    return undefined;
  }

  #createThere(here: Task, base: MirrorTask | undefined): void {
    if (this.#creations >= mostCreations) {
      this.#isPartial = true;
      if (base !== undefined) this.#mirror.push({ after: base, before: base, needs: [] });
      return;
    }
    this.#creations += 1;
    this.#nextNumber += 1;
    const number = String(this.#nextNumber);
    const status = here.statusUnknown ? 'PENDING' : here.status;
    this.#changes.push({ side: 'claude', task: here.id, number, kind: 'created', to: status });
    const { path, title: listTitle } = this.#input.list;
    const description = `Task ${here.id} of the task list “${listTitle}” (${path}).`;
    this.#edits.create({ number, subject: here.title, description, status, tag: here.id });
    const title = { title: here.title, subject: here.title };
    this.#joined.push({ id: here.id, number, here, status: { final: status, base: status }, title, needsFile: true });
  }

  #mergeDependencies(): void {
    const { list } = this.#input;
    const removed = new Set(this.#removed);
    const tasks = this.#joined.map(
      ({ id, number, here, there, base }): EdgeTask => ({
        id,
        number,
        ...(here && { here: here.after }),
        ...(there && { blockedBy: there.blockedBy, blocks: there.blocks }),
        base: base?.after ?? [],
      }),
    );
    const known = new Set((this.#input.mirror?.tasks ?? []).map(({ number }) => number));
    const merged = mergeEdges({
      tasks,
      rows: list.tasks,
      canWriteHere: this.#canWriteAfter(),
      files: this.#found.files,
      known,
    });
    this.#conflicts.push(...merged.conflicts);
    this.#problems.push(...merged.problems);
    for (const edge of merged.there) {
      this.#edits.setEdge(edge.from.number, edge.to.number, edge.isIn);
      if (edge.to.isNew || edge.from.isNew) continue;
      this.#changes.push({
        side: 'claude',
        task: edge.to.id,
        number: edge.to.number,
        kind: 'dependencies',
        ...describeEdge(edge),
      });
    }
    for (const row of list.tasks) {
      const wanted = (merged.here.get(row.id) ?? row.after).filter((name) => !removed.has(name));
      if (removed.has(row.id) || sameNames(wanted, row.after) || !this.#canWriteAfter()) continue;
      this.#cellsOf(row.id).after = wanted;
      if (merged.here.has(row.id)) {
        this.#changes.push({
          side: 'list',
          task: row.id,
          kind: 'dependencies',
          from: row.after.join(', '),
          to: wanted.join(', '),
        });
      }
    }
    for (const [at, row] of this.#added.entries()) {
      const after = merged.here.get(row.id);
      if (after !== undefined) this.#added[at] = { ...row, after };
    }
    for (const joined of this.#joined)
      this.#remember(joined, merged.mirrored.get(joined.id), merged.unsettled.get(joined.id));
  }

  /** A list without table gets one that has the column. */
  #canWriteAfter(): boolean {
    const { table } = this.#input.list;
    return table === undefined || table.columns.after !== undefined;
  }

  #remember(joined: Joined, after: readonly string[] = [], needs: readonly string[] = []): void {
    const { id, number, base, status, title, needsFile } = joined;
    const edit = this.#edits.get(number);
    const isWritten = needsFile || edit?.status !== undefined || edit?.subject !== undefined || edit?.tag !== undefined;
    const done: MirrorTask = {
      id,
      number,
      status: edit?.status ?? status.base,
      ...title,
      after,
    };
    const undone: MirrorTask = {
      ...done,
      status: status.base,
      ...(edit?.subject !== undefined && { title: base?.title, subject: base?.subject }),
      after: after.filter((name) => base?.after.includes(name)),
    };
    const files = isWritten ? [number, ...needs] : [...needs];
    this.#mirror.push({ after: done, ...(!needsFile && { before: undone }), needs: files });
  }

  #cellsOf(id: string): HereCells {
    const known = this.#cells.get(id) ?? {};
    this.#cells.set(id, known);
    return known;
  }
}

function describeEdge({ from, isIn }: { readonly from: { readonly id: string }; readonly isIn: boolean }) {
  return isIn ? { to: from.id } : { from: from.id };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

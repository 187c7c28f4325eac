import {
  type ClaudeTask,
  type ClaudeTaskEdit,
  editClaudeTask,
  type NewClaudeTask,
  newClaudeTaskText,
} from '../../formats/claudeTask.ts';
import type { ClaudeTaskChange } from '../../ports/claudeTasks.ts';

type Edit = { -readonly [Key in keyof ClaudeTaskEdit]: ClaudeTaskEdit[Key] };

/** Gathers what is to be changed in the files of Claude Code's store, by number. */
export class StoreEdits {
  readonly #edits = new Map<string, Edit>();
  readonly #created: Omit<NewClaudeTask, 'blocks' | 'blockedBy'>[] = [];
  readonly #removed: ClaudeTask[] = [];

  /** What is known so far of the edit of a file. */
  get(number: string): ClaudeTaskEdit | undefined {
    return this.#edits.get(number);
  }

  set(number: string, edit: Pick<ClaudeTaskEdit, 'subject' | 'status' | 'tag'>): void {
    Object.assign(this.#editOf(number), edit);
  }

  /** Whether `to` is blocked by `from`, in the files of both. */
  setEdge(from: string, to: string, isIn: boolean): void {
    this.#setMember(to, 'blockedBy', from, isIn);
    this.#setMember(from, 'blocks', to, isIn);
  }

  /** Makes a file; its dependencies come from `setEdge`. */
  create(task: Omit<NewClaudeTask, 'blocks' | 'blockedBy'>): void {
    this.#created.push(task);
  }

  /** Removes a file, with what others say of it. */
  remove(task: ClaudeTask): void {
    this.#removed.push(task);
  }

  /**
   * The changes of all files.
   *
   * @returns with the numbers of files that cannot be changed
   */
  plan(files: ReadonlyMap<string, ClaudeTask>): {
    readonly changes: readonly ClaudeTaskChange[];
    readonly unwritable: ReadonlySet<string>;
  } {
    const changes: ClaudeTaskChange[] = [];
    const unwritable = new Set<string>();
    for (const task of this.#created) changes.push(this.#creation(task));
    for (const { number, text } of this.#removed) changes.push({ kind: 'remove', number, before: text });
    this.#forgetRemoved(files);
    const gone = new Set(changes.map(({ number }) => number));
    for (const [number, edit] of this.#edits) {
      const file = files.get(number);
      if (file === undefined || gone.has(number)) continue;
      const after = editClaudeTask(file, edit);
      if (after === undefined) unwritable.add(number);
      else if (after !== file.text) changes.push({ kind: 'write', number, before: file.text, after });
    }
    return { changes, unwritable };
  }

  #creation(task: Omit<NewClaudeTask, 'blocks' | 'blockedBy'>): ClaudeTaskChange {
    const edit = this.#edits.get(task.number);
    const members = (key: 'blocks' | 'blockedBy'): readonly string[] =>
      [...(edit?.[key] ?? [])].flatMap(([number, isIn]) => (isIn ? [number] : []));
    const text = newClaudeTaskText({ ...task, blocks: members('blocks'), blockedBy: members('blockedBy') });
    return { kind: 'create', number: task.number, text };
  }

  #forgetRemoved(files: ReadonlyMap<string, ClaudeTask>): void {
    const gone = new Set(this.#removed.map(({ number }) => number));
    if (gone.size === 0) return;
    for (const { number, blocks, blockedBy } of files.values()) {
      for (const one of blocks) if (gone.has(one)) this.#setMember(number, 'blocks', one, false);
      for (const one of blockedBy) if (gone.has(one)) this.#setMember(number, 'blockedBy', one, false);
    }
  }

  #setMember(number: string, key: 'blocks' | 'blockedBy', member: string, isIn: boolean): void {
    const edit = this.#editOf(number);
    edit[key] = new Map([...(edit[key] ?? []), [member, isIn]]);
  }

  #editOf(number: string): Edit {
    const edit = this.#edits.get(number) ?? {};
    this.#edits.set(number, edit);
    return edit;
  }
}

import type { StateFiles } from '../../core/ports/stateFiles.ts';
import { setContext } from '../registration.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';

/** What a write made of one file. */
export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A change of task lists that can be taken back. */
export interface UndoableChange {
  readonly host: ProjectHost;
  /** What was done, to be read after "Undo:". */
  readonly label: string;
  readonly files: readonly FileChange[];
}

/** How many changes are remembered. */
const mostChanges = 50;

/** Lets writes pass, and notes what each made of which file; a file that is new is not among them. */
export function recordChanges(stateFiles: StateFiles, changes: FileChange[]): StateFiles {
  return {
    update: async (path, plan, options) => {
      const outcome = await stateFiles.update(path, plan, options);
      if (outcome.changed && outcome.before !== undefined) {
        changes.push({ path, before: outcome.before, after: outcome.after });
      }
      return outcome;
    },
    move: (from, to) => stateFiles.move(from, to),
    remove: (path) => stateFiles.remove(path),
    assertWritable: (path) => stateFiles.assertWritable(path),
  };
}

/** The changes of task lists that were made in this window, newest last. An editor that is open has its own undo besides. */
export class TaskUndo {
  readonly #changes: UndoableChange[] = [];

  /** Remembers a change; of several writes of one file, each of what the one before left, one is made. */
  add(change: UndoableChange): void {
    const files: FileChange[] = [];
    for (const file of change.files) {
      const at = files.findIndex(({ path, after }) => path === file.path && after === file.before);
      const earlier = files[at];
      if (earlier === undefined) files.push(file);
      else files[at] = { ...file, before: earlier.before };
    }
    if (files.length === 0) return;
    this.#changes.push({ ...change, files });
    if (this.#changes.length > mostChanges) this.#changes.shift();
    setContext('baton.canUndoTask', true);
  }

  /** What would be taken back next. */
  get next(): UndoableChange | undefined {
    return this.#changes.at(-1);
  }

  /**
   * Takes the newest change back by its inverse edits. What was changed elsewhere in the files since stays.
   *
   * @throws BatonError `conflict` where the same lines were changed since; then no file is touched
   */
  async undo(): Promise<UndoableChange | undefined> {
    const change = this.#changes.at(-1);
    if (change === undefined) return undefined;
    // One that cannot be taken back must not stand in the way of those before it.
    this.#changes.pop();
    setContext('baton.canUndoTask', this.#changes.length > 0);
    const { host, files } = change;
    const { planRevert } = await import('./revertChange.ts');
    const last = [...files].reverse();
    for (const file of last) planRevert(file, await host.ports.files.readText(file.path));
    for (const file of last) {
      await host.ports.stateFiles.update(file.path, (text) => planRevert(file, text));
    }
    await host.refresh(files.map(({ path }) => path));
    return change;
  }
}

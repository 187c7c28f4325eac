import type { Range } from '../base/range.ts';
import type { ShownState } from '../model/shownState.ts';
import { shownState } from '../model/shownState.ts';
import type { TaskStatus } from '../model/taskList.ts';
import type { Workspace } from '../model/workspace.ts';

/** A session or task that can be searched for. */
export interface StateSymbol {
  readonly kind: 'session' | 'task';
  /** `BE-03 Fares` */
  readonly name: string;
  /** The project, or the list's title. */
  readonly container: string;
  readonly state: ShownState | TaskStatus;
  readonly path: string;
  readonly range: Range;
}

/** More would not be shown, and a person types on. */
const mostSymbols = 500;

/** Sessions, then tasks, whose ID or title holds the letters of `query` in their order, in any case. */
export function findSymbols({ sessions, taskLists }: Workspace, query: string): readonly StateSymbol[] {
  const letters = [...query.toLowerCase().replace(/\s+/g, '')];
  const found: StateSymbol[] = [];
  for (const entry of sessions) {
    const name = entry.title === entry.id ? entry.id : `${entry.id} ${entry.title}`;
    if (!fits(name, letters)) continue;
    const place =
      entry.plan && entry.planPath !== undefined
        ? { path: entry.planPath, range: entry.plan.idRange }
        : entry.row && entry.progressPath !== undefined
          ? { path: entry.progressPath, range: entry.row.idRange }
          : undefined;
    if (place) found.push({ kind: 'session', name, container: entry.project, state: shownState(entry), ...place });
    if (found.length >= mostSymbols) return found;
  }
  for (const { list } of taskLists) {
    if (list.archived) continue;
    for (let index = 0; index < list.rows.length; index++) {
      const id = list.rows.idAt(index);
      const task = list.rows.taskAt(index);
      const name = task.title === id ? id : `${id} ${task.title}`;
      if (!fits(name, letters)) continue;
      const at = list.text.slice(task.range.start, task.range.end).indexOf(id);
      const start = task.range.start + Math.max(0, at);
      const range = at < 0 ? task.range : { start, end: start + id.length };
      found.push({ kind: 'task', name, container: list.title, state: task.status, path: list.path, range });
      if (found.length >= mostSymbols) return found;
    }
  }
  return found;
}

function fits(name: string, letters: readonly string[]): boolean {
  const text = name.toLowerCase();
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

import { createLineIndex } from '../markdown/lines.ts';
import { type ShownState, shownState } from '../model/shownState.ts';
import type { Workspace } from '../model/workspace.ts';

/** The state of a session or task, where its line begins. */
export interface StateMark {
  readonly line: number;
  readonly state: ShownState;
  /** When work on it began, where it goes on: as the file says it. */
  readonly since?: string;
}

/** The states of the rows of a progress file or task list, and of a plan's headings. Never throws. */
export function findStateMarks(workspace: Workspace, path: string): readonly StateMark[] {
  const marks: StateMark[] = [];
  const plan = workspace.plans.find((one) => one.path === path);
  const lines = plan && createLineIndex(plan.text);
  const seen = new Set<unknown>();
  for (const entry of workspace.sessions) {
    const state = shownState(entry);
    const since = state === 'active' ? entry.started : undefined;
    const add = (line: number): number => marks.push({ line, state, ...(since !== undefined && { since }) });
    if (entry.progressPath === path && entry.row) add(entry.row.line);
    if (lines && entry.planPath === path && entry.plan && !seen.has(entry.plan)) {
      seen.add(entry.plan);
      add(lines.lineAt(entry.plan.headingRange.start));
    }
  }
  const list = workspace.taskLists.find((one) => one.list.path === path);
  for (const task of list?.tasks ?? []) {
    const state = task.statusUnknown ? 'unknown' : taskState(task.status, task.ready);
    const since = state === 'active' ? task.updated : undefined;
    marks.push({ line: task.line, state, ...(since !== undefined && { since }) });
  }
  return marks.sort((a, b) => a.line - b.line);
}

function taskState(status: 'PENDING' | 'IN_PROGRESS' | 'COMPLETE', ready: boolean): ShownState {
  if (status === 'COMPLETE') return 'done';
  if (status === 'IN_PROGRESS') return 'active';
  return ready ? 'ready' : 'waiting';
}

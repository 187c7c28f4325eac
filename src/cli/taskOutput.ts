import type { TaskEntry, TaskListEntry } from '../core/model/taskList.ts';
import type { Output } from './output.ts';
import { printNextStep, quoteArgument } from './sessionTable.ts';
import { describeTaskCounts, printTasks, printTasksOf } from './taskTable.ts';
import { toListSessionView, toTaskListView, toTaskView } from './taskViews.ts';
import { harmlessText, plainText } from './text.ts';

/** What `tasks show` prints. */
export interface ShownTaskList {
  readonly list: TaskListEntry;
  readonly criticalPath: readonly string[];
  readonly handoff?: string;
}

/** What `tasks ready` prints. */
export interface ShownReady {
  readonly list: TaskListEntry;
  readonly ready: readonly TaskEntry[];
  readonly criticalPath: readonly string[];
}

/** The `data` of `tasks list --json`. */
export function toListsData(lists: readonly TaskListEntry[]) {
  return { lists: lists.map(toTaskListView) };
}

/** The `data` of `tasks show --json`. */
export function toShownData({ list, criticalPath, handoff }: ShownTaskList, revision: string) {
  return {
    list: toTaskListView(list),
    tasks: list.tasks.map(toTaskView),
    sessions: list.list.sessions.map(toListSessionView),
    criticalPath,
    handoff: handoff ?? null,
    revision,
  };
}

/** The `data` of `tasks ready --json`. */
export function toReadyData({ list, ready, criticalPath }: ShownReady) {
  return { list: toTaskListView(list), tasks: ready.map(toTaskView), criticalPath };
}

/** Prints lists, one a line. */
export function printTaskLists(out: Output, lists: readonly TaskListEntry[]): void {
  if (lists.length === 0) {
    out.line('There are no task lists.');
    printNextStep(out, 'baton tasks create "TITLE" --task "ID: TITLE"');
    return;
  }
  const rows = lists.map((entry) => [
    { text: plainText(entry.list.id), paint: (text: string) => out.paint('title', text) },
    { text: plainText(entry.list.title) },
    { text: describeTaskCounts(entry) },
    { text: entry.list.archived ? 'archived' : entry.openSession ? `session ${entry.openSession.number} open` : '' },
  ]);
  out.table([{ grows: true }, { grows: true }, {}, {}], rows);
}

/**
 * Prints a list: its tasks, critical path, sessions and handoff.
 *
 * @param all every task, of a long list too
 */
export function printTaskList(
  out: Output,
  { list: entry, criticalPath, handoff }: ShownTaskList,
  { all }: { readonly all: boolean },
): void {
  const { list } = entry;
  out.line(`${out.paint('title', plainText(list.id))}  ${plainText(list.title)}`);
  out.line(`${describeTaskCounts(entry)}${list.archived ? ', archived' : ''}`);
  printTasksOf(out, entry, { all });
  if (criticalPath.length > 0) out.wrapped(describePath(criticalPath), { label: 'Critical path: ' });
  for (const { number, started, ended, who, completed } of list.sessions) {
    const by = who === '' ? '' : ` by ${plainText(who)}`;
    const done = completed.length === 0 ? '' : `, completed ${completed.map(plainText).join(', ')}`;
    const end = ended === undefined ? 'open' : `to ${plainText(ended)}`;
    out.line(`Session ${number}${by}: ${plainText(started)} ${end}${done}`);
  }
  if (handoff === undefined || handoff === '') return;
  out.line('Handoff:');
  for (const line of handoff.split(/\r\n|\n|\r/)) {
    if (!/^\s*<!--.*-->\s*$/.test(line)) out.line(`  ${harmlessText(line)}`);
  }
}

/** Of a path with more tasks than this only the ends are shown; `--json` has all of it. */
const longestPath = 30;
const shownOfEnds = 10;

function describePath(path: readonly string[]): string {
  const names = path.length <= longestPath ? path : [...path.slice(0, shownOfEnds), ...path.slice(-shownOfEnds)];
  const shown = names.map(plainText);
  if (names.length < path.length) shown.splice(shownOfEnds, 0, `… ${path.length - names.length} more …`);
  return shown.join(' → ');
}

/** Prints what is ready, and how the first one is started. */
export function printReady(out: Output, { list, ready }: ShownReady): void {
  const [first] = ready;
  if (first === undefined) {
    out.line(`No task of ${plainText(list.list.id)} is ready: ${describeTaskCounts(list)}.`);
    return;
  }
  printTasks(out, ready);
  printNextStep(out, `baton tasks set ${quoteArgument(list.list.id)} ${quoteArgument(first.id)} in_progress`);
}

import type { TaskEntry, TaskListEntry } from '../core/model/taskList.ts';
import { eachTask } from '../core/store/joinTaskList.ts';
import type { Output, Tone } from './output.ts';
import { countOf, plainText } from './text.ts';

const tones: Readonly<Record<TaskEntry['status'], Tone>> = { PENDING: 'quiet', IN_PROGRESS: 'busy', COMPLETE: 'good' };

/** With more tasks than this nobody reads every line: of a list only what is to be done now is printed, and nothing is laid out. */
const mostLaidOut = 500;
/** So many are printed of those in progress, and of those that are ready. */
const mostOfKind = 50;

/** Prints tasks, one a line: ID, state, title and what else one wants to know. */
export function printTasks(out: Output, tasks: readonly TaskEntry[]): void {
  if (tasks.length > mostLaidOut) {
    printPlain(out, tasks);
    return;
  }
  const rows = tasks.map((task) => [
    { text: plainText(task.id) },
    {
      text: task.statusUnknown ? '?' : task.status,
      paint: (text: string) => out.paint(task.ready ? 'command' : tones[task.status], text),
    },
    { text: task.title === task.id ? '' : plainText(task.title) },
    { text: plainText(describeTask(task)), paint: (text: string) => out.paint(task.error ? 'bad' : 'quiet', text) },
  ]);
  out.table([{ grows: true }, {}, { grows: true }, { grows: true }], rows, 2);
}

/**
 * Prints the tasks of a list: of a long one those in progress and those that are ready, and how many it leaves out.
 *
 * @param all each of them all the same
 */
export function printTasksOf(out: Output, entry: TaskListEntry, { all }: { readonly all: boolean }): void {
  if (entry.counts.total <= mostLaidOut) {
    printTasks(out, entry.tasks);
    return;
  }
  if (all) {
    printPlain(out, entry.claims.length === 0 ? eachTask(entry.list) : entry.tasks);
    return;
  }
  const shown = [...inProgressOf(entry).slice(0, mostOfKind), ...entry.ready.slice(0, mostOfKind)];
  printTasks(out, shown);
  out.line(
    `  … and ${countOf(entry.counts.total - shown.length, 'more task')}; --all prints every one, and --json has them.`,
  );
}

function inProgressOf(entry: TaskListEntry): readonly TaskEntry[] {
  if (entry.claims.length > 0) return entry.tasks.filter(({ status }) => status === 'IN_PROGRESS');
  const { list } = entry;
  return [...eachTask(list, (index) => list.rows.statusAt(index) === 'IN_PROGRESS')];
}

function printPlain(out: Output, tasks: Iterable<TaskEntry>): void {
  const lines: string[] = [];
  for (const task of tasks) lines.push(plainLine(task));
  out.raw(lines.join(''));
}

function plainLine(task: TaskEntry): string {
  const title = task.title === task.id ? '' : `  ${plainText(task.title)}`;
  const details = describeTask(task);
  return `  ${plainText(task.id)}  ${task.statusUnknown ? '?' : task.status}${title}${details === '' ? '' : `  ${plainText(details)}`}\n`;
}

function describeTask(task: TaskEntry): string {
  const parts = [
    task.error ?? '',
    task.ready ? 'ready' : '',
    task.error === undefined && task.waitingFor.length > 0 ? `waits for ${task.waitingFor.join(', ')}` : '',
    task.unblocksCount > 0 && task.status !== 'COMPLETE' ? `unblocks ${task.unblocksCount}` : '',
    task.critical ? 'critical' : '',
    task.claim === undefined ? '' : describeClaim(task.claim),
    task.rescued === true ? 'rescued: gone from Claude Code' : '',
    task.status === 'PENDING' || task.session === undefined ? '' : `session ${task.session}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** `claimed by ada until 2026-01-02T10:00:00+01:00` */
export function describeClaim({ owner, expiresAt, expired }: NonNullable<TaskEntry['claim']>): string {
  return expired ? `claim of ${owner} is over since ${expiresAt}` : `claimed by ${owner} until ${expiresAt}`;
}

/** `1 of 3 tasks complete, 1 in progress` */
export function describeTaskCounts({ counts }: Pick<TaskListEntry, 'counts'>): string {
  const { complete, total, inProgress } = counts;
  const begun = inProgress > 0 ? `, ${inProgress} in progress` : '';
  return `${complete} of ${countOf(total, 'task')} complete${begun}`;
}

import { phrase } from '../base/phrase.ts';
import type { TextEdit } from '../base/textEdit.ts';
import { applyEdits } from '../base/textEdit.ts';
import { BatonError } from '../errors.ts';
import type { ReadTaskList } from '../formats/taskList.ts';
import { readTaskList } from '../formats/taskList.ts';
import { planListEdit, planTaskCells } from '../formats/taskListEdits.ts';
import { planListNote } from '../formats/taskListSessions.ts';
import { defaultConfig } from '../model/config.ts';
import { isTaskId, type Task } from '../model/taskList.ts';
import { joinTaskList } from '../store/joinTaskList.ts';
import { IdPlaces } from './idPlaces.ts';
import type { TaskSubject } from './idSubjects.ts';
import type { PlannedRename } from './renameId.ts';

/**
 * Plans the rename of a task in its list: its row, the dependencies on it, what people wrote on it below the table, and the note that keeps
 * the list's continuity.
 *
 * @throws BatonError `invalid-argument`, `already-exists`, `ambiguous-task`, `merge-in-progress`
 */
export function planTaskRename({ list: entry, id }: TaskSubject, to: string, stamp: string): PlannedRename {
  const { list } = entry;
  const task = list.tasks.find((one) => one.id === id);
  const twin = list.tasks.find((one) => one.id === id && one !== task);
  if (task === undefined || twin !== undefined) {
    throw new BatonError('ambiguous-task', phrase`${list.path} has more than one row for ${id}`, {
      hint: 'Give one of the rows another ID by hand, or remove it.',
      data: { list: list.id, task: id, path: list.path },
    });
  }
  assertNewTaskId(list.tasks, id, to);
  let mentions: readonly TextEdit[] = [];
  const edits = planListEdit(list.text, list.path, undefined, (read) => {
    const planned = planTaskIdEdits(read, task, to);
    mentions = read.outline.text === list.text ? planned.mentions : [];
    return [...planned.edits, renameNote(read, task, to, stamp)];
  });
  assertReadAlike(list.path, applyEdits(list.text, edits), list.tasks.length, to);
  return { files: [{ path: list.path, text: list.text, edits, mentions }], moves: [], warnings: [] };
}

/**
 * The new ID of a task must be one, and must be free.
 *
 * @throws BatonError `invalid-argument`, `already-exists`
 */
export function assertNewTaskId(tasks: readonly Task[], from: string, to: string): void {
  if (!isTaskId(to)) {
    throw new BatonError('invalid-argument', phrase`"${to}" cannot be the ID of a task`, {
      hint: 'An ID is one word without pipe, comma, semicolon or ampersand, e.g. database-migration.',
      data: { task: to },
    });
  }
  if (!tasks.some((other) => other.id === to)) return;
  throw new BatonError(
    'already-exists',
    from === to ? phrase`The task is called ${to} already` : phrase`There is a task ${to} already`,
    {
      hint: 'Choose another ID.',
      data: { task: to },
    },
  );
}

/** The edits that give a task another ID, without its note. */
export function planTaskIdEdits(
  read: ReadTaskList,
  task: Pick<Task, 'id'>,
  to: string,
): { readonly edits: readonly TextEdit[]; readonly mentions: readonly TextEdit[] } {
  const entry = joinTaskList(read.list);
  const places = new IdPlaces({
    config: defaultConfig,
    plans: [],
    progress: [],
    paused: [],
    taskLists: [entry],
    projects: [],
    sessions: [],
    problems: [],
    unreadable: [],
  });
  const edits: TextEdit[] = [];
  const mentions: TextEdit[] = [];
  const rows = new Set<number>();
  for (const { range, role, id } of places.placesIn(read.list.path)) {
    if (id !== task.id || role === 'record') continue;
    if (role === 'span') rows.add(read.outline.lines.lineAt(range.start));
    else (role === 'mention' ? mentions : edits).push({ ...range, newText: to });
  }
  return { edits: [...edits, ...spelledOut(read, { rows, from: task.id, to, edits })], mentions };
}

/** Cells that hold the ID in another spelling are written anew. */
function spelledOut(
  read: ReadTaskList,
  rename: {
    readonly rows: ReadonlySet<number>;
    readonly from: string;
    readonly to: string;
    readonly edits: readonly TextEdit[];
  },
): readonly TextEdit[] {
  const { rows, from, to, edits } = rename;
  return read.list.tasks
    .filter(({ line }) => rows.has(line))
    .flatMap((task) =>
      planTaskCells(read, task, {
        ...(task.id === from && { task: to }),
        ...(task.after.includes(from) && { after: task.after.map((name) => (name === from ? to : name)).join(', ') }),
      }),
    )
    .filter((edit) => !edits.some((other) => other.start < edit.end && edit.start < other.end));
}

/** The note that tells later readers where the task went. */
export function renameNote(
  read: ReadTaskList,
  { id, title }: Pick<Task, 'id' | 'title'>,
  to: string,
  stamp: string,
): TextEdit {
  return planListNote(read, { kind: 'renamed', task: id, to, text: title }, stamp);
}

function assertReadAlike(path: string, text: string, count: number, to: string): void {
  const { list } = readTaskList(text, path);
  if (list.tasks.length === count && list.tasks.some(({ id }) => id === to)) return;
  throw new BatonError('invalid-argument', phrase`With the ID ${to} the task would not be found again`, {
    hint: 'Choose an ID of letters, digits and hyphens, such as database-migration.',
    data: { task: to, path },
  });
}

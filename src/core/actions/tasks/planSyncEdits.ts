import { editsBetween } from '../../base/editsBetween.ts';
import { applyEdits, type TextEdit } from '../../base/textEdit.ts';
import { choosePlace } from '../../formats/rowPlace.ts';
import { type ReadTaskList, readTaskList } from '../../formats/taskList.ts';
import { minuteStamp, planRowRemove, planTaskCells, planTaskRows, stampLike } from '../../formats/taskListEdits.ts';
import { planListNote } from '../../formats/taskListSessions.ts';
import type { LocalTime } from '../../ports/clock.ts';
import type { FrontmatterReader } from '../../ports/frontmatter.ts';
import { currentSession, type ListSessionRecord } from './listSession.ts';
import type { HereChanges } from './syncTypes.ts';

/** What edits of a list say besides: when, and in which of its sessions. */
export interface SyncEditContext {
  readonly frontmatter: FrontmatterReader;
  readonly now: LocalTime;
  readonly record: ListSessionRecord | undefined;
}

/** Plans the edits of our file for what was changed in Claude Code. */
export function planSyncEdits(read: ReadTaskList, changes: HereChanges, context: SyncEditContext): readonly TextEdit[] {
  const { list } = read;
  let current = read;
  const apply = (edits: readonly TextEdit[]): void => {
    if (edits.length === 0) return;
    current = readTaskList(applyEdits(current.outline.text, edits), list.path, context.frontmatter);
  };
  const session = currentSession(list, context.record).number;
  const stamp = {
    session: session === 0 ? '' : String(session),
    updated: stampLike(
      context.now,
      list.tasks.map(({ updated }) => updated),
    ),
  };
  apply(
    list.tasks.flatMap((task) => {
      const cells = changes.cells.get(task.id);
      if (cells === undefined) return [];
      const { status, title, after } = cells;
      return planTaskCells(read, task, {
        ...(title !== undefined && { title }),
        ...(after !== undefined && { after: after.join(', ') }),
        ...(status !== undefined && { status, ...stamp }),
      });
    }),
  );
  const removed = new Set(changes.removed);
  apply(current.list.tasks.filter(({ id }) => removed.has(id)).map(({ line }) => planRowRemove(current, line)));
  if (changes.added.length > 0) {
    const { tasks } = current.list;
    const names = changes.added.flatMap(({ after }) => after);
    apply(planTaskRows(current, changes.added, choosePlace(tasks, changes.added[0]?.id ?? '', names)));
    const begun = new Set(changes.added.filter(({ status }) => status !== 'PENDING').map(({ id }) => id));
    apply(current.list.tasks.filter(({ id }) => begun.has(id)).flatMap((task) => planTaskCells(current, task, stamp)));
  }
  for (const note of changes.notes) {
    const text =
      note.kind === 'forced'
        ? note.text.replace(' in Claude Code', ` in session ${session} by Claude Code`)
        : note.text;
    apply([planListNote(current, { ...note, text }, minuteStamp(context.now))]);
  }
  return editsBetween(read.outline.text, current.outline.text);
}

import { phrase } from '../../base/phrase.ts';
import type { TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import type { ReadTaskList } from '../../formats/taskList.ts';
import { findTaskRow, minuteStamp, planTaskCells, stampLike } from '../../formats/taskListEdits.ts';
import { planListNote } from '../../formats/taskListSessions.ts';
import { readTaskStatus, type Task, type TaskEntry, type TaskList, type TaskStatus } from '../../model/taskList.ts';
import type { LocalTime } from '../../ports/clock.ts';
import type { ActionContext } from '../context.ts';
import { currentSession, type ListSessionRecord, readListSession } from './listSession.ts';
import { changeTaskList, type ListChange, readTaskListNamed } from './readLists.ts';
import { inProgressWarnings } from './warnings.ts';

export interface SetTaskOptions {
  readonly list: string;
  readonly task: string;
  /** In any of the forms that `readTaskStatus` knows. */
  readonly status: string;
  /** Overrides unmet dependencies, and lets COMPLETE fall back; both are written down in the list. */
  readonly force?: boolean;
  readonly expectedRevision?: string;
}

export interface SetTaskResult extends ListChange {
  readonly task: TaskEntry;
  readonly from: TaskStatus;
  readonly to: TaskStatus;
  /** Number of the list's session that it was put down to; 0 where there is none. */
  readonly session: number;
  /** What was overridden, one phrase each. */
  readonly forced: readonly string[];
  /** IDs of tasks that can be started now and could not before. */
  readonly newlyReady: readonly string[];
}

/**
 * Sets the state of a task. Needs no resumed session: the change is put down to the session that is open here, else to the last one.
 *
 * @throws BatonError `unknown-list`, `unknown-task`, `invalid-argument` for a state that is not known, `dependencies-unmet`, `wrong-state`
 *   where a complete task would fall back, `conflict`
 */
export async function setTask(context: ActionContext, options: SetTaskOptions): Promise<SetTaskResult> {
  const status = requireStatus(options.status);
  const { entry } = await readTaskListNamed(context, options.list);
  const record = await readListSession(context.ports, entry.list.id);
  const now = context.ports.clock.now();
  let plan: SetPlan | undefined;
  const change = await changeTaskList(context, entry, options, (read) => {
    plan = planSet(read, { ...options, status, now, record });
    return plan.edits;
  });
  const { task: before, forced = [], session = { number: 0, isOpen: false } } = plan ?? {};
  const readyBefore = new Set(entry.ready.map(({ id }) => id));
  const task = findTaskRow(change.list.list, change.list.tasks, before?.id ?? options.task);
  if (status === 'COMPLETE' && task.claim !== undefined) await releaseClaim(context, entry.list.id, task.id);
  return {
    ...change,
    task,
    from: before?.status ?? status,
    to: status,
    session: session.number,
    forced,
    newlyReady: change.list.ready.map(({ id }) => id).filter((id) => !readyBefore.has(id) && id !== task.id),
    warnings: [
      ...change.warnings,
      ...(change.changed && !session.isOpen ? [noSession(entry.list.id, session.number)] : []),
      ...(status === 'IN_PROGRESS' ? inProgressWarnings(change.list) : []),
      ...claimWarnings(task, status),
    ],
  };
}

function requireStatus(text: string): TaskStatus {
  const status = readTaskStatus(text);
  if (status !== undefined) return status;
  throw new BatonError('invalid-argument', phrase`"${text}" is no state of a task`, {
    hint: 'Say pending, in_progress or complete.',
    data: { status: text },
  });
}

interface SetPlan {
  readonly task: Task;
  readonly edits: readonly TextEdit[];
  readonly forced: readonly string[];
  readonly session: { readonly number: number; readonly isOpen: boolean };
}

function planSet(
  read: ReadTaskList,
  wanted: {
    readonly task: string;
    readonly status: TaskStatus;
    readonly force?: boolean;
    readonly now: LocalTime;
    readonly record: ListSessionRecord | undefined;
  },
): SetPlan {
  const { list } = read;
  const task = findTaskRow(list, list.tasks, wanted.task);
  const session = currentSession(list, wanted.record);
  if (task.status === wanted.status && !task.statusUnknown) return { task, edits: [], forced: [], session };
  const forced = checkTransition(list, task, wanted.status, wanted.force === true);
  const edits = planTaskCells(read, task, {
    status: wanted.status,
    session: session.number === 0 ? '' : String(session.number),
    updated: stampLike(
      wanted.now,
      list.tasks.map(({ updated }) => updated),
    ),
  });
  if (forced.length === 0) return { task, edits, forced, session };
  const text = `${task.status} -> ${wanted.status} in session ${session.number}; ${forced.join('; ')}`;
  const note = planListNote(read, { kind: 'forced', task: task.id, text }, minuteStamp(wanted.now));
  return { task, edits: [...edits, note], forced, session };
}

/** Refuses what may not be; what `force` overrides is returned, one phrase each. */
function checkTransition(list: TaskList, task: Task, status: TaskStatus, isForced: boolean): readonly string[] {
  const forced: string[] = [];
  if (task.status === 'COMPLETE' && !task.statusUnknown) {
    if (!isForced) {
      throw new BatonError(
        'wrong-state',
        phrase`${task.id} is COMPLETE and does not fall back to ${status} by itself`,
        {
          hint: 'If its work is to be done again, say so with `--force`, which is written down in the list.',
          data: { list: list.id, task: task.id, status: task.status },
        },
      );
    }
    forced.push('it was COMPLETE');
  }
  const unmet = status !== 'PENDING' && task.status === 'PENDING' ? unmetOf(list, task) : [];
  if (unmet.length === 0) return forced;
  const names = unmet.map(({ id, status: state }) => `${id} (${state})`).join(', ');
  if (!isForced) {
    throw new BatonError('dependencies-unmet', phrase`${task.id} waits for ${names}`, {
      hint:
        unmet.length === 1
          ? phrase`Complete it first, or go on all the same with \`--force\`, which is written down in the list.`
          : phrase`Complete them first, or go on all the same with \`--force\`, which is written down in the list.`,
      data: { list: list.id, task: task.id, unmet },
    });
  }
  return [...forced, `not complete: ${names}`];
}

function unmetOf(
  list: TaskList,
  task: Task,
): readonly { readonly id: string; readonly status: TaskStatus | 'unknown' }[] {
  return task.after.flatMap((id) => {
    const status = list.tasks.find((other) => other.id === id)?.status ?? 'unknown';
    return status === 'COMPLETE' ? [] : [{ id, status }];
  });
}

function noSession(list: string, number: number): string {
  const where = number === 0 ? phrase`put down to no session` : phrase`put down to session ${number}, which has ended`;
  return phrase`No session of ${list} is open, so this is ${where}; \`baton tasks resume ${list}\` opens the next one`;
}

function claimWarnings({ id, claim }: TaskEntry, status: TaskStatus): readonly string[] {
  if (claim === undefined || claim.expired || status !== 'IN_PROGRESS') return [];
  return [phrase`${id} is claimed by ${claim.owner} until ${claim.expiresAt}`];
}

async function releaseClaim({ ports }: ActionContext, list: string, item: string): Promise<void> {
  const claim = await ports.claims.read({ list, item });
  if (claim !== undefined) await ports.claims.release(claim);
}

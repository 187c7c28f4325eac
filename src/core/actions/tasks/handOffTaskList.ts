import { isoTimeOf } from '../../base/localTime.ts';
import { revisionOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import {
  type HandoffMark,
  type HandoffPart,
  handoffLines,
  itemsOf,
  joinHandoffBody,
  readHandoffBody,
} from '../../formats/handoffBlock.ts';
import type { ReadTaskList } from '../../formats/taskList.ts';
import { minuteStamp } from '../../formats/taskListEdits.ts';
import { planHandoff, planSessionEnd } from '../../formats/taskListSessions.ts';
import type { BatonConfig } from '../../model/config.ts';
import type { ListSession, TaskList, TaskListEntry } from '../../model/taskList.ts';
import { joinTaskList, readyTasksOf } from '../../store/joinTaskList.ts';
import type { ActionContext } from '../context.ts';
import { type WorkFacts, workSince } from './handoffFacts.ts';
import { forgetListSession, type ListSessionRecord, openSessionHere, readListSession } from './listSession.ts';
import { changeTaskList, type ListChange, readTaskListNamed } from './readLists.ts';

export interface HandOffOptions {
  readonly list: string;
  /** Ends the session too. */
  readonly end?: boolean;
  /** What the next session has to find out; those of this session's last handoff stay where none are given. */
  readonly questions?: readonly string[];
  /** One more thing that the next session should know. */
  readonly note?: string;
  readonly expectedRevision?: string;
}

export interface HandOffResult extends ListChange {
  /** Number of the session. */
  readonly session: number;
  /** The section's text: what was generated, and what people wrote. */
  readonly text: string;
  readonly ended: boolean;
}

/** Label of the part that carries open questions. */
const questionsLabel = 'Open questions';

/**
 * Writes the handoff of the session that is open here (else of the last open one) into the list, and ends the session where asked to. What
 * people wrote into the section stays.
 *
 * @throws BatonError `unknown-list`, `wrong-state` where no session is open, `merge-in-progress`, `conflict`
 */
export async function handOffTaskList(context: ActionContext, options: HandOffOptions): Promise<HandOffResult> {
  const { entry, read } = await readTaskListNamed(context, options.list);
  const record = await readListSession(context.ports, entry.list.id);
  const first = requireOpen(entry.list, record);
  const isHere = openSessionHere(entry.list, record) !== undefined;
  const work = await workSince(context, isHere ? record?.startRef : undefined, stateFolders(read.config));
  const made = isoTimeOf(context.ports.clock.now());
  const ended = minuteStamp(context.ports.clock.now());
  let session = first;
  const change = await changeTaskList(context, entry, options, (now) => {
    session =
      now.list.sessions.find(({ number, started }) => number === first.number && started === first.started) ?? first;
    const handoff = planHandoff(now, bodyOf(now, session, { options, work, made }));
    const end =
      options.end === true ? planSessionEnd(now, session, { ended, completed: completedIn(now.list, session) }) : [];
    return [...end, ...handoff];
  });
  if (options.end === true && isHere) await forgetListSession(context.ports, entry.list.id);
  return {
    ...change,
    session: session.number,
    text: change.list.list.handoff?.text ?? '',
    ended: options.end === true,
  };
}

/** Folders and files of the project that are no work of a session. */
export function stateFolders({ taskFolder, sessionFile, pausedFolder }: BatonConfig): readonly string[] {
  return [taskFolder, sessionFile, pausedFolder, 'docs/progress'].filter((path) => path !== '.');
}

/** Names the states of all tasks, so that a later change of any is seen. */
export function statesName({ tasks }: Pick<TaskList, 'tasks'>): string {
  return revisionOf(tasks.map(({ id, status }) => `${id}=${status}`).join('\n')).slice(0, 10);
}

/** IDs of the tasks that a session has completed. */
export function completedIn(
  { tasks }: Pick<TaskList, 'tasks'>,
  { number }: Pick<ListSession, 'number'>,
): readonly string[] {
  return tasks.filter(({ status, session }) => status === 'COMPLETE' && session === String(number)).map(({ id }) => id);
}

function requireOpen(list: TaskList, record: ListSessionRecord | undefined): ListSession {
  const open = openSessionHere(list, record) ?? list.sessions.findLast(({ ended }) => ended === undefined);
  if (open !== undefined) return open;
  throw new BatonError('wrong-state', `No session of ${list.id} is open`, {
    hint: `Open one with \`baton tasks resume ${list.id}\`.`,
    data: { list: list.id, session: list.session },
  });
}

interface Handing {
  readonly options: HandOffOptions;
  readonly work: WorkFacts;
  readonly made: string;
}

function bodyOf(read: ReadTaskList, session: ListSession, { options, work, made }: Handing): string {
  const entry = joinTaskList(read.list);
  const old = read.list.handoff?.text ?? '';
  const before = readHandoffBody(old);
  const isSame = before.mark?.session === String(session.number);
  const questions = options.questions ?? (isSame ? itemsOf(before.lines, questionsLabel) : []);
  const mark: HandoffMark = {
    session: String(session.number),
    made,
    ...(work.head !== undefined && { head: work.head }),
    ...(work.tree !== undefined && { tree: work.tree }),
    states: statesName(read.list),
  };
  return joinHandoffBody(
    old,
    handoffLines(mark, partsOf(entry, session, { questions, work, made, note: options.note })),
  );
}

function partsOf(
  entry: TaskListEntry,
  session: ListSession,
  facts: {
    readonly questions: readonly string[];
    readonly work: WorkFacts;
    readonly made: string;
    readonly note: string | undefined;
  },
): readonly HandoffPart[] {
  const { list, counts, tasks } = entry;
  const done = completedIn(list, session);
  const begun = tasks.filter(({ status }) => status === 'IN_PROGRESS');
  const ready = readyTasksOf(entry);
  const name = ({ id, title }: { readonly id: string; readonly title: string }): string =>
    title === id ? `\`${id}\`` : `\`${id}\` ${title}`;
  const by = session.who === '' ? '' : ` by ${session.who}`;
  return [
    { label: 'Task list', text: `\`${list.id}\` (${list.path}); continue with \`baton tasks resume ${list.id}\`` },
    { label: 'Session', text: `${session.number}${by}, handed off ${facts.made}` },
    {
      label: 'States',
      text: `${counts.complete} of ${counts.total} complete, ${counts.inProgress} in progress, ${counts.pending} pending`,
      items: tasks.map(({ id, status }) => `\`${id}\` ${status}`),
    },
    done.length > 0
      ? { label: `Done in session ${session.number}`, items: done.map((id) => `\`${id}\``) }
      : { label: `Done in session ${session.number}`, text: 'nothing was completed' },
    ...(begun.length > 0 ? [{ label: 'In progress', items: begun.map(name) }] : []),
    ready.length > 0
      ? { label: 'Next', items: ready.map(name) }
      : { label: 'Next', text: counts.complete === counts.total ? 'all tasks are complete' : 'no task is ready' },
    ...(facts.note?.trim() ? [{ label: 'Note', text: facts.note }] : []),
    ...(facts.questions.length > 0 ? [{ label: questionsLabel, items: facts.questions }] : []),
    ...(facts.work.commits.length > 0 ? [{ label: 'Commits', items: facts.work.commits }] : []),
    ...(facts.work.files.length > 0 ? [{ label: 'Files', items: facts.work.files.map((file) => `\`${file}\``) }] : []),
  ];
}

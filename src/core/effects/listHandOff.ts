import { revisionOf } from '../base/revision.ts';
import type { TextEdit } from '../base/textEdit.ts';
import {
  type HandoffMark,
  type HandoffPart,
  handoffLines,
  itemsOf,
  joinHandoffBody,
  readHandoffBody,
} from '../formats/handoffBlock.ts';
import type { ReadTaskList } from '../formats/taskList.ts';
import { planListEdit } from '../formats/taskListEdits.ts';
import { planHandoff, planSessionEnd } from '../formats/taskListSessions.ts';
import type { ListSession, TaskList, TaskListEntry } from '../model/taskList.ts';
import type { FrontmatterReader } from '../ports/frontmatter.ts';
import { joinTaskList } from '../store/joinTaskList.ts';

/** What git knows of the work since a commit. */
export interface WorkFacts {
  readonly head?: string;
  /** Of the working copy, state files left out; undefined outside git. */
  readonly tree?: string;
  /** `abc1234 subject`, newest first. */
  readonly commits: readonly string[];
  /** Files that differ from then, state files left out. */
  readonly files: readonly string[];
}

/** What a handoff is made from, beside the list itself. Serialisable: the journal keeps it. */
export interface ListHanding {
  /** The session, by number and start as the log has them. */
  readonly session: { readonly number: number; readonly started: string };
  readonly work: WorkFacts;
  /** ISO 8601 with zone. */
  readonly made: string;
  /** Ends the session, at this time as the log writes it. */
  readonly ended?: string;
  /** Those of this session's last handoff stay where none are given. */
  readonly questions?: readonly string[];
  readonly note?: string;
}

/** Label of the part that carries open questions. */
const questionsLabel = 'Open questions';

/**
 * Writes the handoff of a session into its list, and ends the session where asked to. What people wrote into the section stays; a session
 * that is not in the log, or has ended, changes nothing.
 *
 * @throws BatonError `merge-in-progress` where the table has conflict marks
 */
export function planListHandOff(
  text: string,
  path: string,
  frontmatter: FrontmatterReader | undefined,
  handing: ListHanding,
): readonly TextEdit[] {
  return planListEdit(text, path, frontmatter, (read) => {
    const session = read.list.sessions.find(
      ({ number, started, ended }) =>
        number === handing.session.number && started === handing.session.started && ended === undefined,
    );
    if (session === undefined) return [];
    const handoff = planHandoff(read, bodyOf(read, session, handing));
    if (handing.ended === undefined) return handoff;
    return [
      ...planSessionEnd(read, session, { ended: handing.ended, completed: completedIn(read.list, session) }),
      ...handoff,
    ];
  });
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

function bodyOf(read: ReadTaskList, session: ListSession, handing: ListHanding): string {
  const { work, made, note } = handing;
  const entry = joinTaskList(read.list);
  const old = read.list.handoff?.text ?? '';
  const before = readHandoffBody(old);
  const isSame = before.mark?.session === String(session.number);
  const questions = handing.questions ?? (isSame ? itemsOf(before.lines, questionsLabel) : []);
  const mark: HandoffMark = {
    session: String(session.number),
    made,
    ...(work.head !== undefined && { head: work.head }),
    ...(work.tree !== undefined && { tree: work.tree }),
    states: statesName(read.list),
  };
  return joinHandoffBody(old, handoffLines(mark, partsOf(entry, session, { questions, work, made, note })));
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
  const ready = entry.ready;
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

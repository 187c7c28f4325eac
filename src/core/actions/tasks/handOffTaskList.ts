import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { type ListHanding, planListHandOff } from '../../effects/listHandOff.ts';
import { BatonError } from '../../errors.ts';
import { minuteStamp } from '../../formats/taskListEdits.ts';
import type { BatonConfig } from '../../model/config.ts';
import type { ListSession, TaskList } from '../../model/taskList.ts';
import type { ActionContext } from '../context.ts';
import { workSince } from './handoffFacts.ts';
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
  const work = await workSince(context, isHere ? record?.startRef : undefined, stateFolders(read.config, entry.list));
  const made = isoTimeOf(context.ports.clock.now());
  const ended = minuteStamp(context.ports.clock.now());
  const { questions, note } = options;
  const handing: ListHanding = {
    session: { number: first.number, started: first.started },
    work,
    made,
    ...(options.end === true && { ended }),
    ...(questions !== undefined && { questions }),
    ...(note !== undefined && { note }),
  };
  const change = await changeTaskList(context, entry, options, (now) =>
    planListHandOff(now.list.text, now.list.path, context.ports.frontmatter, handing),
  );
  if (options.end === true && isHere) await forgetListSession(context.ports, entry.list.id);
  return {
    ...change,
    session: first.number,
    text: change.list.list.handoff?.text ?? '',
    ended: options.end === true,
  };
}

/** Folders and files of the project that are no work of a session. */
export function stateFolders(
  { taskFolder, sessionFile, pausedFolder }: BatonConfig,
  { path: list }: Pick<TaskList, 'path'>,
): readonly string[] {
  // The list too: it alone may be a link.
  return [taskFolder, list, sessionFile, pausedFolder, 'docs/progress'].filter((path) => path !== '.');
}

function requireOpen(list: TaskList, record: ListSessionRecord | undefined): ListSession {
  const open = openSessionHere(list, record) ?? list.sessions.findLast(({ ended }) => ended === undefined);
  if (open !== undefined) return open;
  throw new BatonError('wrong-state', phrase`No session of ${list.id} is open`, {
    hint: phrase`Open one with \`baton tasks resume ${list.id}\`.`,
    data: { list: list.id, session: list.session },
  });
}

import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import type { Effect } from '../../effects/effect.ts';
import { BatonError } from '../../errors.ts';
import { minuteStamp } from '../../formats/taskListEdits.ts';
import type { SessionFile } from '../../model/sessionFile.ts';
import type { TaskListEntry } from '../../model/taskList.ts';
import type { Workspace } from '../../model/workspace.ts';
import { findTaskList } from '../../store/findTaskList.ts';
import type { ActionContext } from '../context.ts';
import { stateFolders } from './handOffTaskList.ts';
import { workSince } from './handoffFacts.ts';
import { listSessionKey, openSessionHere, readListSession } from './listSession.ts';
import { resumeTaskList } from './resumeTaskList.ts';

/** The task list that a session of a plan names; undefined where it names none, or one that is not there. */
export function findLinkedList(
  { taskLists }: Workspace,
  { taskList }: Pick<SessionFile, 'taskList'>,
): TaskListEntry | undefined {
  if (taskList === undefined) return undefined;
  try {
    return findTaskList(taskLists, taskList);
  } catch (error) {
    if (BatonError.is(error, 'unknown-list', 'ambiguous-list')) return undefined;
    throw error;
  }
}

/** What resuming the list of a session that starts came to. */
export interface LinkedResume {
  readonly id: string;
  readonly session: number;
  readonly rejoined: boolean;
}

/** Resumes the list that a session names. The session has started whatever becomes of this, so a refusal is a warning. */
export async function resumeLinkedList(
  context: ActionContext,
  { taskList, id }: { readonly taskList: string | undefined; readonly id: string },
): Promise<{ readonly list?: LinkedResume; readonly warnings: readonly string[] }> {
  if (taskList === undefined) return { warnings: [] };
  try {
    const { list, session, rejoined, warnings } = await resumeTaskList(context, { list: taskList, who: id });
    return { list: { id: list.list.id, session, rejoined }, warnings };
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    return { warnings: [phrase`The task list of ${id} was not resumed: ${error.message}`] };
  }
}

/** What ends the session of the list that a plan's session names, for a verb that ends that one; nothing where none is open here. */
export async function endLinkedList(
  context: ActionContext,
  workspace: Workspace,
  file: Pick<SessionFile, 'taskList'>,
): Promise<{ readonly effects: readonly Effect[]; readonly path?: string }> {
  const entry = findLinkedList(workspace, file);
  if (entry === undefined) return { effects: [] };
  const { list } = entry;
  const record = await readListSession(context.ports, list.id);
  const open = openSessionHere(list, record);
  if (open === undefined) return { effects: [], path: list.path };
  const now = context.ports.clock.now();
  const work = await workSince(context, record?.startRef, stateFolders(workspace.config, list));
  const handing = {
    session: { number: open.number, started: open.started },
    work,
    made: isoTimeOf(now),
    ended: minuteStamp(now),
  };
  return {
    path: list.path,
    effects: [
      { kind: 'edit', path: list.path, edits: [{ kind: 'hand-off-list', handing }] },
      { kind: 'forget', key: listSessionKey(context.ports.localState, list.id) },
    ],
  };
}

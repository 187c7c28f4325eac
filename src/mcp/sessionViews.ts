import * as z from 'zod';
import type { ActionContext } from '../core/actions/context.ts';
import type { ActiveStatus } from '../core/actions/status.ts';
import { revisionOf } from '../core/base/revision.ts';
import type { SessionFile } from '../core/model/sessionFile.ts';
import type { SessionEntry } from '../core/model/workspace.ts';

/** The fields of a session that the output schemas announce; results have more of them, which explain themselves. */
export const sessionShape = z.object({ id: z.string(), title: z.string(), status: z.string() });

/** One line of a list of sessions. */
export function toBrief({ id, title, status, project, waitingFor, unblocks }: SessionEntry) {
  return {
    id,
    title,
    status,
    project,
    ...(waitingFor.length > 0 && { waiting_for: waitingFor }),
    ...(unblocks.length > 0 && { unblocks }),
  };
}

/** What plan and table say of a session. */
export function toDetail(entry: SessionEntry) {
  return {
    ...toBrief(entry),
    ready: entry.ready,
    active_here: entry.activeHere,
    dependencies: entry.dependencies.map(({ id, status, met }) => ({ id, status, met })),
    ...given('repository', entry.repository),
    ...given('started', entry.started),
    ...given('completed', entry.completed),
    ...given('commit', entry.commit),
    ...given('notes', entry.notes),
    ...given('model', entry.plan?.modelSettings.model),
    ...given('estimate', entry.plan?.estimate ?? entry.row?.estimate),
    ...given('plan', entry.planPath),
    ...given('progress', entry.progressPath),
    ...given('prompt', entry.plan?.prompt?.text),
  };
}

/** What SESSION.md and the working tree say of the active session. */
export function toActive(active: ActiveStatus) {
  const { id, entry, sessionFile, checklist, checkpoints, receipt, dirtyCount, elapsedMinutes } = active;
  return {
    ...(entry ? toDetail(entry) : { id, title: sessionFile.title ?? id }),
    status: sessionFile.status ?? 'active',
    path: sessionFile.path,
    ...given('started_at', sessionFile.startedAt),
    ...given('elapsed_minutes', elapsedMinutes),
    ...given('prompt', promptOf(sessionFile) ?? entry?.plan?.prompt?.text),
    checklist: { ...checklist, items: sessionFile.checklist.map(({ text, checked }) => ({ text, checked })) },
    checkpoints,
    commands: sessionFile.commands.map(({ command }) => command),
    verification: receipt,
    ...given('changed_files', dirtyCount),
    ...given('task_list', sessionFile.taskList),
    session_notes: sessionFile.notes,
  };
}

/** The revision of SESSION.md as it is now; undefined where there is none. */
export async function sessionRevision({ store }: ActionContext): Promise<string | undefined> {
  const file = (store.workspace ?? (await store.load())).sessionFile;
  return file === undefined ? undefined : revisionOf(file.text);
}

function promptOf(file: SessionFile): string | undefined {
  return file.prompt?.text;
}

/** A field where there is something to say. */
export function given<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<Key, Value>>);
}

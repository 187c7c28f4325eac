import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import type { TaskListEntry } from '../../model/taskList.ts';
import type { ActionContext } from '../context.ts';
import { assertRevision, listAfter, readTaskListNamed } from './readLists.ts';

export interface ArchiveTaskListOptions {
  readonly list: string;
  /** Brings it back. */
  readonly restore?: boolean;
  /** The revision that the caller saw; another one is a `conflict`. */
  readonly expectedRevision?: string;
}

export interface ArchiveTaskListResult {
  readonly list: TaskListEntry;
  /** Where its file is now. */
  readonly path: string;
  readonly revision: string;
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

/**
 * Moves a list's file into the folder `archive/` beside it, or back. It stays readable there, and its history is followed.
 *
 * @throws BatonError `unknown-list`, `ambiguous-list`, `already-exists`, `conflict`
 */
export async function archiveTaskList(
  context: ActionContext,
  options: ArchiveTaskListOptions,
): Promise<ArchiveTaskListResult> {
  const { entry, read } = await readTaskListNamed(context, options.list);
  const { path, text, archived, id } = entry.list;
  assertRevision(entry, options.expectedRevision);
  const restore = options.restore === true;
  if (archived !== restore) return { list: entry, path, revision: revisionOf(text), changed: false, warnings: [] };
  const folder = read.config.taskFolder === '.' ? '' : `${read.config.taskFolder}/`;
  const name = path.split('/').at(-1) ?? `${id}.md`;
  const target = restore ? `${folder}${name}` : `${folder}archive/${name}`;
  await context.ports.stateFiles.move(path, target);
  const after = await context.ports.files.readText(target);
  if (after === undefined)
    throw new BatonError('io-failed', phrase`${target} is not there any more`, { data: { path: target } });
  if (context.store.workspace !== undefined) await context.store.refresh([path, target]);
  const open = entry.openSession;
  const unfinished = entry.counts.total - entry.counts.complete;
  return {
    list: await listAfter(context, target, after),
    path: target,
    revision: revisionOf(after),
    changed: true,
    warnings: restore
      ? []
      : [
          ...(unfinished > 0 ? [phrase`${unfinished} of its ${entry.counts.total} tasks are not complete`] : []),
          ...(open ? [phrase`Its session ${open.number} is still open`] : []),
        ],
  };
}

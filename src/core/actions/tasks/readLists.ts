import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import type { TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import { type ReadTaskList, readTaskList } from '../../formats/taskList.ts';
import { planListEdit } from '../../formats/taskListEdits.ts';
import type { BatonConfig } from '../../model/config.ts';
import type { ClaimInfo, TaskListEntry } from '../../model/taskList.ts';
import type { FileProblems } from '../../model/workspace.ts';
import { findTaskList } from '../../store/findTaskList.ts';
import { joinTaskList } from '../../store/joinTaskList.ts';
import { loadConfig } from '../../store/loadConfig.ts';
import { loadTaskLists, taskListGlobs } from '../../store/loadTaskLists.ts';
import { withClaims } from '../../store/markTasks.ts';
import type { ActionContext } from '../context.ts';
import { toClaimInfo } from './claimInfo.ts';

/** The parts of a context that reading task lists takes. */
export type ReadContext = Pick<ActionContext, 'store'> & {
  readonly ports: Pick<ActionContext['ports'], 'files' | 'frontmatter' | 'claims' | 'clock'>;
};

/** The task lists as they are now. */
export interface ReadLists {
  readonly config: BatonConfig;
  readonly lists: readonly TaskListEntry[];
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
  readonly problems: readonly FileProblems[];
}

/**
 * Reads the task lists, with the claims on their tasks. Where a host keeps the whole workspace, its snapshot is brought up to date; else
 * the lists' folder is read and nothing besides.
 */
export async function readTaskLists(context: ReadContext): Promise<ReadLists> {
  const [read, claims] = await Promise.all([readFiles(context), readClaims(context)]);
  return claims.length === 0 ? read : { ...read, lists: read.lists.map((entry) => withClaims(entry, claims)) };
}

/** Finds one list; see `findTaskList`. */
export async function readTaskListNamed(
  context: ReadContext,
  name: string,
): Promise<{ readonly entry: TaskListEntry; readonly read: ReadLists }> {
  const read = await readTaskLists(context);
  assertAllReadable(read, name);
  return { entry: findTaskList(read.lists, name), read };
}

async function readFiles({ store, ports }: ReadContext): Promise<ReadLists> {
  const known = store.workspace;
  if (known === undefined) {
    const { config } = await loadConfig(ports.files);
    return { config, ...(await loadTaskLists(ports, config)) };
  }
  const found = await ports.files.findFiles(taskListGlobs(known.config));
  const workspace = await store.refresh([...found, ...known.taskLists.map(({ list }) => list.path)]);
  return {
    config: workspace.config,
    lists: workspace.taskLists,
    unreadable: workspace.unreadable,
    problems: workspace.problems,
  };
}

async function readClaims({ ports }: ReadContext): Promise<readonly ClaimInfo[]> {
  return (await ports.claims.list()).map((claim) => toClaimInfo(claim, ports.clock.now().offsetMinutes));
}

function assertAllReadable({ unreadable }: ReadLists, name: string): void {
  const file = unreadable.find(({ path }) => path.endsWith(`/${name}.md`));
  if (file === undefined) return;
  throw new BatonError('unreadable-file', phrase`${file.path} cannot be read: ${file.message}`, {
    hint: 'Mend the file (it must be UTF-8 text) or move it away.',
    data: { path: file.path },
  });
}

/** What a change of a list came to. */
export interface ListChange {
  readonly list: TaskListEntry;
  /** Of the file as it is now. */
  readonly revision: string;
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

/** How a list is changed. */
export interface ChangeOptions {
  /** The revision that the caller saw; another one is a `conflict`. */
  readonly expectedRevision?: string;
  /** Allows changing one that is archived. */
  readonly archived?: boolean;
}

/**
 * Changes a list by the one write path. `plan` gets the list as it is in the very moment of writing (again, when somebody else was faster),
 * so that its checks and its edits are about the same text.
 *
 * @throws BatonError `unknown-list`, `ambiguous-list`, `wrong-state` for an archived one, `merge-in-progress`, `conflict`; what `plan` throws
 */
export async function changeTaskList(
  context: ActionContext,
  entry: TaskListEntry,
  options: ChangeOptions,
  plan: (read: ReadTaskList) => readonly TextEdit[],
): Promise<ListChange> {
  const { path, id } = entry.list;
  const { frontmatter, stateFiles } = context.ports;
  if (entry.list.archived && options.archived !== true) {
    throw new BatonError('wrong-state', phrase`${id} is archived`, {
      hint: phrase`Bring it back with \`baton tasks archive ${id} --restore\`.`,
      data: { list: id, path },
    });
  }
  const outcome = await stateFiles.update(
    path,
    (text) => {
      if (text !== undefined) return planListEdit(text, path, frontmatter, plan);
      throw new BatonError('unknown-list', phrase`${path} is not there any more`, { data: { list: id, path } });
    },
    options.expectedRevision === undefined ? {} : { expectedRevision: options.expectedRevision },
  );
  const list = await listAfter(context, path, outcome.after);
  return {
    list: withClaims(list, entry.claims),
    revision: outcome.revision,
    changed: outcome.changed,
    warnings: outcome.unsaved ? [phrase`Changed but not saved yet in an open editor: ${path}`] : [],
  };
}

/** The entry of a list after a write; a host's snapshot is brought up to date as well. */
export async function listAfter(context: ActionContext, path: string, text: string): Promise<TaskListEntry> {
  if (context.store.workspace !== undefined) {
    const known = (await context.store.refresh([path])).taskLists.find(({ list }) => list.path === path);
    if (known?.list.text === text) return known;
  }
  return joinTaskList(readTaskList(text, path, context.ports.frontmatter).list);
}

/** The revision of a list's file. */
export function revisionOfList({ list }: TaskListEntry): string {
  return revisionOf(list.text);
}

/**
 * For what changes something else than the list's text.
 *
 * @throws BatonError `conflict` where the caller saw another revision of the list, with the current text and revision in `data`
 */
export function assertRevision(entry: TaskListEntry, expected: string | undefined): void {
  const revision = revisionOfList(entry);
  if (expected === undefined || revision === expected) return;
  const { path, text } = entry.list;
  throw new BatonError('conflict', phrase`${path} is not as you saw it`, {
    hint: 'Read it again, decide anew, and pass the revision that you then get.',
    data: { path, expected_revision: expected, revision, text },
  });
}

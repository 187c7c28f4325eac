import { phrase } from '../../base/phrase.ts';
import { statesName } from '../../effects/listHandOff.ts';
import { readHandoffBody } from '../../formats/handoffBlock.ts';
import { minuteStamp } from '../../formats/taskListEdits.ts';
import { planSessionOpen } from '../../formats/taskListSessions.ts';
import type { BatonConfig } from '../../model/config.ts';
import type { ListSession, TaskEntry, TaskList, TaskListEntry, TaskStatus } from '../../model/taskList.ts';
import type { Owner } from '../../ports/owner.ts';
import type { ActionContext } from '../context.ts';
import { placesInRepository } from '../statePlaces.ts';
import { headOf } from './createTaskList.ts';
import { stateFolders } from './handOffTaskList.ts';
import { differingFiles } from './handoffFacts.ts';
import { type ListSessionRecord, openSessionHere, readListSession, writeListSession } from './listSession.ts';
import { changeTaskList, readTaskListNamed, revisionOfList } from './readLists.ts';
import { inProgressWarnings } from './warnings.ts';

export interface ResumeTaskListOptions {
  readonly list: string;
  /** Who works in the session. */
  readonly who?: string;
  readonly expectedRevision?: string;
}

/** The process that had the session before, and has ended. */
export interface DeadOwner {
  readonly pid: number;
  readonly host: string;
  /** When it opened or rejoined the session, ISO 8601 with zone. */
  readonly at: string;
}

/** What the session before left for this one. */
export interface HandoffReading {
  /** The section's text, the generated part's marks left out. */
  readonly text: string;
  /** Nothing has changed since it was made. */
  readonly fresh: boolean;
  /** What has changed. */
  readonly staleness?: string;
}

export interface ResumeTaskListResult {
  readonly list: TaskListEntry;
  readonly revision: string;
  readonly session: number;
  /** True where the session was open in this worktree already. */
  readonly rejoined: boolean;
  readonly deadOwner?: DeadOwner;
  /** The states that this session begins with. */
  readonly preserved: readonly { readonly id: string; readonly status: TaskStatus }[];
  readonly handoff?: HandoffReading;
  /** What to do next: a task in progress, else the first ready one. */
  readonly next?: TaskEntry;
  readonly warnings: readonly string[];
}

/**
 * Continues a list: rejoins the session that is open in this worktree, else opens the next one.
 *
 * @throws BatonError `unknown-list`, `ambiguous-list`, `wrong-state` for an archived one, `merge-in-progress`, `conflict`
 */
export async function resumeTaskList(
  context: ActionContext,
  options: ResumeTaskListOptions,
): Promise<ResumeTaskListResult> {
  const { entry, read } = await readTaskListNamed(context, options.list);
  const record = await readListSession(context.ports, entry.list.id);
  const open = openSessionHere(entry.list, record);
  const handoff = await readHandoffOf(context, entry.list, read.config);
  const joined =
    open && record ? await rejoin(context, entry, { open, record }) : await openNext(context, entry, options);
  const begun = joined.list.tasks.find(({ status }) => status === 'IN_PROGRESS');
  const next = begun ?? joined.list.ready[0];
  return {
    ...joined,
    preserved: joined.list.tasks.map(({ id, status }) => ({ id, status })),
    ...(handoff && { handoff }),
    ...(next && { next }),
    warnings: [
      ...joined.warnings,
      ...(handoff?.staleness === undefined ? [] : [phrase`The handoff is not fresh: ${handoff.staleness}`]),
      ...inProgressWarnings(joined.list),
    ],
  };
}

type Joined = Pick<ResumeTaskListResult, 'list' | 'revision' | 'session' | 'rejoined' | 'deadOwner' | 'warnings'>;

async function rejoin(
  context: ActionContext,
  list: TaskListEntry,
  { open, record }: { readonly open: ListSession; readonly record: ListSessionRecord },
): Promise<Joined> {
  const { ports } = context;
  const isOwn = isSameProcess(record.owner, ports.owners.self);
  const state = isOwn ? 'alive' : await ports.owners.stateOf(record.owner);
  await writeListSession(ports, record);
  const { pid, host } = record.owner;
  return {
    list,
    revision: revisionOfList(list),
    session: open.number,
    rejoined: true,
    ...(state === 'dead' && { deadOwner: { pid, host: host.split(' ')[0] ?? host, at: record.at } }),
    warnings: state !== 'dead' && !isOwn ? [phrase`Process ${pid} works in session ${open.number} too`] : [],
  };
}

async function openNext(
  context: ActionContext,
  entry: TaskListEntry,
  { who = '', ...options }: ResumeTaskListOptions,
): Promise<Joined> {
  const started = minuteStamp(context.ports.clock.now());
  let number = entry.list.session + 1;
  const change = await changeTaskList(context, entry, options, (read) => {
    number = read.list.session + 1;
    return planSessionOpen(read, { number, started, who: who.trim() });
  });
  const startRef = await headOf(context);
  await writeListSession(context.ports, {
    list: entry.list.id,
    number,
    started,
    ...(startRef !== undefined && { startRef }),
  });
  const others = entry.list.sessions.filter(({ ended }) => ended === undefined).map((session) => session.number);
  const stillOpen = phrase`Session ${others.join(', ')} of this list has not ended: another worktree or clone may work in it`;
  return {
    list: change.list,
    revision: change.revision,
    session: number,
    rejoined: false,
    warnings: [...change.warnings, ...(others.length > 0 ? [stillOpen] : [])],
  };
}

function isSameProcess(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId && a.host === b.host;
}

/** The handoff that the list holds, with a word on whether it still holds; undefined where none was made. */
export async function readHandoffOf(
  context: ActionContext,
  list: TaskList,
  config: BatonConfig,
): Promise<HandoffReading | undefined> {
  if (list.handoff === undefined) return undefined;
  const { mark, lines, before, behind } = readHandoffBody(list.handoff.text);
  const text = [before, lines, behind]
    .filter((group) => group.length > 0)
    .map((group) => group.join('\n'))
    .join('\n\n');
  if (text === '') return undefined;
  if (mark === undefined) return { text, fresh: false, staleness: 'it was written by hand, so nothing tells when' };
  const changes = [
    ...(mark.states !== undefined && mark.states !== statesName(list) ? ['states of tasks have changed since'] : []),
    ...(await treeChanges(context, mark, stateFolders(config, list))),
  ];
  return changes.length === 0 ? { text, fresh: true } : { text, fresh: false, staleness: changes.join('; ') };
}

async function treeChanges(
  { ports }: ActionContext,
  mark: { readonly head?: string; readonly tree?: string },
  stateFiles: readonly string[],
): Promise<readonly string[]> {
  const git = mark.tree === undefined ? undefined : await ports.git('');
  if (git === undefined || mark.tree === undefined) return [];
  const tree = await git.workingTree(await placesInRepository(ports.files, stateFiles, git));
  if (tree === mark.tree) return [];
  const files = await differingFiles(git, mark.tree, tree);
  if (files === undefined) return ['the working tree has changed since'];
  const shown =
    files.length > 5 ? phrase`${files.slice(0, 4).join(', ')} and ${files.length - 4} more` : files.join(', ');
  return [phrase`the working tree has changed since: ${shown}`];
}

import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { findTaskRow } from '../../formats/taskListEdits.ts';
import type { ClaimInfo, TaskEntry, TaskListEntry } from '../../model/taskList.ts';
import { findTaskList } from '../../store/findTaskList.ts';
import { findSession } from '../../store/lookup.ts';
import { readWorkspace } from '../beginVerb.ts';
import type { ActionContext } from '../context.ts';
import { toClaimInfo } from './claimInfo.ts';
import { assertRevision, readTaskLists, revisionOfList } from './readLists.ts';

export interface ClaimOptions {
  /** ID of a task (`LIST/TASK` too), or of a session of a plan. */
  readonly item: string;
  /** The task's list; needed where several lists have a task of that ID. */
  readonly list?: string;
  /** Who works on it. The same owner may claim again, which renews its claim; without a name each caller is another worker. */
  readonly owner?: string;
  /** How long the claim lasts; 60 unless told. */
  readonly ttlMinutes?: number;
  /** Takes over a claim that is over. */
  readonly takeover?: boolean;
  /** The revision of the task's list that the caller saw; another one is a `conflict`. Of a session it says nothing. */
  readonly expectedRevision?: string;
}

export interface ClaimResult {
  readonly claim: ClaimInfo;
  /** It was the owner's already and lasts longer now. */
  readonly renewed: boolean;
  /** The claim that was over and has been taken. */
  readonly takenFrom?: ClaimInfo;
  /** Of the task's list. */
  readonly revision?: string;
  readonly warnings: readonly string[];
}

const defaultTtlMinutes = 60;
const longestTtlMinutes = 7 * 24 * 60;

/**
 * Takes a task, or a session of a plan, for one worker. Of several at the same time one gets it.
 *
 * @throws BatonError `claimed` (data.claim; data.expired tells that it may be taken over), `unknown-task`, `ambiguous-task`,
 *   `unknown-session`, `wrong-state` for what is complete, `invalid-argument`, `conflict`
 */
export async function claim(context: ActionContext, options: ClaimOptions): Promise<ClaimResult> {
  const { ports } = context;
  const ttlMinutes = options.ttlMinutes ?? defaultTtlMinutes;
  if (!(ttlMinutes > 0 && ttlMinutes <= longestTtlMinutes)) {
    throw new BatonError('invalid-argument', phrase`A claim cannot last ${ttlMinutes} minutes`, {
      hint: phrase`Say more than 0 and at most ${longestTtlMinutes} minutes.`,
    });
  }
  const item = await findItem(context, options);
  const owner = options.owner?.trim() || `process ${ports.owners.self.pid}`;
  const attempt = await ports.claims.claim({
    item: item.id,
    ...(item.list !== undefined && { list: item.list }),
    owner,
    isNamed: Boolean(options.owner?.trim()),
    ttlMs: ttlMinutes * 60_000,
    ...(options.takeover === true && { takeover: true }),
  });
  const { offsetMinutes } = ports.clock.now();
  if ('heldBy' in attempt) throw claimed(item.id, toClaimInfo(attempt.heldBy, offsetMinutes));
  const before = attempt.replaced && toClaimInfo(attempt.replaced, offsetMinutes);
  const isOwn = before !== undefined && before.owner === owner;
  return {
    claim: toClaimInfo(attempt.claim, offsetMinutes),
    renewed: isOwn,
    ...(before && !isOwn && { takenFrom: before }),
    ...(item.revision !== undefined && { revision: item.revision }),
    warnings: item.warnings,
  };
}

/** The refusal of what somebody else has claimed. */
function claimed(item: string, held: ClaimInfo): BatonError {
  const message = held.expired
    ? phrase`${item} was claimed by ${held.owner}, whose claim is over since ${held.expiresAt}`
    : phrase`${item} is claimed by ${held.owner} until ${held.expiresAt}`;
  return new BatonError('claimed', message, {
    hint: held.expired ? 'Take it over with `--takeover`, if nobody works on it any more.' : 'Take another one.',
    data: { item, claim: held, expired: held.expired },
  });
}

/** What is claimed. */
export interface ClaimedItem {
  readonly id: string;
  readonly list?: string;
  /** Of the task's list. */
  readonly revision?: string;
  readonly warnings: readonly string[];
}

/**
 * Finds the task, or else the session, that a caller means.
 *
 * @throws BatonError `unknown-task`, `ambiguous-task`, `unknown-list`, `unknown-session`, `ambiguous-session`, `wrong-state`, `conflict`
 */
async function findItem(context: ActionContext, options: ClaimOptions): Promise<ClaimedItem> {
  const { lists } = await readTaskLists(context);
  const found = findTask(lists, options);
  if (found !== undefined) {
    if (found.task.status === 'COMPLETE') throw isDone(found.task.id, 'COMPLETE');
    assertRevision(found.entry, options.expectedRevision);
    const { entry, task } = found;
    return { id: task.id, list: entry.list.id, revision: revisionOfList(entry), warnings: describeUnready(task) };
  }
  const session = findSession(await readWorkspace(context), options.item, {}, []);
  if (session.status === 'done') throw isDone(session.id, 'done');
  const unready =
    session.waitingFor.length > 0 ? [phrase`${session.id} waits for ${session.waitingFor.join(', ')}`] : [];
  return { id: session.id, warnings: unready };
}

/**
 * Finds the task that `item` names, in the list that is named or in the only one that has it; undefined where no list has it.
 *
 * @throws BatonError `unknown-list`, `unknown-task` in a list that is named, `ambiguous-task`
 */
export function findTask(
  lists: readonly TaskListEntry[],
  { item, list }: Pick<ClaimOptions, 'item' | 'list'>,
): { readonly entry: TaskListEntry; readonly task: TaskEntry } | undefined {
  const slash = item.indexOf('/');
  const [inList, id] = list !== undefined || slash < 0 ? [list, item] : [item.slice(0, slash), item.slice(slash + 1)];
  if (inList !== undefined) {
    const entry = findTaskList(lists, inList);
    return { entry, task: findTaskRow<TaskEntry>(entry.list, entry.tasks, id) };
  }
  const open = lists.filter((entry) => !entry.list.archived && entry.tasks.some((task) => task.id === id));
  const [only, second] = open;
  if (only === undefined) return undefined;
  if (second === undefined) return { entry: only, task: findTaskRow<TaskEntry>(only.list, only.tasks, id) };
  const ids = open.map((entry) => entry.list.id);
  throw new BatonError('ambiguous-task', phrase`${id} is a task of ${ids.length} lists: ${ids.join(', ')}`, {
    hint: phrase`Name the list: ${ids[0]}/${id}.`,
    data: { task: id, lists: ids },
  });
}

function isDone(id: string, status: string): BatonError {
  return new BatonError('wrong-state', phrase`${id} is ${status}`, {
    hint: '`baton tasks ready LIST` and `baton sessions --ready` list what can be taken.',
    data: { item: id, status },
  });
}

function describeUnready({ id, ready, status, waitingFor, error }: TaskEntry): readonly string[] {
  if (ready || status === 'IN_PROGRESS') return [];
  if (error !== undefined) return [phrase`${id} ${error}`];
  return waitingFor.length > 0 ? [phrase`${id} waits for ${waitingFor.join(', ')}`] : [];
}

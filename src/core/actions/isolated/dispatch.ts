import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import {
  type Budget,
  type IsolatedSession,
  openStatuses,
  type WorkItem,
  type WorkSource,
} from '../../model/isolated.ts';
import { slugOf } from '../../model/slug.ts';
import type { Workspace } from '../../model/workspace.ts';
import { folderOf } from '../../store/lookup.ts';
import { readWorkspace } from '../beginVerb.ts';
import { locateWork } from '../workRepository.ts';
import type { IsolatedContext } from './context.ts';
import { claimItem, freeItem } from './itemClaims.ts';
import { findReadyWork } from './readyWork.ts';
import { type DispatchRecord, dispatchKey, readDispatchRecord, readIsolatedSessions, stateKey } from './records.ts';

export interface DispatchOptions {
  /** IDs of ready items: of a session, of a task (`LIST/TASK` too), of a Beads issue. */
  readonly items?: readonly string[];
  /** Everything that is ready. */
  readonly ready?: boolean;
  /** At most so many. */
  readonly max?: number;
  /** Only of these sources. */
  readonly sources?: readonly WorkSource[];
  /** Name of the agent; else the configured one. */
  readonly agent?: string;
  readonly model?: string;
  readonly budget?: Budget;
}

/** An item that was not dispatched, and why. */
export interface HeldItem {
  readonly item: WorkItem;
  readonly reason: string;
}

export interface DispatchResult {
  /** Queued now; the supervisor takes them from here. */
  readonly dispatched: readonly IsolatedSession[];
  readonly held: readonly HeldItem[];
  readonly warnings: readonly string[];
}

/** What a branch and a folder can be named after, and how long that may be. */
const longestName = 40;

/**
 * Queues isolated sessions for ready work and sees that the supervisor runs. No item is ever dispatched twice: each has a key that is
 * created exclusively. Items that declare a file which another one changes at the same time are held.
 *
 * @throws BatonError `not-agentic` where dispatching has to be confirmed and nobody can be asked, `agent-missing`, `unknown-task` for items that are not
 *   ready, `already-dispatched` where nothing is left, `not-a-repository`, `detached-head`, `supervisor-failed`
 */
export async function dispatch(context: IsolatedContext, options: DispatchOptions): Promise<DispatchResult> {
  const workspace = await readWorkspace(context);
  const { config } = workspace;
  const found = await findReadyWork(context, options.sources);
  const isNamed = (options.items ?? []).length > 0;
  const claimed = isNamed ? found.claimed : [];
  const wanted = chooseItems([...found.items, ...claimed.map(({ item }) => item)], options);
  const agent = options.agent ?? (await context.isolated.agents.defaultName());
  await context.isolated.agents.require(agent);
  const base = await requireBase(context);
  if (config.mode !== 'agentic') await confirmDispatch(context, wanted, agent, config.mode);
  const dispatched: IsolatedSession[] = [];
  const held: HeldItem[] = [];
  const open = (await readIsolatedSessions(context.ports.localState)).filter(({ status }) =>
    openStatuses.includes(status),
  );
  for (const item of wanted) {
    if (options.max !== undefined && dispatched.length >= options.max) break;
    const owner = claimed.find((one) => one.item === item)?.owner;
    const reason =
      owner === undefined
        ? ((await findElsewhere(context, workspace, item)) ?? findOverlap(item, [...open, ...dispatched]))
        : phrase`it is claimed by ${owner}`;
    const session = reason === undefined ? await queue(context, item, { ...options, agent, base }) : undefined;
    if (session !== undefined) dispatched.push(session);
    else held.push({ item, reason: reason ?? 'it has been dispatched already' });
  }
  if (dispatched.length > 0) await context.isolated.supervisors.ensure();
  else if (held.length > 0) throw nothingDispatched(held);
  return { dispatched, held, warnings: found.warnings };
}

/** Those that are named, in the order of what they unblock; all where `ready` asks for them. */
export function chooseItems(
  ready: readonly WorkItem[],
  options: Pick<DispatchOptions, 'items' | 'ready'>,
): readonly WorkItem[] {
  const names = options.items ?? [];
  if (names.length === 0) {
    if (options.ready !== true) {
      throw new BatonError('invalid-argument', 'Nothing was named to be dispatched', {
        hint: 'Name work items, or take everything that is ready with `--ready`.',
      });
    }
    if (ready.length > 0) return ready;
    throw new BatonError('unknown-item', 'Nothing is ready to be dispatched', {
      hint: '`baton sessions` and `baton tasks list` tell what waits for what.',
    });
  }
  const fits = (item: WorkItem, name: string): boolean => item.id === name || `${item.list ?? ''}/${item.id}` === name;
  for (const name of names) {
    const found = ready.filter((item) => fits(item, name));
    if (found.length === 1) continue;
    const data = { item: name, ready: ready.map(({ id }) => id) };
    throw found.length === 0
      ? new BatonError('unknown-item', phrase`${name} is not ready to be worked on`, {
          hint: ready.length > 0 ? phrase`Ready: ${ready.map(({ id }) => id).join(', ')}.` : 'Nothing is ready now.',
          data,
        })
      : new BatonError(
          'ambiguous-task',
          phrase`${name} names ${found.length} items: ${found.map(describeItem).join(', ')}`,
          {
            hint: 'Name a task as LIST/TASK, or say where it comes from.',
            data,
          },
        );
  }
  return ready.filter((item) => names.some((name) => fits(item, name)));
}

function describeItem({ source, id, list, project }: WorkItem): string {
  return [source, list ?? project, id].filter((part) => part !== undefined).join(' ');
}

/** Why an item cannot be worked on in a worktree of this clone: its session belongs to another repository, as `repositories:` maps it. */
async function findElsewhere(
  context: IsolatedContext,
  workspace: Workspace,
  { source, id, project }: WorkItem,
): Promise<string | undefined> {
  if (source !== 'session') return undefined;
  const entry = workspace.sessions.find((one) => one.ready && one.id === id && one.project === project);
  const folder = entry === undefined ? '' : folderOf(workspace, entry);
  if (folder === '' || (await locateWork(context, folder))?.isHome === true) return undefined;
  return phrase`it belongs to the repository ${entry?.repository ?? ''} in ${folder}, and worktrees are made of this one: work on it there with \`baton start ${id}\``;
}

/** Why an item must not run beside those: a file that both say they change; undefined where there is none. */
export function findOverlap(item: WorkItem, sessions: readonly Pick<IsolatedSession, 'item'>[]): string | undefined {
  for (const { item: other } of sessions) {
    const shared = item.files.find((file) => other.files.some((one) => touches(file, one)));
    if (shared !== undefined) return phrase`it changes ${shared}, as ${other.id} does, which is not merged yet`;
  }
  return undefined;
}

/** A path or the folder of one; what is behind a wildcard may be anything. */
function touches(a: string, b: string): boolean {
  const [one, other] = [stem(a), stem(b)];
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`) || one === '' || other === '';
}

function stem(path: string): string {
  const [fixed = ''] = path.replace(/^(?:\.\/)+/, '').split(/[*?{[]/, 1);
  return fixed === path ? fixed.replace(/\/+$/, '') : fixed.slice(0, Math.max(0, fixed.lastIndexOf('/')));
}

async function confirmDispatch(
  context: IsolatedContext,
  items: readonly WorkItem[],
  agent: string,
  mode: string,
): Promise<void> {
  if (context.yes === true) return;
  const answer = await context.ports.prompt.confirm({
    question: phrase`Dispatch ${items.length === 1 ? items[0]?.id : phrase`${items.length} work items`} to ${agent}?`,
    detail: [
      ...items.map(({ id, title }) => `${id}: ${title}`),
      phrase`Each runs in a git worktree of its own. This project's mode is ${mode}, so you are asked.`,
    ],
    yes: 'Dispatch',
  });
  if (answer === true) return;
  if (answer === false) throw new BatonError('cancelled', 'Nothing was dispatched');
  throw new BatonError('not-agentic', phrase`This project's mode is ${mode}: dispatching has to be confirmed`, {
    hint: 'Run it again with --yes, or set `mode: agentic` in .baton.yaml.',
    data: { mode },
  });
}

/** Makes the session's record; undefined where the item has one already. */
async function queue(
  context: IsolatedContext,
  item: WorkItem,
  options: DispatchOptions & { readonly agent: string; readonly base: IsolatedSession['base'] },
): Promise<IsolatedSession | undefined> {
  const { localState, clock } = context.ports;
  const now = clock.now();
  const random = uniqueSuffix(context, item);
  const name = nameOf(item);
  const id = `session-${name}-${now.epochMs.toString(36)}-${random}`;
  if (!(await takeItem(context, item, id))) return undefined;
  const model = options.model ?? item.model;
  const at = isoTimeOf(now);
  const session: IsolatedSession = {
    baton: 'isolated/1',
    id,
    item,
    status: 'queued',
    agent: options.agent,
    ...(model !== undefined && { model }),
    worktree: `${context.isolated.worktrees.folder}/${name}-${random}`,
    branch: `baton/${name}-${random}`,
    base: options.base,
    createdAt: at,
    attempt: 1,
    history: [{ status: 'queued', at }],
    mark: `${id}.${revisionOf(id)}`,
    ...(options.budget !== undefined && { budget: options.budget }),
  };
  await localState.write(stateKey(id), session);
  return session;
}

/**
 * Takes the item for a session; false where another one has it, or somebody's claim is in the way and does not give way. One that died between
 * taking the item and writing its record has nothing.
 */
export async function takeItem(
  context: IsolatedContext,
  item: WorkItem,
  id: string,
  { overClaims = false }: { readonly overClaims?: boolean } = {},
): Promise<boolean> {
  if (!(await takeKey(context, item, id))) return false;
  if ((await claimItem(context, item, id)) || overClaims) return true;
  await freeItem(context, { id, item });
  return false;
}

async function takeKey({ ports }: IsolatedContext, item: WorkItem, id: string): Promise<boolean> {
  const { localState, owners } = ports;
  const key = dispatchKey(ports, item);
  const mine: DispatchRecord = { session: id, owner: owners.self };
  if (await localState.create(key, mine)) return true;
  const seen = readDispatchRecord(await localState.read(key));
  if (seen !== undefined) {
    if ((await localState.read(stateKey(seen.session))) !== undefined) return false;
    if ((await owners.stateOf(seen.owner)) !== 'dead') return false;
  }
  const after = await localState.update(key, (value) =>
    readDispatchRecord(value)?.session === seen?.session ? mine : undefined,
  );
  return readDispatchRecord(after)?.session === id;
}

/** A part of names that is safe in paths, branches and keys. */
export function nameOf({ id }: WorkItem): string {
  const plain = id
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, longestName);
  return plain === '' ? slugOf(id, 'item') : plain;
}

/** Six characters that no other dispatch has: of the item, the moment and the process. */
export function uniqueSuffix({ ports }: IsolatedContext, item: WorkItem): string {
  const { pid, startTime } = ports.owners.self;
  const digest = revisionOf([item.source, item.id, ports.clock.now().epochMs, pid, startTime].join('\n'));
  return Number.parseInt(digest.slice(0, 8), 16).toString(36).padStart(6, '0').slice(-6);
}

/** The branch that is checked out, which the work starts from and is merged into. */
export async function requireBase({ ports }: IsolatedContext): Promise<IsolatedSession['base']> {
  const git = await ports.git('');
  if (git === undefined) {
    throw new BatonError('not-a-repository', 'Isolated sessions work in git worktrees, and this is no git repository', {
      hint: 'Run `git init` and make a first commit.',
    });
  }
  const { hash, branch } = await git.head();
  if (hash === undefined) {
    throw new BatonError('git-failed', 'There is no commit yet that a worktree could start from', {
      hint: 'Make a first commit.',
    });
  }
  if (branch !== undefined) return { branch, commit: hash };
  throw new BatonError('detached-head', 'No branch is checked out, so there is nothing to merge back into', {
    hint: 'Check out the branch that the work is for.',
  });
}

function nothingDispatched(held: readonly HeldItem[]): BatonError {
  const [first] = held;
  const names = held.map(({ item }) => item.id).join(', ');
  return new BatonError('already-dispatched', `Nothing was dispatched: ${names} ${first?.reason ?? ''}`.trim(), {
    hint: '`baton isolated list` shows what is at work and what waits to be merged.',
    data: { held: held.map(({ item, reason }) => ({ item: item.id, reason })) },
  });
}

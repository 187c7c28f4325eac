import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { SessionStatus } from '../model/sessionStatus.ts';
import type { SessionEntry } from '../model/workspace.ts';
import type { LocalState } from '../ports/localState.ts';
import { readySessions } from '../store/lookup.ts';
import { readWorkspace } from './beginVerb.ts';
import type { ActionContext } from './context.ts';

/** Filters; a session must pass all that are given. */
export interface ListOptions {
  readonly project?: string;
  readonly status?: readonly SessionStatus[];
  readonly repository?: string;
  /** Part of the ID or the title, upper and lower case alike. */
  readonly text?: string;
  /** Only those that can be started, those that unblock most first. */
  readonly ready?: boolean;
}

export interface ListResult {
  readonly sessions: readonly SessionEntry[];
  /** Asked for what is ready: what would be, but that an agent has it. */
  readonly dispatched: readonly { readonly id: string; readonly session: string; readonly status: string }[];
}

/**
 * Lists sessions in the order of their tables and plans. What is ready is what nobody was given yet, as far as `ports` tell.
 *
 * @throws BatonError `no-project` where a project or repository of that name is unknown
 */
export async function listSessions(
  context: Pick<ActionContext, 'store'> & { readonly ports?: { readonly localState: LocalState } },
  options: ListOptions = {},
): Promise<ListResult> {
  const workspace = await readWorkspace(context);
  assertKnown(
    'project',
    options.project,
    workspace.projects.map(({ name }) => name),
  );
  assertKnown(
    'repository',
    options.repository,
    workspace.projects.flatMap(({ repositories }) => repositories),
  );
  const all = options.ready ? readySessions(workspace) : workspace.sessions;
  const sessions = all.filter((entry) => passes(entry, options));
  if (options.ready !== true || context.ports === undefined) return { sessions, dispatched: [] };
  return await splitDispatched(context.ports, sessions);
}

async function splitDispatched(
  ports: { readonly localState: LocalState },
  ready: readonly SessionEntry[],
): Promise<ListResult> {
  const isAny = (await ports.localState.list('isolated/keys/')).length > 0;
  if (!isAny) return { sessions: ready, dispatched: [] };
  const { findDispatched } = await import('./isolated/dispatched.ts');
  const found = await Promise.all(ready.map(async (entry) => ({ entry, session: await findDispatched(ports, entry) })));
  return {
    sessions: found.filter(({ session }) => session === undefined).map(({ entry }) => entry),
    dispatched: found.flatMap(({ entry, session }) =>
      session === undefined ? [] : [{ id: entry.id, session: session.id, status: session.status }],
    ),
  };
}

function passes(entry: SessionEntry, { project, status, repository, text }: ListOptions): boolean {
  const wanted = text?.toLowerCase();
  return (
    (project === undefined || entry.project === project) &&
    (repository === undefined || entry.repository === repository) &&
    (status === undefined || status.length === 0 || status.includes(entry.status)) &&
    (wanted === undefined || `${entry.id} ${entry.title}`.toLowerCase().includes(wanted))
  );
}

function assertKnown(what: string, name: string | undefined, known: readonly string[]): void {
  if (name === undefined || known.includes(name)) return;
  const names = [...new Set(known)];
  throw new BatonError('no-project', phrase`There is no ${what} ${name}`, {
    hint:
      names.length > 0 ? phrase`Known: ${names.join(', ')}.` : 'Create a progress file with `baton init <project>`.',
    data: { [what]: name, known: names },
  });
}

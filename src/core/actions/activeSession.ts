import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { findSession, folderOf } from '../store/lookup.ts';

/** A session whose SESSION.md is there: active, or paused. */
export interface OpenSession {
  readonly id: string;
  readonly file: SessionFile;
  /** Undefined where no table and no plan has it. */
  readonly entry?: SessionEntry;
  /** The folder of its repository, `''` for the project's root. */
  readonly folder: string;
  /** The progress file that it belongs to; undefined where there is none. */
  readonly progressPath?: string;
}

/**
 * Finds the active session of this worktree. `recovered` says what had been half done and is no more: perhaps the very completion that is
 * asked for again. `id` is the session that the caller takes for the active one: whoever names a session must not end a different one.
 *
 * @throws BatonError `no-active-session`, `foreign-session-file`, `unreadable-file` (its frontmatter too), `unknown-session` and
 *   `wrong-state` for an `id` that is not the active one's
 */
export function requireActive(workspace: Workspace, recovered: readonly string[] = [], id?: string): OpenSession {
  const path = workspace.config.sessionFile;
  if (id !== undefined) assertKnown(workspace, id);
  assertReadable(workspace, path);
  const file = workspace.sessionFile;
  if (file?.kind === 'foreign') {
    assertFrontmatter(workspace, path);
    throw new BatonError('foreign-session-file', phrase`${path} was not written by Baton and names no session`, {
      hint: 'Start a session with `baton start <ID> --force`, which keeps that file aside.',
      data: { path },
    });
  }
  if (file?.kind === 'session' && file.id !== undefined) {
    assertMeant(file.id, id);
    return openSession(workspace, file, file.id);
  }
  const paused = workspace.paused.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const why = recovered.length > 0 ? `: ${recovered.join('; ')}` : '';
  throw new BatonError('no-active-session', phrase`No session is active in this worktree${why}`, {
    hint:
      paused.length > 0
        ? phrase`Resume one with \`baton resume ${paused[0]}\` or start one with \`baton start <ID>\`.`
        : 'Start one with `baton start <ID>`; `baton sessions --ready` lists what can be started.',
    data: { paused },
  });
}

/** @throws BatonError `unknown-session` with the nearest IDs */
function assertKnown(workspace: Workspace, id: string): void {
  const isKnown = workspace.sessionFile?.id === id || workspace.sessions.some((entry) => entry.id === id);
  if (!isKnown) findSession(workspace, id);
}

/** @throws BatonError `wrong-state` */
function assertMeant(active: string, asked: string | undefined): void {
  if (asked === undefined || asked === active) return;
  throw new BatonError('wrong-state', phrase`${asked} is not the active session: that is ${active}`, {
    hint: phrase`Leave the ID out to mean ${active}.`,
    data: { active, asked },
  });
}

/** Where Baton's mark may stand in frontmatter that cannot be read, that is the cause, and nothing is to be started instead. */
function assertFrontmatter({ problems }: Workspace, path: string): void {
  const problem = problems
    .filter((file) => file.path === path)
    .flatMap(({ diagnostics }) => diagnostics.find(({ code }) => code === 'unreadable-frontmatter') ?? [])[0];
  if (!problem) return;
  throw new BatonError('unreadable-file', phrase`${path} names no session that can be read: ${problem.message}`, {
    hint: 'Mend its frontmatter; `baton check` names the line.',
    data: { path },
  });
}

/** The name of the project that a session belongs to; undefined where nothing says it. */
export function projectOf({ file, entry }: Pick<OpenSession, 'file' | 'entry'>): string | undefined {
  return entry?.project ?? file.project;
}

/** Joins a SESSION.md with what table and plan say of its session. */
export function openSession(workspace: Workspace, file: SessionFile, id: string): OpenSession {
  const entry = workspace.active?.id === id ? workspace.active : findEntry(workspace, file, id);
  const progressPath = entry?.progressPath ?? progressOf(workspace, file);
  return {
    id,
    file,
    ...(entry && { entry }),
    folder: folderOf(workspace, entry ?? file),
    ...(progressPath !== undefined && { progressPath }),
  };
}

/** @throws BatonError `unreadable-file` where the file is there but cannot be read */
export function assertReadable(workspace: Workspace, path: string): void {
  const unreadable = workspace.unreadable.find((file) => file.path === path);
  if (!unreadable) return;
  const isNamed = unreadable.message.includes(path);
  throw new BatonError(
    'unreadable-file',
    isNamed ? unreadable.message : phrase`${path} cannot be read: ${unreadable.message}`,
    {
      hint: 'Mend the file (it must be UTF-8 text) or move it away.',
      data: { path },
    },
  );
}

function findEntry(workspace: Workspace, file: SessionFile, id: string): SessionEntry | undefined {
  const found = workspace.sessions.filter(
    (entry) =>
      entry.id === id &&
      (file.project === undefined || entry.project === file.project) &&
      (file.repository === undefined || entry.repository === undefined || entry.repository === file.repository),
  );
  return found.length === 1 ? found[0] : undefined;
}

function progressOf(workspace: Workspace, file: SessionFile): string | undefined {
  const named = workspace.projects.find(({ name }) => name === file.project);
  const [only, second] = workspace.progress;
  return named?.progressPath ?? (second ? undefined : only?.path);
}

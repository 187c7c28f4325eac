import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { Workspace } from '../model/workspace.ts';
import type { FileChange, Git } from '../ports/git.ts';
import type { ActionContext } from './context.ts';
import { type DirtyRecord, findUntouched } from './sessionRecord.ts';
import { findTargets, isStateFile, repositoryPaths, type StatePlaces, statePathsOf } from './statePlaces.ts';

/** Where a session's work is committed, and where the state files are. */
export interface WorkPlace extends StatePlaces {
  /** The repository of the session's folder. */
  readonly work: Git;
  readonly folder: string;
  /** True where both are one repository. */
  readonly isHome: boolean;
}

/** A changed file of the session's repository. */
export interface SessionChange extends FileChange {
  /** A state file of Baton's, which goes into every commit. */
  readonly stateFile: boolean;
  /** Dirty when the session started, and the same since: not the session's work. */
  readonly untouched: boolean;
  /** Dirty when the session started. */
  readonly before: boolean;
}

/** Finds the repositories of a session; undefined where its folder is in none. */
export async function locateWork(context: ActionContext, folder: string): Promise<WorkPlace | undefined> {
  const home = await context.ports.git('');
  const work = folder === '' ? home : await context.ports.git(folder);
  if (!work) return undefined;
  const { workspace } = context.store;
  const targets = home && workspace ? await findTargets(context.ports.files, workspace, home) : new Map();
  return { work, ...(home && { home }), targets, folder, isHome: home?.topLevel === work.topLevel };
}

/** Tells whether a file of the work's repository is a state file. */
export function isStateInWork(workspace: Workspace, place: WorkPlace, path: string): boolean {
  return place.isHome && isStateFile(workspace, place, path);
}

/** Paths, as the repository knows them, of every state file of the project: what a verification leaves out of its tree. */
export function statePathsIn(workspace: Workspace, place: WorkPlace): readonly string[] {
  if (!place.isHome) return [];
  return [...new Set(statePathsOf(workspace).flatMap((path) => repositoryPaths(place, path)))];
}

/** The tree of the working copy without state files, which names what a verification checked. */
export function workTree(workspace: Workspace, place: WorkPlace): Promise<string> {
  return place.work.workingTree(statePathsIn(workspace, place));
}

/** What has changed in the session's repository, Baton's own temporary files left out; ignored files are never in it. */
export async function listChanges(
  workspace: Workspace,
  place: WorkPlace,
  record: DirtyRecord | undefined,
): Promise<readonly SessionChange[]> {
  const changes = (await place.work.changes()).filter(({ path }) => !isTemporary(path));
  const before = new Set(record?.dirtyAtStart.map(({ path }) => path));
  const isBefore = ({ path, from }: FileChange) => before.has(path) || (from !== undefined && before.has(from));
  const untouched = await findUntouched(
    place.work,
    record,
    changes.filter(isBefore).map(({ path }) => path),
  );
  return changes.map((change) => {
    const stateFile = isStateInWork(workspace, place, change.path);
    return {
      ...change,
      stateFile,
      before: !stateFile && isBefore(change),
      untouched: !stateFile && untouched.has(change.path),
    };
  });
}

/** Tells whether a file is a temporary one of the write path (`.<name>.<pid>.tmp`), perhaps of a dead writer. */
export function isTemporary(path: string): boolean {
  return /(?:^|\/)\.[^/]+\.\d+(?:\.\d+)?\.tmp$/.test(path);
}

/**
 * Refuses where git could not commit, or where a commit would be lost or tear something apart.
 *
 * @throws BatonError `merge-in-progress`, `detached-head`, `no-identity`
 */
export async function assertCommittable(git: Git, verb: string): Promise<void> {
  const [head, hasIdentity] = await Promise.all([git.head(), git.hasIdentity()]);
  if (head.operation) {
    throw new BatonError('merge-in-progress', phrase`A ${head.operation} is in progress, so ${verb} cannot commit`, {
      hint: phrase`Finish it, or end it with \`git ${head.operation} --abort\`, and try again.`,
      data: { operation: head.operation },
    });
  }
  if (head.hash !== undefined && head.branch === undefined) {
    throw new BatonError(
      'detached-head',
      phrase`HEAD is on no branch, so ${verb} would make commits that are easily lost`,
      {
        hint: 'Switch to a branch (`git switch <branch>` or `git switch -c <new>`) and try again.',
      },
    );
  }
  if (!hasIdentity) {
    throw new BatonError('no-identity', 'Git does not know who commits', {
      hint: 'Set `git config user.name` and `git config user.email` and try again.',
    });
  }
}

/** @throws BatonError `merge-in-progress` where files have conflict markers that git still knows of */
export function assertResolved(changes: readonly FileChange[]): void {
  const files = changes.filter(({ kind }) => kind === 'conflicted').map(({ path }) => path);
  if (files.length === 0) return;
  throw new BatonError('merge-in-progress', phrase`These files have unresolved conflicts: ${files.join(', ')}`, {
    hint: 'Resolve them, `git add` them and try again.',
    data: { files },
  });
}

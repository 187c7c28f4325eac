import { BatonError } from '../errors.ts';
import type { Git } from '../ports/git.ts';
import type { LocalState } from '../ports/localState.ts';

/** What was dirty when a session started. */
export interface DirtyRecord {
  readonly session: string;
  /** Relative to the top level; `tree` is the working tree at that moment, so that later changes are seen. */
  readonly dirtyAtStart: readonly { readonly path: string; readonly tree: string }[];
}

/** Key of the record of this worktree's active session. */
export function activeRecordKey(localState: LocalState): string {
  return `sessions/${localState.worktreeKey}`;
}

/** Key under which the record of a paused session waits; named after its file, since two projects may have its ID. */
export function pausedRecordKey(localState: LocalState, path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');
  return `sessions/paused/${localState.worktreeKey}/${localState.keyPart(name)}`;
}

/** What is kept of a paused session: its record, and what was dirty when it was paused, which is its own work. */
export interface PausedRecord extends DirtyRecord {
  readonly dirtyAtPause: readonly string[];
}

/** Reads the record of a session; undefined where there is none or it is another session's. */
export async function readDirtyRecord(
  localState: LocalState,
  key: string,
  session: string,
): Promise<DirtyRecord | undefined> {
  const value = await localState.read(key);
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Partial<DirtyRecord>;
  return record.session === session && Array.isArray(record.dirtyAtStart) ? (record as DirtyRecord) : undefined;
}

/** Reads the record of a paused session, whose file is at `path`. */
export async function readPausedRecord(
  localState: LocalState,
  session: string,
  path: string,
): Promise<PausedRecord | undefined> {
  const record = await readDirtyRecord(localState, pausedRecordKey(localState, path), session);
  if (!record) return undefined;
  const { dirtyAtPause = [] } = record as Partial<PausedRecord>;
  return { ...record, dirtyAtPause };
}

/** Records the files that are dirty now, with the tree that names their contents; no tree is made where all is clean. */
export async function recordDirty(
  git: Git | undefined,
  except: (path: string) => boolean,
): Promise<DirtyRecord['dirtyAtStart']> {
  const paths = ((await git?.changes()) ?? []).map(({ path }) => path).filter((path) => !except(path));
  if (!git || paths.length === 0) return [];
  const tree = await git.workingTree([]);
  return paths.map((path) => ({ path, tree }));
}

/** Those of `paths` that are still as they were when the session started. */
export async function findUntouched(
  git: Git,
  record: DirtyRecord | undefined,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  if (!record || paths.length === 0) return new Set();
  const now = await git.workingTree([]);
  const changedSince = new Map<string, ReadonlySet<string> | undefined>();
  const untouched = new Set<string>();
  for (const { path, tree } of record.dirtyAtStart) {
    if (!paths.includes(path)) continue;
    if (!changedSince.has(tree)) changedSince.set(tree, await changedFiles(git, tree, now));
    if (changedSince.get(tree)?.has(path) === false) untouched.add(path);
  }
  return untouched;
}

/** Undefined where git has cleaned the old tree away: then nothing can be said, and every file may have changed. */
async function changedFiles(git: Git, from: string, to: string): Promise<ReadonlySet<string> | undefined> {
  if (from === to) return new Set();
  try {
    return new Set(await git.changedFiles(from, to));
  } catch (error) {
    if (BatonError.is(error, 'git-failed')) return undefined;
    throw error;
  }
}

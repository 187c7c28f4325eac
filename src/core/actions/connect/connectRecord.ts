import type { ProjectPath } from '../../ports/fileSystem.ts';
import type { LocalState } from '../../ports/localState.ts';

/** What a file was before Connect wrote it. */
export interface ConnectRecord {
  readonly path: ProjectPath;
  /** Null: there was no such file. */
  readonly before: string | null;
  /** Revision of what was written. */
  readonly after: string;
}

/** The key of a file's record. */
export function connectRecordKey(localState: LocalState, path: ProjectPath): string {
  return `connect/${localState.worktreeKey}/${localState.keyPart(path)}`;
}

/** Reads the record of a file; undefined where Connect has not written it in this worktree. */
export async function readConnectRecord(localState: LocalState, path: ProjectPath): Promise<ConnectRecord | undefined> {
  const value = await localState.read(connectRecordKey(localState, path));
  if (typeof value !== 'object' || value === null) return undefined;
  const candidate = value as Partial<ConnectRecord>;
  const isRecord =
    candidate.path === path &&
    (candidate.before === null || typeof candidate.before === 'string') &&
    typeof candidate.after === 'string';
  return isRecord ? (candidate as ConnectRecord) : undefined;
}

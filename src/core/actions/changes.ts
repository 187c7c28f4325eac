import { phrase } from '../base/phrase.ts';
import type { FileDifference } from '../ports/git.ts';
import type { ActionContext } from './context.ts';
import { type RangeOptions, type SessionRange, sessionRange } from './sessionRange.ts';
import { activeRecordKey, findUntouched, readDirtyRecord } from './sessionRecord.ts';
import { isStateInWork } from './workRepository.ts';

/** A file that a session changed. */
export interface ChangedFile extends FileDifference {
  /** A state file of Baton's. */
  readonly stateFile: boolean;
}

/** What a session changed. */
export interface ChangesResult {
  readonly range: SessionRange;
  /** By path, state files last. */
  readonly files: readonly ChangedFile[];
  /** Files that were changed before the session started and not since: none of its work, and not in `files`. */
  readonly leftOut: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Lists the files that a session has changed from its start to its end, with counted lines. Changes nothing but git's own objects.
 *
 * @throws BatonError as `sessionRange` does
 */
export async function changes(context: ActionContext, options: RangeOptions = {}): Promise<ChangesResult> {
  const range = await sessionRange(context, options);
  const { work } = range.place;
  // As a tree, because only there git finds what was renamed by hand, and counts the lines of new files.
  const to = range.to ?? (await work.workingTree([]));
  const compared = await work.compare(range.from, to);
  const untouched = await findLeftOut(context, range, compared);
  const files = compared
    .filter(({ path }) => !untouched.has(path))
    .map((file) => ({ ...file, stateFile: isStateInWork(range.workspace, range.place, file.path) }));
  return {
    range,
    files: [...files.filter(({ stateFile }) => !stateFile), ...files.filter(({ stateFile }) => stateFile)],
    leftOut: [...untouched],
    warnings: describeDoubts(range),
  };
}

async function findLeftOut(
  { ports: { localState } }: ActionContext,
  { target, workspace, place, to }: SessionRange,
  files: readonly FileDifference[],
): Promise<ReadonlySet<string>> {
  if (to !== undefined || target.open?.file.path !== workspace.config.sessionFile) return new Set();
  const record = await readDirtyRecord(localState, activeRecordKey(localState), target.id);
  const paths = files.map(({ path }) => path).filter((path) => !isStateInWork(workspace, place, path));
  return findUntouched(place.work, record, paths);
}

function describeDoubts({ target: { id }, others, rolledBack }: SessionRange): readonly string[] {
  const names = others.slice(0, 3).map(({ hash, message }) => `${hash.slice(0, 7)} ${message.split('\n', 1)[0] ?? ''}`);
  const more = others.length > names.length ? phrase` and ${others.length - names.length} more` : '';
  return [
    ...(rolledBack ? [phrase`${id} was rolled back: these are the changes that were taken back`] : []),
    ...(others.length > 0 ? [phrase`Among them are commits that do not name ${id}: ${names.join('; ')}${more}`] : []),
  ];
}

import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { Workspace } from '../model/workspace.ts';
import type { OpenSession } from './activeSession.ts';
import type { ActionContext } from './context.ts';
import { activeRecordKey, readDirtyRecord } from './sessionRecord.ts';
import { assertResolved, listChanges, type SessionChange, type WorkPlace } from './workRepository.ts';

/** What is about to be committed, and where. */
export interface FileRequest {
  readonly workspace: Workspace;
  readonly session: OpenSession;
  readonly place: WorkPlace;
  /** Exactly these, where the caller has chosen. */
  readonly files?: readonly string[];
}

/** What the work commit holds beside the state files. */
export interface ChosenFiles {
  readonly files: readonly string[];
  /** Changed files that it does not hold. */
  readonly leftOut: readonly string[];
  readonly warnings: readonly string[];
  /** Everything that has changed in the session's repository; only where that is what holds now, since no person was asked meanwhile. */
  readonly changes?: readonly SessionChange[];
}

/**
 * Chooses what the work commit holds beside the state files: what the caller names, else what the person picks, else everything but the
 * files that were dirty before the session and are unchanged since. What was dirty before, or is left out, is pointed out.
 *
 * @throws BatonError `invalid-argument` for a file that has not changed, `merge-in-progress` for one with conflicts
 */
export async function chooseFiles(context: ActionContext, request: FileRequest): Promise<ChosenFiles> {
  const { workspace, session, place } = request;
  const { localState, prompt } = context.ports;
  const record = await readDirtyRecord(localState, activeRecordKey(localState), session.id);
  const changes = await listChanges(workspace, place, record);
  assertResolved(changes);
  const work = changes.filter(({ stateFile }) => !stateFile);
  const choice = (files: readonly string[], warnings: readonly string[]): ChosenFiles => ({
    files,
    leftOut: work.map(({ path }) => path).filter((path) => !files.includes(path)),
    warnings,
  });
  if (request.files) return { ...choice(pickNamed(work, changes, request.files), []), changes };
  const picked =
    work.length === 0
      ? undefined
      : await prompt.chooseFiles({
          purpose: phrase`complete ${session.id}`,
          files: changes.map(({ path, kind, before, untouched, stateFile }) => ({
            path,
            kind,
            before,
            untouched,
            stateFile,
          })),
        });
  if (picked) {
    const paths = new Set(picked);
    return choice(
      work.flatMap(({ path }) => (paths.has(path) ? [path] : [])),
      [],
    );
  }
  const own = work.filter(({ untouched }) => !untouched).map(({ path }) => path);
  return { ...choice(own, pointOut(work, session.id)), changes };
}

function pickNamed(
  work: readonly SessionChange[],
  changes: readonly SessionChange[],
  files: readonly string[],
): readonly string[] {
  const unchanged = files.filter((file) => !changes.some(({ path, from }) => path === file || from === file));
  if (unchanged.length > 0) {
    throw new BatonError('invalid-argument', phrase`These files have not changed: ${unchanged.join(', ')}`, {
      hint: phrase`Changed are: ${work.map(({ path }) => path).join(', ') || phrase`none`}.`,
      data: { files: unchanged },
    });
  }
  return work.flatMap(({ path, from }) =>
    files.includes(path) || (from !== undefined && files.includes(from)) ? [path] : [],
  );
}

function pointOut(work: readonly SessionChange[], id: string): readonly string[] {
  const left = work.filter(({ untouched }) => untouched).map(({ path }) => path);
  const mixed = work.filter(({ before, untouched }) => before && !untouched).map(({ path }) => path);
  return [
    ...(left.length > 0
      ? [phrase`Left out, because they were changed before ${id} started and not since: ${left.join(', ')}`]
      : []),
    ...(mixed.length > 0
      ? [phrase`Committed, although they had changes before ${id} started: ${mixed.join(', ')}`]
      : []),
  ];
}

import { editsBetween } from '../../base/editsBetween.ts';
import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import { BatonError } from '../../errors.ts';
import type { ActionContext } from '../context.ts';
import { connectRecordKey, readConnectRecord } from './connectRecord.ts';
import type { ConnectChange, ConnectPlan } from './planConnect.ts';

/**
 * Writes what a plan says, once a person has agreed to exactly that. A file that changed since the plan was made is a `conflict`; those
 * before it are written, and planning again goes on from there.
 *
 * @throws BatonError `conflict`, and what the write path throws
 */
export async function applyConnect(context: ActionContext, plan: ConnectPlan): Promise<void> {
  for (const change of plan.changes) {
    if (change.after === undefined) await removeFile(context, change);
    else await writeFile(context, change, change.after);
  }
}

async function writeFile({ ports }: ActionContext, { path, before }: ConnectChange, after: string): Promise<void> {
  const { localState, stateFiles } = ports;
  const record = await readConnectRecord(localState, path);
  await stateFiles.update(path, (text) => {
    if (text !== before) throw changedMeanwhile(path);
    return editsBetween(text ?? '', after);
  });
  // Written in several steps, it still goes back to what it was before the first.
  const isOurs = record !== undefined && before !== undefined && record.after === revisionOf(before);
  const original = isOurs ? record.before : (before ?? null);
  const key = connectRecordKey(localState, path);
  if (original === after) await localState.remove(key);
  else await localState.write(key, { path, before: original, after: revisionOf(after) });
}

async function removeFile({ ports }: ActionContext, { path, before }: ConnectChange): Promise<void> {
  if ((await ports.files.readText(path)) !== before) throw changedMeanwhile(path);
  await ports.stateFiles.remove(path);
  await ports.localState.remove(connectRecordKey(ports.localState, path));
}

function changedMeanwhile(path: string): BatonError {
  return new BatonError('conflict', phrase`${path} was changed while you were asked`, {
    hint: 'Connect again to see what would be written now.',
    data: { path },
  });
}

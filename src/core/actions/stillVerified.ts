import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import { type Receipt, receiptState } from '../model/receipt.ts';
import type { Workspace } from '../model/workspace.ts';
import type { OpenSession } from './activeSession.ts';
import type { ActionContext } from './context.ts';
import { locateWork, type WorkPlace, workTree } from './workRepository.ts';

/** What a commit may call verified: what the commands left behind, which is what they were given unless they write files themselves. */
export interface CheckedWork {
  readonly receipt: Receipt;
  /** The working tree behind the last command, state files left out; empty outside git. */
  readonly tree: string;
}

/**
 * Notes the tree that a verification leaves. Commands may write files (a formatter, a report), so this may differ from the tree that they
 * began with; nobody can tell such files from what a person saved meanwhile, so it is said.
 */
export async function noteChecked(
  context: ActionContext,
  { workspace, session }: { readonly workspace: Workspace; readonly session: OpenSession },
  { receipt, reused }: { readonly receipt: Receipt; readonly reused: boolean },
): Promise<{ readonly checked: CheckedWork; readonly warnings: readonly string[] }> {
  const place = reused ? undefined : await locateWork(context, session.folder);
  if (!place) return { checked: { receipt, tree: receipt.tree }, warnings: [] };
  const tree = await workTree(workspace, place);
  const files = tree === receipt.tree ? [] : await place.work.changedFiles(receipt.tree, tree);
  const warning = phrase`Changed while the commands of ${session.id} ran, by them or by somebody: ${files.join(', ')}`;
  return { checked: { receipt, tree }, warnings: files.length > 0 ? [warning] : [] };
}

/**
 * Refuses to call verified what is no longer what was checked: somebody may have gone on working while the files were being chosen.
 *
 * The tree holds every changed file, also those that are left out of the commit: committed and left out together are what was checked. What
 * a hook changes in the commit itself is not seen here.
 *
 * @throws BatonError `wrong-state` with `data.stale`
 */
export async function assertStillVerified(
  {
    workspace,
    session,
    place,
  }: { readonly workspace: Workspace; readonly session: OpenSession; readonly place: WorkPlace },
  { receipt, tree }: CheckedWork,
): Promise<void> {
  const now = await workTree(workspace, place);
  const commands = session.file.commands.map(({ command }) => command);
  if (receiptState({ ...receipt, tree }, now, commands) === 'passed') return;
  const files = now === tree ? [session.file.path] : await place.work.changedFiles(tree, now);
  throw new BatonError(
    'wrong-state',
    phrase`Changed since ${session.id} was verified, so nothing was committed: ${files.join(', ')}`,
    {
      hint: 'Complete again: the commands then run on what is there now.',
      data: { session: session.id, stale: true, files },
    },
  );
}

import { recoverIfDead } from '../effects/recover.ts';
import type { Workspace } from '../model/workspace.ts';
import type { ActionContext } from './context.ts';

/**
 * Begins a verb that changes something: finishes or undoes what a dead process left half done, then reads the state files afresh.
 *
 * @throws BatonError `interrupted` while another verb is in the middle of its work here
 */
export async function beginVerb(context: ActionContext): Promise<{ workspace: Workspace; warnings: string[] }> {
  const recovery = await recoverIfDead(context);
  const workspace = await readWorkspace(context);
  if (!recovery) return { workspace, warnings: [] };
  const what = recovery.session === undefined ? recovery.verb : `${recovery.verb} of ${recovery.session}`;
  return {
    workspace,
    warnings: [`${what} was half done and has been ${recovery.outcome} first`, ...recovery.warnings],
  };
}

/** Reads the state files as they are now. */
export function readWorkspace(context: Pick<ActionContext, 'store'>): Promise<Workspace> {
  return context.store.workspace ? context.store.refresh() : context.store.load();
}

import { statePathsOf } from '../core/actions/statePlaces.ts';
import { BatonError } from '../core/errors.ts';
import type { Ports } from '../core/ports/ports.ts';
import { WorkspaceStore } from '../core/store/workspaceStore.ts';

/** The git tree of a worktree with all its changes; state files and the outbox are left out, so that notes and ticks do not undo a verdict. */
export async function readReviewedTree(ports: Ports): Promise<string> {
  const git = await ports.git('');
  if (git === undefined) throw new BatonError('not-a-repository', 'The worktree of the session is gone');
  const workspace = await new WorkspaceStore(ports).load();
  const state = statePathsOf(workspace).map((path) => git.prefix + path);
  return await git.workingTree([...state, `${git.prefix}.baton`]);
}

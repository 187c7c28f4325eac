import { recoverJournal } from '../effects/recover.ts';
import { readWorkspace } from './beginVerb.ts';
import type { ActionContext } from './context.ts';

export interface RecoverResult {
  /** The verb that was finished. */
  readonly finished?: string;
  /** The verb that was undone. */
  readonly undone?: string;
  readonly session?: string;
  /** What was done, one short phrase each. */
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Finishes or undoes the verb that a dead process left half done in this worktree.
 *
 * @throws BatonError `nothing-to-recover`, `interrupted` while the one who began it lives
 */
export async function recover(context: ActionContext): Promise<RecoverResult> {
  const { verb, session, outcome, steps, warnings } = await recoverJournal(context);
  await readWorkspace(context);
  return {
    ...(outcome === 'finished' ? { finished: verb } : { undone: verb }),
    ...(session !== undefined && { session }),
    steps,
    warnings,
  };
}

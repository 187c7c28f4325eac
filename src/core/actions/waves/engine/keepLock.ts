import { phrase } from '../../../base/phrase.ts';
import { BatonError } from '../../../errors.ts';
import type { WaveRun } from '../../../model/waves/waveRun.ts';
import { acquireSessionLock, refreshHeartbeat } from '../sessionLock.ts';
import type { RunHandle } from './runHandle.ts';

/**
 * Sees that a run which is taken up again still has the lock of its tree: while it rested the lock may have become old, or gone.
 *
 * @throws BatonError `session-conflict` where another session has the tree now
 */
export async function keepLock({ context }: RunHandle, run: WaveRun): Promise<void> {
  if (!run.config.persistence || (await refreshHeartbeat(context, run.id, { currentWave: run.wave }))) return;
  const { outcome, lock } = await acquireSessionLock(context, {
    sessionId: run.id,
    label: run.label,
    mode: run.plan.sessionType,
    takeOver: true,
    despitePeers: true,
  });
  if (outcome !== 'active') return;
  const holder = lock?.semantic_session_id ?? lock?.session_id ?? '';
  throw new BatonError('session-conflict', phrase`Another session is at work in this tree: ${holder}`, {
    hint: 'Wait until it has ended, then resume the run.',
    data: { run: run.id, session: holder },
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError } from '../core/errors.ts';
import type { ToolRun } from './tool.ts';

const patienceMs = 8_000;
const pauseMs = 120;

/**
 * Does one verb of an action, and waits its turn where another process is in the middle of one: several agents work here at a time, and
 * a verb takes but a moment. Who waits long gets the refusal.
 */
export async function whenFree<Result>({ signal }: ToolRun, verb: () => Promise<Result>): Promise<Result> {
  for (const end = Date.now() + patienceMs; ; ) {
    try {
      return await verb();
    } catch (error) {
      // `interrupted` comes before anything was changed.
      if (!BatonError.is(error, 'interrupted') || Date.now() > end || signal.aborted) throw error;
    }
    await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
}

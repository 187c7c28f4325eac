import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recoveredKey, supervisorLease } from '../core/actions/isolated/records.ts';
import { phrase } from '../core/base/phrase.ts';
import { BatonError } from '../core/errors.ts';
import type { Supervisors } from '../core/ports/isolatedPorts.ts';
import type { LocalState } from '../core/ports/localState.ts';
import type { Owner, Owners } from '../core/ports/owner.ts';
import { readLease } from './leases.ts';

/** A file whose change wakes the supervisor. */
export const wakeFile = 'isolated/wake';

const logFile = 'isolated/supervisor.log';

/** What a supervisor tells its workers. */
const ownNames =
  /^(?:BATON_(?:RUN_ID|SESSION_ID|OUTBOX|PORT_FROM|PORT_TO|WAVE|WAVE_RUN|WAVE_AGENT|HELD_RESOURCES)|SO_WAVE_AGENT(?:_ID)?)$/;

/** So long a new supervisor may take until it has its lease and has ended what its predecessor left. */
const startMs = 20_000;

export interface SupervisorsOptions {
  readonly root: string;
  readonly localState: LocalState;
  readonly owners: Owners;
  /** Absolute path of the program: `supervisor.cjs` beside the host's own file. */
  readonly program: string;
}

/** Finds and starts the supervisor of a clone. It outlives whoever starts it. */
export function createSupervisors({ root, localState, owners, program }: SupervisorsOptions): Supervisors {
  const isRunning = async (): Promise<boolean> => {
    const lease = await readLease(localState.locate(supervisorLease));
    return lease !== undefined && (await owners.stateOf(lease.owner)) === 'alive';
  };
  // Until it has recovered, what its predecessor left running would look as if it were looked after.
  const readRecovered = async (): Promise<Owner | undefined> =>
    ((await localState.read(recoveredKey)) as { readonly owner?: Owner } | undefined)?.owner;
  const isReady = async (): Promise<boolean> => {
    const lease = await readLease(localState.locate(supervisorLease));
    if (lease === undefined || (await owners.stateOf(lease.owner)) !== 'alive') return false;
    return isSame(await readRecovered(), lease.owner);
  };
  return {
    isRunning,
    async ensure() {
      await wake(localState);
      if (await isReady()) return;
      const before = await readRecovered();
      if (!(await isRunning())) await startDetached(program, root, localState.locate(logFile));
      const until = performance.now() + startMs;
      for (let pauseMs = 20; performance.now() < until; pauseMs = Math.min(pauseMs * 1.5, 200)) {
        // One that has looked and found nothing to do may have ended again.
        if ((await isReady()) || !isSame(before, await readRecovered())) return;
        await sleep(pauseMs);
      }
      const log = await readFile(localState.locate(logFile), 'utf8').catch(() => '');
      throw new BatonError('supervisor-failed', phrase`The supervisor did not start: ${log.trim().slice(-500)}`, {
        hint: phrase`Its log is ${localState.locate(logFile)}. What was dispatched stays queued.`,
        data: { log: localState.locate(logFile) },
      });
    },
  };
}

function isSame(a: Owner | undefined, b: Owner | undefined): boolean {
  return a?.pid === b?.pid && a?.startTime === b?.startTime && a?.bootId === b?.bootId;
}

/** When somebody last asked for something, in milliseconds since the epoch; 0 where nobody has. */
export async function readWake(localState: Pick<LocalState, 'locate'>): Promise<number> {
  return await stat(localState.locate(wakeFile)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function wake(localState: LocalState): Promise<void> {
  const path = localState.locate(wakeFile);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${Date.now()}\n`);
}

async function startDetached(program: string, root: string, log: string): Promise<void> {
  await mkdir(dirname(log), { recursive: true });
  const output = openSync(log, 'a', 0o600);
  try {
    const env = { ...process.env };
    // Started by a worker it would be taken for a part of that worker's run, and be ended with it.
    for (const name of Object.keys(env)) if (name === 'ELECTRON_RUN_AS_NODE' || ownNames.test(name)) delete env[name];
    // VS Code's own Node is started through its program, which this tells to be Node.
    const isElectron = 'electron' in process.versions;
    const child = spawn(process.execPath, [program, '--root', root], {
      cwd: root,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output],
      env: { ...env, ...(isElectron && { ELECTRON_RUN_AS_NODE: '1' }) },
    });
    child.once('error', () => undefined);
    child.unref();
  } finally {
    closeSync(output);
  }
}

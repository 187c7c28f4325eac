/**
 * Takes a lease as soon as the clock says so, notes in a log when it got it and when it gave it back, or keeps it and waits to be killed:
 * `takeLease.ts <lease> <log> <epochMs> <keep|give>`.
 */
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForLease } from '../../../src/platform/leases.ts';
import { createNodeOwners } from '../../../src/platform/owners.ts';

const [path = '', log = '', startAt = '0', what = ''] = process.argv.slice(2);
await sleep(Math.max(0, Number(startAt) - Date.now()));
const attempt = await waitForLease(path, { owners: createNodeOwners(), ttlMs: 10_000, waitMs: 20_000 });
if (!('lease' in attempt)) throw new Error('the lease was not to be had');
if (what === 'keep') {
  process.stdout.write('held\n');
  await sleep(60_000);
}
// One system call each, appended atomically, so the order in the log is the order in time.
appendFileSync(log, `+${process.pid}${attempt.lease.record.takenFrom === undefined ? '' : '!'}\n`);
await sleep(3);
appendFileSync(log, `-${process.pid}\n`);
await attempt.lease.release();

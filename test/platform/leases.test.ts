import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Owner, Owners } from '../../src/core/ports/owner.ts';
import { readLease, tryLease, waitForLease } from '../../src/platform/leases.ts';
import { createNodeOwners } from '../../src/platform/owners.ts';
import { bundleForNode, startNode } from '../support/startNode.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const child = 'test/platform/children/takeLease.ts';
const owners = createNodeOwners();

/** A process that has ended. */
async function deadOwner(): Promise<Owner> {
  const { child: process, ended } = startNode('test/platform/children/exitAtOnce.ts', []);
  await ended;
  return { ...owners.self, pid: process.pid ?? 0 };
}

/** This process in the name of another owner. */
function as(self: Owner): Owners {
  return { self, stateOf: (owner) => owners.stateOf(owner) };
}

describe('a lease', () => {
  it('is held by one, and given back', async () => {
    const path = join(temporaryFolder(), 'a/b/x.lock');
    const first = await tryLease(path, { owners, ttlMs: 1_000, purpose: 'test' });
    if (!('lease' in first)) throw new Error('not taken');
    expect(await tryLease(path, { owners, ttlMs: 1_000 })).toMatchObject({
      heldBy: { nonce: first.lease.record.nonce, purpose: 'test' },
    });
    await first.lease.release();
    expect(await readLease(path)).toBeUndefined();
    const second = await tryLease(path, { owners, ttlMs: 1_000 });
    if (!('lease' in second)) throw new Error('not taken');
    // Giving back twice must not take it from the next one.
    await first.lease.release();
    expect((await readLease(path))?.nonce).toBe(second.lease.record.nonce);
    expect(readdirSync(join(path, '..'))).toEqual(['x.lock']);
  });

  it('of a dead process is taken over at once, with a record of it', async () => {
    const path = join(temporaryFolder(), 'x.lock');
    const dead = await deadOwner();
    await tryLease(path, { owners: as(dead), ttlMs: 60_000 });
    const attempt = await waitForLease(path, { owners, ttlMs: 1_000, waitMs: 0 });
    expect(attempt).toMatchObject({ lease: { record: { owner: owners.self, takenFrom: { owner: dead } } } });
    expect(readdirSync(join(path, '..'))).toEqual(['x.lock']);
  });

  it('of a process with the same PID but another start, or from before a restart, is taken over', async () => {
    for (const change of [{ startTime: '1' }, { bootId: 'another boot' }]) {
      const path = join(temporaryFolder(), 'x.lock');
      await tryLease(path, { owners: as({ ...owners.self, ...change }), ttlMs: 60_000 });
      expect(await tryLease(path, { owners, ttlMs: 1_000 })).toHaveProperty('lease');
    }
  });

  it('of another host is taken over by its age alone', async () => {
    const path = join(temporaryFolder(), 'x.lock');
    await tryLease(path, { owners: as({ ...owners.self, host: 'elsewhere' }), ttlMs: 300 });
    expect(await tryLease(path, { owners, ttlMs: 1_000 })).toHaveProperty('heldBy.owner.host', 'elsewhere');
    expect(await waitForLease(path, { owners, ttlMs: 1_000, waitMs: 2_000 })).toHaveProperty('lease.record.takenFrom');
  });

  it('by time ends by time, whoever lives', async () => {
    const path = join(temporaryFolder(), 'x.lock');
    const dead = await deadOwner();
    await tryLease(path, { owners: as(dead), ttlMs: 300, kind: 'time' });
    expect(await tryLease(path, { owners, ttlMs: 300, kind: 'time' })).toHaveProperty('heldBy');
    expect(await waitForLease(path, { owners, ttlMs: 300, kind: 'time', waitMs: 2_000 })).toHaveProperty('lease');
  });

  it('whose file was never filled, or is no lease, ends soon', async () => {
    for (const text of ['', '{"pid":', 'null', '{}']) {
      const path = join(temporaryFolder(), 'x.lock');
      writeFileSync(path, text);
      expect(await tryLease(path, { owners, ttlMs: 1_000 })).toHaveProperty('heldBy');
      expect(await waitForLease(path, { owners, ttlMs: 1_000, waitMs: 2_000 })).toHaveProperty('lease');
    }
  });

  it('is taken over although the one who began to take it over has died', async () => {
    const path = join(temporaryFolder(), 'x.lock');
    const dead = await deadOwner();
    await tryLease(path, { owners: as(dead), ttlMs: 60_000 });
    const { nonce } = (await readLease(path)) ?? {};
    // As they leave it who are killed between marking the takeover and making it.
    const marker = `${path}.${nonce}.${nonce}.takeover`;
    await tryLease(marker, { owners: as(dead), ttlMs: 60_000 });
    const second = (await readLease(marker))?.nonce;
    await tryLease(`${path}.${nonce}.${second}.takeover`, { owners: as(dead), ttlMs: 60_000 });
    expect(await tryLease(path, { owners, ttlMs: 1_000 })).toHaveProperty('lease.record.takenFrom');
    expect(readdirSync(join(path, '..'))).toEqual(['x.lock']);
  });

  it('leaves no files of killed processes behind', async () => {
    const folder = temporaryFolder();
    const dead = await deadOwner();
    writeFileSync(join(folder, `.x.lock.${dead.pid}.1abcdef.tmp`), '{}');
    writeFileSync(join(folder, 'x.lock.n1.n1.takeover'), '{}');
    utimesSync(join(folder, 'x.lock.n1.n1.takeover'), 1, 1);
    await tryLease(join(folder, 'y.lock'), { owners, ttlMs: 1_000 });
    expect(readdirSync(folder)).toEqual(['y.lock']);
  });
});

describe('many processes that want the lease of a killed one', () => {
  it('get it one after the other, never two at once', { timeout: 90_000 }, async () => {
    const bundle = bundleForNode(child, temporaryFolder());
    for (let round = 0; round < 4; round++) {
      const folder = temporaryFolder();
      const [path, log] = [join(folder, 'x.lock'), join(folder, 'log')];
      const holder = startNode(bundle, [path, log, '0', 'keep']);
      await new Promise((held) => holder.child.stdout?.once('data', held));
      const startAt = String(Date.now() + 900);
      const takers = Array.from({ length: 10 }, () => startNode(bundle, [path, log, startAt, 'give']));
      holder.child.kill('SIGKILL');
      await holder.ended;
      const ends = await Promise.all(takers.map(({ ended }) => ended));
      expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
      const lines = readFileSync(log, 'utf8').trim().split('\n');
      expect(lines.length).toBe(20);
      for (let at = 0; at < lines.length; at += 2) {
        expect([lines[at]?.charAt(0), lines[at + 1]]).toEqual(['+', `-${lines[at]?.replace(/\D/g, '')}`]);
      }
      // Exactly one took over; the others got it from each other.
      expect(lines.filter((line) => line.endsWith('!')).length).toBe(1);
      expect(existsSync(path)).toBe(false);
      expect(readdirSync(folder)).toEqual(['log']);
    }
  });
});

describe('owners', () => {
  it('know this process, a dead one, and that another host is not theirs to judge', async () => {
    expect(owners.self.pid).toBe(process.pid);
    expect(await owners.stateOf(owners.self)).toBe('alive');
    expect(await owners.stateOf(await deadOwner())).toBe('dead');
    expect(await owners.stateOf({ ...owners.self, startTime: '1' })).toBe('dead');
    expect(await owners.stateOf({ ...owners.self, bootId: 'x' })).toBe('dead');
    expect(await owners.stateOf({ ...owners.self, host: 'elsewhere' })).toBe('unknown');
    expect(await owners.stateOf({ ...owners.self, pid: 0 })).toBe('dead');
    expect(await owners.stateOf({ ...owners.self, pid: -1 })).toBe('dead');
  });
});

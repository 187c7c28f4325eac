import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Claim, ClaimAttempt, ClaimRequest } from '../../src/core/ports/claims.ts';
import { createNodeClaims } from '../../src/platform/claims.ts';
import { createNodeOwners } from '../../src/platform/owners.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const owners = createNodeOwners();
const key = { item: 'Größe/a b', list: 'one' };
const by = (owner: string, more: Partial<ClaimRequest> = {}): ClaimRequest => ({
  ...key,
  owner,
  isNamed: true,
  ttlMs: 60_000,
  ...more,
});

function claimOf(attempt: ClaimAttempt): Claim {
  if ('heldBy' in attempt) throw new Error(`held by ${attempt.heldBy.owner}`);
  return attempt.claim;
}

function createClaims() {
  const folder = temporaryFolder();
  return { folder: join(folder, 'claims'), claims: createNodeClaims(folder, owners) };
}

describe('a claim', () => {
  it('is one owner’s until it is given back', async () => {
    const { claims, folder } = createClaims();
    expect(await claims.list()).toEqual([]);
    const made = claimOf(await claims.claim(by('ada')));
    expect(made).toMatchObject({ ...key, owner: 'ada', isNamed: true, isExpired: false });
    expect(made.expiresAtMs - made.claimedAtMs).toBe(60_000);
    expect(await claims.read(key)).toEqual(made);
    expect(await claims.list()).toEqual([made]);
    expect(await claims.claim(by('bob'))).toMatchObject({ heldBy: { owner: 'ada' } });
    expect(await claims.claim(by('bob', { takeover: true }))).toMatchObject({ heldBy: { owner: 'ada' } });
    expect(await claims.release(made)).toBe(true);
    expect(await claims.release(made)).toBe(false);
    expect(await claims.read(key)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is renewed for the same name, and never for one that nobody chose', async () => {
    const { claims } = createClaims();
    const first = claimOf(await claims.claim(by('ada')));
    const again = await claims.claim(by('ada', { ttlMs: 120_000 }));
    expect(again).toMatchObject({ replaced: { claimedAtMs: first.claimedAtMs }, claim: { owner: 'ada' } });
    // What was given for the first claim gives the renewed one back no more.
    if (claimOf(again).claimedAtMs !== first.claimedAtMs) expect(await claims.release(first)).toBe(false);
    const unnamed = { item: 'b', owner: 'process 7', isNamed: false, ttlMs: 60_000 };
    claimOf(await claims.claim(unnamed));
    expect(await claims.claim(unnamed)).toMatchObject({ heldBy: { owner: 'process 7' } });
  });

  it('that is over stays until somebody asks to take it over', async () => {
    const { claims } = createClaims();
    claimOf(await claims.claim(by('ada', { ttlMs: 1 })));
    await expect.poll(async () => (await claims.read(key))?.isExpired).toBe(true);
    expect(await claims.claim(by('bob'))).toMatchObject({ heldBy: { owner: 'ada', isExpired: true } });
    expect(await claims.claim(by('bob', { takeover: true }))).toMatchObject({
      claim: { owner: 'bob' },
      replaced: { owner: 'ada' },
    });
  });

  it('is of a task of one list, or of a session: those are three', async () => {
    const { claims } = createClaims();
    for (const list of ['one', 'two', undefined]) {
      claimOf(await claims.claim({ item: 'a', owner: 'ada', isNamed: true, ttlMs: 60_000, ...(list && { list }) }));
    }
    expect((await claims.list()).map(({ list }) => list).sort()).toEqual(['one', 'two', undefined]);
    expect(await claims.read({ item: 'a' })).not.toHaveProperty('list');
  });

  it('is won by one of many at once', async () => {
    const { claims } = createClaims();
    const names = Array.from({ length: 12 }, (_, index) => `worker ${index}`);
    const attempts = await Promise.all(names.map((name) => claims.claim(by(name))));
    const winners = attempts.filter((attempt) => 'claim' in attempt);
    expect(winners).toHaveLength(1);
    const owner = (await claims.read(key))?.owner;
    expect(winners[0]).toMatchObject({ claim: { owner } });
    for (const attempt of attempts) if ('heldBy' in attempt) expect(attempt.heldBy.owner).toBe(owner);
  });

  it('that cannot be read is nobody’s in the list, and is not taken for free', async () => {
    const { claims, folder } = createClaims();
    const made = claimOf(await claims.claim(by('ada')));
    const [name = ''] = readdirSync(folder);
    writeFileSync(join(folder, name), '{ "half');
    writeFileSync(join(folder, 'README.md'), 'no claim');
    expect(await claims.list()).toEqual([]);
    expect(await claims.release(made)).toBe(false);
  });
});

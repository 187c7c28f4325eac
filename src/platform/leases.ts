import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Owner, Owners } from '../core/ports/owner.ts';
import { errnoOf, isMissing } from './ioErrors.ts';
import { isRunning } from './owners.ts';

/** What a lease's file says. */
export interface LeaseRecord {
  /** Different for every lease that was ever taken. */
  readonly nonce: string;
  readonly owner: Owner;
  /** Milliseconds since the epoch. */
  readonly acquiredAt: number;
  readonly expiresAt: number;
  /** `process`: ends with its owner; the expiry counts only where that cannot be seen. `time`: ends by expiry, whoever took it. */
  readonly kind: 'process' | 'time';
  /** Free text for people: what it is held for. */
  readonly purpose?: string;
  /** Facts for programs. */
  readonly details?: Readonly<Record<string, string>>;
  /** Who lost it, where it was taken over. */
  readonly takenFrom?: { readonly owner: Owner; readonly acquiredAt: number };
}

/** A lease that is held. */
export interface Lease {
  readonly record: LeaseRecord;
  /** Gives it back; a lease that somebody took over meanwhile stays theirs. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly owners: Owners;
  readonly ttlMs: number;
  readonly kind?: LeaseRecord['kind'];
  readonly purpose?: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** Either the lease, or who holds it. */
export type LeaseAttempt = { readonly lease: Lease } | { readonly heldBy: LeaseRecord | undefined };

/** A file that was created but not filled is taken for being written for this long: its writer may have been killed between the two. */
const unfilledMs = 1_000;

/** How long a waiting process believes that the holder still lives. */
const recheckOwnerMs = 100;

/**
 * Tries once to take the lease whose file is `path`, taking it over where its owner is gone.
 *
 * Taking over is open to one process only: who wants to replace a lease first creates, exclusively, the file named after that lease's
 * nonce (where its creator died, the one named after the creator's own nonce, and so on). Only then, and only while the lease is still the
 * same, is the file replaced by a rename. So a slow process can never remove the lease of one that was faster.
 */
export async function tryLease(path: string, options: LeaseOptions): Promise<LeaseAttempt> {
  await removeOldTemporaries(dirname(path));
  const mine = recordFor(options);
  if (await createExclusively(path, mine)) return { lease: held(path, mine) };
  const current = await readLease(path);
  if (current === undefined) return { heldBy: undefined };
  if (!(await isOver(current, options.owners))) return { heldBy: current };
  const takeover: LeaseRecord = { ...mine, takenFrom: { owner: current.owner, acquiredAt: current.acquiredAt } };
  return (await takeOver(path, current, takeover, options.owners))
    ? { lease: held(path, takeover) }
    : { heldBy: await readLease(path) };
}

/**
 * Replaces a lease that the caller has seen, and may replace (its own, or one that is over), by a new one; undefined where it is not that
 * lease any more.
 */
export async function replaceLease(path: string, seen: LeaseRecord, options: LeaseOptions): Promise<Lease | undefined> {
  await removeOldTemporaries(dirname(path));
  const mine: LeaseRecord = { ...recordFor(options), takenFrom: { owner: seen.owner, acquiredAt: seen.acquiredAt } };
  return (await takeOver(path, seen, mine, options.owners)) ? held(path, mine) : undefined;
}

/** Takes the lease, waiting up to `waitMs` for it; tells the holder where that is not enough. */
export async function waitForLease(
  path: string,
  options: LeaseOptions & { readonly waitMs: number },
): Promise<LeaseAttempt> {
  const deadline = performance.now() + options.waitMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 1.5, 25)) {
    const attempt = await tryLease(path, options);
    if ('lease' in attempt || performance.now() >= deadline) return attempt;
    await sleep(pauseMs * (0.5 + Math.random()));
    await waitWhileHeld(path, attempt.heldBy?.nonce);
  }
}

/** Looks whether the same one still holds it, which is cheaper than trying; not for long, because the holder may have died. */
async function waitWhileHeld(path: string, nonce: string | undefined): Promise<void> {
  const until = performance.now() + recheckOwnerMs;
  while (nonce !== undefined && performance.now() < until && (await readLease(path))?.nonce === nonce) {
    await sleep(2 + Math.random() * 6);
  }
}

/** Removes a lease that the caller has seen; one that somebody else took meanwhile stays theirs. False where it was not that one. */
export async function dropLease(path: string, seen: LeaseRecord): Promise<boolean> {
  if ((await readLease(path))?.nonce !== seen.nonce) return false;
  await held(path, seen).release();
  return true;
}

/** Reads who holds the lease; undefined where nobody does (or its file is just being made). */
export async function readLease(path: string): Promise<LeaseRecord | undefined> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : await unfilled(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (error instanceof SyntaxError) return unfilled(path);
    throw error;
  }
}

function isRecord(value: unknown): value is LeaseRecord {
  return typeof value === 'object' && value !== null && 'nonce' in value && 'owner' in value && 'expiresAt' in value;
}

/** A lease for a file that holds none: it counts until its writer must have filled it. */
async function unfilled(path: string): Promise<LeaseRecord | undefined> {
  const { mtimeMs, ino } = await stat(path).catch(() => ({ mtimeMs: 0, ino: 0 }));
  if (ino === 0) return undefined;
  const owner = { pid: 0, startTime: '', bootId: '', host: '' };
  const nonce = `unfilled-${ino}-${Math.round(mtimeMs)}`;
  return { nonce, owner, acquiredAt: mtimeMs, expiresAt: mtimeMs + unfilledMs, kind: 'time' };
}

async function isOver(lease: LeaseRecord, owners: Owners): Promise<boolean> {
  const isExpired = Date.now() > lease.expiresAt;
  if (lease.kind === 'time') return isExpired;
  const state = await owners.stateOf(lease.owner);
  return state === 'dead' || (state === 'unknown' && isExpired);
}

async function takeOver(path: string, stale: LeaseRecord, mine: LeaseRecord, owners: Owners): Promise<boolean> {
  const markers: string[] = [];
  for (let nonce = stale.nonce; ; ) {
    const marker = `${path}.${stale.nonce}.${nonce}.takeover`;
    markers.push(marker);
    if (await createExclusively(marker, mine)) break;
    const rival = await readLease(marker);
    // A marker that is gone means that its maker is done; one that is alive is about to be.
    if (rival === undefined || !(await isOver(rival, owners))) return false;
    nonce = rival.nonce;
  }
  const isUnchanged = (await readLease(path))?.nonce === stale.nonce;
  if (isUnchanged) {
    const temporary = temporaryFor(path);
    writeRecord(temporary, mine);
    await rename(temporary, path);
  }
  // Ours last: as long as it is there nobody else can begin to take over the same lease.
  for (const marker of markers) await unlink(marker).catch(ignoreMissing);
  return isUnchanged;
}

function held(path: string, record: LeaseRecord): Lease {
  return {
    record,
    async release() {
      if ((await readLease(path))?.nonce === record.nonce) removeNow(path);
    },
  };
}

function recordFor(options: LeaseOptions): LeaseRecord {
  const now = Date.now();
  return {
    nonce: randomBytes(9).toString('hex'),
    owner: options.owners.self,
    acquiredAt: now,
    expiresAt: now + options.ttlMs,
    kind: options.kind ?? 'process',
    ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
    ...(options.details === undefined ? {} : { details: options.details }),
  };
}

/** Creates the file with its content in one step (a hard link), so that no reader ever finds it empty; false where it is there already. */
async function createExclusively(path: string, record: LeaseRecord): Promise<boolean> {
  const temporary = temporaryFor(path);
  try {
    writeRecord(temporary, record);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true });
    writeRecord(temporary, record);
  }
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (isMissing(error)) throw error;
    return createInPlace(path, record);
  } finally {
    removeNow(temporary);
  }
}

function removeNow(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    ignoreMissing(error);
  }
}

/** For file systems without hard links. */
function createInPlace(path: string, record: LeaseRecord): boolean {
  try {
    writeRecord(path, record);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** At once: for so few bytes the way through the pool of threads costs ten times as much, and a lease is taken for every record that is changed. */
function writeRecord(path: string, record: LeaseRecord): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(descriptor, JSON.stringify(record));
  } finally {
    closeSync(descriptor);
  }
}

let lastTemporary = 0;

function temporaryFor(path: string): string {
  lastTemporary += 1;
  const unique = `${lastTemporary}${randomBytes(3).toString('hex')}`;
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}.${unique}.tmp`);
}

const cleaned = new Set<string>();

/** Once per process and folder: a killed process may have left the file that it was about to link, or markers of a takeover that is over. */
async function removeOldTemporaries(folder: string): Promise<void> {
  if (cleaned.has(folder)) return;
  cleaned.add(folder);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const pid = /^\..*\.(\d+)\.[0-9a-f]+\.tmp$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await unlink(path).catch(ignoreMissing);
    const marker = /^(.*)\.([\w-]+)\.[\w-]+\.takeover$/.exec(name);
    // As long as the lease is the one that the marker is about, the marker counts, however old it is.
    if (marker?.[1] === undefined || !(await isOld(path))) continue;
    if ((await readLease(join(folder, marker[1])))?.nonce !== marker[2]) await unlink(path).catch(ignoreMissing);
  }
}

async function isOld(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return Date.now() - mtimeMs > 60_000;
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

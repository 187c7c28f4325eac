import { phrase } from '../base/phrase.ts';
import { BatonError, type ErrorCode } from '../errors.ts';
import type { Commit } from '../ports/git.ts';
import type { LocalState } from '../ports/localState.ts';
import type { Owner } from '../ports/owner.ts';
import type { Ports } from '../ports/ports.ts';
import type { Effect } from './effect.ts';

/** What must be known of an effect before it is applied, to undo it or to see whether it was applied. */
export type StepRecord =
  | {
      readonly kind: 'edit';
      /** The text before; null where there was no file. */
      readonly before: string | null;
      /** Revision of the text after. */
      readonly after: string;
    }
  | { readonly kind: 'remove'; readonly before: string | null }
  /** Where HEAD stood; null in a repository without commits. */
  | { readonly kind: 'commit'; readonly head: string | null }
  /** The record before; null where there was none. */
  | { readonly kind: 'record'; readonly before: unknown }
  | { readonly kind: 'plain' };

/** A verb in the middle of its work. Durable before each of its effects, removed when all are done or undone. */
export interface JournalRecord {
  readonly version: 1;
  readonly verb: string;
  readonly session?: string;
  readonly owner: Owner;
  /** ISO 8601 with zone. */
  readonly startedAt: string;
  readonly effects: readonly Effect[];
  /** One for each effect that was begun, in order. */
  readonly steps: readonly StepRecord[];
  /** How many effects are surely done; the next one may be. */
  readonly done: number;
  /** Commits that were made, by the effect's name. */
  readonly hashes: Readonly<Record<string, Commit>>;
  /** Set where an error stopped it behind its first commit: its process lives, but works on it no longer. */
  readonly stopped?: { readonly code: ErrorCode | 'internal'; readonly message: string };
}

/** What a journal says to people. */
export interface JournalEntry {
  readonly verb: string;
  readonly session?: string;
  readonly owner: Owner;
  readonly ownerState: 'alive' | 'dead' | 'unknown';
  readonly startedAt: string;
  readonly done: number;
  readonly total: number;
  /** The effect that is done next, or was half done. */
  readonly next?: Effect;
  readonly stopped?: JournalRecord['stopped'];
}

/** Key of this worktree's journal. */
export function journalKey(localState: LocalState): string {
  return `journal/${localState.worktreeKey}`;
}

/** Reads this worktree's journal; undefined where there is none, or none that says anything. */
export async function readJournal(localState: LocalState): Promise<JournalRecord | undefined> {
  const value = await localState.read(journalKey(localState));
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Partial<JournalRecord>;
  const isJournal =
    record.version === 1 &&
    typeof record.verb === 'string' &&
    typeof record.owner === 'object' &&
    Array.isArray(record.effects) &&
    Array.isArray(record.steps) &&
    typeof record.done === 'number';
  return isJournal ? (record as JournalRecord) : undefined;
}

/** Tells which verb is half done in this worktree, and whether the process that began it still lives. */
export async function pendingJournal(ports: Pick<Ports, 'localState' | 'owners'>): Promise<JournalEntry | undefined> {
  const record = await readJournal(ports.localState);
  return record && describeJournal(ports, record);
}

/** Sums a journal up. */
export async function describeJournal(ports: Pick<Ports, 'owners'>, record: JournalRecord): Promise<JournalEntry> {
  const next = record.effects[record.done];
  return {
    verb: record.verb,
    ...(record.session !== undefined && { session: record.session }),
    owner: record.owner,
    ownerState: record.stopped ? 'dead' : await ports.owners.stateOf(record.owner),
    startedAt: record.startedAt,
    done: record.done,
    total: record.effects.length,
    ...(next && { next }),
    ...(record.stopped && { stopped: record.stopped }),
  };
}

/** The refusal while another process is in the middle of a verb. */
export function interruptedError(entry: JournalEntry): BatonError {
  const what = entry.session === undefined ? entry.verb : phrase`${entry.verb} of ${entry.session}`;
  const where = entry.ownerState === 'unknown' ? phrase` on ${entry.owner.host}` : '';
  return new BatonError('interrupted', phrase`${what} is still running (process ${entry.owner.pid}${where})`, {
    hint: 'Wait until it has ended and try again; if that process hangs, end it and run `baton recover`.',
    data: {
      verb: entry.verb,
      session: entry.session ?? null,
      pid: entry.owner.pid,
      host: entry.owner.host,
      step: entry.next ? describeEffect(entry.next) : 'the end',
    },
  });
}

/** Says in a few words what an effect does. */
export function describeEffect(effect: Effect): string {
  switch (effect.kind) {
    case 'edit':
      return `write ${effect.path}`;
    case 'move':
      return `move ${effect.from} to ${effect.to}`;
    case 'remove':
      return `remove ${effect.path}`;
    case 'commit':
      return `commit "${effect.message.split('\n', 1)[0] ?? ''}"`;
    case 'revert':
      return `revert ${effect.hashes.length === 1 ? 'one commit' : `${effect.hashes.length} commits`}`;
    case 'record':
    case 'forget':
      return 'note what this worktree works on';
  }
}

import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { Owner } from '../ports/owner.ts';
import { type EffectRun, isApplied } from './applyEffect.ts';
import type { EffectContext } from './context.ts';
import {
  describeEffect,
  describeJournal,
  interruptedError,
  type JournalRecord,
  journalKey,
  readJournal,
} from './journal.ts';
import { continueEffects } from './runner.ts';
import { undoEffects } from './undo.ts';

/** What became of a half-done verb. */
export interface JournalRecovery {
  readonly verb: string;
  readonly session?: string;
  readonly outcome: 'finished' | 'undone';
  /** What was done, one short phrase each. */
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Finishes or undoes the verb that a dead process left half done: finished where one of its commits was made, else undone.
 *
 * @throws BatonError `nothing-to-recover`, `interrupted` while the one who began it lives; whatever an effect throws
 */
export async function recoverJournal(context: EffectContext): Promise<JournalRecovery> {
  const recovery = await recoverIfDead(context);
  if (recovery) return recovery;
  throw new BatonError('nothing-to-recover', 'Nothing is half done here', {
    hint: '`baton status` shows where things stand.',
  });
}

/**
 * What every changing verb begins with: a verb that a dead process left half done is finished or undone and reported.
 *
 * @returns undefined where nothing is half done
 * @throws BatonError `interrupted` while the one who began it lives
 */
export async function recoverIfDead(context: EffectContext): Promise<JournalRecovery | undefined> {
  const { ports } = context;
  const found = await readJournal(ports.localState);
  if (!found) return undefined;
  const entry = await describeJournal(ports, found);
  if (entry.ownerState !== 'dead') throw interruptedError(entry);
  const release = await lockRecovery(context, found);
  try {
    // Somebody else may have recovered it, and begun another, before this process got its turn.
    const record = await readJournal(ports.localState);
    if (!record) return undefined;
    const now = await describeJournal(ports, record);
    if (now.ownerState !== 'dead') throw interruptedError(now);
    context.report(
      record.session === undefined
        ? phrase`Recovering ${record.verb}`
        : phrase`Recovering ${record.verb} of ${record.session}`,
    );
    const recovery = await recoverRecord(context, record);
    for (const step of recovery.steps) ports.logger.info(`recover ${record.verb}: ${step}`);
    for (const warning of recovery.warnings) ports.logger.warn(`recover ${record.verb}: ${warning}`);
    return recovery;
  } finally {
    await release();
  }
}

async function recoverRecord(context: EffectContext, record: JournalRecord): Promise<JournalRecovery> {
  const { ports } = context;
  const run: EffectRun = { ports, hashes: { ...record.hashes }, unsaved: [] };
  const next = record.effects[record.done];
  const step = record.steps[record.done];
  const isNextDone = next !== undefined && step !== undefined && (await isApplied(run, next, step));
  if (next?.kind === 'commit' && !isNextDone) await assertNotCommitting(context, next.folder);
  const head = { verb: record.verb, ...(record.session !== undefined && { session: record.session }) };
  if (Object.keys(run.hashes).length === 0) {
    const undone = await undoEffects(ports, record);
    await ports.localState.remove(journalKey(ports.localState));
    await context.store.refresh();
    return { ...head, outcome: 'undone', ...undone };
  }
  const { stopped: _, ...rest } = record;
  const done = record.done + (isNextDone ? 1 : 0);
  const steps = record.effects.slice(done).map((effect) => `did: ${describeEffect(effect)}`);
  // The recoverer is the owner now: should it die as well, the next one goes on from here.
  const taken: JournalRecord = { ...rest, owner: ports.owners.self, done, hashes: { ...run.hashes } };
  await ports.localState.write(journalKey(ports.localState), taken);
  await continueEffects(run, taken);
  await context.store.refresh();
  return { ...head, outcome: 'finished', steps, warnings: [] };
}

/** A killed process does not take its git with it: that may be in the middle of the very commit that would be undone. */
async function assertNotCommitting(context: EffectContext, folder: string): Promise<void> {
  const git = await context.ports.git(folder);
  if (!(await git?.isLocked())) return;
  throw new BatonError('locked', 'A git process is still at work in this repository, perhaps with the commit itself', {
    hint: 'Wait until it has ended and try again; if no git is running, remove its index.lock.',
    data: { folder },
  });
}

/** Lets one process at a time recover; returns what gives the turn back. */
async function lockRecovery(context: EffectContext, record: JournalRecord): Promise<() => Promise<void>> {
  const { localState, owners } = context.ports;
  const key = `${journalKey(localState)}.recovery`;
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await localState.create(key, { owner: owners.self })) return () => localState.remove(key);
    const owner = ownerOf(await localState.read(key));
    if (owner && (await owners.stateOf(owner)) !== 'dead') {
      throw interruptedError({
        ...(await describeJournal(context.ports, record)),
        owner,
        verb: 'recover',
        ownerState: 'alive',
      });
    }
    await localState.remove(key);
  }
  throw new BatonError('interrupted', phrase`Another process is recovering ${record.verb}`, { hint: 'Try again.' });
}

function ownerOf(value: unknown): Owner | undefined {
  if (typeof value !== 'object' || value === null || !('owner' in value)) return undefined;
  const { owner } = value;
  return typeof owner === 'object' && owner !== null && 'pid' in owner ? (owner as Owner) : undefined;
}

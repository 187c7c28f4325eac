import { isoTimeOf } from '../base/localTime.ts';
import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import type { Commit } from '../ports/git.ts';
import { applyEffect, type EffectRun, prepareEffect } from './applyEffect.ts';
import type { EffectContext } from './context.ts';
import type { Effect } from './effect.ts';
import { describeJournal, interruptedError, type JournalRecord, journalKey, readJournal } from './journal.ts';
import { applyStateEdits } from './stateEdits.ts';
import { undoEffects } from './undo.ts';

/** What running effects gave. */
export interface EffectOutcome {
  /** Commits by the effect's name; an optional one that was not made is missing. */
  readonly hashes: Readonly<Record<string, Commit>>;
  /** Files whose change was left unsaved in an editor, on the user's setting. */
  readonly unsaved: readonly string[];
}

/**
 * Applies the effects of a verb in order, with a journal that is durable before each. Where one fails before the first commit, those
 * before it are taken back and the error is thrown on; behind a commit the journal stays, for `recover` to finish. A single edit is
 * atomic by itself and needs no journal.
 *
 * @throws BatonError `interrupted` where another verb is in the middle of its work here; whatever an effect throws
 */
export async function runEffects(
  context: EffectContext,
  verb: string,
  sessionId: string | undefined,
  effects: readonly Effect[],
): Promise<EffectOutcome> {
  const { ports } = context;
  const run: EffectRun = { ports, hashes: {}, unsaved: [] };
  const [only] = effects;
  if (only === undefined) return run;
  if (effects.length === 1 && only.kind === 'edit') {
    await applyEffect(run, only);
    return run;
  }
  await assertPlannable(context, effects);
  const record: JournalRecord = {
    version: 1,
    verb,
    ...(sessionId !== undefined && { session: sessionId }),
    owner: ports.owners.self,
    startedAt: isoTimeOf(ports.clock.now()),
    effects,
    steps: [await prepareEffect(run, only)],
    done: 0,
    hashes: {},
  };
  await createJournal(context, record);
  await continueEffects(run, record);
  return run;
}

/** Applies what a journal still has to do, and removes it. The step of the next effect is in the journal already. */
export async function continueEffects(run: EffectRun, record: JournalRecord): Promise<void> {
  const key = journalKey(run.ports.localState);
  let current = record;
  try {
    for (let at = record.done; at < record.effects.length; at++) {
      const effect = record.effects[at];
      if (!effect) break;
      if (at >= current.steps.length) {
        const step = await prepareEffect(run, effect);
        current = { ...current, steps: [...current.steps, step], done: at, hashes: { ...run.hashes } };
        await run.ports.localState.write(key, current);
      }
      await applyEffect(run, effect);
    }
  } catch (error) {
    throw await endFailed(run, { ...current, hashes: { ...run.hashes } }, error);
  }
  await run.ports.localState.remove(key);
}

/**
 * Looks whether every file can be written, and plans the edits behind the first commit once for nothing: what refuses them (a file without
 * write bits, a session that now has two rows) must do so while nothing has happened yet.
 */
async function assertPlannable({ ports }: EffectContext, effects: readonly Effect[]): Promise<void> {
  const paths = new Set(effects.flatMap((effect) => (effect.kind === 'edit' ? [effect.path] : [])));
  await Promise.all([...paths].map((path) => ports.stateFiles.assertWritable(path)));
  const first = effects.findIndex(({ kind }) => kind === 'commit');
  if (first === -1) return;
  for (const effect of effects.slice(first + 1)) {
    if (effect.kind !== 'edit') continue;
    const text = await ports.files.readText(effect.path);
    if (text !== undefined) applyStateEdits(text, effect.edits, {}, effect.path);
  }
}

async function createJournal(context: EffectContext, record: JournalRecord): Promise<void> {
  const { ports } = context;
  const key = journalKey(ports.localState);
  if (await ports.localState.create(key, record)) return;
  const other = await readJournal(ports.localState);
  if (other) throw interruptedError(await describeJournal(ports, other));
  // What is there says nothing (a crash of the machine while it was made): nothing was changed by it.
  await ports.localState.remove(key);
  if (!(await ports.localState.create(key, record))) {
    throw new BatonError('interrupted', 'Another verb has just begun here', { hint: 'Try again.' });
  }
}

/** Ends a run that failed, and says which error the caller gets. */
async function endFailed(run: EffectRun, record: JournalRecord, error: unknown): Promise<unknown> {
  const { localState, logger } = run.ports;
  const key = journalKey(localState);
  if (Object.keys(record.hashes).length === 0) {
    try {
      const { warnings } = await undoEffects(run.ports, record);
      await localState.remove(key);
      for (const warning of warnings) logger.warn(`${record.verb}: ${warning}`);
      return error;
    } catch (undoError) {
      logger.error(`${record.verb}: what was begun could not be undone`, undoError);
    }
  }
  const code = BatonError.is(error) ? error.code : 'internal';
  const message = error instanceof Error ? error.message : String(error);
  await localState.write(key, { ...record, stopped: { code, message } } satisfies JournalRecord);
  if (!BatonError.is(error)) return error;
  const what = record.session === undefined ? record.verb : phrase`${record.verb} of ${record.session}`;
  return new BatonError(error.code, phrase`${error.message}; ${what} is half done`, {
    hint: 'Remove the cause and run `baton recover`.',
    data: { ...error.data, verb: record.verb, session: record.session ?? null, halfDone: true },
    cause: error,
  });
}

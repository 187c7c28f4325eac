import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { readJsonLines } from '../../formats/waves/jsonLines.ts';
import { changeConfidence, expiryOf, isExpired, learningsPath, readLearning } from '../../formats/waves/learning.ts';
import { editJsonLines, type LineChange } from '../../formats/waves/lineEdits.ts';
import type { Learning } from '../../model/waves/metrics.ts';
import type { ActionContext } from '../context.ts';

/** Whoever changes `learnings.jsonl` beyond appending to it holds this. */
export const learningsLock = '.orchestrator/metrics/learnings-write.lock';

/** What a person, or the end of a run, found about a learning. */
export type LearningFinding = 'confirm' | 'contradict';

/**
 * Confirms or contradicts one: its confidence rises or falls, and only confirming makes it last longer.
 *
 * @throws BatonError `unknown-item`, `locked`, `read-only`, `disk-full`, `io-failed`
 */
export async function judgeLearning(
  { ports }: Pick<ActionContext, 'ports'>,
  { id, finding, session }: { readonly id: string; readonly finding: LearningFinding; readonly session?: string },
): Promise<Learning> {
  const files = await ports.orchestrator();
  const now = new Date(ports.clock.now().epochMs).toISOString();
  return await files.exclusively(learningsLock, { holder: id }, async () => {
    const text = (await files.readText(learningsPath)) ?? '';
    let judged: Learning | undefined;
    const after = editJsonLines(text, (record) => {
      if (record.id !== id) return 'keep';
      const changed = judgedRecord(record, finding, now, session);
      judged = readLearning(changed);
      return changed;
    });
    if (judged === undefined) {
      throw new BatonError('unknown-item', phrase`There is no learning ${id}`, {
        hint: '`baton memory list --learned` lists them.',
        data: { id },
      });
    }
    if (after !== undefined) await files.replace(learningsPath, after);
    return judged;
  });
}

/**
 * The end of a run: learnings that it did not touch lose a little confidence. Once per session, whoever resumes its end; what is over, and
 * lines that are no records, stay as they are. Returns how many changed.
 */
export async function decayLearnings(
  { ports }: Pick<ActionContext, 'ports'>,
  { session, touched = [] }: { readonly session: string; readonly touched?: readonly string[] },
): Promise<number> {
  const files = await ports.orchestrator();
  const nowMs = ports.clock.now().epochMs;
  if (((await files.readText(learningsPath)) ?? '') === '') return 0;
  return await files.exclusively(learningsLock, { holder: session }, async () => {
    let count = 0;
    const decay = (record: Readonly<Record<string, unknown>>): LineChange => {
      const learning = readLearning(record);
      const isOurs = learning?.sourceSession === session || record._touched_by === session;
      if (learning === undefined || isOurs || touched.includes(learning.id) || isExpired(learning, nowMs))
        return 'keep';
      count += 1;
      return { ...record, confidence: changeConfidence(learning.confidence, 'decay'), _touched_by: session };
    };
    const after = editJsonLines((await files.readText(learningsPath)) ?? '', decay);
    if (after !== undefined) await files.replace(learningsPath, after);
    return count;
  });
}

/** Learnings that count now, the surest first. */
export async function readLearnings({ ports }: Pick<ActionContext, 'ports'>): Promise<readonly Learning[]> {
  const files = await ports.orchestrator();
  const nowMs = ports.clock.now().epochMs;
  const { records } = readJsonLines((await files.readText(learningsPath)) ?? '');
  const learnings = records.flatMap((record) => readLearning(record) ?? []).filter((one) => !isExpired(one, nowMs));
  return learnings.sort((a, b) => b.confidence - a.confidence);
}

function judgedRecord(
  record: Readonly<Record<string, unknown>>,
  finding: LearningFinding,
  now: string,
  session: string | undefined,
): Readonly<Record<string, unknown>> {
  const learning = readLearning(record);
  const confidence = changeConfidence(learning?.confidence ?? 0, finding);
  const by = session === undefined ? {} : { _touched_by: session };
  if (finding === 'contradict') return { ...record, confidence, updated_at: now, ...by };
  const occurrences = typeof record.occurrences === 'number' ? record.occurrences + 1 : 2;
  return {
    ...record,
    confidence,
    occurrences,
    updated_at: now,
    expires_at: expiryOf(learning?.type ?? '', now),
    ...by,
  };
}

import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { type InboxItem, readInboxItem } from '../../model/inbox.ts';
import { nearestIds } from '../../model/sessionId.ts';
import type { LocalState } from '../../ports/localState.ts';

/** The key of an item among the local records. */
export function inboxKey(id: string): string {
  return `inbox/${id}.json`;
}

/** The key of its answer: a record of its own, created exclusively, so that of two who answer at a time one wins and the other is told. */
export function answerKey(id: string): string {
  return `inbox/answers/${id}.json`;
}

/** The key of the record that an asker goes on without an answer. */
export function unansweredKey(id: string): string {
  return `inbox/unanswered/${id}.json`;
}

/** IDs are parts of keys; whatever else somebody writes names no item. */
export function isInboxId(id: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,79}$/.test(id);
}

/**
 * Reads one item with its answer.
 *
 * @throws BatonError `unknown-item`
 */
export async function requireItem(localState: LocalState, id: string): Promise<InboxItem> {
  const item = isInboxId(id) ? readInboxItem(await localState.read(inboxKey(id))) : undefined;
  if (!item) throw await unknownItem(localState, id);
  return withAnswer(localState, item);
}

/** Reads all items, those that block somebody first, then in the order in which they were asked. */
export async function readItems(localState: LocalState): Promise<readonly InboxItem[]> {
  const keys = await itemKeys(localState);
  const read = await Promise.all(keys.map(async (key) => readInboxItem(await localState.read(key))));
  const items = await Promise.all(
    read.filter((item) => item !== undefined).map((item) => withAnswer(localState, item)),
  );
  return items.sort((a, b) => Number(b.blocking) - Number(a.blocking) || Date.parse(a.askedAt) - Date.parse(b.askedAt));
}

async function itemKeys(localState: LocalState): Promise<readonly string[]> {
  return (await localState.list('inbox/', { levels: 1 })).filter((key) => /^inbox\/[^/]+\.json$/.test(key));
}

async function withAnswer(localState: LocalState, item: InboxItem): Promise<InboxItem> {
  const record = await localState.read(answerKey(item.id));
  if (typeof record !== 'object' || record === null || !('answer' in record))
    return await withNoAnswer(localState, item);
  const { answer } = record;
  if (typeof answer !== 'string') return item;
  const at = 'answeredAt' in record && typeof record.answeredAt === 'string' ? record.answeredAt : undefined;
  return { ...item, answer, ...(at !== undefined && { answeredAt: at }) };
}

/** Only workers go on by themselves. */
async function withNoAnswer(localState: LocalState, item: InboxItem): Promise<InboxItem> {
  if (item.isolated === undefined && item.waveAgent === undefined) return item;
  const record = await localState.read(unansweredKey(item.id));
  const hasTime = typeof record === 'object' && record !== null && 'at' in record && typeof record.at === 'string';
  return hasTime ? { ...item, noAnswerAt: String(record.at) } : item;
}

async function unknownItem(localState: LocalState, id: string): Promise<BatonError> {
  const ids = (await itemKeys(localState)).map((key) => key.slice('inbox/'.length, -'.json'.length));
  const nearest = nearestIds(id, ids);
  return new BatonError('unknown-item', phrase`The inbox has no item ${id}`, {
    hint:
      nearest.length > 0
        ? phrase`Did you mean ${nearest.join(' or ')}?`
        : '`baton inbox` lists what waits for an answer.',
    data: { id, nearest },
  });
}

import { readJsonLines } from '../../formats/waves/jsonLines.ts';
import { sessionsPath } from '../../formats/waves/sessionRecord.ts';
import type { ActionContext } from '../context.ts';
import { findPeers, readLock } from './findPeers.ts';

/**
 * A label `<branch>-<YYYY-MM-DD>-<mode>-<n>` that no session of this branch, day and mode has had (formats.md §1.2): past ones of
 * `sessions.jsonl`, the lock that is there, and those at work. It is a label and no lock: two at the same moment may get the same.
 */
export async function nextSessionLabel({ ports }: Pick<ActionContext, 'ports'>, mode: string): Promise<string> {
  const files = await ports.orchestrator();
  const [tree] = await files.siblings();
  const { year, month, day } = ports.clock.now();
  const date = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
  const prefix = `${plain(tree?.branch ?? 'detached', /[^a-z0-9._/-]+/g)}-${date}-${plain(mode, /[^a-z-]+/g)}-`;
  const { records } = readJsonLines((await files.readText(sessionsPath)) ?? '');
  const lock = await readLock(files);
  const known = [
    ...records.map((record) => record.session_id),
    ...(await findPeers({ ports })).flatMap((peer) => [peer.label, peer.sessionId]),
    lock?.semantic_session_id,
  ];
  const numbers = known.flatMap((label) =>
    typeof label === 'string' && label.startsWith(prefix) && /^\d+$/.test(label.slice(prefix.length))
      ? [Number(label.slice(prefix.length))]
      : [],
  );
  return `${prefix}${Math.max(0, ...numbers) + 1}`;
}

function plain(text: string, others: RegExp): string {
  return text.toLowerCase().replace(others, '-').replace(/-{2,}/g, '-').replace(/^-|-$/g, '') || 'session';
}

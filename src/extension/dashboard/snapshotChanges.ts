import type { DashboardSession, DashboardSnapshot } from '../../core/model/dashboard.ts';
import type { HostMessage } from '../../webview/protocol.ts';

/** Tells what changed from one snapshot to the next; undefined where nothing did but the time. */
export function findChanges(
  before: DashboardSnapshot,
  after: DashboardSnapshot,
): Extract<HostMessage, { kind: 'change' }> | undefined {
  const { sessions: oldSessions, ...oldRest } = before;
  const { sessions, ...rest } = after;
  const old = new Map(oldSessions.map((session) => [session.key, session]));
  const changed: DashboardSession[] = [];
  for (const session of sessions) {
    const known = old.get(session.key);
    if (known === undefined || !isSame(known, session)) changed.push(session);
    old.delete(session.key);
  }
  const removed = [...old.keys()];
  const isMoved =
    sessions.length !== oldSessions.length || sessions.some(({ key }, at) => key !== oldSessions[at]?.key);
  const isRestSame = isSame({ ...oldRest, takenMs: 0 }, { ...rest, takenMs: 0 });
  if (changed.length === 0 && removed.length === 0 && !isMoved && isRestSame) return undefined;
  return {
    v: 1,
    kind: 'change',
    rest,
    changed,
    removed,
    ...(isMoved && { order: sessions.map(({ key }) => key) }),
  };
}

/** Whether two plain values say the same. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, index) => isSame(value, b[index]));
  }
  const [own, other] = [Object.entries(a), new Map(Object.entries(b))];
  return !Array.isArray(b) && own.length === other.size && own.every(([key, value]) => isSame(value, other.get(key)));
}

import type { DashboardSession, DashboardSnapshot } from '../core/model/dashboard.ts';
import type { HostMessage } from './protocol.ts';

/** The snapshot with its sessions by key. Sessions that did not change stay the same objects, by which rows know that they need not be drawn again. */
export interface DashboardModel {
  readonly snapshot: DashboardSnapshot;
  readonly byKey: ReadonlyMap<string, DashboardSession>;
}

type ChangeMessage = Extract<HostMessage, { readonly kind: 'change' }>;

/** Takes a whole snapshot; what equals the model before keeps its objects. */
export function takeSnapshot(snapshot: DashboardSnapshot, before?: DashboardModel): DashboardModel {
  if (before === undefined) return { snapshot, byKey: indexOf(snapshot.sessions) };
  const sessions = snapshot.sessions.map((session) => keepEqual(session, before.byKey.get(session.key)));
  return { snapshot: { ...snapshot, sessions }, byKey: indexOf(sessions) };
}

/** Applies what changed. A changed session that is not in the order stands at its end. */
export function applyChange(model: DashboardModel, change: ChangeMessage): DashboardModel {
  const byKey = new Map(model.byKey);
  for (const key of change.removed) byKey.delete(key);
  for (const session of change.changed) byKey.set(session.key, keepEqual(session, byKey.get(session.key)));
  const ordered = (change.order ?? []).flatMap((key) => byKey.get(key) ?? []);
  const sessions = change.order === undefined ? [...byKey.values()] : ordered;
  const kept = change.order === undefined ? byKey : indexOf(sessions);
  return { snapshot: { ...change.rest, sessions }, byKey: kept };
}

function indexOf(sessions: readonly DashboardSession[]): Map<string, DashboardSession> {
  return new Map(sessions.map((session) => [session.key, session]));
}

function keepEqual(session: DashboardSession, before: DashboardSession | undefined): DashboardSession {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(session) ? before : session;
}

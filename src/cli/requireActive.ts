import type { ActionContext } from '../core/actions/context.ts';
import { BatonError } from '../core/errors.ts';
import { findSession } from '../core/store/lookup.ts';

/** Refuses where the caller named a session and another one is active: whoever says an ID must not end a different session. */
export async function requireActive({ store }: ActionContext, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  const workspace = await store.load();
  const { sessionFile } = workspace;
  if (sessionFile?.id !== id && !workspace.sessions.some((entry) => entry.id === id)) findSession(workspace, id);
  if (sessionFile?.kind !== 'session' || sessionFile.id === undefined) {
    throw new BatonError('no-active-session', `No session is active here, so ${id} is not either.`);
  }
  if (sessionFile.id === id) return;
  throw new BatonError('wrong-state', `${id} is not the active session: that is ${sessionFile.id}.`, {
    hint: `Leave the ID out to mean ${sessionFile.id}.`,
    data: { active: sessionFile.id, asked: id },
  });
}

import { isIsolatedId } from '../core/actions/isolated/records.ts';

/** The isolated session that this process works for: its supervisor says so in the environment. */
export function workerSession(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const id = env.BATON_SESSION_ID;
  return id !== undefined && isIsolatedId(id) ? id : undefined;
}

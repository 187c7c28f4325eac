import { homedir } from 'node:os';
import { join } from 'node:path';

/** Baton's folder for what a person decided (approvals): `BATON_CONFIG_HOME`, else in the system's place for configuration. */
export function userConfigFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.BATON_CONFIG_HOME) return env.BATON_CONFIG_HOME;
  if (process.platform === 'win32' && env.APPDATA) return join(env.APPDATA, 'baton');
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'baton');
}

/** Baton's folder for records of projects that are in no git repository: `BATON_STATE_HOME`, else in the system's place for state. */
export function userStateFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.BATON_STATE_HOME) return env.BATON_STATE_HOME;
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'baton');
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'baton');
}

/** Baton's folder for what may be thrown away at any time: `BATON_CACHE_HOME`, else in the system's place for caches. */
export function userCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.BATON_CACHE_HOME) return env.BATON_CACHE_HOME;
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'baton', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'baton');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'baton');
}

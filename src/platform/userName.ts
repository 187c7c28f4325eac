import { userInfo } from 'node:os';

/** The user's name on this machine, for logs that people read; empty where the system knows none. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

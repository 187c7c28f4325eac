import process from 'node:process';
import { userName } from '../platform/userName.ts';

/** Who calls, for logs that people read: as the environment says it (`BATON_WHO`), a known agent, else the user's name. */
export function callerName(given: string | undefined): string {
  const said = given?.trim() || process.env['BATON_WHO']?.trim();
  if (said) return said;
  if (process.env['CLAUDECODE'] === '1') return 'Claude Code';
  return userName();
}

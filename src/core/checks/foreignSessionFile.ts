import { phrase } from '../base/phrase.ts';
import { placeInSessionFile } from './locate.ts';
import type { Rule } from './rule.ts';

/** SESSION.md is neither a session nor a cleared one: Baton will not overwrite it. */
export const findForeignSessionFile: Rule = ({ sessionFile }) => {
  if (sessionFile?.kind !== 'foreign') return [];
  const { path, range } = placeInSessionFile(sessionFile, undefined);
  const message = phrase`${path} names no session, so Baton leaves it alone. Move it away, or let \`baton start ID --force\` keep it under another name.`;
  return [{ path, diagnostic: { code: 'foreign-session-file', severity: 'info', message, range } }];
};

import type { Range } from '../base/range.ts';
import type { Heading } from '../markdown/blocks.ts';
import { isSessionId } from '../model/sessionId.ts';

/** A heading that begins a session. */
export interface SessionHeading {
  readonly id: string;
  readonly title: string;
  readonly idRange: Range;
  /** True where the heading says `Session`. */
  readonly isExplicit: boolean;
}

const separator = /^\s*(?::|—|–|-)+(?:\s+|$)/;
/** `BE-04`, `SOL-SKILLS-01`, `G.C.1`: capitals, then a number behind a hyphen or point. */
const strongId = /^\p{Lu}[\p{Lu}\p{N}]*(?:[-.][\p{Lu}\p{N}]+)*[-.]\p{N}+[a-z]?$/u;
/** What looks like a session ID in ordinary documents and is none. */
const namesThatAreNone =
  /^(?:ADR|AES|BUG|CVE|COVID|ES|EPIC|FAQ|FR|GPT|H|HTTP|IEC|IEEE|ISO|ISSUE|MP|NFR|PEP|PR|REQ|RFC|RISK|RSA|SHA|SSL|TLS|US|UTF|V|WCAG)[-.]\d/;
const ordinaryWords =
  /^(?:appendix|bug|chapter|checkpoint|day|iteration|milestone|part|phase|section|sprint|stage|step|task|version|v|week)[-.]?\d/i;

/**
 * Reads `Session ID: Title`, `Session ID`, `ID: Title`, `ID — Title` or `ID Title` at levels 2 to 4; undefined for any other heading.
 *
 * With the word `Session` and a separator, any ID with a digit counts. Without the word, an ID of the strong shape does, and any other
 * token with a digit only where `looksLikeSession` finds below it what sessions have. A token without digit (`Session SETUP: Title`), or
 * one that begins with a sign, needs the word, a colon and what sessions have below it, so that `Session Status:` and `Phase 1:` are none.
 */
export function readSessionHeading(heading: Heading, looksLikeSession: () => boolean): SessionHeading | undefined {
  if (heading.level < 2 || heading.level > 4) return undefined;
  // Most headings have no digit, in whatever script, and need no closer look.
  if (!/[^\x20-\x2f\x3a-\x7f]/.test(heading.text) && !/^\W*session\s/i.test(heading.text)) return undefined;
  const match = /^(?:[^\p{L}\p{N}]+\s+)?(session\s+)?([^\s|]+)([\s\S]*)$/iu.exec(heading.text);
  if (!match) return undefined;
  const [, prefix, token = '', after = ''] = match;
  const id = token.replace(/[:—–-]+$/, '');
  const isOrdinary = /\p{N}/u.test(id) && /^[\p{L}\p{N}]/u.test(id);
  if (!isOrdinary && (prefix === undefined || !isSessionId(id))) return undefined;
  const rest = token.slice(id.length) + after;
  const isSeparated = separator.test(rest) || /^:/.test(rest);
  const title = rest.replace(/^\s*[:—–-]+\s*/, '').trim();
  const isExplicit = prefix !== undefined;
  const accepted = !isOrdinary
    ? rest.startsWith(':') && looksLikeSession()
    : isExplicit
      ? acceptsExplicit(id, rest, isSeparated)
      : accepts(id, isSeparated, looksLikeSession);
  if (!accepted) return undefined;
  const at = heading.raw.indexOf(id, prefix === undefined ? 0 : heading.raw.search(/session/i) + 'session'.length);
  if (at < 0) return undefined;
  const start = heading.contentRange.start + at;
  return { id, title, idRange: { start, end: start + id.length }, isExplicit };
}

function acceptsExplicit(id: string, rest: string, isSeparated: boolean): boolean {
  // `Sessions 1-3` and `Session 1-3` speak of several.
  if (/^\p{N}+[-–]\p{N}+$/u.test(id)) return false;
  return isSeparated || rest.trim() === '' || strongId.test(id);
}

function accepts(id: string, isSeparated: boolean, looksLikeSession: () => boolean): boolean {
  if (ordinaryWords.test(id)) return false;
  if (strongId.test(id) && !namesThatAreNone.test(id)) return true;
  return (isSeparated || strongId.test(id)) && /^\p{L}/u.test(id) && looksLikeSession();
}

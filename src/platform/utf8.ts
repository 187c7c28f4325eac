import { createHash } from 'node:crypto';
import { phrase } from '../core/base/phrase.ts';
import { revisionOf } from '../core/base/revision.ts';
import { unreadableError } from './ioErrors.ts';

/**
 * Decodes UTF-8 so that encoding gives the same bytes again: a BOM is kept, anything that is not UTF-8 is refused.
 *
 * @throws BatonError `unreadable-file`
 */
export function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw unreadableError(path, phrase`it is not UTF-8 text`, error);
  }
}

/** Up to so many characters are hashed by core's own means before `node:crypto` would be loaded. */
const mostHashedAtOnce = 50_000;

/** What core's `revisionOf` gives, by the system's own SHA-256 where the text is long. */
export function revisionOfText(text: string): string {
  if (text.length <= mostHashedAtOnce) return revisionOf(text);
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);
}

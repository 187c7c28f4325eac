import { createHash } from 'node:crypto';
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
    throw unreadableError(path, 'it is not UTF-8 text', error);
  }
}

/** What core's `revisionOf` gives, by the system's own SHA-256, which is far faster on a long file. */
export function revisionOfText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);
}

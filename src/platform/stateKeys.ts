import { phrase } from '../core/base/phrase.ts';
import { revisionOf } from '../core/base/revision.ts';
import { BatonError } from '../core/errors.ts';

/** Encodes any text as one part of a key: readable, at most 60 characters, and different for texts that differ only in case. */
export function encodeKeyPart(text: string): string {
  const readable = text
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${readable === '' ? 'x' : readable}.${revisionOf(text)}`;
}

/**
 * Refuses what is no key (see `LocalState`): a key becomes a path, and must not lead out of its folder.
 *
 * @throws BatonError `invalid-argument`
 */
export function assertKey(key: string): void {
  const parts = key.split('/');
  if (parts.every((part) => /^[A-Za-z0-9._-]+$/.test(part) && !/^\.+$/.test(part) && !part.endsWith('.tmp'))) return;
  throw new BatonError('invalid-argument', phrase`"${key}" is no key of a local record`, {
    hint: 'Use parts of letters, digits, ".", "_" and "-", separated by "/"; encode other text with keyPart.',
  });
}

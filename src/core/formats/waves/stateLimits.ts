import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { isFixPoint } from './stateFrontmatter.ts';

/** STATE.md is an index, no archive: the reference refuses to write a larger one (formats.md §1.2). Bytes. */
export const maximumStateBytes = 256 * 1024;

/** A file that grows by more than this in one write is going wrong. */
const maximumGrowth = 5;

/**
 * Refuses what the reference refuses to write: more than 256 KiB, more than five times of what was there (unless that was nothing, or `mayGrow` says that it is meant), and
 * frontmatter that it would rewrite where it would not have before. A file that was beyond the limits may shrink.
 *
 * @throws BatonError `write-refused` (data.reason: `size`, `growth`, `frontmatter`)
 */
export function assertStateWritable(
  path: string,
  before: string | undefined,
  after: string,
  { mayGrow = false }: { readonly mayGrow?: boolean } = {},
): void {
  const bytes = utf8Length(after);
  const bytesBefore = utf8Length(before ?? '');
  if (bytes > maximumStateBytes && bytes > bytesBefore) {
    throw refusal(phrase`${path} would have ${bytes} bytes, more than ${maximumStateBytes}`, {
      hint: 'Move what is old out of it (git keeps its history), then run it again.',
      data: { path, reason: 'size', bytes, maximum: maximumStateBytes },
    });
  }
  if (!mayGrow && bytesBefore > 0 && bytes > bytesBefore * maximumGrowth) {
    throw refusal(
      phrase`${path} would grow from ${bytesBefore} to ${bytes} bytes at once, more than ${maximumGrowth} times`,
      {
        hint: 'Write less at once: STATE.md says where a run stands, in short lines.',
        data: { path, reason: 'growth', bytes, bytesBefore },
      },
    );
  }
  if (!isFixPoint(after) && (before === undefined || before === '' || isFixPoint(before))) {
    throw refusal(phrase`Other tools would rewrite the frontmatter that ${path} would have`, {
      hint: 'Write plain `key: value` lines, each key once.',
      data: { path, reason: 'frontmatter' },
    });
  }
}

function refusal(
  message: string,
  details: { readonly hint: string; readonly data: Record<string, unknown> },
): BatonError {
  return new BatonError('write-refused', message, details);
}

/** Bytes of a text in UTF-8; core has no encoder of the platform. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A surrogate is half of a character of four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Made when text needs it: it costs milliseconds, and most runs measure nothing but ASCII. */
let segmenter: Intl.Segmenter | undefined;

/** The characters of a text as a person counts them. */
export function graphemesOf(text: string): Iterable<{ readonly segment: string }> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/**
 * Characters that each take one column and rewrite nothing: ASCII, Latin, Greek and Cyrillic letters, dashes and quotes, arrows. By far the
 * most text is made of them, and then nothing more need be asked.
 */
const plain =
  /^[\x20-\x7e\xa1-\xac\xae-\u024f\u0391-\u03ff\u0400-\u0482\u048a-\u04ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff]*$/;

const zeroWidth = /^[\p{Mark}\p{Control}\p{Format}]+$/u;

/** Code points that take two columns: East Asian Wide and Fullwidth blocks, and characters that are emoji by themselves. */
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u;

/** U+FE0F asks for the emoji form of the character before it, which is drawn two columns wide. */
const emojiVariation = /\ufe0f/u;

/** Whether every character of the text takes one column and none rewrites another. */
export function isPlainWidth(text: string): boolean {
  return plain.test(text);
}

/** Columns that a text takes where every character has the width of one or two letters: in a terminal, in an editor. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment);
  return width;
}

/** Columns of one character as a person counts them. */
export function graphemeWidth(segment: string): number {
  if (zeroWidth.test(segment)) return 0;
  return wide.test(segment) || emojiVariation.test(segment) ? 2 : 1;
}

import { stripVTControlCharacters } from 'node:util';

/** Made when text needs it: it costs milliseconds, and most runs measure nothing but ASCII. */
let segmenter: Intl.Segmenter | undefined;

function graphemesOf(text: string): Iterable<{ readonly segment: string }> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Printable ASCII alone: by far the most text, and each character is one column. */
const ascii = /^[\x20-\x7e]*$/;

const zeroWidth = /^[\p{Mark}\p{Control}\p{Format}]+$/u;

/** Code points that take two columns: East Asian Wide and Fullwidth blocks, and characters that are emoji by themselves. */
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u;

/** U+FE0F asks for the emoji form of the character before it, which terminals draw two columns wide. */
const emojiVariation = /\ufe0f/u;

/** Bidirectional overrides and isolates: they could make a line read as another one than it is. */
const bidiControls = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
const controls = /[\u0000-\u001f\u007f-\u009f]+/gu;

/**
 * Makes text from a repository harmless to print: one line, without escape sequences, control characters or direction overrides
 * that could rewrite what the terminal shows. White space around it stays.
 */
export function harmlessText(text: string): string {
  if (ascii.test(text)) return text;
  return stripVTControlCharacters(text).replace(bidiControls, '').replace(controls, ' ');
}

/** Harmless text without white space around it. */
export function plainText(text: string): string {
  return harmlessText(text).trim();
}

/** Columns that `text` takes in a terminal; escape sequences take none. */
export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(stripVTControlCharacters(text))) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(segment: string): number {
  if (zeroWidth.test(segment)) return 0;
  return wide.test(segment) || emojiVariation.test(segment) ? 2 : 1;
}

/** Breaks plain text into lines of at most `width` columns, between words where it can. Never loses a character but white space. */
export function wrapText(text: string, width: number): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u)) {
    for (const part of breakWord(word, width)) {
      const joined = line === '' ? part : `${line} ${part}`;
      if (displayWidth(joined) <= width) {
        line = joined;
      } else {
        if (line !== '') lines.push(line);
        line = part;
      }
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/** Cuts a word that is wider than a line into pieces that are not. */
function breakWord(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  let taken = 0;
  for (const { segment } of graphemesOf(word)) {
    const next = graphemeWidth(segment);
    if (taken + next > width && part !== '') {
      parts.push(part);
      part = '';
      taken = 0;
    }
    part += segment;
    taken += next;
  }
  parts.push(part);
  return parts;
}

/** `1 file`, `2 files`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A duration as people say it: `850 ms`, `12 s`, `3 min 5 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return formatMinutes(minutes);
}

/** Minutes as people say them: `5 min`, `2 h 5 min`, `3 d 4 h`. */
export function formatMinutes(minutes: number): string {
  const whole = Math.max(0, Math.round(minutes));
  if (whole < 60) return `${whole} min`;
  const hours = Math.floor(whole / 60);
  if (hours < 24) return whole % 60 === 0 ? `${hours} h` : `${hours} h ${whole % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

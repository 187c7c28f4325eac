import { stripVTControlCharacters } from 'node:util';
import { displayWidth as columnsOf, graphemesOf, graphemeWidth, isPlainWidth } from '../core/base/displayWidth.ts';

/** Bidirectional overrides and isolates: they could make a line read as another one than it is. */
const bidiControls = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
const controls = /[\u0000-\u001f\u007f-\u009f]+/gu;

/**
 * Makes text from a repository harmless to print: one line, without escape sequences, control characters or direction overrides
 * that could rewrite what the terminal shows. White space around it stays.
 */
export function harmlessText(text: string): string {
  if (isPlainWidth(text)) return text;
  return stripVTControlCharacters(text).replace(bidiControls, '').replace(controls, ' ');
}

/** Harmless text without white space around it. */
export function plainText(text: string): string {
  return harmlessText(text).trim();
}

/** Columns that `text` takes in a terminal; escape sequences take none. */
export function displayWidth(text: string): number {
  return isPlainWidth(text) ? text.length : columnsOf(stripVTControlCharacters(text));
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

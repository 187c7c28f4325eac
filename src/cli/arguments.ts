import { InvalidArgumentError } from 'commander';
import { type SessionStatus, sessionStatuses } from '../core/model/sessionStatus.ts';

/** Collects the values of an option that may be given again and again. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Reads `--status`: one status or several with commas, and the option may be given again. */
export function collectStatuses(value: string, before: readonly SessionStatus[] = []): readonly SessionStatus[] {
  const found = value.split(',').map((part) => {
    const status = sessionStatuses.find((each) => each === part.trim().toLowerCase());
    if (status === undefined) throw new InvalidArgumentError(`Known are ${sessionStatuses.join(', ')}.`);
    return status;
  });
  return [...before, ...found];
}

/** Reads `--to`: `checkpoint-2` or `2`. */
export function parseCheckpoint(value: string): number {
  const number = /^(?:checkpoint-)?([1-9]\d{0,5})$/.exec(value)?.[1];
  if (number === undefined) throw new InvalidArgumentError('Write checkpoint-N or N.');
  return Number(number);
}

/** Reads text that must say something: an empty or blank one is a slip. */
export function parseText(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

/** Reads a checklist item: its number as it is shown, or (part of) its text. */
export function parseItem(value: string): number | string {
  return /^[1-9]\d{0,4}$/.test(value) ? Number(value) : parseText(value);
}

/** Reads a count: a whole number above 0. */
export function wholeNumber(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

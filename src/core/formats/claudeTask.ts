import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { applyEdits, type TextEdit } from '../base/textEdit.ts';
import { BatonError } from '../errors.ts';
import { readTaskStatus, type TaskStatus } from '../model/taskList.ts';
import { JsonText } from './connect/jsonEdits.ts';

const byteOrderMark = '\ufeff';

/** The key of `metadata` that carries the ID of our task: Claude Code drops unknown keys of a task, but keeps its metadata. */
const tagKey = 'baton';

/** One file of Claude Code's task store (`<number>.json`), as far as a mirror needs it. */
export interface ClaudeTask {
  /** The file's name without `.json`; Claude Code's number of the task. */
  readonly number: string;
  readonly text: string;
  readonly subject: string;
  /** Undefined for a word that is no state. */
  readonly status: TaskStatus | undefined;
  readonly blocks: readonly string[];
  readonly blockedBy: readonly string[];
  /** ID of our task. */
  readonly tag?: string;
  /** Made by Claude Code for itself, and hidden from its own list. */
  readonly isInternal: boolean;
  /** What is odd about it, one phrase each: with most of these Claude Code does not see the task. */
  readonly oddities: readonly string[];
}

/** What is to be changed in a task file; what is not named stays byte for byte. */
export interface ClaudeTaskEdit {
  readonly subject?: string;
  readonly status?: TaskStatus;
  readonly tag?: string;
  readonly blocks?: ReadonlyMap<string, boolean>;
  /** Numbers that are to be in it (true) or not (false). */
  readonly blockedBy?: ReadonlyMap<string, boolean>;
}

/** What a new task file says. */
export interface NewClaudeTask {
  readonly number: string;
  readonly subject: string;
  readonly description: string;
  readonly status: TaskStatus;
  readonly blocks: readonly string[];
  readonly blockedBy: readonly string[];
  readonly tag: string;
}

/** How Claude Code writes a state. */
export function toClaudeStatus(status: TaskStatus): 'pending' | 'in_progress' | 'completed' {
  return status === 'COMPLETE' ? 'completed' : status === 'IN_PROGRESS' ? 'in_progress' : 'pending';
}

/** A subject as a title: one line, without control characters. */
export function titleOfSubject(subject: string): string {
  return subject.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Reads a task file; a text says why it is none. Never throws. */
export function readClaudeTask(text: string, number: string): ClaudeTask | string {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith(byteOrderMark) ? text.slice(1) : text);
  } catch {
    return 'is no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no JSON object';
  const { id, subject, description, status, blocks, blockedBy, metadata } = value as Record<string, unknown>;
  if (typeof subject !== 'string') return 'has no subject';
  const oddities: string[] = [];
  if (id !== number) oddities.push(`says the ID ${JSON.stringify(id) ?? 'undefined'}`);
  if (typeof description !== 'string') oddities.push('has no description');
  const read = typeof status === 'string' ? readTaskStatus(status) : undefined;
  if (read === undefined) oddities.push(`has the status ${JSON.stringify(status) ?? 'undefined'}, which is no state`);
  else if (status !== toClaudeStatus(read)) oddities.push(`has the status ${JSON.stringify(status)}, read as ${read}`);
  const facts = isObject(metadata) ? metadata : {};
  const tag = facts[tagKey];
  return {
    number,
    text,
    subject,
    status: read,
    blocks: readNumbers(blocks, 'blocks', oddities),
    blockedBy: readNumbers(blockedBy, 'blockedBy', oddities),
    ...(typeof tag === 'string' && tag !== '' && { tag }),
    isInternal: Boolean(facts['_internal']),
    oddities,
  };
}

function readNumbers(value: unknown, key: string, oddities: string[]): readonly string[] {
  const isList = Array.isArray(value);
  if (!isList || value.some((one) => typeof one !== 'string')) oddities.push(`has "${key}" that is no list of IDs`);
  return isList ? [...new Set(value.flatMap((one) => (typeof one === 'string' ? [one] : [])))] : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a new task file, as Claude Code writes it: two spaces, no final newline. Old versions do not see a task without `activeForm`. */
export function newClaudeTaskText({ number, tag, status, ...task }: NewClaudeTask): string {
  const { subject, description, blocks, blockedBy } = task;
  const value = {
    id: number,
    subject,
    description,
    activeForm: subject,
    status: toClaudeStatus(status),
    blocks,
    blockedBy,
    metadata: { [tagKey]: tag },
  };
  return JSON.stringify(value, null, 2);
}

/** Changes a task file by ranges. Undefined where that cannot be done (a key that stands twice, metadata that is no object). */
export function editClaudeTask(before: ClaudeTask, edit: ClaudeTaskEdit): string | undefined {
  try {
    const mark = before.text.startsWith(byteOrderMark) ? byteOrderMark : '';
    const values = [
      ...planValue(before.text.slice(mark.length), ['subject'], edit.subject),
      ...planValue(before.text.slice(mark.length), ['metadata', tagKey], edit.tag),
      ...(edit.status === before.status
        ? []
        : planValue(before.text.slice(mark.length), ['status'], edit.status && toClaudeStatus(edit.status))),
    ];
    const json = new JsonText(mark + applyEdits(before.text.slice(mark.length), values), `${before.number}.json`);
    if (edit.tag !== undefined && json.get(['metadata', tagKey]) === undefined) {
      if (json.get(['metadata']) === null) json.remove(['metadata']);
      json.insert(['metadata', tagKey], edit.tag);
    }
    for (const key of ['blocks', 'blockedBy'] as const) {
      for (const [number, isIn] of edit[key] ?? []) changeMember(json, key, number, isIn);
    }
    return isAsWanted(json.text, before, edit) ? json.text : undefined;
  } catch (error) {
    if (BatonError.is(error, 'unreadable-file')) return undefined;
    throw error;
  }
}

/** Replaces a value that is there. */
function planValue(text: string, path: readonly string[], value: string | undefined): readonly TextEdit[] {
  const root = value === undefined ? undefined : parseTree(text);
  const node = root && findNodeAtLocation(root, [...path]);
  if (node === undefined) return [];
  return [{ start: node.offset, end: node.offset + node.length, newText: JSON.stringify(value) }];
}

function changeMember(json: JsonText, key: 'blocks' | 'blockedBy', number: string, isIn: boolean): void {
  const list = json.get([key]);
  const members: readonly unknown[] = Array.isArray(list) ? list : [];
  if (isIn) {
    if (!members.includes(number)) json.append([key], number);
    return;
  }
  for (let at = members.length - 1; at >= 0; at--) if (members[at] === number) json.remove([key, at]);
}

/** Reads back what was written: only then is the edit believed. */
function isAsWanted(text: string, before: ClaudeTask, edit: ClaudeTaskEdit): boolean {
  const after = readClaudeTask(text, before.number);
  if (typeof after === 'string') return false;
  const has = (list: readonly string[], wanted: ClaudeTaskEdit['blocks']): boolean =>
    [...(wanted ?? [])].every(([number, isIn]) => list.includes(number) === isIn);
  return (
    after.subject === (edit.subject ?? before.subject) &&
    after.status === (edit.status ?? before.status) &&
    after.tag === (edit.tag ?? before.tag) &&
    has(after.blocks, edit.blocks) &&
    has(after.blockedBy, edit.blockedBy)
  );
}

import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';

/** What a commit is to the session that it names. */
export type SessionCommitKind = 'work' | 'checkpoint' | 'record' | 'rollback';

/** What a commit message says on the session that it belongs to. */
export interface SessionMark {
  readonly session: string;
  readonly kind: SessionCommitKind;
  /** The checkpoint's number; for a rollback the checkpoint that it goes back to. */
  readonly number?: number;
}

/** A commit as far as its message matters. */
export interface CommitText {
  readonly hash: string;
  /** Subject and body, as git keeps them. */
  readonly message: string;
}

/** A commit of a session. */
export interface SessionCommit extends CommitText, SessionMark {}

/** `claimed`: the session was completed without verification. */
export type VerifiedClaim = { readonly passed: number; readonly total: number } | 'claimed';

/** The types that commits of plans use (formats.md §2.4a), and those that Conventional Commits knows besides. */
export const commitTypes = [
  'feat',
  'fix',
  'refactor',
  'test',
  'docs',
  'chore',
  'perf',
  'style',
  'build',
  'ci',
  'revert',
] as const;

const sessionLine = /^Session:[ \t]*(\S+)(?:[ \t]+\(([^)]*)\))?[ \t]*$/gm;
const checkpointSubject = /^WIP:[ \t]*\[([^\s|\]]+)\][ \t]*checkpoint\b[ \t]*(\d+)?/;

/**
 * Builds the message of a session's work commit: subject, body, `Part of:`, `Verified:`, `Session:`.
 *
 * @throws BatonError `invalid-argument` where the subject is empty or has several lines.
 */
export function buildWorkMessage(input: {
  readonly subject: string;
  readonly body?: string;
  /** From {@link partOf}. */
  readonly partOf?: string;
  readonly verified?: VerifiedClaim;
  readonly session: string;
}): string {
  const marks: string[] = [];
  if (input.partOf) marks.push(`Part of: ${singleLine(input.partOf, 'project')}`);
  if (input.verified !== undefined) marks.push(`Verified: ${verifiedText(input.verified)}`);
  marks.push(`Session: ${input.session}`);
  return joinParagraphs([
    singleLine(input.subject, phrase`commit message`),
    normalizeBody(input.body),
    marks.join('\n'),
  ]);
}

/**
 * Builds the message of a checkpoint. Lists that are empty are left out.
 *
 * @throws BatonError `invalid-argument` where the message is empty or has several lines.
 */
export function buildCheckpointMessage(input: {
  readonly session: string;
  readonly number: number;
  readonly message: string;
  readonly completed: readonly string[];
  readonly remaining: readonly string[];
}): string {
  const text = singleLine(input.message, phrase`checkpoint message`);
  return joinParagraphs([
    `WIP: [${input.session}] checkpoint ${input.number} - ${text}`,
    bulletList('Completed:', input.completed),
    bulletList('Remaining:', input.remaining),
    `Session: ${input.session} (checkpoint ${input.number})`,
  ]);
}

/** Builds the message of the commit that records a completed session in the progress file. */
export function buildRecordMessage(input: { readonly session: string }): string {
  return joinParagraphs([`chore(progress): record ${input.session}`, `Session: ${input.session} (record)`]);
}

/** Builds the message of a rollback, of the whole session or to one of its checkpoints; `reverted` is listed in the given order. */
export function buildRollbackMessage(input: {
  readonly session: string;
  readonly checkpoint?: number;
  readonly reverted: readonly { readonly hash: string; readonly subject: string }[];
}): string {
  const target = input.checkpoint === undefined ? '' : ` to checkpoint ${input.checkpoint}`;
  const reverted = input.reverted.map(({ hash, subject }) => `${hash.slice(0, 12)} ${subject}`);
  return joinParagraphs([
    `revert: roll back ${input.session}${target}`,
    bulletList('Reverted:', reverted),
    `Session: ${input.session} (rollback${target})`,
  ]);
}

/** Names what a commit is part of: `<Project> Phase <N>`, without the second half where no phase is known. */
export function partOf(input: { readonly project: string; readonly phase?: string }): string {
  const phase = input.phase?.trim().replace(/^phase\s+/i, '');
  return phase ? `${input.project.trim()} Phase ${phase}` : input.project.trim();
}

/**
 * Reads which session a commit belongs to, and as what.
 *
 * The last `Session:` line decides: a squashed or quoted message earlier in the text does not count. Git's own trailer parser does not
 * see a block that holds `Part of:`, so lines are read. A WIP subject without such a line (seed 2 writes that too) is a checkpoint.
 */
export function readSessionMark(message: string): SessionMark | undefined {
  const text = message.replace(/\r\n?/g, '\n');
  const wip = checkpointSubject.exec(text);
  const last = [...text.matchAll(sessionLine)].at(-1);
  const session = last?.[1] ?? wip?.[1];
  if (session === undefined) return undefined;
  const remark = last?.[2]?.trim().toLowerCase() ?? '';
  const numberInRemark = /checkpoint\s+(\d+)/.exec(remark)?.[1];
  if (remark.startsWith('rollback')) return mark(session, 'rollback', numberInRemark);
  if (remark === 'record') return mark(session, 'record', undefined);
  const isWip = wip?.[1] === session;
  if (remark.startsWith('checkpoint') || isWip) {
    return mark(session, 'checkpoint', numberInRemark ?? (isWip ? wip?.[2] : undefined));
  }
  return mark(session, 'work', undefined);
}

/** Reads the `Part of:` line. */
export function readPartOf(message: string): string | undefined {
  return lastLine(message, /^Part of:[ \t]*(\S.*?)[ \t]*$/gm);
}

/** Reads the `Verified:` line; undefined where there is none or it is not one of Baton's. */
export function readVerified(message: string): VerifiedClaim | undefined {
  const text = lastLine(message, /^Verified:[ \t]*(\S+)[ \t]*$/gm);
  if (text === 'claimed') return 'claimed';
  const counts = /^(\d+)\/(\d+)$/.exec(text ?? '');
  return counts ? { passed: Number(counts[1]), total: Number(counts[2]) } : undefined;
}

/** Picks the commits of session `id`, in the order given, each with what it is. IDs are compared exactly. */
export function findSessionCommits(commits: readonly CommitText[], id: string): SessionCommit[] {
  const found: SessionCommit[] = [];
  for (const { hash, message } of commits) {
    const read = readSessionMark(message);
    if (read?.session === id) found.push({ ...read, hash, message });
  }
  return found;
}

/** Says in one sentence how `subject` departs from `<type>(<scope>): <description>`; undefined where it does not. */
export function checkConventional(subject: string): string | undefined {
  const form = '<type>(<scope>): <description>';
  const match = /^([A-Za-z]+)(\(([^()]*)\))?(!)?:(\s*)(.*)$/s.exec(subject);
  if (!match) return phrase`The commit message "${subject}" does not have the form ${form}.`;
  const [, type = '', parentheses, scope = '', , gap, description = ''] = match;
  if (!commitTypes.some((known) => known === type)) {
    return phrase`The commit type "${type}" is not one of ${commitTypes.join(', ')}.`;
  }
  if (parentheses !== undefined && scope.trim() === '') return 'The commit scope is empty: name it or leave () out.';
  if (gap !== ' ') return phrase`After the colon of ${form} comes one space.`;
  if (description.trim() === '') return 'The commit message has no description after the colon.';
  return undefined;
}

function mark(session: string, kind: SessionCommitKind, digits: string | undefined): SessionMark {
  return digits === undefined ? { session, kind } : { session, kind, number: Number(digits) };
}

function verifiedText(verified: VerifiedClaim): string {
  return verified === 'claimed' ? verified : `${verified.passed}/${verified.total}`;
}

function lastLine(message: string, pattern: RegExp): string | undefined {
  return [...message.replace(/\r\n?/g, '\n').matchAll(pattern)].at(-1)?.[1];
}

function singleLine(text: string, what: string): string {
  const trimmed = text.trim();
  if (trimmed === '')
    throw new BatonError('invalid-argument', phrase`The ${what} is empty.`, { hint: phrase`Give a ${what}.` });
  if (/[\r\n\u2028\u2029]/.test(trimmed)) {
    throw new BatonError('invalid-argument', phrase`The ${what} has several lines.`, {
      hint: 'Give one line; longer text goes into the body.',
    });
  }
  return trimmed;
}

function normalizeBody(body: string | undefined): string {
  return (body ?? '')
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}

function bulletList(title: string, items: readonly string[]): string {
  const lines = items.map((item) => item.replace(/\s+/g, ' ').trim()).filter((item) => item !== '');
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `- ${line}`)].join('\n');
}

function joinParagraphs(paragraphs: readonly string[]): string {
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

/**
 * Makes the sample workspace: the files of resources/sample/files, committed step by step as history.json tells,
 * at times within the last three weeks, so that the hashes in its tables are those of real commits.
 *
 * Texts hold `{{…}}`: `time`, `date`, `day`, `clock`, `iso` of a moment (`W1 Mon 09:05`: first of three weeks, the
 * third is this one; `now-52m`), `started`, `completed`, `commit`, `ref` of a session, `done`, and `{{after ID}}` in
 * front of a line that is there only once that session is where history leaves it.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  buildCheckpointMessage,
  buildRecordMessage,
  buildRollbackMessage,
  buildWorkMessage,
} from '../../src/core/formats/commitMessage.ts';
import { root } from './paths.ts';

const sampleDir = join(root, 'resources/sample');
const progressFile = 'docs/progress/HARBOUR_PROGRESS.md';

/** One commit of history.json; what it is to a session is told by the one key that names the session. */
interface Step {
  readonly at: string;
  readonly message?: string;
  readonly completes?: string;
  /** Done at that time, though a later step undoes it. */
  readonly works?: string;
  readonly rollsBack?: string;
  readonly pauses?: string;
  readonly checkpoint?: string;
  readonly phase?: number;
  readonly verified?: string;
  readonly done?: readonly string[];
  readonly remaining?: readonly string[];
  /** Folder with the files as they were then. */
  readonly from?: string;
  readonly files: readonly string[];
  /** Commit the progress file with it. */
  readonly progress?: boolean;
}

interface History {
  readonly project: string;
  readonly sessions: Readonly<Record<string, { readonly started: string; readonly completed?: string }>>;
  readonly steps: readonly Step[];
  /** Files that are changed and not committed in the end. */
  readonly uncommitted: readonly string[];
}

/** What is so at a step of the history. */
interface State {
  readonly now: Date;
  readonly history: History;
  readonly hashes: Map<string, string>;
  /** The commit before a session's first. */
  readonly refs: Map<string, string>;
  /** Sessions that are as the files say. */
  readonly reached: Set<string>;
  /** Sessions whose row says Done. */
  readonly done: Set<string>;
}

/**
 * Makes the sample workspace at `targetDir` (which is made, and must be empty) as a git repository with its own
 * identity. `now` is the moment that its times count back from.
 */
export async function createSampleWorkspace(targetDir: string, now = new Date()): Promise<void> {
  mkdirSync(targetDir, { recursive: true });
  if (readdirSync(targetDir).length > 0) throw new Error(`${targetDir} is not empty`);
  const history: History = JSON.parse(readFileSync(join(sampleDir, 'history.json'), 'utf8'));
  const state: State = { now, history, hashes: new Map(), refs: new Map(), reached: new Set(), done: new Set() };
  await git(targetDir, ['init', '--quiet', '--initial-branch=main', '--template=']);
  for (const [key, value] of [
    ['user.name', 'Robin Quay'],
    ['user.email', 'robin@harbour.example'],
    ['commit.gpgsign', 'false'],
    ['core.autocrlf', 'false'],
  ] as const) {
    await git(targetDir, ['config', key, value]);
  }
  for (const step of history.steps) await takeStep(targetDir, step, state);
  for (const file of history.uncommitted) put(targetDir, file, state);
}

async function takeStep(targetDir: string, step: Step, state: State): Promise<void> {
  const { hashes, refs, reached, done } = state;
  const session = step.completes ?? step.works ?? step.rollsBack ?? step.pauses ?? step.checkpoint;
  if (session !== undefined && !refs.has(session)) refs.set(session, await git(targetDir, ['rev-parse', 'HEAD']));
  if (session !== undefined && step.completes === undefined && step.works === undefined) reached.add(session);
  if (step.rollsBack !== undefined) done.delete(step.rollsBack);
  for (const file of step.files) {
    if (step.rollsBack === undefined) put(targetDir, file, state, step.from);
    else rmSync(join(targetDir, file));
  }
  if (step.progress === true) put(targetDir, progressFile, state);
  const at = momentOf(step.at, state.now);
  const hash = await commit(targetDir, messageOf(step, state), at);
  const completed = step.completes ?? step.works;
  if (completed === undefined) return;
  hashes.set(completed, hash);
  done.add(completed);
  if (step.completes !== undefined) reached.add(completed);
  put(targetDir, progressFile, state);
  await commit(targetDir, buildRecordMessage({ session: completed }), new Date(at.getTime() + 20_000));
}

function messageOf(step: Step, { history, hashes }: State): string {
  const message = step.message ?? '';
  const completed = step.completes ?? step.works;
  if (completed !== undefined) {
    const [passed = 0, total = 0] = (step.verified ?? '').split('/').map(Number);
    const partOf = `${history.project} Phase ${step.phase}`;
    return buildWorkMessage({ subject: message, partOf, verified: { passed, total }, session: completed });
  }
  if (step.rollsBack !== undefined) {
    const undone = history.steps.find(({ works }) => works === step.rollsBack);
    const reverted = [{ hash: hashes.get(step.rollsBack) ?? '', subject: undone?.message ?? '' }];
    return buildRollbackMessage({ session: step.rollsBack, reverted });
  }
  if (step.checkpoint !== undefined) {
    const { done = [], remaining = [] } = step;
    return buildCheckpointMessage({ session: step.checkpoint, number: 1, message, completed: done, remaining });
  }
  return message;
}

/** Copies a file of the sample, with its `{{…}}` filled in. */
function put(targetDir: string, file: string, state: State, from = 'files'): void {
  const source = existsSync(join(sampleDir, from, file)) ? join(sampleDir, from, file) : join(sampleDir, 'files', file);
  const target = join(targetDir, file);
  mkdirSync(dirname(target), { recursive: true });
  if (!file.endsWith('.md')) {
    cpSync(source, target);
    return;
  }
  const lines = readFileSync(source, 'utf8').split('\n');
  writeFileSync(target, lines.flatMap((line) => lineAt(line, state)).join('\n'));
}

/** A line as it is at this step: filled in, left out, or a row that is pending still. */
function lineAt(line: string, state: State): string[] {
  const after = /^\{\{after (\S+)\}\}/.exec(line);
  if (after !== null) return state.reached.has(after[1] ?? '') ? [fill(line.slice(after[0].length), state)] : [];
  const row = /^\| (\S+) \| \S+ \w+ \|/.exec(line)?.[1];
  if (row === undefined || state.history.sessions[row] === undefined || state.reached.has(row))
    return [fill(line, state)];
  if (!state.done.has(row)) return [`| ${row} | ⬜ Pending | — | — | — | |`];
  return [fill(`| ${row} | ✅ Done | {{started ${row}}} | {{completed ${row}}} | {{commit ${row}}} | |`, state)];
}

function fill(text: string, state: State): string {
  return text.replaceAll(/\{\{(\w+)(?: ([^}]+))?\}\}/g, (_all, kind: string, of = '') => lookUp(kind, of, state));
}

function lookUp(kind: string, of: string, { now, history, hashes, refs, done }: State): string {
  const session = history.sessions[of];
  if (kind === 'done') return String(done.size);
  if (kind === 'commit') return known(hashes.get(of)?.slice(0, 7), kind, of);
  if (kind === 'ref') return known(refs.get(of), kind, of);
  if (kind === 'started') return localTime(momentOf(known(session?.started, kind, of), now));
  if (kind === 'completed') return localTime(momentOf(known(session?.completed, kind, of), now));
  const time = localTime(momentOf(of, now));
  const formats: Record<string, string> = {
    time,
    date: time.slice(0, 10),
    day: time.slice(5, 10),
    clock: time.slice(11),
    iso: isoWithZone(momentOf(of, now)),
  };
  return known(formats[kind], kind, of);
}

function known(value: string | undefined, kind: string, of: string): string {
  if (value === undefined) throw new Error(`The sample asks for {{${kind} ${of}}}, which is not known`);
  return value;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'];

/** The moment of `W2 Fri 14:05`, `W2 Fri` or `now-52m`. */
function momentOf(text: string, now: Date): Date {
  const ago = /^now-(\d+)m$/.exec(text)?.[1];
  if (ago !== undefined) return new Date(now.getTime() - Number(ago) * 60_000);
  const parts = /^W([123]) (\w{3})(?: (\d\d):(\d\d))?$/.exec(text);
  const weekday = weekdays.indexOf(parts?.[2] ?? '');
  if (parts === null || weekday < 0) throw new Error(`"${text}" is no moment of the sample`);
  const sinceMonday = (now.getDay() + 6) % 7;
  const days = (Number(parts[1]) - 3) * 7 + weekday - sinceMonday;
  return new Date(
    now.getFullYear(),
    now.getMonth(),
    now.getDate() + days,
    Number(parts[3] ?? 0),
    Number(parts[4] ?? 0),
  );
}

function localTime(moment: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${date} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

function isoWithZone(moment: Date): string {
  const offset = -moment.getTimezoneOffset();
  const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, '0');
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(offset % 60)}`;
  return `${localTime(moment).replace(' ', 'T')}:${two(moment.getSeconds())}${zone}`;
}

const run = promisify(execFile);

async function git(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  // Hooks and filters of the user's own configuration have no business here.
  const { stdout } = await run('git', ['-c', 'core.hooksPath=/dev/null', ...args], {
    cwd,
    env: { ...process.env, ...env },
  });
  return stdout.trim();
}

async function commit(cwd: string, message: string, at: Date): Promise<string> {
  const date = isoWithZone(at);
  await git(cwd, ['add', '--all']);
  await git(cwd, ['commit', '--quiet', '-m', message], { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  return git(cwd, ['rev-parse', 'HEAD']);
}

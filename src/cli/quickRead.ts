import { resolve } from 'node:path';
import { problemWarnings } from '../core/actions/tasks/problemWarnings.ts';
import { type ReadTaskList, readListId, readTaskList } from '../core/formats/taskList.ts';
import type { TaskListEntry } from '../core/model/taskList.ts';
import { findTaskList } from '../core/store/findTaskList.ts';
import { joinTaskList } from '../core/store/joinTaskList.ts';
import { byPlace } from '../core/store/placeOrder.ts';
import { optimiseCode } from '../platform/shortRun.ts';
import { systemRevisionOf } from '../platform/systemRevision.ts';
import { isFolder, readTaskFilesNow, type TaskFile } from '../platform/taskFilesNow.ts';
import { formatJson } from './json.ts';
import { Output, type OutputStream } from './output.ts';
import { printReady, printTaskList, printTaskLists, toListsData, toReadyData, toShownData } from './taskOutput.ts';
import { plainText } from './text.ts';

/** The process, as far as a quick read needs it. */
export interface QuickProcess {
  readonly cwd: string;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

interface Request {
  readonly verb: 'list' | 'show' | 'ready';
  readonly list?: string;
  readonly json: boolean;
  readonly archived: boolean;
  readonly all: boolean;
  readonly cwd?: string;
}

interface Answer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly print: (out: Output) => void;
  readonly warnings: readonly string[];
}

/**
 * Answers `tasks list`, `tasks show LIST` and `tasks ready LIST` without loading the rest of the command line, which takes longer than
 * reading ten thousand tasks. Prints what the verbs print, or nothing.
 *
 * @returns false where the request or the project is not of the plain kind, or the answer would be a refusal: the command line does it then
 */
export function tryQuickRead(argv: readonly string[], process: QuickProcess): boolean {
  const request = readRequest(argv);
  if (request === undefined) return false;
  optimiseCode(false);
  const isAnswered = tryAnswer(request, process);
  if (!isAnswered) optimiseCode(true);
  return isAnswered;
}

function tryAnswer(request: Request, process: QuickProcess): boolean {
  const cwd = request.cwd === undefined ? process.cwd : resolve(process.cwd, request.cwd);
  const found = isFolder(cwd) ? readTaskFilesNow(cwd) : undefined;
  if (found === undefined) return false;
  const answer = answerFor(request, found.files);
  if (answer === undefined) return false;
  if (request.json) {
    process.stdout.write(formatJson({ ok: true, data: { ...answer.data, warnings: answer.warnings } }));
    return true;
  }
  print(answer, process);
  return true;
}

/** What a quick read of sessions is asked for. */
export interface SessionsRequest {
  readonly json: boolean;
  readonly ready: boolean;
  readonly cwd?: string;
}

/** Reads the arguments of `sessions` without filters; undefined for anything else, which is the command line's. */
export function readSessionsRequest(argv: readonly string[]): SessionsRequest | undefined {
  let [isSessions, json, ready] = [false, false, false];
  let cwd: string | undefined;
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at];
    if (argument === 'sessions' && !isSessions) isSessions = true;
    else if (argument === '--json') json = true;
    else if (argument === '--ready' && isSessions) ready = true;
    else if (argument === '--cwd' && cwd === undefined && argv[at + 1] !== undefined) cwd = argv[++at];
    else return undefined;
  }
  return isSessions ? { json, ready, ...(cwd !== undefined && { cwd }) } : undefined;
}

/** Exactly the arguments that the verbs take; anything else, a slip or a call for help, is the command line's. */
function readRequest(argv: readonly string[]): Request | undefined {
  const words: string[] = [];
  let [json, archived, all] = [false, false, false];
  let cwd: string | undefined;
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? '';
    if (argument === '--json') json = true;
    else if (argument === '--archived') archived = true;
    else if (argument === '--all') all = true;
    else if (argument === '--cwd' && cwd === undefined && argv[at + 1] !== undefined) cwd = argv[++at];
    else if (argument.startsWith('-')) return undefined;
    else words.push(argument);
  }
  const [group, verb, list, more] = words;
  if (group !== 'tasks' || more !== undefined) return undefined;
  const place = cwd === undefined ? {} : { cwd };
  if (all && verb !== 'show') return undefined;
  if (verb === 'list' && list === undefined) return { verb, json, archived, all, ...place };
  if ((verb !== 'show' && verb !== 'ready') || list === undefined || list === '' || archived) return undefined;
  return { verb, list, json, archived, all, ...place };
}

function answerFor(request: Request, files: readonly TaskFile[]): Answer | undefined {
  const reads: ReadTaskList[] = [];
  const lists: TaskListEntry[] = [];
  for (const { path, text } of request.list === undefined ? files : narrow(files, request.list)) {
    const read = readTaskList(text, path);
    // A YAML parser has to read this one.
    if (!read.isFrontmatterRead) return undefined;
    if (!read.isTaskList) continue;
    lists.push(joinTaskList(read.list));
    reads.push(read);
  }
  lists.sort((a, b) => byPlace(a.list, b.list));
  if (request.verb === 'list') {
    const shown = lists.filter(({ list }) => request.archived || !list.archived);
    return { data: toListsData(shown), print: (out) => printTaskLists(out, shown), warnings: [] };
  }
  const entry = findQuietly(lists, request.list ?? '');
  if (entry === undefined) return undefined;
  const { path } = entry.list;
  const diagnostics = reads.find(({ list }) => list === entry.list)?.diagnostics ?? [];
  const warnings = problemWarnings(entry, [{ path, diagnostics }]);
  const criticalPath = entry.criticalPath;
  if (request.verb === 'ready') {
    const result = { list: entry, ready: entry.ready, criticalPath };
    return { data: request.json ? toReadyData(result) : {}, print: (out) => printReady(out, result), warnings };
  }
  const handoff = entry.list.handoff?.text;
  const result = { list: entry, criticalPath, ...(handoff !== undefined && { handoff }) };
  const data = request.json ? toShownData(result, systemRevisionOf(entry.list.text)) : {};
  return { data, print: (out) => printTaskList(out, result, request), warnings };
}

/** The one file with that ID, where there is just one; else all of them, among which the name may be a title, or mean several. */
function narrow(files: readonly TaskFile[], id: string): readonly TaskFile[] {
  const found = files.filter((file) => readListId(file) === id);
  return found.length === 1 ? found : files;
}

/** Undefined where the list is not there, or several are meant: the command line words the refusal. */
function findQuietly(lists: readonly TaskListEntry[], name: string): TaskListEntry | undefined {
  try {
    return findTaskList(lists, name);
  } catch {
    return undefined;
  }
}

function print({ print: printTo, warnings }: Answer, process: QuickProcess): void {
  const { stdout, environment } = process;
  const pieces: string[] = [];
  const out = new Output(
    { isTTY: stdout.isTTY, columns: stdout.columns, write: (text) => pieces.push(text) },
    environment,
  );
  printTo(out);
  stdout.write(pieces.join(''));
  if (warnings.length === 0) return;
  const err = new Output(process.stderr, environment);
  for (const warning of warnings) err.line(`${err.paint('warn', 'warning:')} ${plainText(warning)}`);
}

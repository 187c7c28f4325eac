import { readFileSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { phrase } from '../../core/base/phrase.ts';
import {
  type GuardVerdict,
  judgeCommand,
  judgeWrite,
  readToolCall,
  readToolGuard,
  type ToolCall,
  type ToolGuard,
} from '../../core/formats/waves/toolGuard.ts';
import type { QuickOutput } from '../quickOutput.ts';

/** Tells an agent that its call is refused; any other code than this and 0 lets it through (hooks of Claude Code). */
const refused = 2;

/** The process, as far as the hook needs it. */
export interface HookProcess {
  readonly stdout: QuickOutput;
  readonly stderr: QuickOutput;
  readonly exit: (code: number) => void;
}

/**
 * Answers `baton hook pre-tool-use FILE` without loading the rest of the command line: it runs before each call of a tool of each agent of a
 * wave. FILE is what bounds the agent. Whatever goes wrong, the call is refused. False where it is another command.
 */
export function tryGuardTool(argv: readonly string[], streams: HookProcess): boolean {
  const [verb, event, file, ...rest] = argv;
  if (verb !== 'hook' || event !== 'pre-tool-use' || file === undefined || rest.length > 0) return false;
  try {
    answer(judge(file, readInput()), streams);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    answer(
      { kind: 'deny', reason: phrase`Baton could not see whether this is within the scope, so it is refused: ${why}` },
      streams,
    );
  }
  return true;
}

function answer({ kind, reason }: GuardVerdict, streams: HookProcess): void {
  if (kind === 'deny') {
    streams.exit(refused);
    streams.stderr.write(`${reason}\n`);
  } else if (kind === 'warn') {
    const hookSpecificOutput = { hookEventName: 'PreToolUse', additionalContext: `Baton: ${reason}` };
    streams.stdout.write(`${JSON.stringify({ systemMessage: `Baton: ${reason}`, hookSpecificOutput })}\n`);
  }
}

/** So long an input that is there in parts is waited for. */
const inputMs = 10_000;

/** All of the standard input, also where reading it does not wait. */
function readInput(): string {
  const parts: Buffer[] = [];
  const until = performance.now() + inputMs;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const part = Buffer.alloc(64 * 1024);
    try {
      const length = readSync(0, part);
      if (length === 0) return Buffer.concat(parts).toString('utf8');
      parts.push(part.subarray(0, length));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') return Buffer.concat(parts).toString('utf8');
      if (code !== 'EAGAIN' || performance.now() > until) throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

function judge(file: string, input: string): GuardVerdict {
  const guard = readToolGuard(readFileSync(file, 'utf8'));
  if (guard === undefined) throw new Error(`${file} cannot be understood`);
  const call = readToolCall(input);
  if (call === undefined) throw new Error('the call cannot be understood');
  if (call.tool === 'Bash') return judgeCommand(guard, call.command ?? '');
  if (call.path === undefined) throw new Error(`${call.tool} names no file`);
  return judgePath(guard, call.path, call);
}

function judgePath(guard: ToolGuard, path: string, { cwd = guard.folder }: ToolCall): GuardVerdict {
  const real = realOf(resolve(cwd, path));
  if (pathWithin(guard.outbox, real) !== undefined) return { kind: 'allow', reason: '' };
  return judgeWrite(guard, pathWithin(guard.folder, real), path);
}

/** The path with all links resolved, also where it, or its last folders, are not there yet. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing || dirname(path) === path) throw error;
    return join(realOf(dirname(path)), basename(path));
  }
}

/** Relative, with `/` between parts; undefined where it is not in the folder. */
function pathWithin(folder: string, path: string): string | undefined {
  const inside = relative(folder, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : inside.replaceAll('\\', '/');
}

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installClaude } from '../../scripts/lib/agentClis.ts';
import { type ModelRequest, type Script, startScriptedModel } from './scriptedModel.ts';

export interface ClaudeOptions {
  readonly cwd: string;
  readonly prompt: string;
  readonly script: Script;
  /** Further arguments of `claude -p`. */
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** One line of the stream, not yet looked into. */
export interface StreamEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** How a run of Claude Code ended. */
export interface ClaudeRun {
  readonly code: number | null;
  /** Its last words. */
  readonly result: string;
  readonly events: readonly StreamEvent[];
  /** What the model was asked. */
  readonly requests: readonly ModelRequest[];
  readonly stdout: string;
  readonly stderr: string;
}

const limitMs = 60_000;

/** Runs the real `claude -p` in a process of its own, with a home of its own, against a scripted model. */
export async function runClaude({ cwd, prompt, script, args = [], environment }: ClaudeOptions): Promise<ClaudeRun> {
  const binary = await installClaude();
  const home = mkdtempSync(join(tmpdir(), 'baton-claude-'));
  const model = await startScriptedModel(script);
  try {
    const child = spawn(binary, ['-p', '--output-format', 'stream-json', '--verbose', ...args], {
      cwd,
      env: {
        ...environment,
        HOME: home,
        CLAUDE_CODE_TMPDIR: home,
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_API_KEY: 'stub',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        CLAUDE_CODE_MAX_RETRIES: '1',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(prompt);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    const code = await new Promise<number | null>((done, fail) => {
      child.once('error', fail);
      child.once('close', done);
    });
    clearTimeout(timer);
    const events: StreamEvent[] = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    const last = events.findLast(({ type }) => type === 'result');
    return { code, result: String(last?.['result'] ?? ''), events, requests: model.requests, stdout, stderr };
  } finally {
    model.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './paths.ts';

/** What a test file, or the suite of a window, gave. */
export interface PartResult {
  /** The filter that runs it alone; empty where nothing can be run again by itself. */
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** A text for each test that failed: its name, and the beginning of what it said. */
  readonly failures: readonly string[];
}

/** The part of vitest's report that is read. */
interface VitestReport {
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/**
 * Runs vitest and reads its own report, per file. Skipped tests count as failed: they hide what they would say. So does a file
 * that cannot be loaded, an error outside any test, and a run in which nothing ran.
 */
export async function runVitest(
  config: string,
  filters: readonly string[],
  options: { readonly quiet?: boolean } = {},
): Promise<readonly PartResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-vitest-'));
  const file = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await runBin('vitest', ['run', '--config', config, ...reporters, ...filters], options);
    if (!existsSync(file)) return [brokenRun('vitest wrote no report')];
    const report: VitestReport = JSON.parse(readFileSync(file, 'utf8'));
    const parts = (report.testResults ?? []).map(readFileResult);
    if (parts.length === 0) return [brokenRun('nothing ran')];
    if (code !== 0 && parts.every(({ failed }) => failed === 0))
      return [...parts, brokenRun('an error outside any test')];
    return parts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readFileResult(file: NonNullable<VitestReport['testResults']>[number]): PartResult {
  const name = relative(root, file.name);
  const passed = file.assertionResults.filter(({ status }) => status === 'passed').length;
  const failures = file.assertionResults
    .filter(({ status }) => status !== 'passed')
    .map(({ fullName, status, failureMessages }) => describeFailure(fullName, failureMessages?.[0] ?? status));
  if (failures.length === 0 && (file.status === 'failed' || passed === 0)) {
    failures.push(describeFailure(name, file.message || 'nothing ran'));
  }
  return { name, passed, failed: failures.length, failures };
}

/** A failure in a few lines, so that the end of a long output says what is wrong. */
export function describeFailure(test: string, message: string): string {
  return [test, ...stripVTControlCharacters(message).trim().split('\n').slice(0, 6)].join('\n    ');
}

function brokenRun(why: string): PartResult {
  return { name: '', passed: 0, failed: 1, failures: [why] };
}

const running = new Set<ChildProcess>();

/** Lets a signal that ends us end what we started. */
export function endChildrenWithUs(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const child of running) child.kill(signal);
      process.exit(130);
    });
  }
}

/** Runs a tool of node_modules/.bin in the repository, with its output on ours; returns its exit code. */
export function runBin(
  name: string,
  args: readonly string[],
  options: { readonly quiet?: boolean } = {},
): Promise<number> {
  return new Promise((done, fail) => {
    const windows = process.platform === 'win32';
    const command = join(root, 'node_modules/.bin', windows ? `${name}.cmd` : name);
    const stdio = options.quiet === true ? 'ignore' : 'inherit';
    const child = spawn(command, args, { cwd: root, stdio, shell: windows });
    running.add(child);
    child.once('error', fail);
    child.once('exit', (code) => {
      running.delete(child);
      done(code ?? 1);
    });
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.ts';

/** How many tests passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs vitest and reads its own counts. Skipped tests count as failed: they hide what they would say. So does a file
 * that cannot be loaded, an error outside any test, and a run in which nothing ran.
 */
export async function runVitest(
  config: string,
  filters: readonly string[],
  options: { readonly quiet?: boolean } = {},
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-vitest-'));
  const file = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await runBin('vitest', ['run', '--config', config, ...reporters, ...filters], options);
    if (!existsSync(file)) return { passed: 0, failed: 1 };
    const report: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
    const number = (key: string): number => Number(report[key] ?? 0);
    const passed = number('numPassedTests');
    const failed = number('numFailedTests') + number('numPendingTests') + number('numTodoTests');
    return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

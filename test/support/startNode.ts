import { type ChildProcess, spawn } from 'node:child_process';
import { basename, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { onTestFinished } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** How a process ended, with what it printed. */
export interface NodeEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedNode {
  readonly child: ChildProcess;
  readonly ended: Promise<NodeEnd>;
}

/** Bundles a TypeScript file of this repository into one file in `folder`, which starts several times as fast. */
export function bundleForNode(file: string, folder: string): string {
  const outfile = join(folder, `${basename(file, '.ts')}.mjs`);
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  buildSync({
    absWorkingDir: root,
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: banner },
    logLevel: 'error',
  });
  return outfile;
}

/** Starts a file of this repository (TypeScript too), or one by its absolute path, as a process of its own, which is ended with the test. */
export function startNode(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): StartedNode {
  const child = spawn(process.execPath, [resolve(root, file), ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A process that has ended reads no more.
  child.stdin.on('error', () => undefined);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<NodeEnd>((done) => {
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended };
}

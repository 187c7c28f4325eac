/**
 * Importing this module makes sure that the script runs under the Node 24 that the project
 * brings along (`npm run` does so by itself, `node scripts/x.mjs` with an older Node does not):
 * it starts the same script again with it, and hands on output, signals and exit code.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';

const [major] = process.versions.node.split('.').map(Number);

if (major < 24) {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const node24 = resolve(import.meta.dirname, '../../node_modules/node/bin', binary);
  if (!existsSync(node24)) {
    console.error(`This script needs Node 24, and ${node24} is not there. Run "npm ci" first.`);
    process.exit(1);
  }
  const child = spawn(node24, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const code = await new Promise((done) => {
    child.once('exit', (status, signal) => done(status ?? 128 + (constants.signals[signal] ?? 0)));
  });
  process.exit(code);
}

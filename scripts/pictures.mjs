/** Makes the pictures of the README anew, by the UI suite: those named `readme-<name>` become media/readme/<name>.png. */
import './lib/node24.mjs';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { root } = await import('./lib/paths.ts');
const { runSuites } = await import('./lib/suites.ts');

/** Larger ones make the page slow. */
const mostBytes = 200 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'baton-pictures-'));
process.env.BATON_SCREENSHOTS = folder;
try {
  process.exitCode = await runSuites(['ui', '--', 'test/ui/pictures']);
  const names = readdirSync(folder).filter((name) => name.startsWith('readme-'));
  const target = join(root, 'media/readme');
  mkdirSync(target, { recursive: true });
  for (const name of process.exitCode === 0 ? names : []) {
    const { size } = statSync(join(folder, name));
    if (size > mostBytes) throw new Error(`${name} has ${size} bytes, more than ${mostBytes}`);
    copyFileSync(join(folder, name), join(target, name.slice('readme-'.length)));
    console.log(`media/readme/${name.slice('readme-'.length)}  ${Math.round(size / 1024)} KB`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

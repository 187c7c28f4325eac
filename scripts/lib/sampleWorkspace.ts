import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes the sample workspace at `targetDir`, as a git repository. */
export async function createSampleWorkspace(targetDir: string): Promise<void> {
  mkdirSync(join(targetDir, 'docs'), { recursive: true });
  writeFileSync(join(targetDir, 'docs/X_PROMPTS.md'), '# X\n');
  await run('git', ['init', '-q'], { cwd: targetDir });
}

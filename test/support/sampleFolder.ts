import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleWorkspace } from '../../scripts/lib/sampleWorkspace.ts';

/** Makes the sample workspace in a temporary folder of its own. */
export async function createSampleFolder(): Promise<SampleFolder> {
  const parent = mkdtempSync(join(tmpdir(), 'baton-ui-'));
  const path = join(parent, 'harbour-ferries');
  await createSampleWorkspace(path);
  return new SampleFolder(parent, path);
}

/** The sample workspace on disk, as a window's counterpart: what the files and git say. */
export class SampleFolder {
  readonly path: string;
  readonly #parent: string;

  constructor(parent: string, path: string) {
    this.#parent = parent;
    this.path = path;
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.path, file), text);
  }

  has(file: string): boolean {
    return existsSync(join(this.path, file));
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.path, encoding: 'utf8' }).trimEnd();
  }

  /** Subjects of the newest commits, the newest first. */
  subjects(count: number): readonly string[] {
    return this.git('log', `-${count}`, '--format=%s').split('\n');
  }

  /** The cells of a session's row in the progress table. */
  row(id: string): readonly string[] {
    const line = this.#progressLines().find((one) => one.startsWith(`| ${id} |`)) ?? '';
    return line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  }

  /** The line of a session's row in the progress file, counted from 1. */
  rowLine(id: string): number {
    return this.#progressLines().findIndex((one) => one.startsWith(`| ${id} |`)) + 1;
  }

  /** Does the work of FE-03, `Fare Picker`, in two parts, such that its verification passes after the second. */
  workOnFarePicker(part: 'sum' | 'check'): void {
    const check = "  if (names.length === 0) throw new Error('Choose at least one passenger');\n";
    this.write(
      'frontend/src/picker.js',
      `import { fareOf } from '../../backend/src/fares.js';

/** What these passengers pay together, in cents. */
export function sumOf(line, names) {
${part === 'check' ? check : ''}  return names.reduce((sum, name) => sum + fareOf(line, name), 0);
}
`,
    );
    if (part === 'sum') return;
    this.write(
      'frontend/test/picker.test.js',
      `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fareOf } from '../../backend/src/fares.js';
import { sumOf } from '../src/picker.js';

const line = { minutes: 25 };

test('the sum is that of the backend', () => {
  assert.equal(sumOf(line, ['adult', 'child']), fareOf(line, 'adult') + fareOf(line, 'child'));
});

test('at least one passenger must be chosen', () => {
  assert.throws(() => sumOf(line, []), /at least one/);
});
`,
    );
  }

  remove(): void {
    rmSync(this.#parent, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #progressLines(): readonly string[] {
    return this.read('docs/progress/HARBOUR_PROGRESS.md').split('\n');
  }
}

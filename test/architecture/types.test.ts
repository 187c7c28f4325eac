import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const tsc = join(root, 'node_modules/.bin/tsc');

/** Errors of a project as `file: code`; files are named from `folder`. */
function check(folder: string, project: string): Promise<readonly string[]> {
  return new Promise((done) => {
    execFile(tsc, ['-p', project, '--pretty', 'false'], { cwd: folder, maxBuffer: 50_000_000 }, (_error, stdout) => {
      const lines = [...stdout.matchAll(/^(.+?)\(\d+,\d+\): error (TS\d+)/gm)];
      done(lines.map(([, file, code]) => `${file?.replaceAll('\\', '/')}: ${code}`));
    });
  });
}

/** Each is a file of the core that must not compile, with the error that must name it. */
const violations: readonly (readonly [what: string, file: string, text: string, code: string])[] = [
  ['node:fs', 'model/fs.ts', "import { readFileSync } from 'node:fs';\nexport const y = readFileSync;\n", 'TS2591'],
  ['process', 'model/process.ts', 'export const y = process.cwd();\n', 'TS2591'],
  ['console', 'model/console.ts', "console.log('hello');\nexport {};\n", 'TS2584'],
  ['Buffer', 'model/buffer.ts', "export const y = Buffer.from('a');\n", 'TS2591'],
  ['a timer', 'model/timer.ts', 'export const y = setTimeout(() => {}, 1);\n', 'TS2304'],
  ['URL', 'model/url.ts', "export const y = new URL('https://example.org');\n", 'TS2304'],
  [
    'an import leaving it',
    'model/leave.ts',
    "import { x } from '../../platform/x.ts';\nexport const y = x;\n",
    'TS6059',
  ],
  ['an enum', 'model/colour.ts', 'export enum Colour {\n  Red,\n}\n', 'TS1294'],
  [
    'an unchecked index',
    'model/index.ts',
    'export const y = (list: readonly string[]): string => list[0];\n',
    'TS2322',
  ],
];

describe('the compiler guards of the core', () => {
  const planted = mkdtempSync(join(tmpdir(), 'baton types ü-'));
  let errors: readonly string[] = [];

  function put(file: string, text: string): void {
    mkdirSync(dirname(join(planted, file)), { recursive: true });
    writeFileSync(join(planted, file), text);
  }

  beforeAll(async () => {
    for (const file of ['tsconfig.json', 'src/core/tsconfig.json']) {
      mkdirSync(dirname(join(planted, file)), { recursive: true });
      cpSync(join(root, file), join(planted, file));
    }
    symlinkSync(join(root, 'node_modules'), join(planted, 'node_modules'), 'dir');
    put('src/platform/x.ts', 'export const x = 1;\n');
    put(
      'src/core/formats/packages.ts',
      "import { sha256 } from '@noble/hashes/sha2.js';\nimport MarkdownIt from 'markdown-it';\nimport { parseDocument } from 'yaml';\n\nexport const all = [MarkdownIt, parseDocument, sha256];\n",
    );
    for (const [, file, text] of violations) put(`src/core/${file}`, text);
    errors = await check(planted, 'src/core');
  });

  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  it.each(violations)('refuse %s', (_what, file, _text, code) => {
    expect(errors).toContain(`src/core/${file}: ${code}`);
  });

  it('let the pure packages in', () => {
    expect(errors.filter((error) => error.startsWith('src/core/formats/'))).toEqual([]);
  });
});

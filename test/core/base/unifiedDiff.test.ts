import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../src/core/base/unifiedDiff.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const text = array(constantFrom('a\n', 'b\n', 'c\n', '\n', '  x\n'), { maxLength: 30 }).map((lines) => lines.join(''));
const unfinished = constantFrom('', 'last');

describe('a unified diff', () => {
  it('makes one text of the other when git applies it', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file.txt');
    void assert(
      property(text, unfinished, text, unfinished, (first, end, second, otherEnd) => {
        const before = first + end;
        const after = second + otherEnd;
        const diff = unifiedDiff('file.txt', before, after);
        if (before === after) return diff === '';
        writeFileSync(file, before);
        execFileSync('git', ['apply', '--unsafe-paths', '--whitespace=nowarn', '-'], { cwd: folder, input: diff });
        return readFileSync(file, 'utf8') === after;
      }),
      { numRuns: 60 },
    );
  });

  it('makes and removes files', () => {
    const folder = temporaryFolder();
    const apply = (diff: string) => execFileSync('git', ['apply', '-'], { cwd: folder, input: diff });
    apply(unifiedDiff('new.txt', undefined, 'one\ntwo\n'));
    expect(readFileSync(join(folder, 'new.txt'), 'utf8')).toBe('one\ntwo\n');
    apply(unifiedDiff('new.txt', 'one\ntwo\n', undefined));
    expect(existsSync(join(folder, 'new.txt'))).toBe(false);
  });

  it('shows what diff shows', () => {
    expect(unifiedDiff('a', '1\n2\n3\n4\n5\n6\n', '1\n2\n3\n4\nfive\n6\n')).toBe(
      '--- a/a\n+++ b/a\n@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5\n+five\n 6\n',
    );
  });
});

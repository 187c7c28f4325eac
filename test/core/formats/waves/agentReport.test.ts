import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReport } from '../../../../src/core/formats/waves/agentReport.ts';
import { claimedPaths } from '../../../../src/core/formats/waves/claimedPaths.ts';
import { stagnationFields } from '../../../../src/core/formats/waves/stagnationEvent.ts';
import type { Finding } from '../../../../src/core/model/waves/finding.ts';

describe('the STATUS line', () => {
  it.each([
    ['STATUS: done — the parser reads tabs', { status: 'done', note: 'the parser reads tabs' }],
    ['STATUS: partial — half | REMAINING: the tests', { status: 'partial', note: 'half', remaining: 'the tests' }],
    ['STATUS: failed — no such table', { status: 'failed', note: 'no such table' }],
    ['STATUS: no-tests-needed', { status: 'done', note: '', noTestsNeeded: true }],
    ['- **STATUS: done** — bold in a list', { status: 'done', note: 'bold in a list' }],
    ['**STATUS:** done - a hyphen', { status: 'done', note: 'a hyphen' }],
    ['`STATUS: Partial -- two`', { status: 'partial', note: 'two' }],
    ['> status: done', { status: 'done', note: '' }],
    ['I did it.\r\n\r\nSTATUS: done — ok\r\n\r\nThanks!\r\n', { status: 'done', note: 'ok' }],
    ['STATUS: failed — at first\n\nThen it worked.\n\nSTATUS: done — at last', { status: 'done', note: 'at last' }],
    ['STATUS: partial — a | b | REMAINING: c | d', { status: 'partial', note: 'a | b', remaining: 'c | d' }],
  ])('%j', (text, report) => {
    expect(readReport(text)).toEqual(report);
  });

  it.each(['', 'All done.', 'STATUS: great', 'The STATUS: done line is missing', 'EXIT STATUS: done', 'STATUS: doner'])(
    'is not there: %j',
    (text) => {
      expect(readReport(text)).toBeUndefined();
    },
  );
});

describe('what an agent says it changed', () => {
  it.each([
    ['Updated `src/a.ts` and src/b.ts.', ['src/a.ts', 'src/b.ts']],
    [
      'Files changed:\n- src/a.ts — the parser (see src/old.ts)\n- `docs/Über uns.md`\n\nNext: src/later.ts',
      ['src/a.ts', 'docs/Über uns.md'],
    ],
    [
      '## Changed files\n\n1. src/a.ts\n2. package.json\n\n## Notes\n\n- src/note.ts is fine',
      ['src/a.ts', 'package.json'],
    ],
    [
      '```json\n{"files_changed": ["src/a.ts", "test/a.test.ts"], "status": "done"}\n```',
      ['src/a.ts', 'test/a.test.ts'],
    ],
    [
      '```yaml\nfiles_changed:\n  - src/a.ts\n  - .husky/pre-commit\nstatus: done\n```',
      ['src/a.ts', '.husky/pre-commit'],
    ],
    ['STATUS: partial — wrote src/a.ts | REMAINING: nothing was changed in src/b.ts', ['src/a.ts']],
    ['I fixed the bug in src/a.ts:12 reported from src/b.ts.', ['src/a.ts']],
    ['I edited /work/tree/src/a.ts and ./src/c.ts.', ['src/a.ts', 'src/c.ts']],
    ['I did not change src/a.ts. src/b.ts is unchanged. We should have updated src/c.ts.', []],
    ['```ts\n// Updated src/a.ts\n```\nRead src/b.ts and https://x.test/created.html', []],
    ['Added e.g. version 1.2.3, `npm test`, `foo()`, src/**/*.ts and Node.js support.', []],
    ['', []],
  ])('%j', (text, paths) => {
    expect(claimedPaths(text, ['/work/tree'])).toEqual(paths);
  });

  it('is read from any text', () => {
    const part = fc.constantFrom(
      'Updated ',
      '`',
      '"',
      'src/a.ts',
      '[',
      ']',
      '```',
      '\n',
      '- ',
      'Files changed:',
      'STATUS: done',
      '|',
      ' ',
      '..',
      '/',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (text) => {
          for (const path of claimedPaths(text)) expect(path.length).toBeGreaterThan(0);
          readReport(text);
        },
      ),
    );
  });
});

describe('the record of a stagnation', () => {
  const finding: Finding = {
    pattern: 'error-echo',
    errorClass: 'scope-denied',
    severity: 'stop',
    file: 'src/a.ts',
    occurrences: 3,
    evidence: [],
    at: '2026-01-01T00:00:00Z',
  };
  const source = { session: 'main-2026-01-01-feature-1', wave: 2, agent: 'code-implementer' };

  it('has the documented fields in their order', () => {
    expect(JSON.stringify(stagnationFields(finding, source))).toBe(
      '{"session":"main-2026-01-01-feature-1","wave":2,"agent":"code-implementer","pattern":"error-echo","source":"coordinator","error_class":"scope-denied","file":"src/a.ts","occurrences":3}',
    );
    const { file: _, errorClass: __, ...other } = finding;
    expect(stagnationFields({ ...other, pattern: 'turn-key-repetition' }, source)).toEqual({
      ...source,
      pattern: 'turn-key-repetition',
      source: 'coordinator',
      file: null,
      occurrences: 3,
    });
  });

  it('is not written for what happened twice, nor for a turn limit', () => {
    expect(stagnationFields({ ...finding, occurrences: 2 }, source)).toBeUndefined();
    expect(stagnationFields({ ...finding, pattern: 'turn-limit', occurrences: 16 }, source)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { BatonError } from '../../../src/core/errors.ts';
import { planFrontmatterEdits, readFrontmatterScalars } from '../../../src/core/markdown/frontmatter.ts';
import { locateFrontmatter } from '../../../src/core/markdown/frontmatterBlock.ts';

function edit(text: string, values: Record<string, string | undefined>): string {
  return applyEdits(text, planFrontmatterEdits(text, values));
}

describe('frontmatter edits', () => {
  const file = [
    '\uFEFF---',
    '# machine state',
    'baton: session/1   # kind',
    "title: 'It''s' # quoted",
    'issues:',
    '  - 12 # first',
    '  - 15',
    'text: |',
    '  a',
    '  b',
    'empty:',
    'last: x',
    '---',
    '# Body',
    'status: not this',
    '',
  ].join('\r\n');

  it('change a value and nothing else', () => {
    expect(edit(file, { baton: 'session/2' })).toBe(file.replace('session/1', 'session/2'));
    expect(edit(file, { title: "It's" })).toBe(file);
    expect(edit(file, { title: 'New' })).toBe(file.replace("'It''s'", 'New'));
    expect(edit(file, { empty: 'now' })).toBe(file.replace('empty:', 'empty: now'));
    expect(edit(file, { issues: 'none' })).toBe(file.replace('issues:\r\n  - 12 # first\r\n  - 15', 'issues: none'));
    expect(edit(file, { text: 'one' })).toBe(file.replace('text: |\r\n  a\r\n  b', 'text: one'));
  });

  it('add keys at the end and remove them with their lines', () => {
    expect(edit(file, { status: 'active', at: '2026-01-02T09:00:00+01:00' })).toBe(
      file.replace('last: x\r\n', 'last: x\r\nstatus: active\r\nat: 2026-01-02T09:00:00+01:00\r\n'),
    );
    expect(edit(file, { baton: undefined, nothing: undefined })).toBe(
      file.replace('baton: session/1   # kind\r\n', ''),
    );
    expect(edit(file, { issues: undefined })).toBe(file.replace('issues:\r\n  - 12 # first\r\n  - 15\r\n', ''));
    expect(edit(file, { text: undefined })).toBe(file.replace('text: |\r\n  a\r\n  b\r\n', ''));
  });

  it('create a block where there is none, behind the BOM', () => {
    expect(edit('\uFEFF# A\r\n', { a: '1' })).toBe('\uFEFF---\r\na: 1\r\n---\r\n\r\n# A\r\n');
    expect(edit('', { a: '1' })).toBe('---\na: 1\n---\n');
    expect(edit('# A\n', { a: undefined })).toBe('# A\n');
    expect(edit('---\n---\n# A\n', { a: '1' })).toBe('---\na: 1\n---\n# A\n');
    expect(edit('---\n# only a comment\n---\n', { a: '1' })).toBe('---\n# only a comment\na: 1\n---\n');
  });

  it('quote what YAML would read as something else', () => {
    const lineFor = (value: string): string | undefined => edit('---\n---\n', { k: value }).split('\n')[1];
    expect(lineFor('plain text')).toBe('k: plain text');
    expect(lineFor('3')).toBe('k: 3');
    expect(lineFor('2026-01-02T09:00:00+01:00')).toBe('k: 2026-01-02T09:00:00+01:00');
    for (const value of [
      '',
      ' x',
      'a: b',
      'a #b',
      '1e5',
      '0112233',
      '1.10',
      'null',
      '~',
      'true',
      'yes',
      '- x',
      '*x',
      '&x',
      '!x',
      '@x',
      '%x',
      '`x`',
    ]) {
      expect(lineFor(value)).toBe(`k: ${JSON.stringify(value)}`);
    }
    for (const value of ['"x"', "'x'", '[a]', '{a}', '| x', '> x', 'x:', 'a\nb', 'a\tb', '\u2028', '\uFEFFx']) {
      expect(lineFor(value)?.startsWith('k: "')).toBe(true);
    }
  });

  it('read back what was written, for any text, and change nothing the second time', () => {
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a: b', '# x', "'", '"', '\r\n', '---'),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('baton', 'new', 'title', 'empty', 'we ird: key', '__proto__'), value),
        (values) => {
          const after = edit(file, values);
          const read = readFrontmatterScalars(after);
          for (const [key, wanted] of Object.entries(values)) expect(read?.[key]).toBe(wanted);
          expect(after.endsWith(file.slice(file.indexOf('# Body')))).toBe(true);
          expect(edit(after, values)).toBe(after);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['---\na: 1\n', /closing line/, 1],
    ['---\na: [1\n---\n', /frontmatter cannot be read/, 3],
    ['---\nok: 1\na: b: c\n---\n', /frontmatter cannot be read/, 3],
    ['---\na: 1\na: 2\n---\n', /unique/i, 3],
    ['---js\na: 1\n---\n', /"js"/, 1],
    ['---\n- a\n---\n', /key: value/, 2],
    ['---\n{a: 1}\n---\n', /braces/, 2],
  ])('refuse %j and name the line', (text, message, line) => {
    let caught: unknown;
    try {
      planFrontmatterEdits(text, { b: '1' });
    } catch (error) {
      caught = error;
    }
    if (!BatonError.is(caught, 'unreadable-file')) throw new Error('not refused');
    expect(caught.message).toMatch(message);
    expect(caught.message).toContain(`line ${line}`);
    expect(caught.data).toEqual({ line });
    expect(caught.hint).toBeTruthy();
    expect(readFrontmatterScalars(text)).toBeUndefined();
  });
});

describe('finding frontmatter', () => {
  it('takes only the very top of a file', () => {
    expect(locateFrontmatter('\n---\na: 1\n---\n')).toBeUndefined();
    expect(locateFrontmatter('----\na: 1\n---\n')).toBeUndefined();
    expect(locateFrontmatter('--- some text\na: 1\n---\n')).toBeUndefined();
    expect(locateFrontmatter('---\n---')).toMatchObject({ closed: true, range: { start: 0, end: 7 } });
    expect(locateFrontmatter('---\ra: 1\r---\r')).toMatchObject({ closed: true, contentRange: { start: 4, end: 9 } });
    expect(locateFrontmatter('---YAML\na: 1\n---\n')).toMatchObject({ language: 'yaml' });
  });

  it('does not end at a line that only begins with the marks', () => {
    expect(locateFrontmatter('---\na: 1\n----\nb: 2\n---\n')?.range.end).toBe(22);
  });
});

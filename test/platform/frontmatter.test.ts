import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { grayMatterFrontmatter as reader } from '../../src/platform/grayMatterFrontmatter.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('frontmatter', () => {
  it('is read with every scalar as the text that it is', () => {
    const text =
      '---\nid: 007\nversion: 1.10\nbig: 1e5\nyes: true\nday: 2025-01-02\nnothing: null\nempty:\nlist:\n  - 1\n  - a: ~\n---\nbody\n';
    expect(reader.read(text)).toEqual({
      kind: 'read',
      data: {
        id: '007',
        version: '1.10',
        big: '1e5',
        yes: 'true',
        day: '2025-01-02',
        nothing: 'null',
        empty: '',
        list: ['1', { a: '~' }],
      },
    });
  });

  it('is read behind a BOM, with CRLF, with lone CR, and with its language named', () => {
    const expected = { kind: 'read', data: { a: '1', b: 'x' } };
    for (const text of [
      '\uFEFF---\r\na: 1\r\nb: x\r\n---\r\nbody',
      '---\ra: 1\rb: x\r---\r',
      '---yaml\na: 1\nb: x\n---',
      '--- yaml \na: 1\nb: x\n---\n',
    ]) {
      expect(reader.read(text)).toEqual(expected);
    }
    expect(reader.read('---\n---\n')).toEqual({ kind: 'read', data: {} });
    expect(reader.read('---\n# only a comment\n---\n')).toEqual({ kind: 'read', data: {} });
  });

  it('is none where there is none', () => {
    for (const text of [
      '',
      'a: 1\n',
      '# Title\n---\na: 1\n---\n',
      '----\na: 1\n----\n',
      '---\n\nA rule first, then text.\n',
      ' ---\na: 1\n---\n',
    ]) {
      expect([text, reader.read(text).kind]).toEqual([text, 'none']);
    }
  });

  it('that is not closed is unreadable, and does not swallow the file', () => {
    expect(reader.read('---\nid: x\n\n# Title\n\n| a |\n|---|\n')).toMatchObject({
      kind: 'unreadable',
      line: 1,
      message: expect.stringContaining('---'),
    });
    expect(reader.read('---\nid: x\n...\nbody\n').kind).toBe('unreadable');
  });

  it.each([
    'js',
    ' js',
    'JS',
    'javascript',
    'constructor',
    'toString',
    '__proto__',
    'coffee',
    'cson',
    'json',
    'toml',
    'yml',
    'ts',
  ])('in %j is never read or run', (language) => {
    const file = join(temporaryFolder(), 'ran');
    const code = `require('fs').writeFileSync(${JSON.stringify(file)}, 'x')`;
    const reading = reader.read(`---${language}\n{ a: ${code} }\n---\n`);
    expect(reading).toMatchObject({ kind: 'unreadable', line: 1 });
    expect(existsSync(file)).toBe(false);
  });

  it('runs nothing whatever follows the fence', () => {
    const file = join(temporaryFolder(), 'ran');
    const code = `require('fs').writeFileSync(${JSON.stringify(file)}, 'x')`;
    for (const fence of ['---js yaml', '---\tjs', '---js;yaml', '---js\r', '\uFEFF---js', '--- js ']) {
      expect(reader.read(`${fence}\n${code}\n---\n`).kind).not.toBe('read');
    }
    expect(existsSync(file)).toBe(false);
  });

  it('that is broken gives the error with its line, every time', () => {
    const text = '---\na: 1\nb: [1, 2\nc: 3\n---\n';
    const first = reader.read(text);
    expect(first).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('YAML') });
    expect(first.kind === 'unreadable' && first.line >= 3 && first.line <= 5).toBe(true);
    expect(reader.read(text)).toEqual(first);
    expect(reader.read('---\na: 1\na: 2\n---\n')).toMatchObject({ kind: 'unreadable', line: 3 });
    expect(reader.read('---\n- a\n- b\n---\n').kind).toBe('unreadable');
    expect(reader.read('---\njust text\n---\n').kind).toBe('unreadable');
  });

  it('does not hand out what a caller changed', () => {
    const text = '---\na: 1\n---\n';
    const first = reader.read(text);
    if (first.kind === 'read') Object.assign(first.data, { a: 'changed' });
    expect(reader.read(text)).toEqual({ kind: 'read', data: { a: '1' } });
  });

  it('cannot reach a prototype or blow up by aliases', () => {
    const reading = reader.read('---\n__proto__:\n  polluted: yes\nconstructor: x\n---\n');
    expect(reading.kind).toBe('read');
    expect(Object.prototype).not.toHaveProperty('polluted');
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`),
    ];
    expect(reader.read(`---\n${bomb.join('\n')}\n---\n`).kind).toBe('unreadable');
  });
});

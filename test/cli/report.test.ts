import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliProject } from './support/cliProject.ts';
import { planOf, shopFiles } from './support/shop.ts';

const secondProject = {
  'docs/DEPOT_PROMPTS.md': planOf([{ id: 'DP-01', title: 'Count the crates', repository: 'depot' }]).replaceAll(
    'Shop',
    'Depot',
  ),
  'docs/progress/DEPOT_PROGRESS.md': `# Depot Progress

> **Plan:** [DEPOT_PROMPTS.md](../DEPOT_PROMPTS.md)

## Repository: depot

| Session | Status | Started | Completed | Commit | Owner |
|---------|--------|---------|-----------|--------|-------|
| DP-01 | ✅ Done | 2026-11-02 09:00 | 2026-11-02 10:30 | — | =cmd() |
`,
};

describe('baton report', () => {
  let project: CliProject;

  beforeEach(() => {
    project = new CliProject({ ...shopFiles, ...secondProject });
  });
  afterEach(() => project.dispose());

  it('writes a page, and another time over it', async () => {
    const first = await project.run(['report', '--html', 'progress ü.html']);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('progress ü.html with 6 sessions.');
    const page = project.read('progress ü.html');
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    for (const id of ['BE-01', 'BE-02', 'BE-03', 'FE-01', 'FE-02', 'DP-01']) expect(page).toContain(`>${id}</th>`);
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/NaN|Invalid Date/);

    const again = await project.json(['report', '--html', 'progress ü.html', '--project', 'Depot']);
    expect(again.data).toMatchObject({ sessions: 1, done: 1 });
    expect(again.data.files).toEqual([
      {
        format: 'html',
        path: join(project.root, 'progress ü.html'),
        bytes: statSync(join(project.root, 'progress ü.html')).size,
      },
    ]);
    expect(project.read('progress ü.html')).not.toContain('BE-01');
    expect(readdirSync(project.root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes CSV with the columns of all tables, formulas harmless, and a mark for spreadsheets', async () => {
    expect((await project.run(['report', '--csv', 'progress.csv'])).code).toBe(0);
    const [head = '', ...lines] = project.read('progress.csv').split('\r\n');
    expect(head).toMatch(/^\ufeffProject,Repository,Section,Track,Session,Title,State,Started,Ended,Minutes,/);
    expect(head).toMatch(/,Commit,Owner,Notes$|,Commit,Notes,Owner$/);
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toBe('');
    const [first = ''] = lines.filter((line) => line.includes(',BE-01,'));
    expect(first).toContain('Shop,backend,');
    expect(first).toContain(',done,2026-11-02T');
    expect(first).toContain(',60,45,claude-sonnet-4,');
    expect(lines.find((line) => line.includes('DP-01'))).toContain("'=cmd()");
    expect((await project.run(['report', '--csv', 'progress.csv'])).code).toBe(0);
  });

  it('writes both at once', async () => {
    const { data } = await project.json(['report', '--html', 'a.html', '--csv', 'a.csv']);
    expect(data.files.map(({ format }: { format: string }) => format)).toEqual(['html', 'csv']);
    expect([project.has('a.html'), project.has('a.csv')]).toEqual([true, true]);
  });

  it('prints to stdout for "-"', async () => {
    const csv = await project.run(['report', '--csv', '-']);
    expect([csv.code, csv.stderr]).toEqual([0, '']);
    expect(csv.stdout).toMatch(/^Project,/);
    expect(csv.stdout.trimEnd().split('\r\n')).toHaveLength(7);
    const html = await project.run(['report', '--html', '-']);
    expect(html.stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    const { data } = await project.json(['report', '--csv', '-']);
    expect(data.files).toEqual([
      { format: 'csv', path: null, bytes: Buffer.byteLength(csv.stdout), content: csv.stdout },
    ]);
    expect(project.gitStatus()).toBe('');
  });

  it.each([
    ['--html', 'notes.html', '<p>mine</p>\n'],
    ['--csv', 'notes.csv', 'a,b\r\n1,2\r\n'],
    ['--html', 'docs/SHOP_PROMPTS.md', undefined],
  ])('%s %s: refuses a file that it did not write, unless forced', async (option, file, text) => {
    if (text !== undefined) project.write(file, text);
    const before = project.read(file);
    const refused = await project.json(['report', option, file]);
    expect(refused).toMatchObject({ code: 1, ok: false, error: { code: 'already-exists' } });
    expect(refused.error.hint).toContain('--force');
    expect(project.read(file)).toBe(before);
    expect((await project.run(['report', option, file, '--force'])).code).toBe(0);
    expect(project.read(file)).not.toBe(before);
  });

  it('keeps the mode of what it replaces, follows links, and refuses a file without write bits', async () => {
    mkdirSync(join(project.root, 'site'));
    await project.run(['report', '--html', 'site/index.html']);
    chmodSync(join(project.root, 'site/index.html'), 0o640);
    symlinkSync('site/index.html', join(project.root, 'link.html'));
    expect((await project.run(['report', '--html', 'link.html', '--project', 'Depot'])).code).toBe(0);
    expect(lstatSync(join(project.root, 'link.html')).isSymbolicLink()).toBe(true);
    expect(statSync(join(project.root, 'site/index.html')).mode & 0o777).toBe(0o640);
    const depot = project.read('site/index.html');
    expect(depot).not.toContain('BE-01');

    chmodSync(join(project.root, 'site/index.html'), 0o440);
    const refused = await project.json(['report', '--html', 'link.html', '--force']);
    expect(refused.error).toMatchObject({ code: 'read-only' });
    expect(project.read('site/index.html')).toBe(depot);
  });

  it.each([
    [['report'], 2, 'invalid-argument', '--html'],
    [['report', '--html', 'no/such/folder/a.html'], 2, 'invalid-argument', 'folder'],
    [['report', '--html', 'docs'], 2, 'invalid-argument', 'Name a file'],
    [['report', '--html', ''], 2, 'invalid-argument', ''],
    [['report', '--html', '-', '--csv', '-'], 2, 'invalid-argument', 'two files'],
    [['report', '--html', 'a', '--csv', './a'], 2, 'invalid-argument', 'two files'],
    [['report', '--csv', 'a.csv', '--project', 'Nope'], 1, 'no-project', 'Shop'],
  ])('%j is refused with exit code %d', async (args, code, error, hint) => {
    const refused = await project.json(args);
    expect(refused).toMatchObject({ code, ok: false, error: { code: error } });
    if (hint !== '') expect(refused.error.hint).toContain(hint);
    expect(project.gitStatus()).toBe('');
  });

  it('reads and changes nothing of the project', async () => {
    const before = project.read('docs/progress/SHOP_PROGRESS.md');
    await project.run(['report', '--csv', '-']);
    expect(project.read('docs/progress/SHOP_PROGRESS.md')).toBe(before);
    expect(project.gitStatus()).toBe('');
  });
});

describe('baton report without anything to report', () => {
  it('says so, and writes nothing', async () => {
    const project = new CliProject({ 'readme.md': '# Nothing here\n' });
    try {
      const refused = await project.json(['report', '--html', 'a.html']);
      expect(refused).toMatchObject({ code: 1, error: { code: 'no-project' } });
      expect(project.has('a.html')).toBe(false);
    } finally {
      project.dispose();
    }
  });

  it('shows files with broken lines, CRLF and unknown columns', async () => {
    const project = new CliProject({
      'docs/progress/ODD_PROGRESS.md':
        '\ufeff# Odd Progress\r\n\r\n| Session | Status | Wer | Started |\r\n|---|---|---|---|\r\n| A-1 | ✅ Done | "Ada, \\| Co" | 31-99 |\r\n| A-2 |\r\n',
    });
    try {
      const { stdout } = await project.run(['report', '--csv', '-']);
      expect(stdout).toContain('"""Ada, | Co"""');
      const page = (await project.run(['report', '--html', '-'])).stdout;
      expect(page).toContain('>A-1</th>');
      expect(page).not.toMatch(/NaN|Invalid Date/);
      expect(readFileSync(join(project.root, 'docs/progress/ODD_PROGRESS.md'), 'utf8')).toContain('\r\n');
    } finally {
      project.dispose();
    }
  });
});

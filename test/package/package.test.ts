import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bundles } from '../../scripts/lib/build.ts';
import { withoutRepository } from '../../scripts/lib/package.ts';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type VscodeWindow } from '../support/vscodeWindow.ts';
import { readZip } from './zip.ts';

const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** All that may be in the package. */
const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package(\.nls(\.[\w-]+)?)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/dist\/[\w-]+\.cjs$/,
  // Beside the page's own files the parts that it loads when they are looked at.
  /^extension\/dist\/webview\/\w+(-[A-Z0-9]{8})?\.(js|css)$/,
  /^extension\/media\/[\w-]+\.(png|svg)$/,
  /^extension\/media\/walkthrough\/[\w-]+\.(png|svg|md)$/,
  /^extension\/resources\/(l10n|schemas|templates|snippets|skills|prompts|plugin)\/.+\.(json|md)$/,
];

describe('the package', () => {
  const vsix = inject('vsix');
  let files: ReadonlyMap<string, Buffer>;

  beforeAll(() => {
    files = readZip(readFileSync(vsix));
  });

  const text = (file: string): string => files.get(file)?.toString() ?? '';

  it('holds nothing but what users need', () => {
    const strange = [...files.keys()].filter((file) => !allowed.some((pattern) => pattern.test(file)));
    expect(strange).toEqual([]);
    const built = bundles.map(({ name }) => `dist/${name}.cjs`);
    const shown = ['dashboard.js', 'dashboard.css'].map((name) => `dist/webview/${name}`);
    for (const file of [...built, ...shown, 'media/icon.png', 'LICENSE.txt', 'package.json']) {
      expect(files.has(`extension/${file}`), file).toBe(true);
    }
  });

  it('is at most 1.5 MB', () => {
    expect(statSync(vsix).size).toBeLessThanOrEqual(1.5 * 1024 * 1024);
  });

  it('is minified and has no source maps', () => {
    for (const [file, content] of files) {
      if (!file.endsWith('.cjs')) continue;
      expect(content.toString(), file).not.toContain('sourceMappingURL');
      // esbuild names each module in a comment, unless it minifies. Lines say nothing: texts in templates keep theirs.
      expect(content.toString(), file).not.toMatch(/^\/\/ (?:src|node_modules)\//m);
    }
  });

  it('says what it is and holds nothing of this repository alone', () => {
    const packed = JSON.parse(text('extension/package.json'));
    expect(packed).toMatchObject({ name: manifest.name, version: manifest.version, main: './dist/extension.cjs' });
    for (const key of ['scripts', 'devDependencies', 'private', 'overrides', 'allowScripts']) {
      expect(packed).not.toHaveProperty(key);
    }
  });

  it('names the files of package.json that are in it', () => {
    const packed = JSON.parse(text('extension/package.json'));
    expect(files.has(`extension/${packed.icon}`)).toBe(true);
    const [, width] = [
      files.get('extension/media/icon.png')?.readUInt32BE(16),
      files.get('extension/media/icon.png')?.readUInt32BE(20),
    ];
    expect(width).toBeGreaterThanOrEqual(128);
    const containers: { icon: string }[] = Object.values(packed.contributes?.viewsContainers ?? {}).flat() as never;
    for (const { icon } of containers) expect(icon.startsWith('$(') || files.has(`extension/${icon}`), icon).toBe(true);
  });
});

describe('the command line in the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-package-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs away from node_modules', () => {
    mkdirSync(join(folder, 'dist'));
    for (const [file, content] of readZip(readFileSync(inject('vsix')))) {
      if (/^extension\/dist\/[\w-]+\.cjs$/.test(file))
        writeFileSync(join(folder, file.slice('extension/'.length)), content);
    }
    const out = execFileSync(process.execPath, [join(folder, 'dist/cli.cjs'), '--version'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(out.trim()).toBe(manifest.version);
  });
});

describe('the installed package', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({ path: sample.path, vsix: [inject('vsix')] });
  });

  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });

  stopAtFirstFailure(() => window);

  it('is activated by the sample', async () => {
    expect(await window.runningExtension(manifest.displayName)).toMatch(/Activation: \d+ms/);
  });

  it('completes a session', async () => {
    await window.openContainer('Baton');
    await window.collapseView('Task Lists');
    await window.rowAction(/^BE-04/, 'Complete Session', 'Sessions');
    await window.quickInput('Complete BE-04');
    await window.accept();
    await window.modal().filter({ hasText: 'node --test backend/test/seats.test.js' }).waitFor();
    await window.answerModal('Run Once');
    await window.quickInput('Files to commit');
    await window.accept();
    await window.notification('BE-04 is done (verified 3/3).').waitFor();
    expect(sample.row('BE-04')[1]).toBe('✅ Done');
    expect(sample.subjects(2)).toEqual([
      'chore(progress): record BE-04',
      'feat(seats): reserve seats for a limited time',
    ]);
    expect(sample.git('status', '--porcelain')).toBe('');
  });

  it('is there again after the extension host was killed', async () => {
    await window.command('Baton: Start Session');
    await window.quickInput('Start Session');
    await window.pick('BE-07');
    await window.row(/^BE-07, .*active/, 'Sessions').waitFor();
    await expect.poll(() => sample.row('BE-07')[1]).toBe('🔄 Active');
    const pid = window.extensionHostPid();
    expect(pid).toBeGreaterThan(0);
    process.kill(pid ?? 0, 'SIGKILL');
    await expect.poll(() => window.extensionHostPid() ?? pid, { timeout: 20_000 }).not.toBe(pid);
    // Only an extension that runs again writes this.
    await window.tick(/^Rows are sorted/, 'Current Session');
    await expect
      .poll(() => sample.read('docs/sessions/SESSION.md'), { timeout: 20_000 })
      .toContain('- [x] Rows are sorted');
    await window.row(/^Checklist, 1 of 3 done/, 'Current Session').waitFor();
    await window.row(/^BE-07, .*active/, 'Sessions').waitFor();
    await window.row(/^BE-06, .*ready/, 'Sessions').waitFor();
    await window.screenshot('package-after-crash');
  });
});

describe('withoutRepository', () => {
  it('takes pictures out and makes links to files plain text', () => {
    const page = [
      '# Baton',
      '',
      '![Trees](media/readme/trees.png)',
      '',
      '<p align="center"><img src="media/readme/a.png" width="600"></p>',
      '',
      'See [the architecture](ARCHITECTURE.md), [below](#below) and [Node](https://nodejs.org).',
      '',
      '```md',
      '![kept](a.png) [kept](b.md)',
      '```',
      '',
    ].join('\n');
    expect(withoutRepository(page)).toBe(
      [
        '# Baton',
        '',
        'See the architecture, [below](#below) and [Node](https://nodejs.org).',
        '',
        '```md',
        '![kept](a.png) [kept](b.md)',
        '```',
        '',
      ].join('\n'),
    );
  });
});

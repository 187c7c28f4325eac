import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, build, bundles } from '../../scripts/lib/build.ts';
import { buildWebviews } from '../../scripts/lib/webviewBuild.ts';

const root = resolve(import.meta.dirname, '../..');

/** What must not be in a bundle: parts of the source, and packages that it would `require` when it runs. */
interface Limits {
  readonly source: RegExp;
  readonly required: RegExp;
}

const node =
  /^(node:|assert$|async_hooks$|buffer$|child_process$|constants$|crypto$|events$|fs$|fs\/promises$|http$|https$|module$|net$|os$|path$|process$|stream$|string_decoder$|timers$|tty$|url$|util$|v8$|worker_threads$|zlib$)/;

const limits: Record<string, Limits> = {
  cli: { source: /(^|\/)src\/(extension|webview|mcp)\//, required: /^vscode$/ },
  cliSessions: { source: /(^|\/)src\/(extension|webview|mcp|supervisor)\/|(^|\/)commander\//, required: /^vscode$/ },
  cliVerbs: { source: /(^|\/)src\/(extension|webview|mcp)\//, required: /^vscode$/ },
  mcp: { source: /(^|\/)src\/(extension|webview|cli|supervisor)\//, required: /^vscode$/ },
  supervisor: { source: /(^|\/)src\/(extension|webview|cli|mcp)\//, required: /^vscode$/ },
  extension: { source: /(^|\/)src\/(cli|mcp)\//, required: /^$/ },
  report: { source: /(^|\/)src\/(?!webview\/|core\/)/, required: /^vscode$/ },
  toolInputs: { source: /(^|\/)src\/(?!extension\/agents\/toolInputs\.ts$)/, required: /^vscode$/ },
};

/** What runs in a webview knows no host, no platform, and of the core only what needs neither. */
const pageLimits: Limits = {
  source: /(^|\/)src\/(?!webview\/|core\/(?:base|model)\/)/,
  required: /./,
};

/** Names what a bundle holds or requires although it must not. */
function leaks(metafile: Metafile, { source, required }: Limits, own: readonly string[] = []): readonly string[] {
  const inputs = Object.keys(metafile.inputs).filter((input) => source.test(input));
  const imports = Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .flatMap(({ path, external }) => (external === true ? path : []));
  const outside = imports.filter((path) => required.test(path) || !(node.test(path) || own.includes(path)));
  return [...new Set([...inputs, ...outside])];
}

function readMetafile(outDir: string, name: string): Metafile {
  return JSON.parse(readFileSync(join(outDir, `${name}.meta.json`), 'utf8'));
}

/** The bytes of the files that are loaded with these: themselves and what they import at once. */
function loadedBytes({ outputs }: Metafile, ...files: readonly string[]): number {
  const loaded = new Set<string>();
  const queue = [...files];
  for (const path of queue) {
    const output = outputs[path];
    if (output === undefined || loaded.has(path)) continue;
    loaded.add(path);
    queue.push(...output.imports.filter(({ kind }) => kind === 'import-statement').map((each) => each.path));
  }
  return [...loaded].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
}

describe('the bundles', () => {
  const planted = mkdtempSync(join(tmpdir(), 'baton bundles ü-'));
  const outDir = join(planted, 'dist');

  function put(file: string, text: string): string {
    mkdirSync(dirname(join(planted, file)), { recursive: true });
    writeFileSync(join(planted, file), text);
    return join(planted, file);
  }

  /** Builds one planted entry and tells what leaks. */
  async function leaksOf(name: string, entry: string, external: readonly string[] = []): Promise<readonly string[]> {
    const bundle: Bundle = { name, entry, target: 'node20', external: ['vscode', ...external] };
    await build({ only: [bundle], outDir, quiet: true });
    return leaks(readMetafile(outDir, name), limits[name] ?? { source: /^$/, required: /^$/ }, ['vscode']);
  }

  beforeAll(async () => {
    await build({ outDir: join(planted, 'real'), quiet: true });
    put('src/extension/window.ts', "import * as vscode from 'vscode';\nexport const show = vscode.window;\n");
    put('src/cli/text.ts', "export const text = 'text';\n");
  });

  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  it.each(bundles)('hold in $name only what belongs there', ({ name, external, lazyFrom }) => {
    const loaded = bundles.filter((other) => other.lazyFrom?.includes(name)).map((other) => `./${other.name}.cjs`);
    const limit = limits[name] ?? { source: /(^|\/)src\/(extension|cli|mcp|webview)\//, required: /^vscode$/ };
    expect(leaks(readMetafile(join(planted, 'real'), name), limit, [...(external ?? []), ...loaded])).toEqual([]);
    expect(lazyFrom ?? ['a host']).not.toEqual([]);
  });

  it('show a leak of the extension into the command line', async () => {
    const entry = put('src/cli/main.ts', "import { show } from '../extension/window.ts';\nconsole.log(show);\n");
    const found = await leaksOf('cli', entry);
    expect(found.some((leak) => leak.endsWith('src/extension/window.ts'))).toBe(true);
    expect(found).toContain('vscode');
  });

  it('show a leak of the command line into the extension', async () => {
    const entry = put('src/extension/extension.ts', "import { text } from '../cli/text.ts';\nconsole.log(text);\n");
    const found = await leaksOf('extension', entry);
    expect(found.map((leak) => leak.slice(leak.indexOf('src/')))).toEqual(['src/cli/text.ts']);
  });

  it('show a package that was left outside', async () => {
    const entry = put('src/mcp/main.ts', "import { parse } from 'yaml';\nconsole.log(parse('a'));\n");
    expect(await leaksOf('mcp', entry, ['yaml'])).toEqual(['yaml']);
  });

  it('refuse a static import of what is loaded late, and keep a dynamic one out', async () => {
    const heavy: Bundle = {
      name: 'heavy',
      entry: put('heavy.ts', 'export const x = 1;\n'),
      target: 'node20',
      lazyFrom: ['host'],
    };
    const host = (entry: string): Bundle => ({ name: 'host', entry, target: 'node20' });
    const late = put('late.ts', "export const load = () => import('./heavy.ts');\n");
    await build({ only: [heavy, host(late)], outDir, quiet: true });
    expect(
      Object.keys(readMetafile(outDir, 'host').inputs).map((input) => input.slice(input.lastIndexOf('/') + 1)),
    ).toEqual(['late.ts']);
    const script = `require(${JSON.stringify(join(outDir, 'host.cjs'))}).load().then(({ x }) => console.log(x))`;
    expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('1\n');

    const early = put('early.ts', "import { x } from './heavy.ts';\nexport const y = x;\n");
    await expect(build({ only: [heavy, host(early)], outDir, quiet: true })).rejects.toThrow(/loaded late/);
  });

  it('load at most 100 KB when the extension starts, 350 KB with the first scan, and the verbs with the first command', async () => {
    const minified = join(planted, 'minified');
    await build({ outDir: minified, production: true, quiet: true });
    const metafile = readMetafile(minified, 'extension');
    const main = Object.keys(metafile.outputs).find((file) => file.endsWith('/extension.cjs')) ?? '';
    const ofEntry = (entry: string) =>
      Object.keys(metafile.outputs).filter((file) => metafile.outputs[file]?.entryPoint === entry);
    const [scan = ''] = ofEntry('src/extension/firstScan.ts');
    expect(loadedBytes(metafile, main)).toBeGreaterThan(50_000);
    expect(loadedBytes(metafile, main)).toBeLessThanOrEqual(100_000);
    expect(loadedBytes(metafile, scan)).toBeGreaterThan(100_000);
    expect(loadedBytes(metafile, main, scan)).toBeLessThanOrEqual(350_000);
    const total = Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total).toBeGreaterThan(loadedBytes(metafile, main, scan));
    // Each of the two is one file: an extension host takes about as long to find a file as to compile it.
    expect(loadedBytes(metafile, main)).toBe(statSync(join(minified, 'extension.cjs')).size);
    for (const absent of ['commander', 'simple-git', 'yaml', 'gray-matter', 'entities', 'linkify-it']) {
      const inputs = Object.keys(metafile.inputs);
      expect(inputs.filter((input) => input.includes(`node_modules/${absent}/`))).toEqual([]);
    }
    // Each part is one whole module, and the files are the sizes that were counted.
    for (const file of Object.keys(metafile.outputs)) {
      const text = readFileSync(join(minified, file.slice(file.lastIndexOf('/') + 1)), 'utf8');
      expect(text).not.toMatch(/^(?:import|export)\b/m);
    }
  });

  it('give the dashboard’s page at most 150 KB, of the page’s own code and what a browser runs', async () => {
    const folder = join(planted, 'page');
    await buildWebviews({ outDir: folder, production: true, quiet: true });
    const metafile: Metafile = JSON.parse(readFileSync(join(folder, 'webview/meta.json'), 'utf8'));
    const outputs = Object.keys(metafile.outputs);
    const page = outputs.find((path) => path.endsWith('/dashboard.js')) ?? '';
    const bytes = loadedBytes(metafile, page);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(150 * 1024);
    // The board of wave runs is loaded where it is looked at.
    expect(
      outputs.reduce((sum, path) => sum + (path.endsWith('.js') ? (metafile.outputs[path]?.bytes ?? 0) : 0), 0),
    ).toBeGreaterThan(bytes);
    expect(leaks(metafile, pageLimits)).toEqual([]);
    // What the policy of the page would stop.
    for (const path of outputs.filter((one) => one.endsWith('.js'))) {
      const script = readFileSync(join(folder, 'webview', path.slice(path.lastIndexOf('/') + 1)), 'utf8');
      expect(script).not.toMatch(/\beval\(|new Function\(/);
    }
    expect(statSync(join(folder, 'webview/dashboard.css')).size).toBeGreaterThan(1000);
  });

  it('show a leak of the extension into the dashboard’s page', async () => {
    const entry = put('src/webview/planted.ts', "import { text } from '../extension/text.ts';\nconsole.log(text);\n");
    put('src/extension/text.ts', "export const text = 'text';\n");
    await build({ only: [{ name: 'planted', entry, target: 'node20' }], outDir, quiet: true });
    const found = leaks(readMetafile(outDir, 'planted'), pageLimits);
    expect(found.map((leak) => leak.slice(leak.indexOf('src/')))).toEqual(['src/extension/text.ts']);
  });

  it('make the command line a file that can be started', () => {
    const file = join(planted, 'real/cli.cjs');
    expect(statSync(file).mode & 0o111).toBe(0o111);
    expect(readFileSync(file, 'utf8').split('\n', 1)).toEqual(['#!/usr/bin/env node']);
    const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(bin).toEqual({ baton: 'dist/cli.cjs' });
    // What a quick read does not need is in the other file.
    const inputs = Object.keys(readMetafile(join(planted, 'real'), 'cli').inputs);
    expect(
      inputs.filter((input) =>
        /node_modules\/(?!@noble\/hashes\/)|src\/core\/actions\/(?!tasks\/problemWarnings)/.test(input),
      ),
    ).toEqual([]);
  });
});

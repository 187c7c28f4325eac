/**
 * The build. Each entry of `bundles` makes one file in dist/ and its metafile (`dist/<name>.meta.json`),
 * from which test/architecture reads what went in.
 *
 * To keep something out of what activation loads (git, frontmatter, agents), give it a bundle of its own:
 * add an entry here with `lazyFrom`, and import the module in the host only as
 * `await import('../platform/heavy.ts')`. That import is then turned into `require('./heavy.cjs')`, run when it
 * is reached; importing it statically is an error of the build. Bundles share no state: a class that must be
 * one and the same on both sides (`instanceof`) belongs into neither twice, so pass such values as arguments.
 *
 * `latePackages` are evaluated when something of them is first used, however they are imported. One that has a bundle of its own, whose
 * `entry` is the package's name, is left out of the bundles in its `lazyFrom` as well.
 */

import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { type BuiltFile, mergeParts } from './mergeParts.ts';
import { buildWebviews, watchWebviews } from './webviewBuild.ts';

const root = resolve(import.meta.dirname, '../..');

/** One file in dist/. */
export interface Bundle {
  /** File name in dist/, without `.cjs`. */
  readonly name: string;
  /** Entry point, from the repository's root; or one of `latePackages`. */
  readonly entry: string;
  /** The oldest Node that runs it: VS Code's own for the extension, 20 for the command line. */
  readonly target: string;
  readonly external?: readonly string[];
  /** Makes the file executable, with this as its first line. */
  readonly shebang?: string;
  /**
   * What only dynamic imports reach goes into files of its own, `<name>_<hash>.cjs`, loaded when they are reached. The parts share one
   * state, unlike bundles.
   */
  readonly split?: boolean;
  /**
   * Bundles of the same group are split together: what several need is in parts that they share, `<group>_<hash>.cjs`, and so is what only
   * dynamic imports reach.
   */
  readonly group?: string;
  /** Entries of which each becomes one file, with all that it loads at once: beside `entry`, those of dynamic imports. */
  readonly whole?: readonly string[];
  /**
   * Parts made of at most so many bytes of source become one file: each file costs time to find and to compile, and what is packed in small
   * pieces is packed badly. Of a group its first bundle says it.
   */
  readonly gatherBytes?: number;
  /** Names of the bundles that load this one by a dynamic import of its entry. */
  readonly lazyFrom?: readonly string[];
}

/** Everything that is built. */
export const bundles: readonly Bundle[] = [
  {
    name: 'extension',
    entry: 'src/extension/extension.ts',
    target: 'node22',
    external: ['vscode'],
    split: true,
    whole: ['src/extension/extension.ts', 'src/extension/firstScan.ts'],
  },
  // simple-git: the command line has it inside, where it is evaluated as late.
  { name: 'git', entry: 'src/platform/git/simpleGit.ts', target: 'node20', lazyFrom: ['extension'] },
  { name: 'yaml', entry: 'yaml', target: 'node20', lazyFrom: ['extension', 'cliSessions'] },
  { name: 'frontmatter', entry: 'gray-matter', target: 'node20', lazyFrom: ['extension', 'cliSessions'] },
  // valibot, for the first call of a language model tool.
  { name: 'toolInputs', entry: 'src/extension/agents/toolInputs.ts', target: 'node22', lazyFrom: ['extension'] },
  // The command line is three files: what answers quick reads of task lists, what answers those of sessions, and all its verbs, which take
  // longer to load than such a read to answer.
  { name: 'cli', entry: 'src/cli/main.ts', target: 'node20', shebang: '#!/usr/bin/env node' },
  { name: 'cliSessions', entry: 'src/cli/quickSessions.ts', target: 'node20', lazyFrom: ['cli'] },
  {
    name: 'cliVerbs',
    entry: 'src/cli/run.ts',
    target: 'node20',
    group: 'node',
    gatherBytes: 100_000,
    lazyFrom: ['cli'],
  },
  // Beside the command line, which loads it by its path when somebody runs `baton mcp`: its packages would make every start slower.
  { name: 'mcp', entry: 'src/mcp/main.ts', target: 'node20', group: 'node' },
  // A process of its own, which outlives whoever starts it.
  { name: 'supervisor', entry: 'src/supervisor/main.ts', target: 'node20', group: 'node' },
  // Beside the hosts, which load it by its path when somebody asks for a report: Preact and the charts, rendered without a browser.
  { name: 'report', entry: 'src/webview/report/renderReport.tsx', target: 'node20' },
];

/** The files that the command line needs to run, without the server and the supervisor. */
export const commandLine: readonly Bundle[] = bundles.filter(
  ({ name, lazyFrom }) => name === 'cli' || lazyFrom?.some((from) => from === 'cli' || from === 'cliSessions'),
);

/** What costs time to load and is needed by few runs: broken or nested YAML, frontmatter, processes (commander asks for them too), hashes. */
const latePackages: readonly string[] = ['yaml', 'gray-matter', 'node:child_process', 'node:crypto'];

const refusedInline = 'src/core/markdown/refusedInline.ts';

/** Packages that other packages import and that never run here, with what stands for them. */
const refused: Readonly<Record<string, string>> = {
  'js-yaml': 'src/platform/refusedYaml.ts',
  entities: refusedInline,
  'linkify-it': refusedInline,
  mdurl: refusedInline,
  'punycode.js': refusedInline,
  'uc.micro': refusedInline,
};

export interface BuildOptions {
  /** Minified, without source maps. */
  readonly production?: boolean;
  /** Prints nothing but errors. */
  readonly quiet?: boolean;
  /** Folder for the result, `dist` unless told. */
  readonly outDir?: string;
  /** What to build, everything unless told. */
  readonly only?: readonly Bundle[];
}

/** Builds once. Throws with esbuild's messages (printed already) when a bundle fails. */
export async function build(options: BuildOptions = {}): Promise<void> {
  const outDir = resolve(root, options.outDir ?? 'dist');
  const chosen = options.only ?? bundles;
  const units = toUnits(chosen);
  const results = await Promise.all(units.map((unit) => esbuild.build(settings(unit, chosen, options, outDir))));
  const written: string[] = [];
  for (const [index, unit] of units.entries()) {
    const result = results[index];
    if (result) written.push(...(await writeUnit(unit, result, outDir, options)));
  }
  if (options.only) return;
  removeLeftovers(outDir, written, options);
  await buildWebviews({ ...options, outDir });
}

/** Builds, and again after each change, until the process ends. */
export async function watch(options: BuildOptions = {}): Promise<void> {
  const outDir = resolve(root, options.outDir ?? 'dist');
  for (const unit of toUnits(bundles)) {
    const report: esbuild.Plugin = {
      name: 'write',
      setup(builder) {
        builder.onEnd(async (result) => {
          if (result.errors.length === 0) await writeUnit(unit, result, outDir, options);
        });
      },
    };
    const base = settings(unit, bundles, options, outDir);
    const context = await esbuild.context({ ...base, plugins: [...(base.plugins ?? []), report] });
    await context.watch();
  }
  await watchWebviews({ ...options, outDir });
  console.log('Watching src/. Ctrl-C ends it.');
}

/** What is built in one go: a bundle, or those of a group. */
interface Unit {
  /** What its parts are named after. */
  readonly name: string;
  readonly first: Bundle;
  readonly members: readonly Bundle[];
  readonly isSplit: boolean;
}

function toUnits(chosen: readonly Bundle[]): readonly Unit[] {
  const groups = new Map<string, Bundle[]>();
  for (const bundle of chosen) {
    const name = bundle.group ?? bundle.name;
    groups.set(name, [...(groups.get(name) ?? []), bundle]);
  }
  return [...groups].flatMap(([name, members]) => {
    const [first] = members;
    if (first === undefined) return [];
    return [{ name, first, members, isSplit: first.split === true || first.group !== undefined }];
  });
}

function settings(unit: Unit, all: readonly Bundle[], options: BuildOptions, outDir: string): esbuild.BuildOptions {
  const { first: bundle, isSplit } = unit;
  return {
    absWorkingDir: root,
    entryPoints: Object.fromEntries(unit.members.map(({ name, entry }) => [name, entry])),
    bundle: true,
    platform: 'node',
    // esbuild splits only this format; `toCommonJs` turns the parts into the other.
    format: isSplit ? 'esm' : 'cjs',
    splitting: isSplit,
    chunkNames: `${unit.name}_[hash]`,
    target: bundle.target,
    outdir: outDir,
    outExtension: { '.js': '.cjs' },
    // Texts that are both a file of the package and written by us: the skill for agents; and the styles that a report has in it.
    loader: { '.md': 'text', '.css': 'text' },
    external: [...(bundle.external ?? [])],
    alias: Object.fromEntries(Object.entries(refused).map(([name, file]) => [name, resolve(root, file)])),
    // ESM entry points of packages first: they are tree-shaken, and some packages' CJS ones cannot be bundled.
    mainFields: ['module', 'main'],
    minify: options.production === true,
    sourcemap: options.production === true ? false : isSplit ? 'inline' : true,
    // Paths in the source map stay right in a debugger, the sources themselves are beside it.
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: options.quiet === true ? 'silent' : 'warning',
    // What is loaded late is a file beside this one: `require` finds it sooner than the loader of ES modules.
    // The parts of a split bundle are turned later.
    ...(!isSplit &&
      all.some(({ lazyFrom }) => lazyFrom?.includes(bundle.name)) && { supported: { 'dynamic-import': false } }),
    plugins: [lazyBundles(bundle, all), lateEvaluation(bundle, all)],
    ...(bundle.shebang === undefined ? {} : { banner: { js: bundle.shebang } }),
  };
}

/** Turns `import('…/heavy.ts')` of another bundle's entry into a late `require('./heavy.cjs')`. */
function lazyBundles(bundle: Bundle, all: readonly Bundle[]): esbuild.Plugin {
  const targets = new Map(
    all.filter((other) => other.lazyFrom?.includes(bundle.name)).map((other) => [resolve(root, other.entry), other]),
  );
  return {
    name: 'lazy-bundles',
    setup(builder) {
      if (targets.size === 0) return;
      builder.onResolve({ filter: /^\.\.?\// }, (args) => {
        const target = targets.get(resolve(args.resolveDir, args.path));
        if (target === undefined || args.kind === 'entry-point') return undefined;
        if (args.kind === 'dynamic-import') return { path: `./${target.name}.cjs`, external: true };
        const text = `${target.entry} is loaded late: import it with "await import(…)" (or only its types with "import type").`;
        return { errors: [{ text }] };
      });
    },
  };
}

const requireHere = createRequire(import.meta.url);

/** Puts a module in the place of each late package whose exports load it when they are read. */
function lateEvaluation(bundle: Bundle, all: readonly Bundle[]): esbuild.Plugin {
  const namespace = 'late';
  return {
    name: 'late-evaluation',
    setup(builder) {
      builder.onResolve({ filter: /^[a-z@]/ }, ({ path, namespace: from, kind }) => {
        if (from === namespace || kind === 'entry-point' || bundle.entry === path) return undefined;
        return latePackages.includes(path) ? { path, namespace } : undefined;
      });
      builder.onLoad({ filter: /.*/, namespace }, ({ path }) => {
        const own = all.find(({ entry, lazyFrom }) => entry === path && lazyFrom?.includes(bundle.name));
        return { contents: lateModule(path, own && `./${own.name}.cjs`), resolveDir: root, loader: 'js' };
      });
      builder.onResolve({ filter: /^\.\/.*\.cjs$/, namespace }, ({ path }) => ({ path, external: true }));
    },
  };
}

function lateModule(name: string, file: string | undefined): string {
  const real: object = requireHere(name);
  const load = `const load = () => require(${JSON.stringify(file ?? name)});`;
  const base = typeof real === 'function' ? '(...values) => load()(...values)' : '{}';
  const names = Object.keys(real).filter((key) => key !== 'default');
  return `${load}
module.exports = ${base};
for (const name of ${JSON.stringify(names)}) Object.defineProperty(module.exports, name, { enumerable: true, get: () => load()[name] });
`;
}

/** Writes what was built; answers the paths. */
async function writeUnit(
  unit: Unit,
  result: esbuild.BuildResult,
  outDir: string,
  options: BuildOptions,
): Promise<readonly string[]> {
  const { first, members } = unit;
  mkdirSync(outDir, { recursive: true });
  const { files, metafile } = await filesOf(unit, result, options);
  for (const { name, entry } of members) {
    const own = members.length === 1 ? metafile : metafile && metafileOf(metafile, entry);
    replaceFile(join(outDir, `${name}.meta.json`), JSON.stringify(own));
    if (options.production === true) rmSync(join(outDir, `${name}.cjs.map`), { force: true });
  }
  for (const file of files) {
    replaceFile(file.path, file.contents);
    if (first.shebang !== undefined && file.path.endsWith('.cjs')) chmodSync(file.path, 0o755);
    if (options.quiet === true || !file.path.endsWith('.cjs')) continue;
    console.log(`${relative(root, file.path)}  ${(Buffer.byteLength(file.contents) / 1024).toFixed(0)} KB`);
  }
  return files.map(({ path }) => path);
}

/** The files of a unit as they are written, and what went into each. */
async function filesOf(
  { first, isSplit }: Unit,
  { outputFiles = [], metafile }: esbuild.BuildResult,
  options: BuildOptions,
): Promise<{ readonly files: readonly OutFile[]; readonly metafile: esbuild.Metafile | undefined }> {
  if (!isSplit) return { files: outputFiles, metafile };
  const { target, whole = [], gatherBytes } = first;
  if ((whole.length === 0 && gatherBytes === undefined) || metafile === undefined) {
    return { files: outputFiles.flatMap((part) => toCommonJs(part, target, options)), metafile };
  }
  const minify = options.production === true;
  const merged = await mergeParts({
    metafile,
    parts: outputFiles,
    entries: whole,
    ...(gatherBytes !== undefined && { gatherBytes }),
    target,
    minify,
    sourcemap: !minify,
  });
  const rest = merged.rest
    .flatMap(({ path, text }) => toCommonJs({ path, contents: text }, target, options))
    .map(({ path, contents }) => ({ path, contents: merged.redirect(contents.toString()) }));
  return { files: [...merged.files.map((file) => withMap(file, options)), ...rest], metafile: merged.metafile };
}

/** Tells a debugger where the source map of a merged file is. */
function withMap({ path, text }: BuiltFile, options: BuildOptions): OutFile {
  const hasMap = options.production !== true && !path.endsWith('.map');
  return { path, contents: hasMap ? `${text}//# sourceMappingURL=${basename(path)}.map\n` : text };
}

/** What of a group's metafile one of its bundles can reach: its own outputs, and what went into them. */
function metafileOf({ inputs, outputs }: esbuild.Metafile, entry: string): esbuild.Metafile {
  const queue = Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === entry);
  const reached = new Set<string>();
  for (const path of queue) {
    const output = outputs[path];
    if (output === undefined || reached.has(path)) continue;
    reached.add(path);
    queue.push(...output.imports.filter(({ external }) => external !== true).map((each) => each.path));
  }
  const ownOutputs = Object.entries(outputs).filter(([path]) => reached.has(path));
  const used = new Set(ownOutputs.flatMap(([, output]) => Object.keys(output.inputs)));
  return {
    inputs: Object.fromEntries(Object.entries(inputs).filter(([path]) => used.has(path))),
    outputs: Object.fromEntries(ownOutputs),
  };
}

/** A file to be written. */
interface OutFile {
  readonly path: string;
  readonly contents: string | Uint8Array;
}

/** One part of a split bundle as a module that `require` loads, with its source map. */
function toCommonJs({ path, contents }: OutFile, target: string, options: BuildOptions): OutFile[] {
  const { code, map } = esbuild.transformSync(contents, {
    format: 'cjs',
    platform: 'node',
    target,
    // The parts load each other with `require`, so that their names need not be guessed from outside.
    supported: { 'dynamic-import': false },
    minify: options.production === true,
    sourcemap: options.production === true ? false : 'external',
    sourcefile: basename(path),
    sourcesContent: false,
    legalComments: 'none',
  });
  if (options.production === true) return [{ path, contents: code }];
  return [
    { path, contents: `${code}//# sourceMappingURL=${basename(path)}.map\n` },
    { path: `${path}.map`, contents: map },
  ];
}

/** Renames into place: a test or a window that loads the old file while we build never sees half of one. */
function replaceFile(path: string, contents: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.tmp`;
  writeFileSync(part, contents);
  renameSync(part, path);
}

const keepPartsMs = 3_600_000;

/** Removes files of bundles, and parts of them, that exist no more. */
function removeLeftovers(outDir: string, written: readonly string[], options: BuildOptions): void {
  if (!existsSync(outDir)) return;
  const parts = written.map((path) => basename(path));
  const own = bundles.flatMap(({ name }) => [`${name}.cjs`, `${name}.cjs.map`, `${name}.meta.json`]);
  const wanted = new Set([...own, ...parts]);
  for (const file of readdirSync(outDir)) {
    if (!/\.(cjs|cjs\.map|meta\.json)$/.test(file) || wanted.has(file)) continue;
    // A window that runs the last build may still load a part of it. The package must not have it.
    const isRecentPart = /_\w+\.cjs/.test(file) && Date.now() - statSync(join(outDir, file)).mtimeMs < keepPartsMs;
    if (options.production === true || !isRecentPart) rmSync(join(outDir, file), { force: true });
  }
}

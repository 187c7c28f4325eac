import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import * as esbuild from 'esbuild';

/** A file that esbuild made. */
export interface BuiltFile {
  readonly path: string;
  readonly text: string;
}

export interface MergeOptions {
  readonly metafile: esbuild.Metafile;
  /** The parts of a split bundle, as modules. */
  readonly parts: readonly BuiltFile[];
  /** Entries, from the repository's root: each becomes one file with what it loads at once and no entry before it does. */
  readonly entries: readonly string[];
  /** Parts made of at most so many bytes of source become one file too, where nothing larger is loaded with them. */
  readonly gatherBytes?: number;
  readonly target: string;
  readonly minify: boolean;
  readonly sourcemap: boolean;
}

export interface Merged {
  /** The merged files, as modules that `require` loads, and their source maps. */
  readonly files: readonly BuiltFile[];
  /** The parts that are none of them. */
  readonly rest: readonly BuiltFile[];
  /** What is built now; sizes of merged files are those of `files`. */
  readonly metafile: esbuild.Metafile;
  /** Leads what `require`s a part that was merged to the file that has it now. */
  redirect(code: string): string;
}

/**
 * Makes one file of the parts that are always loaded together. esbuild splits as finely as it can, and each file costs the loader of an
 * extension host about as much as compiling it.
 */
export async function mergeParts(options: MergeOptions): Promise<Merged> {
  const { parts, entries, metafile } = options;
  const texts = new Map(parts.map(({ path, text }) => [basename(path), text]));
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), { path, output }]));
  /** Which file has a part now, by the part's name. */
  const homes = new Map<string, string>();
  const groups = entries.map((entry) => {
    const main = [...outputs].find(([, { output }]) => output.entryPoint === entry)?.[0];
    if (main === undefined) throw new Error(`${entry} is loaded by nothing late: it has no part of its own`);
    const names = [main];
    for (const name of names) {
      homes.set(name, main);
      for (const { path, kind } of outputs.get(name)?.output.imports ?? []) {
        if (kind === 'import-statement' && outputs.has(basename(path)) && !homes.has(basename(path))) {
          homes.set(basename(path), main);
          names.push(basename(path));
        }
      }
    }
    return names;
  });
  const gathered = options.gatherBytes === undefined ? [] : gatherSmall(metafile, homes, options.gatherBytes);
  for (const names of gathered) {
    const [largest = ''] = names;
    // The parts' names are hashes of what is in them, so this is one too: a program that runs never loads another build's file.
    const hash = createHash('sha256').update(names.join()).digest('hex').slice(0, 8).toUpperCase();
    const home = largest.replace(/_\w+(?=\.c?js$)/, `_${hash}`);
    const known = outputs.get(largest);
    if (known === undefined) throw new Error(`${largest} was not built`);
    outputs.set(home, {
      path: known.path.replace(largest, home),
      output: { ...known.output, imports: [], inputs: {} },
    });
    texts.set(home, '');
    for (const name of [home, ...names]) homes.set(name, home);
    groups.push([home, ...names]);
  }
  const isOutside = (name: string, main: string) => homes.has(name) && homes.get(name) !== main;
  const files: BuiltFile[] = [];
  const merged: esbuild.Metafile['outputs'] = {};
  for (const names of groups) {
    const [main = ''] = names;
    const known = outputs.get(main);
    const folder = parts[0]?.path;
    if (known === undefined || folder === undefined) throw new Error(`${main} was not built`);
    const path = join(dirname(folder), main);
    const outside = [...outputs].filter(([name]) => homes.get(name) !== main);
    const wanted = new Set(outside.flatMap(([, { output }]) => output.imports.map((each) => basename(each.path))));
    const shared = names.filter((name) => name !== main && wanted.has(name));
    const made = await bundleParts({ names, shared, texts, path }, options);
    files.push(...made);
    const own = names.flatMap((name) => outputs.get(name)?.output ?? []);
    const imports = own.flatMap((output) => output.imports).filter((each) => homes.get(basename(each.path)) !== main);
    merged[known.path] = {
      ...known.output,
      bytes: Buffer.byteLength(made[0]?.text ?? ''),
      inputs: Object.assign({}, ...own.map(({ inputs }) => inputs)),
      imports: imports.map((each) => {
        const name = basename(each.path);
        const home = isOutside(name, main) ? outputs.get(homes.get(name) ?? '')?.path : undefined;
        return home === undefined ? each : { ...each, path: home };
      }),
    };
  }
  const redirect = (code: string) =>
    code.replace(/\brequire\("\.\/([\w.]+\.cjs)"\)/g, (whole, name: string) => {
      const home = homes.get(name);
      return home === undefined || home === name ? whole : `require("./${home}").${exportName(name)}`;
    });
  const others = [...outputs.values()].filter(({ path }) => !homes.has(basename(path)));
  return {
    files: files.map(({ path, text }) => ({ path, text: path.endsWith('.map') ? text : redirect(text) })),
    rest: parts.filter(({ path }) => !homes.has(basename(path))),
    metafile: {
      inputs: metafile.inputs,
      outputs: { ...Object.fromEntries(others.map(({ path, output }) => [path, toHomes(output)])), ...merged },
    },
    redirect,
  };

  /** What a part imports, by the files that have it now. */
  function toHomes(output: esbuild.Metafile['outputs'][string]): esbuild.Metafile['outputs'][string] {
    const imports = output.imports.map((each) => {
      const home = outputs.get(homes.get(basename(each.path)) ?? '');
      return home === undefined ? each : { ...each, path: home.path };
    });
    return { ...output, imports };
  }
}

/**
 * Names of the parts that are small, by the bundles that can reach them, so that none gets what belongs to another; in each group the
 * largest first. Left out is what larger ones load that small ones load: a file must not need another to be evaluated that is being
 * evaluated for it.
 */
function gatherSmall(
  { inputs, outputs }: esbuild.Metafile,
  homes: ReadonlyMap<string, string>,
  mostBytes: number,
): readonly (readonly string[])[] {
  const parts = new Map(
    Object.entries(outputs).map(([path, output]) => {
      const sourceBytes = Object.keys(output.inputs).reduce((sum, input) => sum + (inputs[input]?.bytes ?? 0), 0);
      const imports = output.imports.map((each) => ({
        name: basename(each.path),
        isAtOnce: each.kind === 'import-statement',
      }));
      return [basename(path), { sourceBytes, imports }];
    }),
  );
  const isPart = (name: string) => /_[A-Z0-9]{8}\.c?js$/.test(name);
  const bytesOf = (name: string) => parts.get(name)?.sourceBytes ?? 0;
  const reach = (from: Iterable<string>, atOnce: boolean): Set<string> => {
    const reached = new Set(from);
    for (const name of reached) {
      for (const each of parts.get(name)?.imports ?? []) {
        if (parts.has(each.name) && (each.isAtOnce || !atOnce)) reached.add(each.name);
      }
    }
    return reached;
  };
  const small = [...parts.keys()].filter((name) => isPart(name) && !homes.has(name) && bytesOf(name) <= mostBytes);
  const large = [...reach(small, true)].filter((name) => !small.includes(name));
  const beneath = reach(large, true);
  const bundles = [...parts.keys()].filter((name) => !isPart(name)).map((name) => reach([name], false));
  const groups = new Map<string, string[]>();
  for (const name of small) {
    if (beneath.has(name)) continue;
    const owners = bundles.map((reached) => Number(reached.has(name))).join('');
    groups.set(owners, [...(groups.get(owners) ?? []), name]);
  }
  return [...groups.values()].map((names) =>
    names.toSorted((one, other) => bytesOf(other) - bytesOf(one) || one.localeCompare(other)),
  );
}

/** The name under which a merged file exports what a part of it did. */
function exportName(part: string): string {
  return part.replace(/\.cjs$/, '').replace(/\W/g, '_');
}

interface PartGroup {
  /** The main one first. */
  readonly names: readonly string[];
  /** Those that files outside need. */
  readonly shared: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  /** Where the file is written. */
  readonly path: string;
}

async function bundleParts(
  { names, shared, texts, path }: PartGroup,
  { target, minify, sourcemap }: MergeOptions,
): Promise<BuiltFile[]> {
  const [main = ''] = names;
  const namespace = 'parts';
  const entry = [
    ...names.map((name) => `import './${name}';`),
    `export * from './${main}';`,
    ...shared.map((name) => `export * as ${exportName(name)} from './${name}';`),
  ];
  const plugin: esbuild.Plugin = {
    name: 'parts',
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, ({ path: wanted, kind }) => {
        if (kind === 'entry-point') return { path: wanted, namespace };
        const name = basename(wanted);
        return names.includes(name) ? { path: name, namespace } : { path: wanted, external: true };
      });
      builder.onLoad({ filter: /.*/, namespace }, ({ path: name }) => ({
        contents: name === 'entry' ? entry.join('\n') : (texts.get(name) ?? ''),
      }));
    },
  };
  const { outputFiles } = await esbuild.build({
    entryPoints: ['entry'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target,
    supported: { 'dynamic-import': false },
    minify,
    sourcemap: sourcemap ? 'external' : false,
    sourcesContent: false,
    legalComments: 'none',
    outfile: path,
    // What there is to warn of was told when the parts were built; here packages' code looks like ours.
    logLevel: 'error',
    plugins: [plugin],
  });
  return outputFiles
    .map((file) => ({ path: file.path, text: file.text }))
    .sort((a, b) => Number(a.path.endsWith('.map')) - Number(b.path.endsWith('.map')));
}

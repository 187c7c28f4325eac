/** Builds what runs in webviews: scripts for the browser with their styles in dist/webview/. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './paths.ts';

/** Entry points by the names of their bundles. */
export const webviewEntries = { dashboard: 'src/webview/main.tsx' } as const;

export interface WebviewBuildOptions {
  /** Minified, without source maps. */
  readonly production?: boolean;
  readonly quiet?: boolean;
  /** Folder that gets `webview/`; absolute. */
  readonly outDir: string;
}

/** Builds once. `webview/meta.json` says what went in. Throws with esbuild's messages. */
export async function buildWebviews(options: WebviewBuildOptions): Promise<void> {
  const result = await esbuild.build(settings(options));
  write(options, result);
}

/** Builds, and again after each change, until the process ends. */
export async function watchWebviews(options: WebviewBuildOptions): Promise<void> {
  const report: esbuild.Plugin = {
    name: 'write',
    setup(builder) {
      builder.onEnd((result) => {
        if (result.errors.length === 0) write(options, result);
      });
    },
  };
  const context = await esbuild.context({ ...settings(options), plugins: [report] });
  await context.watch();
}

function settings({ production, quiet, outDir }: WebviewBuildOptions): esbuild.BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: { ...webviewEntries },
    bundle: true,
    platform: 'browser',
    // A part that not every page needs is a file of its own, which the page's script loads: its nonce goes with it.
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    // The Chromium of the oldest VS Code that is supported.
    target: 'chrome138',
    outdir: join(outDir, 'webview'),
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': production === true ? '"production"' : '"development"' },
    minify: production === true,
    // Inline: the content security policy lets nothing be fetched.
    sourcemap: production === true ? false : 'inline',
    sourcesContent: false,
    legalComments: 'none',
    // The page says that it is UTF-8; escapes would be twice as long.
    charset: 'utf8',
    metafile: true,
    write: false,
    logLevel: quiet === true ? 'silent' : 'warning',
  };
}

function write({ outDir, quiet }: WebviewBuildOptions, result: esbuild.BuildResult): void {
  const folder = join(outDir, 'webview');
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, 'meta.json'), JSON.stringify(result.metafile));
  for (const { path, contents } of result.outputFiles ?? []) {
    replaceFile(path, contents);
    if (quiet !== true) console.log(`${relative(root, path)}  ${(contents.byteLength / 1024).toFixed(0)} KB`);
  }
  // Parts of earlier builds have other names, and would be packaged too.
  const written = new Set(result.outputFiles?.map(({ path }) => basename(path)));
  for (const name of readdirSync(folder)) {
    if (/-[A-Z0-9]{8}\.js$/.test(name) && !written.has(name)) rmSync(join(folder, name), { force: true });
  }
}

/** Renames into place: a window that loads the old file while we build never sees half of one. */
function replaceFile(path: string, contents: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(part, contents);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

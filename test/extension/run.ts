/** Runs the extension host suites: each in a VS Code window of its own, opened on what the suite is about. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { cacheDir, node24, root } from '../../scripts/lib/paths.ts';
import type { PartResult } from '../../scripts/lib/runTools.ts';
import { createSampleWorkspace } from '../../scripts/lib/sampleWorkspace.ts';
import { installServer } from '../../scripts/lib/vscodeServer.ts';
import { installBrowser } from '../support/browser.ts';

interface Window {
  /** Names the file `<suite>.suite.ts`. */
  readonly suite: string;
  /** Makes what the window opens inside a fresh folder, and returns its path. */
  readonly open: (folder: string) => Promise<string | undefined>;
  readonly restricted?: boolean;
}

async function sample(folder: string): Promise<string> {
  const path = join(folder, 'sample');
  await createSampleWorkspace(path);
  return path;
}

async function twoFolders(folder: string): Promise<string> {
  await createSampleWorkspace(join(folder, 'first'));
  mkdirSync(join(folder, 'second'));
  const path = join(folder, 'both.code-workspace');
  writeFileSync(path, JSON.stringify({ folders: [{ path: 'first' }, { path: 'second' }] }));
  return path;
}

const windows: readonly Window[] = [
  { suite: 'trusted', open: sample },
  { suite: 'tasks', open: sample },
  { suite: 'changes', open: sample },
  { suite: 'dashboard', open: sample },
  { suite: 'agents', open: sample },
  { suite: 'waves', open: sample },
  { suite: 'language', open: sample },
  { suite: 'restricted', open: sample, restricted: true },
  { suite: 'multiRoot', open: twoFolders },
  { suite: 'navigation', open: twoFolders },
  { suite: 'noFolder', open: async () => undefined },
  { suite: 'fresh', open: async (folder) => folder },
];

const builtDir = join(cacheDir, 'extension-suites');

/** A window mostly waits: two cores carry two. */
const mostWindows = 2;

/**
 * Runs all suites, or those named. `desktop` downloads the desktop VS Code and uses that; there the restricted
 * window is left out, because runTests always trusts the folder.
 */
export async function runExtensionSuites(options: {
  readonly desktop?: boolean;
  readonly only?: readonly string[];
}): Promise<readonly PartResult[]> {
  const executable = options.desktop === true ? await desktop() : join(root, 'test/support/launcher.ts');
  await buildSuites();
  const { desktop: isDesktop = false, only = [] } = options;
  const chosen = windows.filter(
    ({ suite, restricted }) => (only.length === 0 || only.includes(suite)) && !(isDesktop && restricted === true),
  );
  if (!isDesktop) {
    await installServer();
    await installBrowser();
  }
  const results: PartResult[] = [];
  const waiting = [...chosen];
  const work = async (): Promise<void> => {
    for (let window = waiting.shift(); window !== undefined; window = waiting.shift()) {
      results.push(await runWindow(window, executable));
    }
  };
  await Promise.all(Array.from({ length: isDesktop ? 1 : mostWindows }, work));
  return results;
}

async function runWindow(window: Window, executable: string): Promise<PartResult> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-suite-'));
  const results = join(folder, 'results.json');
  const output = join(folder, 'output.log');
  try {
    const path = await window.open(folder);
    const outcome = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(builtDir, 'index.cjs'),
      launchArgs: [...(path === undefined ? [] : [path]), ...(window.restricted === true ? ['--restricted'] : [])],
      extensionTestsEnv: {
        BATON_SUITE: window.suite,
        BATON_RESULTS: results,
        BATON_OUTPUT: output,
        BATON_RUN_NAME: `extension-${window.suite}`,
        // The launcher's shebang must find this one.
        PATH: `${dirname(node24)}${delimiter}${process.env.PATH}`,
      },
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const failed = (why: string): PartResult => ({ name: window.suite, passed: 0, failed: 1, failures: [why] });
    if (!existsSync(results)) {
      return failed(`"${window.suite}" did not come to its end: ${outcome ?? 'VS Code reported success'}`);
    }
    const counts: Omit<PartResult, 'name'> = JSON.parse(readFileSync(results, 'utf8'));
    if (counts.failed === 0 && (outcome !== undefined || counts.passed === 0)) {
      return failed(`"${window.suite}" ended badly: ${outcome ?? 'no test ran'}`);
    }
    return { name: window.suite, ...counts };
  } finally {
    console.log(`\n--- extension host: ${window.suite} ---`);
    // Windows run side by side: what one said is shown in one piece.
    if (existsSync(output)) console.log(readFileSync(output, 'utf8'));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Bundles the test module and the suites: the host loads CommonJS, and only `vscode` and mocha come from outside. */
async function buildSuites(): Promise<void> {
  rmSync(builtDir, { recursive: true, force: true });
  const files = readdirSync(import.meta.dirname).filter((file) => file === 'index.ts' || file.endsWith('.suite.ts'));
  await esbuild.build({
    entryPoints: files.map((file) => join(import.meta.dirname, file)),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha'],
    outdir: builtDir,
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.dirname': '__dirname' },
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

async function desktop(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ cachePath: cacheDir });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The desktop VS Code could not be downloaded from update.code.visualstudio.com (${why}). ` +
        'Where that cannot be reached, "npm run test:extension" runs the same suites in the VS Code server from npm.',
      { cause: error },
    );
  }
}

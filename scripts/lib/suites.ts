/** What `npm test` runs, and how it is counted. */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { build } from './build.ts';
import { node24, root } from './paths.ts';
import { type Counts, endChildrenWithUs, runBin, runVitest } from './runTools.ts';

interface Suite {
  readonly name: string;
  readonly title: string;
  readonly run: (filters: readonly string[]) => Promise<Counts>;
  /** Not part of a plain `npm test`. */
  readonly extra?: boolean;
}

const suites: readonly Suite[] = [
  {
    name: 'types',
    title: 'Types (tsc)',
    run: async () => {
      const projects = ['.', 'src/core', 'src/webview', 'test'].filter((project) =>
        existsSync(join(root, project, 'tsconfig.json')),
      );
      let failed = 0;
      for (const project of projects) failed += (await runBin('tsc', ['-p', project])) === 0 ? 0 : 1;
      return check(failed === 0);
    },
  },
  { name: 'lint', title: 'Lint (biome)', run: async () => check((await runBin('biome', ['check', '.'])) === 0) },
  {
    name: 'build',
    title: 'Build (esbuild)',
    run: async () => {
      await build();
      process.env.BATON_BUILT = '1';
      return check(true);
    },
  },
  {
    name: 'unit',
    title: 'Unit, command line and architecture',
    run: (filters) => runVitest('test/vitest.config.ts', filters),
  },
  {
    name: 'agents',
    title: 'Real agents, their model scripted',
    run: (filters) => runVitest('test/agents/vitest.config.ts', filters),
  },
  { name: 'extension', title: 'Inside a real VS Code', run: (filters) => extensionSuites({ only: filters }) },
  { name: 'ui', title: 'Driving the window', run: (filters) => runVitest('test/ui/vitest.config.ts', filters) },
  {
    name: 'package',
    title: 'The packaged extension',
    run: (filters) => runVitest('test/package/vitest.config.ts', filters),
  },
  { name: 'desktop', title: 'Inside the desktop VS Code', run: () => extensionSuites({ desktop: true }), extra: true },
];

/** Suites that need dist/ as it would be after a build. */
const needBuild = new Set(['unit', 'agents', 'extension', 'ui', 'desktop']);

/**
 * Runs the named suites (names after `--` are file filters), or all; prints their output as it comes, then one
 * line `N passed, N failed`. Returns the exit code.
 */
export async function runSuites(args: readonly string[]): Promise<number> {
  const end = args.indexOf('--');
  const names = end < 0 ? args : args.slice(0, end);
  const filters = end < 0 ? [] : args.slice(end + 1);
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no suite "${unknown.join('", "')}". There are: ${suites.map(({ name }) => name).join(', ')}.`,
    );
    return 2;
  }
  process.env.PATH = `${dirname(node24)}${delimiter}${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  endChildrenWithUs();
  const total = { passed: 0, failed: 0 };
  for (const suite of chosenSuites(names)) {
    console.log(`\n=== ${suite.title} ===\n`);
    const started = Date.now();
    const { passed, failed } = await runSuite(suite, filters);
    total.passed += passed;
    total.failed += failed;
    console.log(
      `\n${suite.name}: ${passed} passed, ${failed} failed (${((Date.now() - started) / 1000).toFixed(1)} s)`,
    );
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

function chosenSuites(names: readonly string[]): readonly Suite[] {
  if (names.length === 0) return suites.filter((suite) => suite.extra !== true);
  const build = names.some((name) => needBuild.has(name));
  return suites.filter(({ name }) => names.includes(name) || (build && name === 'build'));
}

/** A suite that broke down, or in which nothing ran, has failed. */
async function runSuite(suite: Suite, filters: readonly string[]): Promise<Counts> {
  try {
    const counts = await suite.run(filters);
    if (counts.passed + counts.failed > 0) return counts;
    console.error(`In "${suite.name}" nothing ran.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  return { passed: 0, failed: 1 };
}

function check(passed: boolean): Counts {
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function extensionSuites(options: { desktop?: boolean; only?: readonly string[] }): Promise<Counts> {
  const { runExtensionSuites } = await import('../../test/extension/run.ts');
  const results = await runExtensionSuites(options);
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  };
}

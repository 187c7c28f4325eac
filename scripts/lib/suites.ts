/** What `npm test` runs, and how it is counted. */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { build } from './build.ts';
import { node24, root } from './paths.ts';
import { endChildrenWithUs, type PartResult, runBin, runVitest } from './runTools.ts';

interface Suite {
  readonly name: string;
  readonly title: string;
  readonly run: (filters: readonly string[]) => Promise<readonly PartResult[]>;
  /** Not part of a plain `npm test`. */
  readonly extra?: boolean;
  /**
   * It drives real processes and windows, whose timing a loaded machine changes: what failed is run once more by itself, and that is said.
   * What is broken fails twice.
   */
  readonly twice?: boolean;
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
      return check('tsc', failed === 0);
    },
  },
  {
    name: 'lint',
    title: 'Lint (biome)',
    run: async () => check('biome', (await runBin('biome', ['check', '.'])) === 0),
  },
  {
    name: 'build',
    title: 'Build (esbuild)',
    run: async () => {
      await build();
      process.env.BATON_BUILT = '1';
      return check('esbuild', true);
    },
  },
  {
    name: 'unit',
    title: 'Unit, command line and architecture',
    run: (filters) => runVitest('test/vitest.config.ts', filters),
    twice: true,
  },
  {
    name: 'agents',
    title: 'Real agents, their model scripted',
    run: (filters) => runVitest('test/agents/vitest.config.ts', filters),
    twice: true,
  },
  {
    name: 'extension',
    title: 'Inside a real VS Code',
    run: (filters) => extensionSuites({ only: filters }),
    twice: true,
  },
  {
    name: 'ui',
    title: 'Driving the window',
    run: (filters) => runVitest('test/ui/vitest.config.ts', filters),
    twice: true,
  },
  {
    name: 'package',
    title: 'The packaged extension',
    run: (filters) => runVitest('test/package/vitest.config.ts', filters),
    twice: true,
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
  const notes: string[] = [];
  for (const suite of chosenSuites(names)) {
    console.log(`\n=== ${suite.title} ===\n`);
    const started = Date.now();
    const { parts, firstFailures } = await runAttempts(
      (names) => runSuite(suite, names),
      filters,
      suite.twice === true,
    );
    const passed = sum(parts, 'passed');
    const failed = sum(parts, 'failed');
    total.passed += passed;
    total.failed += failed;
    notes.push(...firstFailures.map((text) => `${suite.name}, first attempt: ${text}`));
    for (const { failures } of parts) notes.push(...failures.map((text) => `${suite.name}, FAILED: ${text}`));
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`\n${suite.name}: ${passed} passed, ${failed} failed (${seconds} s)`);
  }
  if (notes.length > 0) console.log(`\n${notes.join('\n')}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

/** Runs parts; with `twice` those that failed once more by themselves, whose second result then counts. */
export async function runAttempts(
  run: (filters: readonly string[]) => Promise<readonly PartResult[]>,
  filters: readonly string[],
  twice: boolean,
): Promise<{ readonly parts: readonly PartResult[]; readonly firstFailures: readonly string[] }> {
  const first = await run(filters);
  const again = twice ? first.filter(({ name, failed }) => failed > 0 && name !== '') : [];
  if (again.length === 0) return { parts: first, firstFailures: [] };
  const names = again.map(({ name }) => name);
  console.log(`\nOnce more, by themselves: ${names.join(', ')}\n`);
  const second = await run(names);
  return {
    parts: [...first.filter((part) => !again.includes(part)), ...second],
    firstFailures: again.flatMap(({ failures }) => failures),
  };
}

function sum(parts: readonly PartResult[], key: 'passed' | 'failed'): number {
  return parts.reduce((all, part) => all + part[key], 0);
}

function chosenSuites(names: readonly string[]): readonly Suite[] {
  if (names.length === 0) return suites.filter((suite) => suite.extra !== true);
  const build = names.some((name) => needBuild.has(name));
  return suites.filter(({ name }) => names.includes(name) || (build && name === 'build'));
}

/** A suite that broke down, or in which nothing ran, has failed. */
async function runSuite(suite: Suite, filters: readonly string[]): Promise<readonly PartResult[]> {
  let why = 'nothing ran';
  try {
    const parts = await suite.run(filters);
    if (sum(parts, 'passed') + sum(parts, 'failed') > 0) return parts;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  console.error(`${suite.name}: ${why}`);
  return [{ name: '', passed: 0, failed: 1, failures: [why] }];
}

function check(name: string, passed: boolean): readonly PartResult[] {
  return [
    { name: '', passed: passed ? 1 : 0, failed: passed ? 0 : 1, failures: passed ? [] : [`${name} found problems`] },
  ];
}

async function extensionSuites(options: {
  desktop?: boolean;
  only?: readonly string[];
}): Promise<readonly PartResult[]> {
  const { runExtensionSuites } = await import('../../test/extension/run.ts');
  return runExtensionSuites(options);
}

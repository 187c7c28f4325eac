import { createRequire } from 'node:module';

type Starter = (...args: readonly unknown[]) => unknown;

const starters = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const;

/**
 * Records every process that Baton's own bundles start in this extension host from now on. Living processes alone would not tell: git
 * lives for a moment. Builtin modules are the same objects for the extension and for the tests.
 */
export function recordProcesses(): { readonly started: readonly string[]; stop(): void } {
  const childProcess: Record<string, Starter> = createRequire(__filename)('node:child_process');
  const started: string[] = [];
  const originals = starters.map((name) => [name, childProcess[name]] as const);
  for (const [name, original] of originals) {
    if (original === undefined) continue;
    childProcess[name] = (...args) => {
      if (/[\\/]dist[\\/][\w-]+\.cjs/.test(new Error().stack ?? '')) started.push(`${name} ${String(args[0])}`);
      return original.apply(childProcess, [...args]);
    };
  }
  return {
    started,
    stop() {
      for (const [name, original] of originals) if (original !== undefined) childProcess[name] = original;
    },
  };
}

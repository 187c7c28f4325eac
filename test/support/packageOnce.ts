import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packageExtension } from '../../scripts/lib/package.ts';
import { cacheDir } from '../../scripts/lib/paths.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packaged extension of this run. */
    readonly vsix: string;
  }
}

/** Packs the extension once for all files of the run; tests take it by `inject('vsix')`. */
export async function setup(project: TestProject): Promise<void> {
  const path = join(cacheDir, `packed-${process.pid}`, 'baton.vsix');
  await packageExtension(path);
  project.provide('vsix', path);
}

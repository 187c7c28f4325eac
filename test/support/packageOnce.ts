import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packageExtension } from '../../scripts/lib/package.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packaged extension of this run. */
    readonly vsix: string;
  }
}

/** Packs the extension once for all files of the run; tests take it by `inject('vsix')`. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-packed-'));
  const path = join(folder, 'baton.vsix');
  await packageExtension(path);
  project.provide('vsix', path);
  return () => rmSync(folder, { recursive: true, force: true });
}

import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { findGitLocation } from './gitDir.ts';

/** What marks a project's root, in the order in which it counts at one folder. */
const rootMarks: readonly string[] = ['.baton.yaml', 'docs/sessions'];

/**
 * The nearest folder upwards that has `.baton.yaml` or `docs/sessions`; else, where the repository lies in a project whose `.baton.yaml`
 * maps a name to it, that project; else the repository's top folder, else `cwd` itself.
 */
export async function findProjectRoot(cwd: string): Promise<string> {
  const start = await realpath(cwd).catch(() => cwd);
  const topLevel = (await findGitLocation(start))?.topLevel;
  for (let at = start; ; at = dirname(at)) {
    for (const mark of rootMarks) {
      if (await stat(join(at, mark)).catch(() => undefined)) return at;
    }
    // Above the repository are other people's projects, but for one that names it.
    if (at === topLevel) return (await findProjectAround(topLevel)) ?? topLevel;
    if (dirname(at) === at) return start;
  }
}

/** The project above a repository whose configuration maps one of its `repositories` to exactly that folder. */
async function findProjectAround(topLevel: string): Promise<string | undefined> {
  for (let at = dirname(topLevel); dirname(at) !== at; at = dirname(at)) {
    const text = await readFile(join(at, '.baton.yaml'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const { parseConfig } = await import('../core/formats/config.ts');
    const folders = Object.values(parseConfig(text).value.repositories);
    if (folders.some((folder) => resolve(at, folder) === topLevel)) return at;
  }
  return undefined;
}

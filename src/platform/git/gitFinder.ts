import { relative, sep } from 'node:path';
import type { Cancellation } from '../../core/base/cancellation.ts';
import type { Git, GitFinder } from '../../core/ports/git.ts';
import { findGitLocation } from '../gitDir.ts';
import type { ProjectFolder } from '../projectFolder.ts';
import type { RunGit } from './simpleGit.ts';

/**
 * Finds repositories of a project. Finding starts no process. What asks git is loaded when a repository is found, simple-git when the first
 * command runs: most reads need neither.
 */
export function createGitFinder(folder: ProjectFolder, cancellation?: Cancellation): GitFinder {
  return async (path): Promise<Git | undefined> => {
    const real = await folder.resolve(path);
    const location = await findGitLocation(real);
    if (location === undefined) return undefined;
    const inside = relative(location.topLevel, real).split(sep).join('/');
    const [{ NodeGit }, { GitClient }] = await Promise.all([import('./nodeGit.ts'), import('./gitClient.ts')]);
    return new NodeGit(
      location,
      inside === '' ? '' : `${inside}/`,
      new GitClient(lazyRunGit(location.topLevel, cancellation)),
    );
  };
}

function lazyRunGit(folder: string, cancellation: Cancellation | undefined): RunGit {
  let run: Promise<RunGit> | undefined;
  const load = async (): Promise<RunGit> => {
    const { createRunGit } = await import('./simpleGit.ts');
    return createRunGit(folder, cancellation === undefined ? undefined : signalOf(cancellation));
  };
  return async (call) => {
    run ??= load();
    return (await run)(call);
  };
}

function signalOf(cancellation: Cancellation): AbortSignal {
  const controller = new AbortController();
  cancellation.onCancel(() => controller.abort());
  return controller.signal;
}

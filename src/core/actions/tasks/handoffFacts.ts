import type { WorkFacts } from '../../effects/listHandOff.ts';
import { BatonError } from '../../errors.ts';
import type { Git } from '../../ports/git.ts';
import type { ActionContext } from '../context.ts';
import { placesInRepository } from '../statePlaces.ts';

/**
 * Finds out what has been committed and changed since `from`. Paths are relative to the repository's top level.
 *
 * @param stateFiles files and folders of the project that are no work: they, and what they are links to, are left out of tree and files
 */
export async function workSince(
  { ports }: Pick<ActionContext, 'ports'>,
  from: string | undefined,
  stateFiles: readonly string[],
): Promise<WorkFacts> {
  const git = await ports.git('');
  if (git === undefined) return { commits: [], files: [] };
  const { hash: head } = await git.head();
  const without = await placesInRepository(ports.files, stateFiles, git);
  const tree = await git.workingTree(without);
  if (from === undefined)
    return { ...(head !== undefined && { head }), tree, commits: [], files: await dirtyFiles(git, without) };
  const commits =
    head === undefined || head === from ? [] : ((await git.log({ range: `${from}..HEAD`, limit: 200 })) ?? []);
  return {
    ...(head !== undefined && { head }),
    tree,
    commits: commits.map(({ hash, message }) => `${hash.slice(0, 7)} ${message.split('\n', 1)[0] ?? ''}`),
    files: await filesBetween(git, from, tree, without),
  };
}

/** The files in which two trees differ; undefined where git does not have them any more. */
export async function differingFiles(git: Git, from: string, to: string): Promise<readonly string[] | undefined> {
  try {
    return await git.changedFiles(from, to);
  } catch (error) {
    if (BatonError.is(error, 'git-failed')) return undefined;
    throw error;
  }
}

async function filesBetween(
  git: Git,
  from: string,
  tree: string,
  without: readonly string[],
): Promise<readonly string[]> {
  const files = (await differingFiles(git, from, tree)) ?? [];
  return files.filter((path) => !isWithin(path, without));
}

async function dirtyFiles(git: Git, without: readonly string[]): Promise<readonly string[]> {
  return (await git.changes()).map(({ path }) => path).filter((path) => !isWithin(path, without));
}

function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

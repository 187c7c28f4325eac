import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import type { FileChange } from '../../core/ports/git.ts';
import { type GitClient, gitFailed, lastPart, pathsOnInput } from './gitClient.ts';
import type { GitResult } from './simpleGit.ts';

const commitHooks: readonly string[] = ['pre-commit', 'prepare-commit-msg', 'commit-msg'];

/**
 * Commits exactly the changes of `paths`; whatever else is staged stays so. When it fails the index is as it was.
 *
 * @throws BatonError as `Git.commit` does.
 */
export async function commitPaths(
  git: GitClient,
  topLevel: string,
  changes: readonly FileChange[],
  options: { readonly paths: readonly string[]; readonly message: string },
): Promise<void> {
  const chosen = chooseChanges(changes, options.paths);
  const paths = pathsOf(chosen);
  if (paths.length === 0) {
    throw new BatonError('nothing-to-commit', 'None of the files has changed since the last commit', {
      hint: 'Change something, or choose other files.',
      data: { paths: options.paths },
    });
  }
  // `commit --only` takes none but tracked files; what is only announced to the index is easily taken back.
  const untracked = chosen.filter(({ kind }) => kind === 'untracked').map(({ path }) => path);
  if (untracked.length > 0) {
    await git.output({
      args: ['add', '--verbose', '--intent-to-add', ...pathsOnInput],
      nulInput: untracked,
      writes: true,
    });
  }
  // Where the hooks are is asked meanwhile; a failure counts when somebody needs the answer.
  const hooks = findHooks(git, topLevel);
  hooks.catch(() => undefined);
  const result = await git.attempt({
    // Lines that begin with `#` belong to the message, whatever commit.cleanup says.
    args: ['commit', '--only', '--cleanup=whitespace', `--message=${options.message}`, ...pathsOnInput],
    nulInput: paths,
    writes: true,
  });
  if (result.exitCode === 0) return takeOverHookChanges(git, await hooks, paths);
  if (untracked.length > 0) {
    const args = ['rm', '--cached', '--force', '--quiet', '--ignore-unmatch', ...pathsOnInput];
    await git.attempt({ args, nulInput: untracked, writes: true });
  }
  throw await explainFailure(git, hooks, result);
}

function chooseChanges(changes: readonly FileChange[], paths: readonly string[]): readonly FileChange[] {
  const wanted = new Set(paths);
  const chosen = changes.filter(({ path, from }) => wanted.has(path) || (from !== undefined && wanted.has(from)));
  const conflicted = chosen.filter(({ kind }) => kind === 'conflicted').map(({ path }) => path);
  if (conflicted.length === 0) return chosen;
  throw new BatonError('merge-in-progress', phrase`${conflicted.join(', ')} has conflicts that are not resolved`, {
    hint: 'Resolve them, "git add" the files, and run it again.',
    data: { files: conflicted },
  });
}

/** A rename is committed whole: half of it would be a file that is there twice. */
function pathsOf(changes: readonly FileChange[]): readonly string[] {
  return [...new Set(changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])))];
}

/**
 * What a pre-commit hook formats and adds is in the commit, but with `--only` git leaves the index as it was before the hook: the next
 * commit of somebody else would take the formatting back. Files that were staged apart stay as they are.
 */
async function takeOverHookChanges(git: GitClient, hooks: readonly string[], paths: readonly string[]): Promise<void> {
  if (!hooks.includes('pre-commit')) return;
  const names = async (args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await git.result({ args: [...args, '-z', '--name-only', '--no-renames'], accept: [128] });
    return stdout.split('\0').filter((path) => path !== '');
  };
  const differing = await names(['diff-index', '--cached', 'HEAD']);
  const others = differing.filter((path) => !paths.includes(path));
  const stale = differing.filter((path) => paths.includes(path));
  if (others.length > 0) {
    const byHook = new Set(await names(['diff-tree', '-r', 'HEAD^', 'HEAD']));
    const stagedApart = new Set(await names(['diff-index', '--cached', 'HEAD^']));
    stale.push(...others.filter((path) => byHook.has(path) && !stagedApart.has(path)));
  }
  if (stale.length === 0) return;
  await git.attempt({ args: ['reset', '--quiet', 'HEAD', ...pathsOnInput], nulInput: stale, writes: true });
}

async function explainFailure(
  git: GitClient,
  hooks: Promise<readonly string[]>,
  result: GitResult,
): Promise<BatonError> {
  if (result.failure === undefined && !(await canIdentify(git))) return noIdentity();
  // Git ends with 1 where a hook refused, with 128 where it failed itself.
  if (result.exitCode === 1) {
    const found = await hooks;
    if (found.length > 0) return hookFailed(found, result);
  }
  return gitFailed(['commit'], result);
}

/** True where git would find a name and an e-mail for author and committer. */
export async function canIdentify(git: GitClient): Promise<boolean> {
  const idents = ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'];
  const results = await Promise.all(idents.map((ident) => git.attempt({ args: ['var', ident] })));
  const broken = results.find(({ failure }) => failure !== undefined);
  if (broken !== undefined) throw gitFailed(['var'], broken);
  return results.every(({ exitCode }) => exitCode === 0);
}

function noIdentity(): BatonError {
  return new BatonError('no-identity', 'git does not know who you are, so nothing was committed', {
    hint: 'Run: git config --global user.name "Your Name" && git config --global user.email "you@example.com"',
    data: {
      commands: ['git config --global user.name "Your Name"', 'git config --global user.email "you@example.com"'],
    },
  });
}

function hookFailed(hooks: readonly string[], result: GitResult): BatonError {
  const output = lastPart([result.stderr, result.stdout].filter((text) => text.trim() !== '').join('\n'));
  const which = hooks.length === 1 ? phrase`The ${hooks[0]} hook` : phrase`A hook (${hooks.join(', ')})`;
  return new BatonError('hook-failed', phrase`${which} refused the commit`, {
    hint: 'Read its output, mend what it says, and run it again.',
    data: { output, hooks },
  });
}

async function findHooks(git: GitClient, topLevel: string): Promise<readonly string[]> {
  const folder = resolve(
    topLevel,
    (await git.output({ args: ['rev-parse', '--git-path', 'hooks'] })).replace(/\r?\n$/, ''),
  );
  const found = await Promise.all(
    commitHooks.map((hook) =>
      access(join(folder, hook), constants.X_OK).then(
        () => [hook],
        () => [],
      ),
    ),
  );
  return found.flat();
}

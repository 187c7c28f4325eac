import { readFile, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import type {
  Commit,
  FileChange,
  FileDifference,
  FileVersion,
  Git,
  HeadState,
  MergeOutcome,
} from '../../core/ports/git.ts';
import { systemIo } from '../atomicFile.ts';
import { createFileLocks } from '../fileLocks.ts';
import type { GitLocation } from '../gitDir.ts';
import { isMissing } from '../ioErrors.ts';
import { isInside, realPath } from '../projectFolder.ts';
import { normalizeProjectPath, outsideProject } from '../projectPaths.ts';
import { updateTextFile } from '../textFiles.ts';
import { readFileVersions } from './fileVersions.ts';
import { type GitClient, gitFailed, pathsOnInput } from './gitClient.ts';
import { canIdentify, commitPaths } from './gitCommit.ts';
import { compareTrees, compareWithWorkingTree } from './gitDiff.ts';
import { logArgs, parseLog } from './gitLog.ts';
import { mergeBranch } from './gitMerge.ts';
import { parseStatus, statusArgs } from './gitStatus.ts';
import { readHeadFiles } from './headFiles.ts';
import { revertConflict, writeRevertedTree, writeWorkingTree } from './scratch.ts';

/** Git in one working tree. */
export class NodeGit implements Git {
  readonly topLevel: string;
  readonly prefix: string;
  readonly #location: GitLocation;
  readonly #git: GitClient;

  constructor(location: GitLocation, prefix: string, git: GitClient) {
    this.topLevel = location.topLevel;
    this.prefix = prefix;
    this.#location = location;
    this.#git = git;
  }

  async head(): Promise<HeadState> {
    const [operation, files] = await Promise.all([findOperation(this.#location.gitDir), readHeadFiles(this.#location)]);
    if (files?.hash !== undefined) return { ...files, operation };
    const args = ['rev-parse', 'HEAD', '--symbolic-full-name', 'HEAD'];
    const head = await this.#git.result({ args, accept: [128] });
    if (head.exitCode === 0) {
      const [hash, ref] = head.stdout.split('\n');
      return { hash, branch: branchOf(ref), operation };
    }
    // No commit yet: the branch is only named.
    const unborn = await this.#git.result({ args: ['symbolic-ref', '--quiet', 'HEAD'], accept: [1] });
    if (unborn.exitCode !== 0) throw gitFailed(['rev-parse'], head);
    return { hash: undefined, branch: branchOf(unborn.stdout.trim()), operation };
  }

  async isLocked(): Promise<boolean> {
    return (await stat(join(this.#location.gitDir, 'index.lock')).catch(() => undefined)) !== undefined;
  }

  hasIdentity(): Promise<boolean> {
    return canIdentify(this.#git);
  }

  async changes(): Promise<readonly FileChange[]> {
    return parseStatus(await this.#git.output({ args: statusArgs }));
  }

  async commit(options: { readonly paths: readonly string[]; readonly message: string }): Promise<Commit> {
    const operation = await findOperation(this.#location.gitDir);
    if (operation !== undefined && operation !== 'bisect') {
      throw new BatonError(
        'merge-in-progress',
        phrase`A ${operation} has begun in this repository and is not concluded`,
        {
          hint: phrase`Conclude it (git ${operation} --continue) or give it up (git ${operation} --abort), then run it again.`,
          data: { operation },
        },
      );
    }
    await commitPaths(this.#git, this.topLevel, await this.changes(), options);
    const [commit] = (await this.log({ limit: 1 })) ?? [];
    if (commit === undefined) throw new BatonError('git-failed', 'git committed, but the commit is not to be found');
    return commit;
  }

  async log(
    options: { readonly range?: string; readonly limit?: number; readonly containing?: string } = {},
  ): Promise<readonly Commit[] | undefined> {
    const { range, limit, containing } = options;
    const revisions = range === undefined ? [] : range.split('..', 2).map((revision) => revision || 'HEAD');
    if (!revisions.every(isRevision)) return undefined;
    const args = [
      ...logArgs,
      // In a range the order must be right even where clocks were not.
      ...(revisions.length > 1 ? ['--topo-order'] : []),
      ...(limit === undefined ? [] : [`--max-count=${Math.floor(limit)}`]),
      ...(containing === undefined ? [] : ['--fixed-strings', `--grep=${containing}`]),
      revisions.length === 0 ? 'HEAD' : revisions.join('..'),
      '--',
    ];
    const result = await this.#git.result({ args, accept: [128] });
    if (result.exitCode === 0) {
      const commits = parseLog(result.stdout);
      // Git takes each line of the text for one to be found.
      return containing?.includes('\n') ? commits.filter(({ message }) => message.includes(containing)) : commits;
    }
    const known = await Promise.all(
      (revisions.length === 0 ? ['HEAD'] : revisions).map((revision) => this.resolve(revision)),
    );
    if (known.every((hash) => hash !== undefined)) throw gitFailed(['log'], result);
    return range === undefined ? [] : undefined;
  }

  async resolve(revision: string): Promise<string | undefined> {
    if (!isRevision(revision)) return undefined;
    const args = ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`];
    const result = await this.#git.result({ args, accept: [1, 128] });
    return result.exitCode === 0 ? result.stdout.trim() : undefined;
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    assertRevisions(one, other);
    const result = await this.#git.result({ args: ['merge-base', one, other], accept: [1] });
    return result.exitCode === 0 ? result.stdout.trim() : undefined;
  }

  async unknownCommits(hashes: readonly string[]): Promise<readonly string[]> {
    const asked = hashes.filter((hash) => isHash(hash));
    if (asked.length === 0) return [...hashes];
    const input = asked.map((hash) => `${hash}^{commit}\n`).join('');
    const answers = (await this.#git.output({ args: ['cat-file', '--batch-check'], input })).split('\n');
    // An ambiguous abbreviation is not unknown.
    const missing = new Set(asked.filter((_hash, index) => answers[index]?.endsWith(' missing')));
    return hashes.filter((hash) => !isHash(hash) || missing.has(hash));
  }

  workingTree(without: readonly string[]): Promise<string> {
    return writeWorkingTree(this.#git, this.#location, without);
  }

  async changedFiles(from: string, to: string): Promise<readonly string[]> {
    assertRevisions(from, to);
    const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', from, to, '--'];
    return (await this.#git.output({ args })).split('\0').filter((path) => path !== '');
  }

  async compare(from: string, to: string): Promise<readonly FileDifference[]> {
    assertRevisions(from, to);
    return compareTrees(this.#git, from, to);
  }

  async compareWorkingTree(from: string): Promise<readonly FileDifference[]> {
    assertRevisions(from);
    return compareWithWorkingTree(this.#git, from);
  }

  async revert(hashes: readonly string[], keep: readonly string[] = []): Promise<void> {
    if (hashes.length === 0) return;
    const wrong = hashes.find((hash) => !isHash(hash));
    if (wrong !== undefined) throw new BatonError('invalid-argument', phrase`"${wrong}" is no commit hash`);
    const operation = await findOperation(this.#location.gitDir);
    if (operation !== undefined) {
      throw new BatonError(
        'merge-in-progress',
        phrase`A ${operation} has begun in this repository and is not concluded`,
        {
          hint: phrase`Conclude it or give it up (git ${operation} --abort), then run it again.`,
          data: { operation },
        },
      );
    }
    const tree = await writeRevertedTree(this.#git, this.#location, hashes, keep);
    // Times of files that were written with the same content would make them look changed.
    await this.#git.attempt({ args: ['update-index', '-q', '--refresh'], writes: true });
    // Checks everything before it changes anything, and lets be what the revert does not concern.
    const result = await this.#git.result({
      args: ['read-tree', '-m', '-u', 'HEAD', tree],
      writes: true,
      accept: [128],
    });
    if (result.exitCode === 0) return;
    const touched = new Set(await this.changedFiles('HEAD', tree));
    const files = (await this.changes()).map(({ path }) => path).filter((path) => touched.has(path));
    if (files.length === 0) throw gitFailed(['read-tree'], result);
    throw revertConflict(files, hashes);
  }

  merge(options: { readonly branch: string; readonly message: string }): Promise<MergeOutcome> {
    return mergeBranch(this.#git, this, options);
  }

  async restore(paths: readonly string[]): Promise<void> {
    const literal = paths.map(normalizeProjectPath).filter((path) => path !== '');
    if (literal.length === 0) return;
    const inHead = await this.#inHead(literal);
    const kept = literal.filter((path) => inHead.has(path));
    const gone = literal.filter((path) => !inHead.has(path));
    if (kept.length > 0)
      await this.#git.output({ args: ['checkout', 'HEAD', ...pathsOnInput], nulInput: kept, writes: true });
    if (gone.length === 0) return;
    const args = ['rm', '--cached', '--force', '--quiet', '--ignore-unmatch', ...pathsOnInput];
    await this.#git.output({ args, nulInput: gone, writes: true });
    for (const path of gone) await this.#removeFile(path);
  }

  async stash({ paths, message }: Parameters<Git['stash']>[0]): Promise<void> {
    const literal = paths.map(normalizeProjectPath).filter((path) => path !== '');
    if (literal.length === 0) return;
    const args = ['stash', 'push', '--quiet', '--include-untracked', `--message=${message}`, ...pathsOnInput];
    await this.#git.output({ args, nulInput: literal, writes: true });
  }

  async exclude(patterns: readonly string[]): Promise<void> {
    const file = join(this.#location.commonDir, 'info', 'exclude');
    const lines = (await readFile(file, 'utf8').catch(() => '')).split(/\r?\n/);
    const missing: string[] = [];
    for (const pattern of new Set(patterns)) {
      if (!lines.includes(pattern) && !(await this.#isIgnored(pattern))) missing.push(pattern);
    }
    if (missing.length === 0) return;
    await updateTextFile({
      realPath: file,
      label: file,
      plan: (text = '') => {
        const wanted = missing.filter((pattern) => !text.split(/\r?\n/).includes(pattern));
        if (wanted.length === 0) return [];
        const lead = text === '' || text.endsWith('\n') ? '' : '\n';
        return [{ start: text.length, end: text.length, newText: `${lead}${wanted.join('\n')}\n` }];
      },
      options: {},
      io: systemIo,
      locks: createFileLocks(),
    });
  }

  fileVersions(path: string): Promise<readonly FileVersion[]> {
    return readFileVersions(this.#git, path);
  }

  async show(revision: string, path: string): Promise<string | undefined> {
    if (!isRevision(revision)) return undefined;
    const blob = `${revision}:${path}`;
    const result = await this.#git.result({ args: ['cat-file', 'blob', blob], accept: [128] });
    if (result.exitCode === 0) return result.stdout;
    const found = await this.#git.result({ args: ['rev-parse', '--verify', '--quiet', blob], accept: [1, 128] });
    if (found.exitCode === 0) throw gitFailed(['cat-file'], result);
    return undefined;
  }

  /** Which of the paths HEAD has. In parts, because `ls-tree` takes paths only as arguments. */
  async #inHead(paths: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    if ((await this.resolve('HEAD')) === undefined) return found;
    for (let at = 0; at < paths.length; at += 100) {
      const args = ['ls-tree', '-z', '--name-only', '--full-tree', 'HEAD', '--', ...paths.slice(at, at + 100)];
      for (const path of (await this.#git.output({ args })).split('\0')) if (path !== '') found.add(path);
    }
    return found;
  }

  /** Removes a file, never a folder, and the folders that it leaves empty, as git does. */
  async #removeFile(path: string): Promise<void> {
    const file = join(this.topLevel, path);
    if (!isInside(await realPath(dirname(file)), this.topLevel)) throw outsideProject(path);
    try {
      await unlink(file);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    for (let folder = dirname(file); folder !== this.topLevel; folder = dirname(folder)) {
      const isRemoved = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!isRemoved) return;
    }
  }

  /** Whether a path that the pattern stands for is ignored by some rule already. */
  async #isIgnored(pattern: string): Promise<boolean> {
    const path = pattern.replace(/^\//, '').replace(/\*+/g, 'x').replace(/\/$/, '/x');
    const args = ['check-ignore', '--quiet', '--no-index', '--', `./${path}`];
    const result = await this.#git.result({ args, accept: [1], usesMagic: true });
    return result.exitCode === 0;
  }
}

function branchOf(ref: string | undefined): string | undefined {
  return ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}

/** What can be given to git as a revision and is never taken for an option. */
function isRevision(text: string): boolean {
  return text !== '' && !text.startsWith('-') && !/\p{Cc}/u.test(text);
}

function assertRevisions(...revisions: readonly string[]): void {
  const wrong = revisions.find((revision) => !isRevision(revision));
  if (wrong !== undefined) throw new BatonError('invalid-argument', phrase`"${wrong}" is no revision`);
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{4,64}$/i.test(text);
}

/** Files and folders by which git itself knows what has begun, in the order in which they count. */
const operations: readonly (readonly [string, NonNullable<HeadState['operation']>])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['sequencer', 'cherry-pick'],
  ['BISECT_LOG', 'bisect'],
];

async function findOperation(gitDir: string): Promise<HeadState['operation']> {
  const found = await Promise.all(operations.map(([mark]) => stat(join(gitDir, mark)).catch(() => undefined)));
  return operations[found.findIndex((one) => one !== undefined)]?.[1];
}

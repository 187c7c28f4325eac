import { lstat, mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import { readFields, textField } from '../../core/formats/agents/fields.ts';
import { isRunRecord, runRecordGlobs } from '../../core/formats/waves/runRecords.ts';
import type { WaveTrees } from '../../core/ports/waveAgents.ts';
import type { WorktreeInfo, Worktrees } from '../../core/ports/worktrees.ts';
import { writeWholeFile } from '../atomicFile.ts';
import { GitClient } from '../git/gitClient.ts';
import { NodeGit } from '../git/nodeGit.ts';
import { diffWorkingTree, inTemporaryFolder, writeWorkingTree } from '../git/scratch.ts';
import type { RunGit } from '../git/simpleGit.ts';
import { findGitLocation, type GitLocation } from '../gitDir.ts';
import { isMissing } from '../ioErrors.ts';
import { bringFile, removeFile } from './bringFile.ts';
import { isSameEntry, parseTreeChanges, type TreeChange } from './treeChanges.ts';

export interface WaveTreesOptions {
  /** Absolute path of the run's root. */
  readonly root: string;
  readonly worktrees: Pick<Worktrees, 'add' | 'list' | 'folder'>;
  readonly runGitIn: (folder: string) => RunGit;
  /** Fills a new worktree with the ignored files that it needs, and sets it up. */
  readonly ready: (worktree: string) => Promise<void>;
}

const branchPrefix = 'so-worktree-';
const snapshotRefs = 'refs/so-snapshots/';
const metaFolder = '.orchestrator/tmp/worktree-meta';
const gitlink = '160000';

/** Whoever commits snapshots: they are on no branch, and must not fail where git knows no name. */
const author = { GIT_AUTHOR_NAME: 'Baton', GIT_AUTHOR_EMAIL: 'baton@localhost' };
const identity = { ...author, GIT_COMMITTER_NAME: 'Baton', GIT_COMMITTER_EMAIL: 'baton@localhost' };

/** Trees of a wave run, by git and file by file; see `WaveTrees`. */
export class NodeWaveTrees implements WaveTrees {
  readonly #root: string;
  readonly #worktrees: WaveTreesOptions['worktrees'];
  readonly #runGitIn: WaveTreesOptions['runGitIn'];
  readonly #ready: WaveTreesOptions['ready'];
  readonly #locations = new Map<string, GitLocation>();
  /** Looks at trees that go on, and what waits for the next. */
  readonly #looks = new Map<string, TreeLook>();
  #excluding: Promise<void> | undefined;

  constructor({ root, worktrees, runGitIn, ready }: WaveTreesOptions) {
    this.#root = root;
    this.#worktrees = worktrees;
    this.#runGitIn = runGitIn;
    this.#ready = ready;
  }

  async snapshot(folder: string, label: string): Promise<string> {
    const location = await this.#locate(folder);
    const tree = await writeWorkingTree(this.#git(location), location, [], runRecordGlobs);
    const head = await this.head(folder);
    const scratch = { cwd: location.topLevel, env: identity };
    const args = ['commit-tree', tree, '-p', head, '-m', label];
    return (await this.#git(location).output({ args, scratch, writes: true })).trim();
  }

  async add({ path, branch, commit }: Parameters<WaveTrees['add']>[0]): Promise<void> {
    const meta = await this.#metaPath(branch);
    const isReady = await isThere(meta);
    if (isReady && (await this.#find(path))?.isGone === false) return;
    // A killed one left it half made: nobody has worked in it yet, since that comes after `add`.
    if (!isReady && (await isThere(path))) await this.#discard(path, branch);
    await this.#excludeOwn();
    await this.#makeWorktree({ path, branch, commit }, isReady);
    await this.#ready(path);
    const record = {
      suffix: branch.slice(branchPrefix.length),
      baseRef: 'HEAD',
      baseSha: await this.head(this.#root),
      branch,
      wtPath: path,
      createdAt: new Date().toISOString(),
    };
    await mkdir(dirname(meta), { recursive: true });
    await writeWholeFile(meta, Buffer.from(JSON.stringify(record, null, 2)));
  }

  async #makeWorktree(options: Parameters<WaveTrees['add']>[0], again: boolean): Promise<void> {
    try {
      await this.#worktrees.add({ ...options, again });
    } catch (error) {
      if (again || !BatonError.is(error, 'already-exists')) throw error;
      // A branch without its folder, of one that was killed while it was being made.
      await this.#discard(options.path, options.branch);
      await this.#worktrees.add(options);
    }
  }

  async #excludeOwn(): Promise<void> {
    const location = await this.#locate(this.#root);
    this.#excluding ??= new NodeGit(location, '', this.#git(location)).exclude(['.orchestrator/tmp/']);
    await this.#excluding;
  }

  async #find(path: string): Promise<WorktreeInfo | undefined> {
    return (await this.#worktrees.list()).find((one) => one.path === path);
  }

  async remove(path: string): Promise<void> {
    // The record says it without git, as long as nobody took it away.
    const branch =
      (await this.#branchOf(path)) ?? ((await isThere(path)) ? (await this.#find(path))?.branch : undefined);
    if (branch === undefined) return;
    const meta = await this.#metaPath(branch);
    await this.#discard(path, branch);
    await rm(meta, { force: true });
  }

  async changed(folder: string, since: string): Promise<readonly string[]> {
    return (await this.#changes(folder, since)).map(({ path }) => path);
  }

  async head(folder: string): Promise<string> {
    const location = await this.#locate(folder);
    // Mostly read from git's files, without git.
    const { hash } = await new NodeGit(location, '', this.#git(location)).head();
    if (hash !== undefined) return hash;
    throw new BatonError('git-failed', phrase`There is no commit yet in ${folder}`, {
      hint: 'Make a first commit.',
      data: { path: folder },
    });
  }

  async bring({ from, base, paths }: Parameters<WaveTrees['bring']>[0]): ReturnType<WaveTrees['bring']> {
    const wanted = new Set(paths);
    const theirs = (await this.#changes(from, base)).filter(({ path }) => wanted.has(path));
    const ours = await this.#changes(this.#root, base);
    const oursAt = new Map(ours.map((change) => [change.path, change]));
    // What is as they have it already was brought before, or happens to be the same.
    const open = theirs.filter(
      (change) => !isSameEntry(change.after, (oursAt.get(change.path) ?? noChange(change)).after),
    );
    const overlap: string[] = [];
    for (const change of open) if (await this.#isInTheWay(change, oursAt)) overlap.push(change.path);
    if (overlap.length > 0) return { freshness: 'block', overlap };
    const source = (await this.#locate(from)).topLevel;
    const target = (await this.#locate(this.#root)).topLevel;
    const toTop = await this.#toTop();
    // Deletions first: a folder may take the place of a file, and the other way round.
    for (const { path, after } of open) if (after === undefined) await removeFile(target, join(target, toTop(path)));
    for (const { path, after } of open) {
      if (after !== undefined) await bringFile(join(source, toTop(path)), join(target, toTop(path)));
    }
    const theirPaths = new Set(theirs.map(({ path }) => path));
    const hasMoved = ours.some(({ path }) => !theirPaths.has(path));
    return { freshness: hasMoved ? 'warn' : 'pass', overlap: [] };
  }

  async restore(folder: string, snapshot: string, paths: readonly string[]): Promise<void> {
    const wanted = new Set(paths);
    const changes = (await this.#changes(folder, snapshot)).filter(({ path }) => wanted.has(path));
    if (changes.length === 0) return;
    const location = await this.#locate(folder);
    const toTop = await this.#toTop();
    for (const { path, before } of changes) {
      if (before === undefined) await removeFile(location.topLevel, join(location.topLevel, toTop(path)));
    }
    const back = changes.filter(({ before }) => before !== undefined && before.mode !== gitlink);
    if (back.length === 0) return;
    await inTemporaryFolder(async (temporary) => {
      const scratch = { cwd: location.topLevel, env: { GIT_INDEX_FILE: join(temporary, 'index') } };
      const git = this.#git(location);
      await git.output({ args: ['read-tree', snapshot], scratch, writes: true });
      const nulInput = back.map(({ path }) => toTop(path));
      await git.output({ args: ['checkout-index', '--force', '-z', '--stdin'], nulInput, scratch, writes: true });
    });
  }

  async keep(ref: string, commit: string): Promise<void> {
    const git = this.#git(this.#root);
    const isName =
      ref.startsWith(snapshotRefs) && (await git.attempt({ args: ['check-ref-format', ref] })).exitCode === 0;
    if (!isName) throw new BatonError('invalid-argument', phrase`"${ref}" cannot be the ref of a snapshot`);
    await git.output({ args: ['update-ref', ref, commit], writes: true });
  }

  async collect(days: number): Promise<number> {
    const git = this.#git(this.#root);
    const format = '--format=%(committerdate:unix) %(objectname) %(refname)';
    const listed = await git.output({ args: ['for-each-ref', format, snapshotRefs] });
    const oldest = Date.now() / 1000 - days * 86_400;
    const old = listed.split('\n').flatMap((line) => {
      const [seconds = '', hash = '', ref = ''] = line.split(' ');
      return ref !== '' && Number(seconds) < oldest ? [`delete ${ref} ${hash}\n`] : [];
    });
    if (old.length > 0) await git.output({ args: ['update-ref', '--stdin'], input: old.join(''), writes: true });
    return old.length;
  }

  /** Somebody changed the file in the run's tree too, or something else is in its place there. */
  async #isInTheWay(change: TreeChange, oursAt: ReadonlyMap<string, TreeChange>): Promise<boolean> {
    const { path, before, after } = change;
    if (oursAt.has(path) || after?.mode === gitlink || before?.mode === gitlink) return true;
    if (after === undefined) return false;
    for (const [other, { after: there }] of oursAt) {
      if (there !== undefined && (other.startsWith(`${path}/`) || path.startsWith(`${other}/`))) return true;
    }
    if (before !== undefined) return false;
    // A file that git ignores here may be somebody's, and is in no tree.
    const toTop = await this.#toTop();
    const { topLevel } = await this.#locate(this.#root);
    const found = await lstat(join(topLevel, toTop(path))).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    return found?.isFile() === true || found?.isSymbolicLink() === true;
  }

  /**
   * Paths relative to the run's root, records of the run left out. Those who ask while git looks at the same tree share the next look, which begins
   * after all of them have asked: agents end in bunches.
   */
  #changes(folder: string, since: string): Promise<readonly TreeChange[]> {
    const key = `${since} ${folder}`;
    const current = this.#looks.get(key);
    if (current !== undefined) {
      current.next ??= current.over.then(() => this.#lookNow(key, folder, since));
      return current.next;
    }
    return this.#lookNow(key, folder, since);
  }

  #lookNow(key: string, folder: string, since: string): Promise<readonly TreeChange[]> {
    const looking = this.#look(folder, since);
    const look: TreeLook = {
      over: looking.then(
        () => void this.#looks.delete(key),
        () => void this.#looks.delete(key),
      ),
    };
    this.#looks.set(key, look);
    return looking;
  }

  async #look(folder: string, since: string): Promise<readonly TreeChange[]> {
    const location = await this.#locate(folder);
    const output = await diffWorkingTree(this.#git(location), location, { since, asIndexed: runRecordGlobs });
    const prefix = await this.#prefix();
    return parseTreeChanges(output)
      .filter(({ path }) => !isRunRecord(path))
      .map((change) => ({ ...change, path: prefix === '' ? change.path : posix.relative(prefix, change.path) }));
  }

  /** Takes a worktree and its branch away, whatever is left of them. */
  async #discard(path: string, branch: string): Promise<void> {
    if (!path.startsWith(`${this.#worktrees.folder}/`) || !branch.startsWith(branchPrefix)) {
      throw new BatonError('wrong-state', phrase`${path} is no worktree of a wave run`, { data: { path, branch } });
    }
    const git = this.#git(this.#root);
    const removed = await git.attempt({ args: ['worktree', 'remove', '--force', '--force', path], writes: true });
    if (removed.exitCode !== 0) {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      await git.attempt({ args: ['worktree', 'prune'], writes: true });
    }
    await git.attempt({ args: ['branch', '--quiet', '-D', '--', branch], writes: true });
  }

  /** As the record of a worktree says: the one of the usual name, or any. */
  async #branchOf(path: string): Promise<string | undefined> {
    const folder = join(this.#root, metaFolder);
    const usual = `${path.slice(path.lastIndexOf('/') + 1).replace(/^wave-/, '')}.json`;
    const others = async () => (await readdir(folder).catch(() => [])).filter((name) => name !== usual);
    for (const names of [async () => [usual], others]) {
      for (const name of await names()) {
        const record = readFields(await readFile(join(folder, name), 'utf8').catch(() => ''));
        if (textField(record, 'wtPath') === path) return textField(record, 'branch');
      }
    }
    return undefined;
  }

  async #metaPath(branch: string): Promise<string> {
    const suffix = branch.slice(branchPrefix.length);
    if (branch.startsWith(branchPrefix) && /^[A-Za-z0-9][\w.-]*$/.test(suffix))
      return join(this.#root, metaFolder, `${suffix}.json`);
    throw new BatonError('invalid-argument', phrase`"${branch}" cannot be the branch of a wave's agent`);
  }

  /** Of the run's root in its repository, `''` where it is the top. */
  async #prefix(): Promise<string> {
    const { topLevel } = await this.#locate(this.#root);
    return relative(topLevel, await realpath(this.#root)).replaceAll('\\', '/');
  }

  async #toTop(): Promise<(path: string) => string> {
    const prefix = await this.#prefix();
    return (path) => (prefix === '' ? path : posix.join(prefix, path));
  }

  async #locate(folder: string): Promise<GitLocation> {
    const known = this.#locations.get(folder);
    if (known !== undefined) return known;
    const location = await findGitLocation(folder);
    if (location === undefined) {
      throw new BatonError('not-a-repository', phrase`${folder} is in no git repository`, { data: { path: folder } });
    }
    this.#locations.set(folder, location);
    return location;
  }

  #git(at: string | GitLocation): GitClient {
    return new GitClient(this.#runGitIn(typeof at === 'string' ? at : at.topLevel));
  }
}

/** A look at a tree that goes on. */
interface TreeLook {
  /** Resolves when it is over, however. */
  readonly over: Promise<void>;
  next?: Promise<readonly TreeChange[]>;
}

/** What a tree has where nothing was changed: what was there before. */
function noChange({ path, before }: TreeChange): TreeChange {
  return { path, before, after: before };
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

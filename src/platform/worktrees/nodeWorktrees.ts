import { lstat, mkdir, readdir, readFile, realpath, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { phrase } from '../../core/base/phrase.ts';
import { BatonError } from '../../core/errors.ts';
import type { StrayRef, TrashedWorktree, WorktreeInfo, WorktreeSheet, Worktrees } from '../../core/ports/worktrees.ts';
import { writeWholeFile } from '../atomicFile.ts';
import { GitClient, type GitCommand } from '../git/gitClient.ts';
import { NodeGit } from '../git/nodeGit.ts';
import type { RunGit } from '../git/simpleGit.ts';
import { findGitLocation } from '../gitDir.ts';
import { isMissing } from '../ioErrors.ts';
import { includeFiles, linkFiles, readSetUpCommands } from './includeFiles.ts';
import { findStrayRefs, removeStrayRef } from './strayRefs.ts';
import { parseWorktreeList } from './worktreeList.ts';
import { inspectWorktree, measureFolder } from './worktreeSheet.ts';

export interface WorktreesOptions {
  /** Absolute path of the clone's main working tree. */
  readonly main: string;
  /** Makes a runner of git for a folder. */
  readonly runGitIn: (folder: string) => RunGit;
  /** Kept free beside what the files of a worktree take. */
  readonly spareBytes?: number;
}

const usualSpareBytes = 256 * 1024 * 1024;

/** Names in the trash are parts of paths and refs. */
const trashId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/;

/** Worktrees of one clone, by git. */
export class NodeWorktrees implements Worktrees {
  readonly folder: string;
  readonly #main: string;
  readonly #runGitIn: (folder: string) => RunGit;
  readonly #spareBytes: number;
  /** What the files of a commit take, of the last that was asked for: those who are dispatched together start from the same. */
  #size: { readonly commit: string; readonly bytes: number } | undefined;
  #adding: Promise<void> = Promise.resolve();

  constructor({ main, runGitIn, spareBytes = usualSpareBytes }: WorktreesOptions) {
    this.#main = main;
    this.#spareBytes = spareBytes;
    this.#runGitIn = runGitIn;
    this.folder = join(main, '.worktrees');
  }

  get #trashFolder(): string {
    return join(this.folder, '.trash');
  }

  async list(): Promise<readonly WorktreeInfo[]> {
    return parseWorktreeList(await this.#manage({ args: ['worktree', 'list', '--porcelain', '-z'] }));
  }

  add(options: Parameters<Worktrees['add']>[0]): Promise<void> {
    // Git reads what another git is about to write about a new worktree, and fails: one after another.
    const added = this.#adding.then(() => this.#add(options));
    this.#adding = added.catch(() => undefined);
    return added;
  }

  async #add({ path, branch, commit, again = false }: Parameters<Worktrees['add']>[0]): Promise<void> {
    assertHash(commit);
    assertBranch(branch);
    const isThere = await this.#hasBranch(branch);
    if (isThere && !again) throw taken(`The branch ${branch}`);
    await this.#assertFree(path);
    await this.#assertSpace(commit);
    const git = this.#git();
    const location = await findGitLocation(this.#main);
    if (location !== undefined) await new NodeGit(location, '', git).exclude(['.worktrees/', '.baton/']);
    await mkdir(dirname(path), { recursive: true });
    // Twice: git may still know, and even have locked, the folder that is gone.
    const args = isThere ? ['--force', '--force', path, branch] : ['-b', branch, path, commit];
    await git.output({ args: ['worktree', 'add', ...args], writes: true });
  }

  async include(path: string, patterns: readonly string[], links: readonly string[] = []) {
    // Links first: what is copied afterwards finds its place taken.
    const git = { main: this.#git(), worktree: this.#git(path) };
    const { linked, warnings } = await linkFiles(git, this.#main, path, links);
    const included = await includeFiles(git.main, this.#main, path, patterns);
    return { copied: included.copied, linked, warnings: [...warnings, ...included.warnings] };
  }

  measure(path: string) {
    return measureFolder(path);
  }

  setUpCommands() {
    return readSetUpCommands(this.#main);
  }

  async inspect(path: string, base: string): Promise<WorktreeSheet> {
    assertBase(base);
    const { branch, isGone } = await this.#require(path);
    if (isGone) throw unknownWorktree(path);
    return await inspectWorktree(this.#git(path), { path, base, ...(branch !== undefined && { branch }) });
  }

  async trash(path: string, id: string): Promise<TrashedWorktree> {
    assertTrashId(id);
    const worktree = await this.#require(path);
    const { branch, head } = worktree;
    if (worktree.isMain || head === undefined) {
      throw new BatonError('wrong-state', phrase`${path} is no worktree that could be removed`, { data: { path } });
    }
    const to = join(this.#trashFolder, id);
    await mkdir(this.#trashFolder, { recursive: true });
    await this.#git().output({ args: ['update-ref', trashRef(id), head], writes: true });
    const record = { id, from: path, path: to, ...(branch !== undefined && { branch }), head, atMs: Date.now() };
    // First the record: whatever happens then, it says where the worktree was and what it had.
    await writeWholeFile(this.#recordPath(id), Buffer.from(`${JSON.stringify(record)}\n`));
    try {
      await this.#move(path, to, worktree.locked !== undefined);
    } catch (error) {
      await rm(this.#recordPath(id), { force: true });
      throw error;
    }
    return record;
  }

  async listTrash(): Promise<readonly TrashedWorktree[]> {
    const names = await readdir(this.#trashFolder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const read = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => this.#readRecord(basename(name, '.json'))),
    );
    return read.filter((one) => one !== undefined).sort((a, b) => a.atMs - b.atMs);
  }

  async restore(id: string): Promise<TrashedWorktree> {
    const record = await this.#requireTrashed(id);
    await this.#assertFree(record.from);
    await mkdir(dirname(record.from), { recursive: true });
    await this.#move(record.path, record.from, false);
    await rm(this.#recordPath(id), { force: true });
    await this.#git().output({ args: ['update-ref', '-d', trashRef(id)], writes: true });
    return record;
  }

  async purge(id: string, { base, unmergedToo = false }: { readonly base: string; readonly unmergedToo?: boolean }) {
    assertBase(base);
    const record = await this.#requireTrashed(id);
    const isThere = (await lstat(record.path).catch(() => undefined)) !== undefined;
    const sheet = isThere ? await this.inspect(record.path, base) : undefined;
    const holdsWork = sheet === undefined || !sheet.merged || sheet.modified.length + sheet.untracked.length > 0;
    if (holdsWork && !unmergedToo) {
      throw new BatonError('conflict', phrase`${record.branch ?? id} holds work that is nowhere else`, {
        hint: 'Look at it first; it is removed only where that is asked for explicitly.',
        data: { id, sheet },
      });
    }
    const git = this.#git();
    if (isThere) await git.output({ args: ['worktree', 'remove', '--force', '--force', record.path], writes: true });
    else await git.output({ args: ['worktree', 'prune'], writes: true });
    if (record.branch?.startsWith('baton/')) {
      await git.attempt({ args: ['branch', '--quiet', '-D', '--', record.branch], writes: true });
    }
    await git.output({ args: ['update-ref', '-d', trashRef(id)], writes: true });
    await rm(this.#recordPath(id), { force: true });
    await assertGone(record.path);
  }

  async strayRefs(base: string) {
    assertBase(base);
    const [worktrees, trash] = await Promise.all([this.list(), this.listTrash()]);
    return await findStrayRefs(this.#git(), base, { worktrees, trash });
  }

  async removeStrayRef(ref: StrayRef, base: string) {
    assertBase(base);
    await removeStrayRef(this.#git(), ref, base);
  }

  /** A command about worktrees, tried again where it met one that another process was making. */
  async #manage(command: GitCommand): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const { exitCode, stdout, stderr } = await this.#git().attempt(command);
      if (exitCode === 0) return stdout;
      const isHalfMade = /worktrees\/[^/]+\/(?:commondir|gitdir|HEAD)/.test(stderr);
      if (!isHalfMade || attempt === 10) return await this.#git().output(command);
      await sleep(20 * attempt);
    }
  }

  #git(folder: string = this.#main): GitClient {
    return new GitClient(this.#runGitIn(folder));
  }

  #recordPath(id: string): string {
    return join(this.#trashFolder, `${id}.json`);
  }

  async #readRecord(id: string): Promise<TrashedWorktree | undefined> {
    if (!trashId.test(id)) return undefined;
    try {
      const value: Partial<TrashedWorktree> = JSON.parse(await readFile(this.#recordPath(id), 'utf8'));
      const isRecord = typeof value.from === 'string' && typeof value.head === 'string' && value.id === id;
      return isRecord ? { ...(value as TrashedWorktree), path: join(this.#trashFolder, id) } : undefined;
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  async #requireTrashed(id: string): Promise<TrashedWorktree> {
    const record = await this.#readRecord(id);
    if (record !== undefined) return record;
    const ids = (await this.listTrash()).map((one) => one.id);
    throw new BatonError('unknown-item', phrase`There is no worktree ${id} in the trash`, {
      hint: ids.length > 0 ? phrase`There are: ${ids.join(', ')}.` : 'The trash is empty.',
      data: { id, ids },
    });
  }

  async #require(path: string): Promise<WorktreeInfo> {
    const real = await realpath(path).catch(() => path);
    const found = (await this.list()).find((one) => one.path === path || one.path === real);
    if (found !== undefined) return found;
    throw unknownWorktree(path);
  }

  async #move(from: string, to: string, isLocked: boolean): Promise<void> {
    const git = this.#git();
    // A lock of ours or of a tool that has ended says "do not remove"; moving loses nothing. `-f` twice moves a locked one.
    const force = isLocked ? ['--force', '--force'] : [];
    const moved = await git.attempt({ args: ['worktree', 'move', ...force, from, to], writes: true });
    if (moved.exitCode !== 0) {
      // Git does not move worktrees with submodules; a rename and a repair do the same.
      if (!/submodule/i.test(moved.stderr)) {
        throw new BatonError(
          'wrong-state',
          phrase`${from} cannot be moved: ${moved.stderr.trim().split('\n')[0] ?? ''}`,
          {
            hint: 'End what works in it, then try again.',
            data: { path: from },
          },
        );
      }
      await rename(from, to);
      await git.output({ args: ['worktree', 'repair', to], writes: true });
    }
    await this.#assertMoved(from, to);
  }

  /** Believes nobody: the folder is there, not here, and git knows it. */
  async #assertMoved(from: string, to: string): Promise<void> {
    await assertGone(from);
    const real = await realpath(to).catch(() => undefined);
    const isKnown = real !== undefined && (await this.list()).some(({ path, isGone }) => path === real && !isGone);
    if (isKnown) return;
    throw new BatonError('io-failed', phrase`${from} was moved to ${to}, but git does not know it there`, {
      hint: phrase`Run \`git worktree repair ${to}\`.`,
      data: { from, to },
    });
  }

  async #assertFree(path: string): Promise<void> {
    if ((await lstat(path).catch(() => undefined)) !== undefined) throw taken(path);
  }

  async #hasBranch(branch: string): Promise<boolean> {
    const input = `refs/heads/${branch}\n`;
    return !(await this.#git().output({ args: ['cat-file', '--batch-check'], input })).trimEnd().endsWith(' missing');
  }

  async #measure(commit: string): Promise<number> {
    const listing = await this.#git().output({ args: ['ls-tree', '-r', '-l', '-z', commit] });
    return listing.split('\0').reduce((sum, line) => sum + Number(/^\S+ \S+ \S+ +(\d+)\t/.exec(line)?.[1] ?? 0), 0);
  }

  /** The files of the commit, once more: a worktree is a second copy of them. */
  async #assertSpace(commit: string): Promise<void> {
    if (this.#size?.commit !== commit) this.#size = { commit, bytes: await this.#measure(commit) };
    const neededBytes = this.#size.bytes + this.#spareBytes;
    const { bavail, bsize } = await statfs(this.#main);
    const freeBytes = bavail * bsize;
    if (freeBytes >= neededBytes) return;
    throw new BatonError(
      'disk-space',
      phrase`A worktree needs ${inMegabytes(neededBytes)}, and ${inMegabytes(freeBytes)} are free`,
      { hint: '`baton isolated clean` frees what is not needed any more.', data: { freeBytes, neededBytes } },
    );
  }
}

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`;
}

function trashRef(id: string): string {
  return `refs/baton/trash/${id}`;
}

function unknownWorktree(path: string): BatonError {
  return new BatonError('unknown-item', phrase`${path} is no worktree of this clone`, {
    hint: '`git worktree list` shows all of them.',
    data: { path },
  });
}

function taken(what: string): BatonError {
  return new BatonError('already-exists', phrase`${what} is there already`, {
    hint: 'Move it away, or take another name.',
  });
}

function assertTrashId(id: string): void {
  if (trashId.test(id) && !id.includes('..')) return;
  throw new BatonError('invalid-argument', phrase`"${id}" cannot name a worktree in the trash`);
}

function assertHash(commit: string): void {
  if (/^[0-9a-f]{40,64}$/.test(commit)) return;
  throw new BatonError('invalid-argument', phrase`"${commit}" is no commit`);
}

/** The name of a branch (git-check-ref-format(1)), more strictly: what Baton makes of a work item. */
function assertBranch(branch: string): void {
  const isName = branch
    .split('/')
    .every((part) => /^[A-Za-z0-9_][\w.-]*$/.test(part) && !/\.\.|\.lock$|\.$/.test(part));
  if (isName) return;
  throw new BatonError('invalid-argument', phrase`"${branch}" cannot be the name of a branch`, {
    hint: 'Give the work item an ID of letters, digits, "-" and ".".',
  });
}

/** A branch or a commit, never an option. */
function assertBase(base: string): void {
  if (base !== '' && !base.startsWith('-') && !/[\s\0]|\.\./.test(base)) return;
  throw new BatonError('invalid-argument', phrase`"${base}" is no branch`);
}

async function assertGone(path: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) === undefined) return;
  throw new BatonError('io-failed', phrase`${path} is still there`, {
    hint: 'A process may hold it; end it and try again.',
    data: { path },
  });
}

import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GitClient } from '../git/gitClient.ts';
import { parseStatus, statusArgs } from '../git/gitStatus.ts';
import type { RunGit } from '../git/simpleGit.ts';

/** Larger files are compared by size and time. */
const mostHashedBytes = 4 * 1024 * 1024;

/** Of a tree with more changed files the rest is not compared: somebody is at work there on a large scale. */
const mostFiles = 2_000;

/** The changed files of a working tree, by their absolute path, with what tells one content from another. */
interface TreeState {
  readonly head: string;
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Remembers what is changed in working trees, to tell later which of their files changed meanwhile. Git says which files differ from HEAD, so
 * that a run costs no more than a `git status` of each tree at its begin and its end.
 */
export class StrayWatch {
  readonly #runGitIn: (folder: string) => RunGit;
  readonly #before: ReadonlyMap<string, TreeState>;

  private constructor(runGitIn: (folder: string) => RunGit, before: ReadonlyMap<string, TreeState>) {
    this.#runGitIn = runGitIn;
    this.#before = before;
  }

  static async begin(trees: readonly string[], runGitIn: (folder: string) => RunGit): Promise<StrayWatch> {
    const states = new Map<string, TreeState>();
    for (const tree of trees) {
      const state = await readTree(tree, runGitIn);
      if (state !== undefined) states.set(tree, state);
    }
    return new StrayWatch(runGitIn, states);
  }

  /** Absolute paths of files that are not as they were. What was committed since is not among them: that is how people keep work. */
  async changed(): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const [tree, before] of this.#before) {
      const after = await readTree(tree, this.#runGitIn);
      if (after === undefined) continue;
      for (const [path, content] of after.files) if (before.files.get(path) !== content) changed.push(path);
      if (after.head !== before.head) continue;
      for (const path of before.files.keys()) if (!after.files.has(path)) changed.push(path);
    }
    return changed.sort();
  }
}

/** Undefined where the tree cannot be read: it is gone, or git is busy with it. */
async function readTree(tree: string, runGitIn: (folder: string) => RunGit): Promise<TreeState | undefined> {
  const { exitCode, stdout } = await new GitClient(runGitIn(tree)).attempt({ args: statusArgs });
  if (exitCode !== 0) return undefined;
  const head = /^# branch\.oid (\S+)/m.exec(stdout)?.[1] ?? '';
  const paths = parseStatus(stdout).map(({ path }) => join(tree, path));
  const files = new Map<string, string>();
  for (const path of paths.slice(0, mostFiles)) files.set(path, await contentOf(path));
  return { head, files };
}

async function contentOf(path: string): Promise<string> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat === undefined) return 'gone';
  if (!stat.isFile() || stat.size > mostHashedBytes) return `${stat.size} ${stat.mtimeMs}`;
  const bytes = await readFile(path).catch(() => undefined);
  return bytes === undefined ? 'unreadable' : createHash('sha1').update(bytes).digest('hex');
}

import type { Commit, FileVersion } from '../../core/ports/git.ts';
import type { GitClient } from './gitClient.ts';
import { logArgs, parseLog } from './gitLog.ts';

/** A file's history is read this far back. */
const mostCommits = 2_000;

/** Reads every version of a file, newest first, with three git processes however many there are. */
export async function readFileVersions(git: GitClient, path: string): Promise<readonly FileVersion[]> {
  const names = await namesOf(git, path);
  const commits = await commitsOf(git, names);
  const wanted = [...new Set(commits.flatMap(({ hash, parents }) => [hash, ...parents]))];
  const texts = await readTexts(git, wanted, names);
  return commits.map((commit) => {
    const text = texts.get(commit.hash);
    return {
      commit,
      ...(text !== undefined && { text }),
      before: commit.parents.map((parent) => texts.get(parent)),
    };
  });
}

/** All paths that the file has had, the present one first. */
async function namesOf(git: GitClient, path: string): Promise<readonly string[]> {
  const args = [
    'log',
    '--follow',
    '--name-status',
    '--format=',
    '-z',
    '--diff-filter=R',
    `--max-count=${mostCommits}`,
    '--',
    path,
  ];
  const result = await git.result({ args, accept: [128] });
  const names = new Set([path]);
  const fields = result.exitCode === 0 ? result.stdout.split('\0') : [];
  for (let at = 0; at < fields.length; at++) {
    if (!/^\n?R\d*$/.test(fields[at] ?? '')) continue;
    const [from, to] = [fields[at + 1], fields[at + 2]];
    if (from !== undefined && to !== undefined && names.has(to)) names.add(from);
    at += 2;
  }
  return [...names];
}

async function commitsOf(git: GitClient, names: readonly string[]): Promise<readonly Commit[]> {
  const args = [...logArgs, '--full-history', '--topo-order', `--max-count=${mostCommits}`, 'HEAD', '--', ...names];
  const result = await git.result({ args, accept: [128] });
  return result.exitCode === 0 ? parseLog(result.stdout) : [];
}

/** For each commit the file's text, under the first of its names that the commit has. */
async function readTexts(
  git: GitClient,
  commits: readonly string[],
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  if (commits.length === 0) return texts;
  // A name with a line break cannot be asked for on a line.
  const asked = commits.flatMap((hash) => names.filter((name) => !name.includes('\n')).map((name) => ({ hash, name })));
  const input = asked.map(({ hash, name }) => `${hash}:${name}\n`).join('');
  const output = Buffer.from(await git.output({ args: ['cat-file', '--batch'], input }));
  let at = 0;
  for (const { hash } of asked) {
    const end = output.indexOf(10, at);
    if (end < 0) break;
    const size = /^[0-9a-f]{40,64} blob (\d+)$/.exec(output.subarray(at, end).toString())?.[1];
    at = end + 1;
    if (size === undefined) continue;
    const text = output.subarray(at, at + Number(size)).toString();
    if (!texts.has(hash)) texts.set(hash, text);
    at += Number(size) + 1;
  }
  return texts;
}

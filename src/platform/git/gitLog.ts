import type { Commit } from '../../core/ports/git.ts';

/** Arguments whose output `parseLog` reads: five fields a commit, everything ended by NUL, nothing that configuration could add. */
export const logArgs: readonly string[] = [
  'log',
  '-z',
  '--no-show-signature',
  '--no-color',
  '--encoding=UTF-8',
  '--format=tformat:%H%x00%P%x00%aI%x00%an%x00%B',
];

/** Reads the output of `logArgs`. */
export function parseLog(output: string): readonly Commit[] {
  const fields = output.split('\0');
  const commits: Commit[] = [];
  for (let at = 0; at + 4 < fields.length; at += 5) {
    const [hash = '', parents = '', date = '', author = '', message = ''] = fields.slice(at, at + 5);
    commits.push({ hash, parents: parents === '' ? [] : parents.split(' '), date, author, message });
  }
  return commits;
}

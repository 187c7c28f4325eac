import { type Command, InvalidArgumentError } from 'commander';
import type { ChangedFile, ChangesResult } from '../../core/actions/changes.ts';
import type { FileDifference } from '../../core/ports/git.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { countOf, plainText } from '../text.ts';

interface ChangesOptions {
  readonly project?: string;
  readonly plan?: string;
  readonly checkpoint?: number;
  readonly stat?: boolean;
}

const letters: Readonly<Record<ChangedFile['kind'], string>> = {
  added: 'A',
  modified: 'M',
  deleted: 'D',
  renamed: 'R',
  'type-changed': 'T',
};

/** `baton changes [ID]` */
export function declareChanges(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'changes',
    summary: 'List the files that a session has changed',
    details:
      'From where it started to where it ended; of the active session to the working tree, new files included. Each file has A (added), ' +
      'M (modified), D (deleted), R (renamed) or T (its type changed) before it.\n\n' +
      '--json: session, repository (its folder), from, to (null: the working tree), rolledBack, commits[{hash, subject}], ' +
      'others[{hash, subject}] (commits between that do not name the session), files[{path, kind, from, added, removed, binary, ' +
      'stateFile}], added, removed, leftOut[].',
    examples: [
      ['baton changes', 'of the active session'],
      ['baton changes BE-04 --stat', 'with the number of lines'],
      ['baton changes BE-04 --checkpoint 2', 'what its second checkpoint committed'],
    ],
  })
    .argument('[id]', 'ID of the session')
    .option('--project <name>', 'the project that it belongs to')
    .option('--plan <file>', 'the plan that defines it')
    .option('--checkpoint <number>', 'only what this checkpoint committed', readNumber)
    .option('--stat', 'with the lines that were added and removed')
    .action((id: string | undefined, { plan, stat, ...options }: ChangesOptions, command: Command) =>
      cli.run(command, async ({ context, toPath }) => {
        const { changes } = await import('../../core/actions/changes.ts');
        const result = await changes(context, {
          ...options,
          ...(id === undefined ? {} : { id }),
          ...(plan === undefined ? {} : { plan: toPath(plan) }),
        });
        return {
          data: toChangesData(result),
          warnings: result.warnings,
          print: (out) => printChanges(out, result, stat === true),
        };
      }),
    );
}

function readNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A checkpoint has a number from 1.');
}

function toChangesData({ range, files, leftOut }: ChangesResult) {
  const commits = (list: typeof range.commits) =>
    list.map(({ hash, message }) => ({ hash, subject: message.split('\n', 1)[0] ?? '' }));
  return {
    session: range.target.id,
    repository: range.place.folder === '' ? '.' : range.place.folder,
    from: range.from,
    to: range.to ?? null,
    rolledBack: range.rolledBack,
    commits: commits(range.commits),
    others: commits(range.others),
    files: files.map(({ path, kind, from, added, removed, binary, stateFile }) => ({
      path,
      kind,
      from: from ?? null,
      added: added ?? null,
      removed: removed ?? null,
      binary: binary === true,
      stateFile,
    })),
    ...countLines(files),
    leftOut,
  };
}

/** Lines of all files together. */
export function countLines(files: readonly FileDifference[]): { readonly added: number; readonly removed: number } {
  const sum = (key: 'added' | 'removed') => files.reduce((total, file) => total + (file[key] ?? 0), 0);
  return { added: sum('added'), removed: sum('removed') };
}

function printChanges(out: Output, { range, files, leftOut }: ChangesResult, withStat: boolean): void {
  const end = range.to === undefined ? 'the working tree' : range.to.slice(0, 7);
  const { added, removed } = countLines(files);
  const total = `${countOf(files.length, 'file')}, +${added} −${removed}`;
  out.line(out.paint('title', `${plainText(range.target.id)}: ${range.from.slice(0, 7)} to ${end}, ${total}`));
  const widest = Math.max(0, ...files.map((file) => statOf(file).length));
  for (const file of files) {
    const line = describeFile(file, withStat ? `${statOf(file).padStart(widest)}  ` : '');
    out.line(file.stateFile ? out.paint('quiet', line) : line);
  }
  if (leftOut.length > 0) {
    out.line();
    out.line(out.paint('quiet', 'Changed before it started, and not since:'));
    for (const path of leftOut) out.line(out.paint('quiet', `   ${plainText(path)}`));
  }
}

/** A changed file in a line, with `stat` before its name. */
export function describeFile({ kind, path, from }: FileDifference, stat: string): string {
  const name = from === undefined ? plainText(path) : `${plainText(from)} → ${plainText(path)}`;
  return `${letters[kind]}  ${stat}${name}`;
}

/** How many lines were added and removed. */
export function statOf({ added, removed, binary }: FileDifference): string {
  return binary ? 'binary' : `+${added ?? 0} −${removed ?? 0}`;
}

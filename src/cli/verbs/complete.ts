import type { Command } from 'commander';
import type { CompleteResult } from '../../core/actions/complete.ts';
import { collect, parseText } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { followCommands } from '../commandProgress.ts';
import { addYesOption, declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { printNext } from '../sessionTable.ts';
import { countOf, plainText } from '../text.ts';
import { toCommitView, toSessionView } from '../views.ts';

interface CompleteOptions {
  readonly message: string;
  readonly body?: string;
  readonly verify: boolean;
  readonly file?: readonly string[];
}

/** `baton complete -m MSG` */
export function declareComplete(program: Command, cli: Cli): void {
  const verb = declareVerb(program, {
    name: 'complete',
    summary: 'Verify, commit and record the active session as done',
    details:
      'One commit with the work and a small one for the progress table; the tree is clean afterwards. When a command fails ' +
      'nothing is committed and the session stays active. What was changed before the session started, and not since, is not ' +
      'committed unless --file names it. Paths are as git names them, from the top of the repository.\n\n' +
      '--json: session, commit and record {hash, subject, date} or null, files[], verified ({passed, total}, "claimed" or ' +
      '"nothing-to-verify"), next[] (sessions that are ready now).',
    examples: [
      ['baton complete -m "feat(payments): handle webhooks"', 'asks what it needs'],
      ['baton complete -m "docs: describe the API" --yes', 'for scripts'],
      ['baton complete -m "fix(api): retry" --leave-out notes.txt', 'all but that file'],
    ],
  })
    .argument('[id]', 'ID of the active session, to be sure')
    .requiredOption('-m, --message <text>', 'subject of the commit: type(scope): description', parseText)
    .option('--body <text>', 'more on what was done')
    .option('--no-verify', 'run nothing; the commit says that success is only claimed')
    .option('--leave-out <path>', 'a changed file or folder not to commit; again for each', collect)
    .option('--file <path>', 'commit exactly this and the state files; again for each', collect);
  addYesOption(verb).action(
    (id: string | undefined, { message, body, verify, file }: CompleteOptions, command: Command) =>
      cli.run(command, async ({ context, err }) => {
        const { complete } = await import('../../core/actions/complete.ts');
        const named = id === undefined ? {} : { id };
        const told = {
          ...named,
          ...(body === undefined ? {} : { body }),
          ...(file === undefined ? {} : { files: file }),
        };
        const result = await complete(context, { message, verify, ...told, ...followCommands(err) });
        const { session, commit, record, files, verified, next, warnings } = result;
        return {
          data: {
            session,
            commit: commit === undefined ? null : toCommitView(commit),
            record: record === undefined ? null : toCommitView(record),
            files,
            verified,
            next: next.map(toSessionView),
          },
          warnings,
          print: (out) => printCompleted(out, result),
        };
      }),
  );
}

/** So many files are listed; git has the rest. */
const mostFiles = 10;

function printCompleted(out: Output, { session, commit, record, files, verified, next }: CompleteResult): void {
  out.line(`${out.paint('good', 'Completed')} ${plainText(session)}  ${describeVerified(verified)}`);
  if (commit === undefined) out.line('No work was left to commit.');
  else
    out.line(`${commit.hash.slice(0, 7)}  ${plainText(subjectOf(commit.message))}  (${countOf(files.length, 'file')})`);
  for (const file of files.slice(0, mostFiles)) out.line(`         ${plainText(file)}`);
  if (files.length > mostFiles) out.line(`         and ${files.length - mostFiles} more`);
  if (record !== undefined) out.line(`${record.hash.slice(0, 7)}  ${plainText(subjectOf(record.message))}`);
  printNext(out, next);
}

function subjectOf(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

function describeVerified(verified: CompleteResult['verified']): string {
  if (verified === 'claimed') return 'not verified, only claimed';
  if (verified === 'nothing-to-verify') return 'nothing to verify';
  return `verified ${verified.passed}/${verified.total}`;
}

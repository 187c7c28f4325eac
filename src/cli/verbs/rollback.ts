import type { Command } from 'commander';
import type { RollbackPlan, RollbackResult } from '../../core/actions/rollback.ts';
import { BatonError } from '../../core/errors.ts';
import { parseCheckpoint } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { describeEnd } from '../commandProgress.ts';
import { addYesOption, declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { printNextStep, quoteArgument } from '../sessionTable.ts';
import { countOf, plainText } from '../text.ts';
import { toCommitView } from '../views.ts';

interface RollbackOptions {
  readonly to?: number;
  readonly session?: string;
  readonly project?: string;
  readonly plan?: string;
  readonly runCommands?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** `baton rollback` */
export function declareRollback(program: Command, cli: Cli): void {
  const verb = declareVerb(program, {
    name: 'rollback',
    summary: 'Take back the commits of a session, with one new commit',
    details:
      'It shows what it will do and asks first. The row becomes Retry. A conflict stops it before anything is changed.\n\n' +
      '--json: session, reverted[] and commit {hash, subject, date}, commands[] (of the plan), ran[{command, exitCode, timedOut, ' +
      'cancelled, durationMs, tail}]; with --dry-run session, commits[], files[], commands[].',
    examples: [
      ['baton rollback --to checkpoint-2', 'keep checkpoints 1 and 2 of the active session'],
      ['baton rollback --session BE-04', 'the whole session'],
      ['baton rollback --session BE-04 --project Shop', 'where two projects have a BE-04'],
      ['baton rollback --session BE-04 --dry-run', 'only show what would be done'],
    ],
  })
    .option('--to <checkpoint>', 'keep this checkpoint and those before it', parseCheckpoint)
    .option('--session <id>', 'the session; the active one unless told')
    .option('--project <name>', 'the project that the session belongs to')
    .option('--plan <file>', 'the plan that defines it')
    .option('--run-commands', "run the plan's rollback commands too, once approved")
    .option('--dry-run', 'show what would be done, and change nothing');
  addYesOption(verb).action((options: RollbackOptions, command: Command) =>
    cli.run(command, async ({ context, err, toPath }) => {
      const { planRollback, rollback } = await import('../../core/actions/rollback.ts');
      const { to, session, project, plan: planFile, runCommands = false } = options;
      const request = {
        runCommands,
        ...(to === undefined ? {} : { to }),
        ...(session === undefined ? {} : { session }),
        ...(project === undefined ? {} : { project }),
        ...(planFile === undefined ? {} : { plan: toPath(planFile) }),
      };
      const plan = await planRollback(context, request);
      if (options.dryRun === true) return toPlanResult(plan);
      printPlan(err, plan);
      await confirmRollback(context.ports.prompt.confirm, plan);
      const result = await rollback(context, request);
      return {
        data: toData(result),
        warnings: result.warnings,
        print: (out) => printRolledBack(out, result, options),
      };
    }),
  );
}

function toPlanResult(plan: RollbackPlan) {
  const { session, commits, files, commands } = plan;
  return {
    data: { session, commits: commits.map(toCommitView), files, commands },
    print: (out: Output) => printPlan(out, plan),
  };
}

function toData({ session, reverted, commit, commands, ran }: RollbackResult) {
  return {
    session,
    reverted: reverted.map(toCommitView),
    commit: toCommitView(commit),
    commands,
    ran: ran.map(({ exitCode, timedOut, cancelled, durationMs, tail }, index) => ({
      command: commands[index] ?? null,
      exitCode: exitCode ?? null,
      timedOut,
      cancelled,
      durationMs,
      tail,
    })),
  };
}

/** Asks; a run that nobody can answer for is refused, as nothing may happen unseen. */
async function confirmRollback(
  confirm: (request: { question: string; detail: readonly string[]; yes: string }) => Promise<boolean | undefined>,
  { session, commits }: RollbackPlan,
): Promise<void> {
  const many = countOf(commits.length, 'commit');
  const answer = await confirm({ question: `Take back ${many} of ${session}?`, detail: [], yes: 'take back' });
  if (answer === true) return;
  if (answer === false)
    throw new BatonError('cancelled', `${session} was not rolled back.`, { hint: 'Nothing was changed.' });
  throw new BatonError('approval-required', `Taking back ${many} of ${session} needs a yes.`, {
    hint: 'Look at "baton rollback --dry-run", then run again with --yes or from a terminal.',
    data: { session, commits: commits.map(({ hash }) => hash) },
  });
}

function printPlan(out: Output, { session, commits, files, commands }: RollbackPlan): void {
  out.line(`Rollback of ${plainText(session)}: ${countOf(commits.length, 'commit')}, ${countOf(files.length, 'file')}`);
  for (const { hash, message } of commits)
    out.line(`  revert ${hash.slice(0, 7)}  ${plainText(message.split('\n', 1)[0] ?? '')}`);
  for (const file of files) out.line(`  file   ${plainText(file)}`);
  if (commands.length === 0) return;
  out.line('The plan has rollback commands (they run only with --run-commands, once approved):');
  for (const command of commands) out.line(`  $ ${plainText(command)}`);
}

function printRolledBack(
  out: Output,
  { session, reverted, commit, ran, commands }: RollbackResult,
  { to }: RollbackOptions,
): void {
  const where = to === undefined ? '' : ` to checkpoint ${to}`;
  out.line(
    `${out.paint('good', 'Rolled back')} ${plainText(session)}${where}: ${commit.hash.slice(0, 7)} takes back ${countOf(reverted.length, 'commit')}`,
  );
  ran.forEach((outcome, index) => {
    out.line(`$ ${plainText(commands[index] ?? '')}  ${describeEnd(outcome)}`);
  });
  if (to === undefined) printNextStep(out, `baton start ${quoteArgument(session)}`);
  else printNextStep(out, 'baton status');
}

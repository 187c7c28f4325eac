import type { Command } from 'commander';
import { verdictLines } from '../../../core/actions/tasks/seedLines.ts';
import type { TaskVerdict, VerifyTaskListResult } from '../../../core/actions/tasks/verifyTaskList.ts';
import { BatonError } from '../../../core/errors.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import type { Output } from '../../output.ts';
import { toTaskListView } from '../../taskViews.ts';
import { plainText } from '../../text.ts';

/** `baton tasks verify LIST` */
export function declareTasksVerify(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'verify',
    summary: 'Prove from the file and its history that each session went on where the last one stopped',
    details:
      'A list whose ID was lost is found by its title and its tasks.\n\n' +
      '--json: list, verdicts {idContinuity, statusPreservation, seamlessContinuation} with ok and findings[{task, commit, message, ' +
      'excused}], crossSessionContinuation (SUCCESS or FAILED), taskStatePersistence (VERIFIED or BROKEN), sessions, versions, found. ' +
      'When it fails, this is the data of the error, whose code is continuity-broken.',
    examples: [['baton tasks verify database-migration-x3f9', 'exit code 0 when all is well, else 1']],
  })
    .argument('<list>', 'ID of the list, also one that is lost')
    .action((list: string, _options: object, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { verifyTaskList } = await import('../../../core/actions/tasks/verifyTaskList.ts');
        const result = await verifyTaskList(context, { list });
        const data = toVerifyData(result);
        const isBroken = result.crossSessionContinuation === 'FAILED' || result.taskStatePersistence === 'BROKEN';
        return {
          data,
          warnings: result.warnings,
          print: (out) => printVerified(out, result),
          ...(isBroken && { failure: broken(result, data) }),
        };
      }),
    );
}

function toVerifyData(result: VerifyTaskListResult) {
  const { verdicts, found } = result;
  return {
    list: toTaskListView(result.list),
    verdicts: {
      idContinuity: toVerdictView(verdicts.idContinuity),
      statusPreservation: toVerdictView(verdicts.statusPreservation),
      seamlessContinuation: toVerdictView(verdicts.seamlessContinuation),
    },
    crossSessionContinuation: result.crossSessionContinuation,
    taskStatePersistence: result.taskStatePersistence,
    sessions: result.sessions,
    versions: result.versions,
    found: found ?? null,
  };
}

function toVerdictView({ ok, findings }: TaskVerdict) {
  return {
    ok,
    findings: findings.map(({ task, commit, message, excused }) => ({
      task: task ?? null,
      commit: commit ?? null,
      message,
      excused: excused ?? null,
    })),
  };
}

function broken(result: VerifyTaskListResult, data: Readonly<Record<string, unknown>>): BatonError {
  const { idContinuity, statusPreservation, seamlessContinuation } = result.verdicts;
  const serious = [idContinuity, statusPreservation, seamlessContinuation]
    .flatMap(({ findings }) => findings)
    .filter(({ excused }) => excused === undefined);
  const rest = serious.length > 3 ? `; and ${serious.length - 3} more` : '';
  const causes = serious.slice(0, 3).map(({ message }) => message);
  return new BatonError('continuity-broken', `${result.list.list.id}: ${causes.join('; ')}${rest}`, {
    hint: 'The findings name the commits: restore the rows from there, or go on and keep the record.',
    data,
  });
}

function printVerified(out: Output, result: VerifyTaskListResult): void {
  const { verdicts, sessions, versions } = result;
  if (result.found !== undefined) out.wrapped(plainText(result.found), { label: 'Found: ' });
  printVerdict(out, 'TaskList ID continuity', verdicts.idContinuity);
  printVerdict(out, 'Status preservation', verdicts.statusPreservation);
  printVerdict(out, 'Seamless continuation', verdicts.seamlessContinuation);
  out.line(out.paint('quiet', `(${sessions} sessions, ${versions} versions in git)`));
  const isSuccess = result.crossSessionContinuation === 'SUCCESS';
  for (const line of verdictLines(isSuccess, result.taskStatePersistence === 'VERIFIED')) out.line(line);
}

function printVerdict(out: Output, name: string, { ok, findings }: TaskVerdict): void {
  out.line(`${name}: ${out.paint(ok ? 'good' : 'bad', ok ? 'OK' : 'BROKEN')}`);
  for (const { message, commit, excused } of findings) {
    const where = commit === undefined ? '' : ` (${commit.slice(0, 7)})`;
    const why = excused === undefined ? '' : `; ${excused}`;
    out.wrapped(`${plainText(message)}${where}${plainText(why) === '' ? '' : why}`, { label: '  - ' });
  }
}

import type { Command } from 'commander';
import type { ShownCommit, ShowResult } from '../../core/actions/show.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printHandoff, toHandoffView } from '../handoff.ts';
import type { Output } from '../output.ts';
import { describePlace, describeStatus, paintStatus, printNextStep, quoteArgument } from '../sessionTable.ts';
import { plainText } from '../text.ts';
import { toReceiptView, toSessionView } from '../views.ts';

interface ShowOptions {
  readonly project?: string;
  readonly plan?: string;
}

/** `baton show <ID>` */
export function declareShow(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'show',
    summary: 'Show one session: plan, dependencies, commits, verification',
    details:
      '--json: session, commits[{hash, kind, number, subject, date, author, verified}], receipt {ok, startedAt, durationMs, ' +
      'commands[]}, receiptState, verified, notes[], handoff (or null) {text, fresh, staleness}, phase, skills[], commands[], rollbackCommands[], checklist[].',
    examples: [
      ['baton show BE-04', 'everything that is known of it'],
      ['baton show BE-04 --project Shop', 'where two projects have a BE-04'],
    ],
  })
    .argument('<id>', 'ID of the session')
    .option('--project <name>', 'the project that it belongs to')
    .option('--plan <file>', 'the plan that defines it')
    .action((id: string, { plan, ...options }: ShowOptions, command: Command) =>
      cli.run(command, async ({ context, toPath }) => {
        const { show } = await import('../../core/actions/show.ts');
        const result = await show(context, { id, ...options, ...(plan === undefined ? {} : { plan: toPath(plan) }) });
        const { entry, receipt } = result;
        return {
          data: {
            session: toSessionView(entry),
            commits: result.commits.map(toShownCommitView),
            receipt:
              receipt === undefined ? null : toReceiptView(receipt, (key) => context.ports.localState.locate(key)),
            receiptState: result.receiptState,
            verified: result.verified,
            notes: result.notes,
            handoff: toHandoffView(result.handoff),
            phase: entry.plan?.phase ?? null,
            skills: entry.plan?.skills ?? [],
            commands: entry.plan?.commands.map(({ command: line }) => line) ?? [],
            rollbackCommands: entry.plan?.rollbackCommands.map(({ command: line }) => line) ?? [],
            checklist: entry.plan?.checklist.map(({ text }) => text) ?? [],
          },
          print: (out) => printShown(out, result),
        };
      }),
    );
}

function toShownCommitView({ hash, kind, number, subject, date, author, verified }: ShownCommit) {
  return { hash, kind, number: number ?? null, subject, date, author, verified: verified ?? null };
}

function printShown(out: Output, result: ShowResult): void {
  const { entry } = result;
  out.line(out.paint('title', `${plainText(entry.id)}: ${plainText(entry.title)}`));
  printField(out, 'Status', describeStatus(entry), paintStatus(out, entry));
  printField(out, 'Project', describePlace(entry));
  printField(out, 'Started', entry.started);
  printField(out, 'Completed', entry.completed);
  printField(out, 'Commit', entry.commit);
  printField(out, 'Verified', result.verified);
  printField(out, 'Estimate', entry.plan?.estimate);
  printField(out, 'Model', entry.plan?.modelSettings.model);
  printField(out, 'Skills', entry.plan?.skills.join(', '));
  printField(out, 'Plan', entry.planPath);
  printField(out, 'Progress', entry.progressPath);
  printField(out, 'Notes', entry.notes);
  printDependencies(out, result);
  printField(out, 'Unblocks', entry.unblocks.join(', '));
  printList(out, 'Verification commands', entry.plan?.commands.map(({ command }) => command) ?? []);
  printList(out, 'Checklist', entry.plan?.checklist.map(({ text }) => text) ?? []);
  printList(
    out,
    'Commits',
    result.commits.map((commit) => `${commit.hash.slice(0, 7)} ${commit.subject}`),
  );
  printList(out, 'Session notes', noteTexts(result.notes));
  if (result.handoff !== undefined) printHandoff(out, result.handoff);
  if (entry.ready) printNextStep(out, `baton start ${quoteArgument(entry.id)}`);
}

/** One text for each note: its further lines belong to it. */
function noteTexts(lines: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const text = line.replace(/^[-*+]\s+/, '');
    const last = texts.length - 1;
    if (last < 0 || text !== line) texts.push(text);
    else texts[last] += `\n${line.trim()}`;
  }
  return texts;
}

function printDependencies(out: Output, { dependencies }: ShowResult): void {
  dependencies.forEach(({ id, status, met, reason }, index) => {
    const text = `${plainText(id)} ${status}${reason === undefined ? '' : ` (${plainText(reason)})`}`;
    out.line(`${(index === 0 ? 'After' : '').padEnd(10)}${out.paint(met ? 'good' : 'warn', text)}`);
  });
}

function printField(out: Output, label: string, value: string | undefined, paint = (text: string) => text): void {
  if (value === undefined || value === '') return;
  const text = plainText(value);
  if (paint('') !== '') out.line(`${label.padEnd(10)}${paint(text)}`);
  else out.wrapped(text, { label: label.padEnd(10) });
}

function printList(out: Output, heading: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  out.line(`${heading}:`);
  for (const line of lines)
    for (const [index, part] of line.split('\n').entries())
      out.wrapped(plainText(part), { label: index === 0 ? '  - ' : '    ' });
}

import process from 'node:process';
import type { Command } from 'commander';
import type { ProposalOutcome } from '../../core/actions/waves/proposals.ts';
import { BatonError } from '../../core/errors.ts';
import type { Proposal } from '../../core/formats/waves/proposal.ts';
import type { Learning } from '../../core/model/waves/metrics.ts';
import { collect } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import type { Output } from '../output.ts';
import { countOf, plainText } from '../text.ts';

/** `baton memory …` */
export function declareMemory(program: Command, cli: Cli): void {
  const memory = program
    .command('memory')
    .summary('What wave runs learned: agents propose, a person decides')
    .description(
      'What wave runs learned: agents propose, a person decides.\n\n' +
        'A learning has a confidence, which confirming raises, contradicting lowers and every run that does not touch it lowers a little, and a ' +
        'day on which it is forgotten.',
    );
  declarePropose(memory, cli);
  declareList(memory, cli);
  declareDecision(memory, cli, 'accept');
  declareDecision(memory, cli, 'reject');
  declareJudgement(memory, cli, 'confirm');
  declareJudgement(memory, cli, 'contradict');
}

/** Exit codes of `propose`, as the system that it comes from documents them. */
const proposeCodes: Readonly<Record<ProposalOutcome['status'], number>> = {
  queued: 0,
  'dry-run-ok': 0,
  'quota-exceeded': 1,
  'rejected-low-confidence': 2,
  'rejected-wrong-context': 3,
  error: 4,
};

interface ProposeFlags {
  readonly type?: string | true;
  readonly subject?: string | true;
  readonly insight?: string | true;
  readonly evidence?: string | true;
  readonly confidence?: string | true;
  readonly filePaths?: readonly string[];
  readonly dryRun?: boolean;
}

function declarePropose(memory: Command, cli: Cli): void {
  declareVerb(memory, {
    name: 'propose',
    summary: 'Propose a learning, as an agent of a wave',
    details:
      'Only with SO_WAVE_AGENT=1 and while STATE.md is active; the person decides at the end of the run. What is wrong with the arguments is an ' +
      'error like any other here.\n\n' +
      'Exit codes of this one command: 0 queued; 1 the wave’s quota is used up; 2 confidence below the floor; 3 not in a wave; 4 an error.\n\n' +
      '--json: status, and with it position, wave, id, quota, dropped, floor, detail or validation[] (in error.data where it was not queued).',
    examples: [
      [
        'baton memory propose --type fragile-file --subject "cart.ts" --insight "…" --evidence "…" --confidence 0.7',
        'what to remember of a file',
      ],
    ],
  })
    // Values are optional and the unknown is let through, because the documented exit code of wrong arguments is 4.
    .allowUnknownOption()
    .allowExcessArguments()
    .option('--type [type]', 'proven-pattern, anti-pattern, fragile-file, workflow-pattern, …')
    .option('--subject [text]', 'what it is about, at most 100 characters')
    .option('--insight [text]', 'what was learned, at most 2,000 characters')
    .option('--evidence [text]', 'what shows it, at most 5,000 characters')
    .option('--confidence [number]', 'from 0 to 1')
    .option('--file-paths <paths>', 'files that it is about, separated by commas; again for more', collect)
    .option('--dry-run', 'only check it')
    .action(async (flags: ProposeFlags, command: Command) => {
      let code: number | undefined;
      const propose = cli.run(command, async ({ context }) => {
        const { proposeMemory } = await import('../../core/actions/waves/proposals.ts');
        const outcome = await proposeMemory(context, readDraft(flags));
        code = proposeCodes[outcome.status];
        if (code !== 0) throw refusal(outcome);
        return { data: { ...outcome }, print: (out) => out.line(describeOutcome(outcome)) };
      });
      await propose.catch((error: unknown) => cli.fail(error));
      const isInterrupted = cli.interruption.isCancelled && code === undefined;
      if (!isInterrupted) cli.exitCode = code ?? 4;
    });
}

function readDraft(flags: ProposeFlags) {
  const text = (value: string | true | undefined): string => (typeof value === 'string' ? value : '');
  const paths = (flags.filePaths ?? []).flatMap((part) => part.split(',')).map((path) => path.trim());
  const confidence = text(flags.confidence);
  const agent = process.env.SO_WAVE_AGENT_ID;
  return {
    type: text(flags.type),
    subject: text(flags.subject),
    insight: text(flags.insight),
    evidence: text(flags.evidence),
    confidence: confidence.trim() === '' ? Number.NaN : Number(confidence),
    filePaths: [...new Set(paths.filter((path) => path !== ''))],
    isWaveAgent: process.env.SO_WAVE_AGENT === '1',
    dryRun: flags.dryRun === true,
    ...(agent !== undefined && agent !== '' && { agent }),
  };
}

function refusal(outcome: ProposalOutcome): BatonError {
  const message = describeOutcome(outcome);
  const isArgument = outcome.status === 'error';
  return new BatonError(isArgument ? 'invalid-argument' : 'proposal-refused', message, { data: { ...outcome } });
}

function describeOutcome(outcome: ProposalOutcome): string {
  switch (outcome.status) {
    case 'queued':
      return `Queued for the person, ${outcome.position} of wave ${outcome.wave.slice(1)}.`;
    case 'dry-run-ok':
      return 'It could be queued.';
    case 'quota-exceeded':
      return `This wave has its ${countOf(outcome.quota, 'proposal')} already.`;
    case 'rejected-low-confidence':
      return `The confidence ${outcome.provided} is below the floor of ${outcome.floor}.`;
    case 'rejected-wrong-context':
      return outcome.detail;
    case 'error':
      return `The proposal cannot be queued: ${outcome.validation.join('; ')}.`;
  }
}

function declareList(memory: Command, cli: Cli): void {
  declareVerb(memory, {
    name: 'list',
    summary: 'List the proposals that wait for a decision, or with --learned what counts',
    details: '--json: proposals[], learnings[].',
    examples: [
      ['baton memory list', ''],
      ['baton memory list --learned', 'the surest first'],
    ],
  })
    .option('--learned', 'what was accepted, and is not forgotten')
    .action(({ learned }: { readonly learned?: boolean }, command: Command) =>
      cli.run(command, async ({ context }) => {
        const [{ readProposals }, { readLearnings }] = await Promise.all([
          import('../../core/actions/waves/proposals.ts'),
          import('../../core/actions/waves/learnings.ts'),
        ]);
        const [proposals, learnings] = await Promise.all([readProposals(context), readLearnings(context)]);
        return {
          data: { proposals, learnings },
          print: (out) => {
            if (learned === true) printLearnings(out, learnings);
            else printProposals(out, proposals);
          },
        };
      }),
    );
}

function printProposals(out: Output, proposals: readonly Proposal[]): void {
  if (proposals.length === 0) out.line('No proposal waits.');
  for (const { id, wave_id, type, subject, insight, confidence } of proposals) {
    out.line(`${plainText(id)}  ${plainText(`${wave_id}, ${type}, ${confidence}`)}`);
    out.wrapped(plainText(`${subject}: ${insight}`), { label: '  ' });
  }
}

function printLearnings(out: Output, learnings: readonly Learning[]): void {
  if (learnings.length === 0) out.line('Nothing is learned yet.');
  for (const { id, type, subject, insight, confidence, expiresAt } of learnings) {
    const until = expiresAt === undefined ? '' : `, until ${expiresAt.slice(0, 10)}`;
    out.line(`${plainText(id)}  ${plainText(`${type}, ${confidence}${until}`)}`);
    out.wrapped(plainText(`${subject}: ${insight}`), { label: '  ' });
  }
}

function declareDecision(memory: Command, cli: Cli, decision: 'accept' | 'reject'): void {
  const isAccept = decision === 'accept';
  const verb = declareVerb(memory, {
    name: decision,
    summary: isAccept ? 'Keep a proposal as a learning' : 'Throw a proposal away',
    details: '--json: proposal.',
    examples: [[isAccept ? 'baton memory accept ID' : 'baton memory reject ID -m "only true on my machine"', '']],
  }).argument('<id>', 'ID of the proposal');
  if (!isAccept) verb.option('-m, --message <why>', 'why');
  verb.action((id: string, { message }: { readonly message?: string }, command: Command) =>
    cli.run(command, async ({ context }) => {
      const { decideProposal } = await import('../../core/actions/waves/proposals.ts');
      const { runningWave } = await import('../../core/actions/waves/runningWave.ts');
      const session = (await runningWave(context)).session ?? 'unknown';
      const options = { id, decision, session, ...(message !== undefined && { reason: message }) };
      const proposal = await decideProposal(context, options);
      return {
        data: { proposal },
        print: (out) => out.line(`${isAccept ? 'Kept' : 'Thrown away'}: ${plainText(proposal.subject)}.`),
      };
    }),
  );
}

function declareJudgement(memory: Command, cli: Cli, finding: 'confirm' | 'contradict'): void {
  const isConfirm = finding === 'confirm';
  declareVerb(memory, {
    name: finding,
    summary: isConfirm ? 'Say that a learning was true again' : 'Say that a learning was wrong',
    details: '--json: learning.',
    examples: [[`baton memory ${finding} ID`, isConfirm ? 'surer, and for longer' : 'less sure']],
  })
    .argument('<id>', 'ID of the learning')
    .action((id: string, _options: object, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { judgeLearning } = await import('../../core/actions/waves/learnings.ts');
        const learning = await judgeLearning(context, { id, finding });
        return {
          data: { learning },
          print: (out) => out.line(`${plainText(learning.subject)}: confidence ${learning.confidence}.`),
        };
      }),
    );
}

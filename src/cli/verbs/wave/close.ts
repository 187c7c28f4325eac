import type { Command } from 'commander';
import type { DecideOnProposal } from '../../../core/actions/waves/closeProposals.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import type { Output, Tone } from '../../output.ts';
import type { TerminalChooser } from '../../prompt.ts';
import { countOf, plainText } from '../../text.ts';
import { toRunView } from '../../waveViews.ts';

const tones: Readonly<Record<'ok' | 'partial' | 'gap', Tone>> = { ok: 'good', partial: 'warn', gap: 'bad' };

/** `baton wave close [RUN]` */
export function declareWaveClose(wave: Command, cli: Cli): void {
  declareVerb(wave, {
    name: 'close',
    summary: 'Close a run whose waves are done, or one that was given up',
    details:
      'Docs tasks are verified; what agents propose to remember is put to you one by one (elsewhere than in a terminal it goes to the inbox, and ' +
      'closing again settles what you answered); what is left goes to STATE.md, the run to the metrics, and the lock is given back.\n\n' +
      '--json: run, docs[{id, verdict, files}], proposals{accepted, rejected, waiting}, carriedOver[], commit, uncommitted[].',
    examples: [['baton wave close', 'the latest run']],
  })
    .argument('[run]', 'the run; else the latest')
    .action((id: string | undefined, _options: object, command: Command) =>
      cli.run(command, async ({ context, choose, err }) => {
        const { closeWaveRun } = await import('../../../core/actions/waves/closeWaveRun.ts');
        const closed = await closeWaveRun(context, {
          ...(id !== undefined && { id }),
          ...(choose !== undefined && { decide: decideIn(err, choose) }),
        });
        const { run, docs, proposals, carriedOver, commit, uncommitted, warnings } = closed;
        return {
          data: {
            run: toRunView(run),
            docs: docs.map(({ task, verdict, files }) => ({ id: task.id, verdict, files })),
            proposals: {
              accepted: proposals.accepted.map((one) => one.id),
              rejected: proposals.rejected.map((one) => one.id),
              waiting: proposals.waiting.map((one) => one.id),
            },
            carriedOver,
            commit: commit ?? null,
            uncommitted,
          },
          warnings,
          print: (out) => {
            out.wrapped(`${plainText(run.plan.title)} is closed.`);
            for (const { task, verdict } of docs) {
              out.line(
                `  ${out.paint(tones[verdict], verdict.padEnd(7))} ${plainText(task.id)}  ${plainText(task.targetPattern)}`,
              );
            }
            const { accepted, rejected } = proposals;
            if (accepted.length + rejected.length > 0) {
              out.line(`Remembered ${countOf(accepted.length, 'learning')}, refused ${rejected.length}.`);
            }
            if (commit !== undefined) out.line(`Committed as ${commit.slice(0, 7)}.`);
            if (uncommitted.length > 0) {
              out.wrapped(`Not committed yet: ${countOf(uncommitted.length, 'file')} that the run changed.`);
            }
            if (carriedOver.length > 0) out.line('Left undone, in STATE.md:');
            for (const line of carriedOver) out.wrapped(plainText(line), { label: '  - ' });
          },
        };
      }),
    );
}

/** Asks at the terminal, with all that the agent says for its proposal. */
function decideIn(err: Output, choose: TerminalChooser): DecideOnProposal {
  return async (proposal, { number, of }) => {
    const { subject, type, confidence, insight, evidence, proposed_by_agent: agent } = proposal;
    const answer = await choose({
      question: `Proposal ${number} of ${of}: ${subject}`,
      detail: [
        `${type}, confidence ${confidence}${agent === undefined ? '' : `, by ${agent}`}`,
        ...`${insight}\nEvidence: ${evidence}`.split(/\r?\n/),
      ],
      options: [
        { id: 'accept', label: 'Remember it', description: 'It becomes a learning of this repository' },
        { id: 'reject', label: 'Do not', description: 'It is put away' },
        { id: 'later', label: 'Later', description: 'It stays in the inbox' },
      ],
      recommended: 'later',
    });
    err.line();
    return answer === 'accept' || answer === 'reject' ? answer : undefined;
  };
}

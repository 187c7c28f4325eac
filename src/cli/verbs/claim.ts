import { type Command, InvalidArgumentError } from 'commander';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { printNextStep, quoteArgument } from '../sessionTable.ts';
import { toClaimView } from '../taskViews.ts';
import { plainText } from '../text.ts';

interface ClaimOptions {
  readonly list?: string;
  readonly owner?: string;
  readonly ttl?: number;
  readonly takeover?: boolean;
}

/** `baton claim ITEM` */
export function declareClaim(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'claim',
    summary: 'Take a task or a session for one worker',
    details:
      'All worktrees of the clone share the claims. Of two that claim at the same time one gets it. A claim that is over is not ' +
      'taken but with --takeover. The owner that is named may claim again, which makes its claim last longer.\n\n' +
      '--json: claim {item, list, owner, claimedAt, expiresAt, expired}, renewed, takenFrom (or null). When somebody else has it, ' +
      'the code is claimed, with the claim in error.data.',
    examples: [
      ['baton claim data --owner agent-1', 'a task that only one list has'],
      ['baton claim database-migration-x3f9/data --ttl 30', 'for half an hour'],
    ],
  })
    .argument('<item>', 'ID of a task (LIST/TASK too) or of a session')
    .option('--list <list>', 'the list of the task')
    .option('--owner <name>', 'who works on it')
    .option('--ttl <minutes>', 'how long the claim lasts: 60 unless told', parseMinutes)
    .option('--takeover', 'take over a claim that is over')
    .action((item: string, options: ClaimOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { claim } = await import('../../core/actions/tasks/claim.ts');
        const { ttl, ...rest } = options;
        const result = await claim(context, { item, ...rest, ...(ttl !== undefined && { ttlMinutes: ttl }) });
        const { claim: made, renewed, takenFrom } = result;
        return {
          data: {
            claim: toClaimView(made),
            renewed,
            takenFrom: takenFrom === undefined ? null : toClaimView(takenFrom),
          },
          warnings: result.warnings,
          print: (out) => {
            const verb = renewed ? 'Renewed' : takenFrom === undefined ? 'Claimed' : 'Took over';
            out.line(`${verb} ${plainText(made.item)} for ${plainText(made.owner)} until ${made.expiresAt}.`);
            const name = made.list === undefined ? made.item : `${made.list}/${made.item}`;
            printNextStep(out, `baton release ${quoteArgument(name)}`, 'when it is done or given up');
          },
        };
      }),
    );
}

function parseMinutes(value: string): number {
  const minutes = Number(value);
  if (!/^\d+(?:\.\d+)?$/.test(value) || !(minutes > 0)) throw new InvalidArgumentError('Write a number of minutes.');
  return minutes;
}

import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { toClaimView } from '../taskViews.ts';
import { plainText } from '../text.ts';

interface ReleaseOptions {
  readonly list?: string;
  readonly owner?: string;
  readonly force?: boolean;
}

/** `baton release ITEM` */
export function declareRelease(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'release',
    summary: 'Give back what was claimed',
    details: '--json: claim (what was given back).',
    examples: [['baton release data --owner agent-1', 'as the owner that claimed it']],
  })
    .argument('<item>', 'ID of a task (LIST/TASK too) or of a session')
    .option('--list <list>', 'the list of the task')
    .option('--owner <name>', 'who gives it back')
    .option('--force', "give back another owner's claim")
    .action((item: string, options: ReleaseOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { release } = await import('../../core/actions/tasks/release.ts');
        const { claim, warnings } = await release(context, { item, ...options });
        return {
          data: { claim: toClaimView(claim) },
          warnings,
          print: (out) => out.line(`${plainText(claim.item)} is free again.`),
        };
      }),
    );
}

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { toIsolatedView } from '../../isolatedViews.ts';
import { printNextStep } from '../../sessionTable.ts';
import { plainText } from '../../text.ts';

/** `baton isolated adopt PATH ITEM` */
export function declareIsolatedAdopt(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'adopt',
    summary: 'Make a session of a git worktree that is there already',
    details:
      'Nothing is started and nothing in it changes. "retry" has an agent go on in it; its branch is merged like that of any session, and the ' +
      'worktree stays after the merge.',
    examples: [['baton isolated adopt ../shop-login BE-04', '"baton isolated list --all" shows such worktrees']],
  })
    .argument('<path>', 'folder of the worktree')
    .argument('<item>', 'the ready work item that is worked on there')
    .option('--agent <name>', 'the agent; else the one of your agents.yaml')
    .action((path: string, item: string, { agent }: { readonly agent?: string }, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { adoptWorktree } = await import('../../../core/actions/isolated/adopt.ts');
        const options = { path: resolve(path), item, ...(agent !== undefined && { agent }) };
        const session = await adoptWorktree(await openIsolated(context, root), options);
        return {
          data: { session: toIsolatedView(session) },
          print: (out) => {
            out.line(`${plainText(session.item.id)} has ${plainText(session.branch)}.`);
            printNextStep(out, `baton isolated retry ${session.item.id}`);
          },
        };
      }),
    );
}

import type { Command } from 'commander';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { toIsolatedView } from '../../isolatedViews.ts';
import { plainText } from '../../text.ts';

/** `baton isolated restore ID` */
export function declareIsolatedRestore(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'restore',
    summary: 'Bring a session back from the trash, its worktree whole',
    examples: [['baton isolated restore BE-04', 'the last one of it that was put away']],
  })
    .argument('<id>', 'the session, or its work item')
    .action((id: string, _options: object, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { restoreIsolated } = await import('../../../core/actions/isolated/clean.ts');
        const { session, trashed } = await restoreIsolated(await openIsolated(context, root), { id });
        return {
          data: { session: toIsolatedView(session), worktree: trashed.from },
          print: (out) => out.wrapped(plainText(trashed.from), { label: 'Restored: ' }),
        };
      }),
    );
}

import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { addYesOption, declareVerb } from '../../declareVerb.ts';
import { toIsolatedView } from '../../isolatedViews.ts';
import { openIsolated } from '../../openIsolated.ts';
import { plainText } from '../../text.ts';

interface RetryFlags {
  readonly message?: string;
  readonly fresh?: boolean;
  readonly interrupted?: boolean;
}

/** `baton isolated retry ID` */
export function declareIsolatedRetry(isolated: Command, cli: Cli): void {
  const verb = declareVerb(isolated, {
    name: 'retry',
    summary: 'Send a session back to work: one that failed, was rejected, stopped, paused or met a conflict',
    details:
      'It goes on in its worktree, with the agent’s own history where the agent keeps one. With --yes the commands that make ' +
      'worktrees ready (set_up) are approved for this project.',
    examples: [
      ['baton isolated retry BE-04', ''],
      ['baton isolated retry BE-04 -m "keep the old endpoint"', 'with a word for the agent'],
      ['baton isolated retry --interrupted', 'all that a crash or a restart ended'],
    ],
  });
  addYesOption(verb)
    .argument('[id]', 'the work item or the session')
    .option('-m, --message <text>', 'what the agent is told')
    .option('--fresh', 'begin anew, without the agent’s own history')
    .option('--interrupted', 'all sessions that were interrupted')
    .action((id: string | undefined, flags: RetryFlags, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const [{ retryInterrupted, retryIsolated }, isolatedContext] = await Promise.all([
          import('../../../core/actions/isolated/control.ts'),
          openIsolated(context, root),
        ]);
        const options = {
          ...(flags.message !== undefined && { message: flags.message }),
          ...(flags.fresh === true && { fresh: true }),
        };
        const sessions =
          flags.interrupted === true
            ? await retryInterrupted(isolatedContext, options)
            : [await retryIsolated(isolatedContext, { id: id ?? '', ...options })];
        return {
          data: { sessions: sessions.map(toIsolatedView) },
          print: (out) => {
            for (const { item, attempt } of sessions)
              out.line(`${plainText(item.id)} is queued again (attempt ${attempt}).`);
          },
        };
      }),
    );
}

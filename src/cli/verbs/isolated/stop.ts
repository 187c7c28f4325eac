import type { Command } from 'commander';
import { BatonError } from '../../../core/errors.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { toIsolatedView } from '../../isolatedViews.ts';
import { plainText } from '../../text.ts';

interface StopFlags {
  readonly message?: string;
  readonly interrupted?: boolean;
}

/** `baton isolated stop ID` */
export function declareIsolatedStop(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'stop',
    summary: 'Stop a session and everything that it started; its worktree stays',
    examples: [
      ['baton isolated stop BE-04', ''],
      ['baton isolated stop --interrupted', 'leave what a crash ended as failed; you are not reminded of it any more'],
    ],
  })
    .argument('[id]', 'the work item or the session')
    .option('--interrupted', 'mark all sessions that were interrupted as failed')
    .option('-m, --message <why>', 'why')
    .action((id: string | undefined, { message, interrupted }: StopFlags, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { failInterrupted, stopIsolated } = await import('../../../core/actions/isolated/control.ts');
        const isolatedContext = await openIsolated(context, root);
        if (interrupted === true) {
          const failed = await failInterrupted(isolatedContext);
          return {
            data: { sessions: failed.map(toIsolatedView) },
            print: (out) => {
              for (const { item } of failed) out.line(`${plainText(item.id)} is failed.`);
            },
          };
        }
        if (id === undefined) {
          throw new BatonError('invalid-argument', 'Nothing was named to be stopped', {
            hint: 'Name a session or its work item; `baton isolated list` lists them.',
          });
        }
        const session = await stopIsolated(isolatedContext, {
          id,
          ...(message !== undefined && { reason: message }),
        });
        return {
          data: { session: toIsolatedView(session) },
          print: (out) => {
            const said = session.request === undefined ? 'is stopped' : 'is being stopped';
            out.line(`${plainText(session.item.id)} ${said}.`);
          },
        };
      }),
    );
}

import type { Command } from 'commander';
import type { SentComments } from '../../../core/actions/isolated/comments.ts';
import type { IsolatedContext } from '../../../core/actions/isolated/context.ts';
import { BatonError } from '../../../core/errors.ts';
import type { IsolatedSession } from '../../../core/model/isolated.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { addYesOption, declareVerb } from '../../declareVerb.ts';
import { toIsolatedView } from '../../isolatedViews.ts';
import { plainText } from '../../text.ts';

interface RetryFlags {
  readonly message?: string;
  readonly fresh?: boolean;
  readonly interrupted?: boolean;
  readonly withComments?: boolean;
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
      ['baton isolated retry BE-04 --with-comments', 'with what was said about its lines'],
      ['baton isolated retry --interrupted', 'all that a crash or a restart ended'],
    ],
  });
  addYesOption(verb)
    .argument('[id]', 'the work item or the session')
    .option('-m, --message <text>', 'what the agent is told')
    .option('--fresh', 'begin anew, without the agent’s own history')
    .option('--with-comments', 'tell it the comments that were not sent yet, with its next turn where it is at work')
    .option('--interrupted', 'all sessions that were interrupted')
    .action((id: string | undefined, flags: RetryFlags, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        if (id === undefined && flags.interrupted !== true) {
          throw new BatonError('invalid-argument', 'Nothing was named to go on', {
            hint: 'Name a session or its work item, or take all that were interrupted with `--interrupted`.',
          });
        }
        const isolatedContext = await openIsolated(context, root);
        const sent = flags.withComments === true ? await retryWithComments(isolatedContext, id, flags) : undefined;
        const sessions = sent === undefined ? await retry(isolatedContext, id, flags) : [sent.session];
        return {
          data: { sessions: sessions.map(toIsolatedView) },
          print: (out) => {
            for (const { item, attempt } of sessions)
              out.line(
                sent?.isAtWork === true
                  ? `${plainText(item.id)} is at work and is told with its next turn.`
                  : `${plainText(item.id)} is queued again (attempt ${attempt}).`,
              );
          },
        };
      }),
    );
}

async function retry(
  context: IsolatedContext,
  id: string | undefined,
  { message, fresh, interrupted }: RetryFlags,
): Promise<readonly IsolatedSession[]> {
  const { retryInterrupted, retryIsolated } = await import('../../../core/actions/isolated/control.ts');
  const options = { ...(message !== undefined && { message }), ...(fresh === true && { fresh: true }) };
  if (interrupted === true) return await retryInterrupted(context, options);
  return [await retryIsolated(context, { id: id ?? '', ...options })];
}

async function retryWithComments(
  context: IsolatedContext,
  id: string | undefined,
  { message, fresh, interrupted }: RetryFlags,
): Promise<SentComments> {
  if (fresh === true || interrupted === true) {
    throw new BatonError('invalid-argument', '--with-comments goes neither with --fresh nor with --interrupted');
  }
  const { sendComments } = await import('../../../core/actions/isolated/comments.ts');
  return await sendComments(context, { id: id ?? '', ...(message !== undefined && { message }) });
}

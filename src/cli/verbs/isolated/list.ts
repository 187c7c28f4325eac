import type { Command } from 'commander';
import type { ActionContext } from '../../../core/actions/context.ts';
import type { AmplifySession } from '../../../core/formats/isolated/amplify.ts';
import type { WorktreeInfo } from '../../../core/ports/worktrees.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printIsolated, toIsolatedEntryView } from '../../isolatedViews.ts';
import type { Output } from '../../output.ts';
import { printNextStep } from '../../sessionTable.ts';
import { plainText } from '../../text.ts';

/** `baton isolated list` */
export function declareIsolatedList(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'list',
    summary: 'List isolated sessions with what each does now',
    details:
      '--json: sessions[] with item, status, phase, branch, worktree, usage, activity, questions[], review, error; with --all ' +
      'otherWorktrees[{path, branch}] and amplify[], the sessions that Amplify keeps for this project, as they stand.',
    examples: [
      ['baton isolated list', 'those that are not merged'],
      ['baton isolated list --all', 'also those that are, and worktrees that Baton did not make'],
    ],
  })
    .option('--all', 'also those that were merged or put away, and other worktrees')
    .action(({ all = false }: { readonly all?: boolean }, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { listIsolated } = await import('../../../core/actions/isolated/listIsolated.ts');
        const entries = await listIsolated(context, { archived: all });
        const others = all ? await findOthers(context, root) : [];
        const amplify = all ? await readAmplify(root) : [];
        const interrupted = entries.filter((entry) => entry.interrupted);
        return {
          data: {
            sessions: entries.map(toIsolatedEntryView),
            ...(all && {
              otherWorktrees: others.map(({ path, branch }) => ({ path, branch: branch ?? null })),
              amplify: amplify.map(toAmplifyView),
            }),
          },
          warnings: interrupted.length === 0 ? [] : [describeInterrupted(interrupted.length)],
          print: (out) => {
            if (entries.length === 0)
              out.line('No isolated sessions. "baton dispatch --ready" gives ready work to agents.');
            printIsolated(out, entries);
            for (const session of amplify) printAmplify(out, session);
            for (const { path, branch } of others) {
              const said = branch === undefined ? path : `${path} on ${branch}`;
              out.wrapped(plainText(said), { label: 'other worktree: ', tone: 'quiet' });
            }
            const approved = entries.find(({ session }) => session.status === 'approved');
            if (approved !== undefined) printNextStep(out, `baton isolated merge ${approved.session.item.id}`);
          },
        };
      }),
    );
}

/** Outside of git there are none. */
async function findOthers(context: ActionContext, root: string): Promise<readonly WorktreeInfo[]> {
  if ((await context.ports.git('')) === undefined) return [];
  const { findOtherWorktrees } = await import('../../../core/actions/isolated/adopt.ts');
  return await findOtherWorktrees(await openIsolated(context, root));
}

async function readAmplify(root: string): Promise<readonly AmplifySession[]> {
  const { readAmplifySessions } = await import('../../../platform/amplifySessions.ts');
  return await readAmplifySessions(root);
}

function toAmplifyView({ id, status, item, branch, worktree, pid, startedAt, completedAt }: AmplifySession) {
  return {
    id,
    status: status ?? null,
    item: item ?? null,
    branch: branch ?? null,
    worktree: worktree ?? null,
    pid: pid ?? null,
    startedAt: startedAt ?? null,
    completedAt: completedAt ?? null,
  };
}

function printAmplify(out: Output, { id, item, status }: AmplifySession): void {
  out.wrapped(plainText(`${item ?? id}  ${status ?? 'state unknown'}  (Amplify: ${id})`), { label: '', tone: 'quiet' });
}

function describeInterrupted(count: number): string {
  const sessions = count === 1 ? '1 session was interrupted' : `${count} sessions were interrupted`;
  return `${sessions}. "baton isolated retry --interrupted" resumes all of them, "stop --interrupted" marks them as failed.`;
}

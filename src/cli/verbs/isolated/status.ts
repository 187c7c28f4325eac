import type { Command } from 'commander';
import type { ActionContext } from '../../../core/actions/context.ts';
import type { IsolatedEntry } from '../../../core/actions/isolated/listIsolated.ts';
import type { IsolatedSession } from '../../../core/model/isolated.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { printIsolated, toIsolatedEntryView } from '../../isolatedViews.ts';
import type { Output } from '../../output.ts';
import { countOf, plainText } from '../../text.ts';

/** What is not in the record of a session. */
interface Around {
  /** Its approval is about an older state of its work. */
  readonly isVoid: boolean;
  readonly isInTrash: boolean;
}

/** `baton isolated status ID` */
export function declareIsolatedStatus(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'status',
    summary: 'Show one session: its steps, its verdict, where its work is',
    details: '--json: session, with void (the approval is about an older state of the work) and inTrash.',
    examples: [['baton isolated status BE-04', 'by its work item, or by its own ID']],
  })
    .argument('<id>', 'the work item or the session')
    .action((id: string, _options: object, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { showIsolated } = await import('../../../core/actions/isolated/listIsolated.ts');
        const entry = await showIsolated(context, id);
        const around = await lookAround(context, root, entry);
        return {
          data: { session: { ...toIsolatedEntryView(entry), void: around.isVoid, inTrash: around.isInTrash } },
          print: (out) => {
            printIsolated(out, [entry]);
            printFacts(out, entry.session, around);
            printSteps(out, entry.session);
          },
        };
      }),
    );
}

async function lookAround(context: ActionContext, root: string, { session, archived }: IsolatedEntry): Promise<Around> {
  const { status, review, id } = session;
  if (!archived && status !== 'approved') return { isVoid: false, isInTrash: false };
  const isolatedContext = await openIsolated(context, root);
  if (archived) {
    const trash = await isolatedContext.isolated.worktrees.listTrash();
    return { isVoid: false, isInTrash: trash.some((one) => one.id === id) };
  }
  const { readReviewedTree } = await import('../../../core/actions/isolated/reviewedTree.ts');
  const tree = await readReviewedTree(isolatedContext, session).catch(() => undefined);
  return { isVoid: tree !== undefined && tree !== review?.tree, isInTrash: false };
}

function printFacts(out: Output, session: IsolatedSession, { isVoid, isInTrash }: Around): void {
  const { review, usage, error, mergeCommit, summary } = session;
  out.wrapped(session.id, { label: 'Session:   ' });
  if (isInTrash) out.wrapped(`in the trash; \`baton isolated restore ${session.id}\``, { label: 'Worktree:  ' });
  else out.wrapped(plainText(session.worktree), { label: 'Worktree:  ' });
  out.wrapped(`${session.branch}, from ${session.base.branch}`, { label: 'Branch:    ' });
  if (mergeCommit !== undefined) out.line(`Merged:    ${mergeCommit.slice(0, 7)}`);
  if (usage !== undefined && usage.inputTokens + usage.outputTokens + (usage.costUsd ?? 0) > 0) {
    const cost = usage.costUsd === undefined ? '' : `, $${usage.costUsd.toFixed(2)}`;
    out.line(
      `Used:      ${countOf(usage.inputTokens + usage.outputTokens, 'token')} in ${countOf(usage.turns, 'turn')}${cost}`,
    );
  }
  if (error !== undefined) {
    for (const [index, line] of error.message.split('\n').entries())
      out.wrapped(plainText(line), { label: index === 0 ? 'Error:     ' : '           ' });
  }
  if (review !== undefined) {
    const rounds = review.rounds === undefined ? '' : ` in ${countOf(review.rounds, 'round')}`;
    const reason = review.byPerson === undefined ? '' : `: ${review.byPerson.reason}`;
    const isOld = isVoid ? '; void, the work has changed since' : '';
    out.wrapped(plainText(`${review.decision} by ${review.reviewedBy}${rounds}${reason}${isOld}`), {
      label: 'Verdict:   ',
    });
  }
  if (summary === undefined) return;
  out.line('Summary:');
  for (const line of summary.split('\n')) out.wrapped(plainText(line), { label: '  ' });
}

function printSteps(out: Output, { history }: IsolatedSession): void {
  out.line('Steps:');
  for (const { at, status, phase, why } of history) {
    const name = phase === undefined ? status : `${status} (${phase})`;
    out.wrapped(plainText([name, why?.split('\n')[0]].filter(Boolean).join(': ')), {
      label: `  ${at.slice(0, 19).replace('T', ' ')}  `,
    });
  }
}

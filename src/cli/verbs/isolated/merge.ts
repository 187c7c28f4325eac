import type { Command } from 'commander';
import type { MergeResult } from '../../../core/actions/isolated/merge.ts';
import { BatonError } from '../../../core/errors.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { toItemView } from '../../isolatedViews.ts';
import { plainText } from '../../text.ts';

interface MergeFlags {
  readonly override?: string;
  readonly keepWorktree?: boolean;
  readonly approved?: boolean;
}

/** `baton isolated merge ID` */
export function declareIsolatedMerge(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'merge',
    summary: 'Merge approved work into the branch that it started from, and close its work item',
    details:
      'Always with a merge commit. A conflict changes nothing; "retry" has the session resolve it. The worktree goes into the trash, ' +
      'from where "restore" brings it back.\n\n--json: merged[{session, item, commit (null: there was nothing to merge), unblocked[]}]; where one of several cannot be merged, error.data.merged[] are those before it.',
    examples: [
      ['baton isolated merge BE-04', ''],
      ['baton isolated merge --approved', 'all that are approved, in the order of their dispatch'],
      ['baton isolated merge BE-04 --override "reviewed by hand"', 'without a verdict; why is recorded'],
    ],
  })
    .argument('[id]', 'the work item or the session')
    .option('--approved', 'everything that is approved')
    .option('--override <why>', 'merge without a valid approval')
    .option('--keep-worktree', 'leave the worktree where it is')
    .action((id: string | undefined, flags: MergeFlags, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        if (id === undefined && flags.approved !== true) {
          throw new BatonError('invalid-argument', 'Nothing was named to be merged', {
            hint: 'Name a session or its work item, or take everything that is approved with `--approved`.',
          });
        }
        const [{ mergeIsolated, mergeApproved }, isolatedContext] = await Promise.all([
          import('../../../core/actions/isolated/merge.ts'),
          openIsolated(context, root),
        ]);
        const options = {
          ...(flags.override !== undefined && { override: flags.override }),
          ...(flags.keepWorktree === true && { keepWorktree: true }),
        };
        const merged =
          flags.approved === true
            ? await mergeApproved(isolatedContext, options)
            : [await mergeIsolated(isolatedContext, { id: id ?? '', ...options })];
        return {
          data: { merged: merged.map(toMergeView) },
          warnings: merged.flatMap(({ warnings }) => warnings),
          print: (out) => {
            if (merged.length === 0) out.line('Nothing is approved.');
            for (const { item, commit, wasIn, unblocked } of merged) {
              const where = wasIn ? 'is closed; there was nothing to merge' : `in ${commit.slice(0, 7)}`;
              const ready = unblocked.length === 0 ? '' : `; now ready: ${unblocked.map((one) => one.id).join(', ')}`;
              out.wrapped(plainText(`${item} ${where}${ready}`), { label: wasIn ? '' : 'merged ' });
            }
          },
        };
      }),
    );
}

function toMergeView({ session, item, commit, wasIn, unblocked }: MergeResult) {
  return { session, item, commit: wasIn ? null : commit, unblocked: unblocked.map(toItemView) };
}

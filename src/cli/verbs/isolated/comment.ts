import type { Command } from 'commander';
import type { CommentOptions } from '../../../core/actions/isolated/comments.ts';
import { BatonError } from '../../../core/errors.ts';
import { isQueued, type ReviewComment } from '../../../core/model/reviewComment.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import type { Output } from '../../output.ts';
import { printNextStep } from '../../sessionTable.ts';
import { plainText } from '../../text.ts';

/** `baton isolated comment ID FILE:LINE TEXT` */
export function declareIsolatedComment(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'comment',
    summary: 'Comment on a line of a session’s changes; without a line: list the comments',
    details:
      'Comments wait until "retry --with-comments" sends them: a session that is at work is told when its turn ends.\n\n--json: comments[].',
    examples: [
      ['baton isolated comment BE-04 src/api.ts:12 "name the limit"', ''],
      ['baton isolated comment BE-04', 'what was said, and whether it was sent'],
    ],
  })
    .argument('<id>', 'the work item or the session')
    .argument('[line]', 'a file of the worktree and a line of it, FILE:LINE')
    .argument('[text...]', 'what is to be said')
    .action((id: string, line: string | undefined, text: readonly string[], _options: object, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const [{ commentIsolated, readComments }, { requireIsolated }] = await Promise.all([
          import('../../../core/actions/isolated/comments.ts'),
          import('../../../core/actions/isolated/records.ts'),
        ]);
        if (line !== undefined) {
          const options = { id, ...readPlace(line), text: text.join(' ') };
          const { session, comment } = await commentIsolated(await openIsolated(context, root), options);
          return {
            data: { comments: [comment] },
            print: (out) => {
              printComments(out, [comment]);
              printNextStep(out, `baton isolated retry ${session.item.id} --with-comments`);
            },
          };
        }
        const comments = await readComments(context, (await requireIsolated(context, id)).id);
        return {
          data: { comments },
          print: (out) => {
            if (comments.length === 0) out.line('No comments.');
            printComments(out, comments);
          },
        };
      }),
    );
}

function readPlace(text: string): Pick<CommentOptions, 'path' | 'line'> {
  const [, path, line] = /^(.+):([1-9]\d{0,8})$/.exec(text) ?? [];
  if (path !== undefined) return { path: path.replace(/^\.\//, ''), line: Number(line) };
  throw new BatonError('invalid-argument', `"${text}" is no line of a file`, { hint: 'Name it as FILE:LINE.' });
}

function printComments(out: Output, comments: readonly ReviewComment[]): void {
  for (const comment of comments) {
    const { path, line, text, sentAt } = comment;
    const told = sentAt === undefined ? '' : ` (sent ${sentAt.slice(0, 16).replace('T', ' ')})`;
    out.wrapped(plainText(`${text}${isQueued(comment) ? ' (waits for its next turn)' : told}`), {
      label: `${plainText(path)}:${line}  `,
    });
  }
}

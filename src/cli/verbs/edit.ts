import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { plainText } from '../text.ts';

interface EditOptions {
  readonly column: string;
  readonly was?: string;
  readonly project?: string;
}

/** `baton edit ID --column NAME TEXT` */
export function declareEdit(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'edit',
    summary: "Edit a cell of a session's row: notes, status, own columns",
    details:
      'Columns that Baton keeps (times, commit, ID) are refused. A status is a correction: nothing is run or committed.\n\n--json: session, path, column.',
    examples: [
      ['baton edit BE-04 --column Notes "waits for the API key"', 'an empty text is written as —'],
      ['baton edit BE-04 --column Notes "done" --was "waits"', 'only where it still says that'],
      ['baton edit BE-04 --column Status Done', 'correct the state of the row'],
    ],
  })
    .argument('<id>', 'the session')
    .argument('<text...>', 'what the cell says then')
    .requiredOption('--column <name>', "the column's header")
    .option('--was <text>', 'refuse where the cell says anything else')
    .option('--project <name>', 'the project, where several have this ID')
    .action((id: string, words: readonly string[], options: EditOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { editCell } = await import('../../core/actions/editCell.ts');
        const { session, path, column, warnings } = await editCell(context, {
          id,
          text: words.join(' '),
          column: options.column,
          ...(options.was !== undefined && { was: options.was }),
          ...(options.project !== undefined && { project: options.project }),
        });
        return {
          data: { session, path, column },
          warnings,
          print: (out) =>
            out.line(`${out.paint('good', 'Edited')} ${plainText(column)} of ${plainText(session)} in ${path}`),
        };
      }),
    );
}

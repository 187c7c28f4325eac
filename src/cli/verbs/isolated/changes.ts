import { type Command, Option } from 'commander';
import type { ChangeScope } from '../../../core/actions/isolated/isolatedChanges.ts';
import { openIsolated } from '../../../platform/openIsolated.ts';
import type { Cli } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import { plainText } from '../../text.ts';
import { countLines, describeFile, statOf } from '../changes.ts';

interface ChangesFlags {
  readonly since: ChangeScope;
  readonly stat?: boolean;
}

/** `baton isolated changes ID` */
export function declareIsolatedChanges(isolated: Command, cli: Cli): void {
  declareVerb(isolated, {
    name: 'changes',
    summary: 'List the files that a session has changed, committed or not',
    details:
      '--json: from, to (null: the worktree), folder, files[{path, kind, from, added, removed, binary}], added, removed.',
    examples: [
      ['baton isolated changes BE-04 --stat', 'since it started, with the number of lines'],
      ['baton isolated changes BE-04 --since checkpoint', 'what came after its last checkpoint'],
      ['baton isolated changes BE-04 --since review', 'what is other than the last verdict saw'],
      ['baton isolated changes BE-04 --since turn', 'what its last turn did'],
    ],
  })
    .argument('<id>', 'the work item or the session')
    .addOption(
      new Option('--since <point>', 'from where')
        .choices(['start', 'checkpoint', 'review', 'turn'] satisfies readonly ChangeScope[])
        .default('start' as const),
    )
    .option('--stat', 'with the lines that were added and removed')
    .action((id: string, { since, stat }: ChangesFlags, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const [{ readIsolatedChanges }, { showIsolated }] = await Promise.all([
          import('../../../core/actions/isolated/isolatedChanges.ts'),
          import('../../../core/actions/isolated/listIsolated.ts'),
        ]);
        const { session } = await showIsolated(context, id);
        const { files, from, to, folder } = await readIsolatedChanges(
          await openIsolated(context, root),
          session,
          since,
        );
        const lines = countLines(files);
        return {
          data: {
            from,
            to: to ?? null,
            folder,
            files: files.map((file) => ({
              path: file.path,
              kind: file.kind,
              from: file.from ?? null,
              added: file.added ?? null,
              removed: file.removed ?? null,
              binary: file.binary === true,
            })),
            ...lines,
          },
          print: (out) => {
            if (files.length === 0) out.line(`${plainText(session.item.id)} has changed no files.`);
            const widest = Math.max(0, ...files.map((file) => statOf(file).length));
            for (const file of files) {
              out.line(describeFile(file, stat === true ? `${statOf(file).padStart(widest)}  ` : ''));
            }
          },
        };
      }),
    );
}

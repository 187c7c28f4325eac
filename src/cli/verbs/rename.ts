import type { Command } from 'commander';
import { parseText } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { plainText } from '../text.ts';

interface RenameOptions {
  readonly project?: string;
  readonly list?: string;
  readonly mentions?: boolean;
  readonly dryRun?: boolean;
}

/** `baton rename ID NEW` */
export function declareRename(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'rename',
    summary: 'Give a session or task another ID everywhere',
    details:
      'Plans, progress files, SESSION.md, paused sessions and task lists follow. Prose that mentions the ID is left alone, unless asked for. ' +
      'Where a place may mean another session too, nothing is changed.\n\n--json: session, files[] (path, places, mentions), moved[]; of a task: list, task.',
    examples: [
      ['baton rename BE-04 RES-01 --dry-run', 'what would change'],
      ['baton rename BE-04 RES-01 --mentions', 'in prose too'],
      ['baton rename models data-models --list release', 'a task'],
    ],
  })
    .argument('<id>', 'the session, or with --list the task')
    .argument('<new>', 'its new ID', parseText)
    .option('--project <name>', 'the project, where several have this ID')
    .option('--list <list>', 'rename a task of this list')
    .option('--mentions', 'rename it in prose too')
    .option('--dry-run', 'change nothing, say what would change')
    .action((id: string, to: string, options: RenameOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { project, list, mentions = false, dryRun = false } = options;
        if (list !== undefined) {
          const { editTask } = await import('../../core/actions/tasks/editTask.ts');
          const { list: entry, task } = await editTask(context, { list, task: id, id: to });
          return {
            data: { list: entry.list.id, task: task.id },
            print: (out) => out.line(`${out.paint('good', 'Renamed')} ${plainText(id)} to ${plainText(task.id)}`),
          };
        }
        const { renameSession } = await import('../../core/actions/renameSession.ts');
        const { session, files, moved, warnings } = await renameSession(context, {
          id,
          to,
          mentions,
          dryRun,
          ...(project !== undefined && { project }),
        });
        return {
          data: { session, files, moved },
          warnings,
          print: (out) => {
            const verb = dryRun ? 'Would rename' : out.paint('good', 'Renamed');
            out.line(`${verb} ${plainText(id)} to ${plainText(session)}:`);
            for (const one of files) {
              const count = one.places + (mentions ? one.mentions : 0);
              if (count > 0) out.line(`  ${one.path} (${count})`);
            }
            for (const { from, to: target } of moved) out.line(`  ${from} → ${target}`);
          },
        };
      }),
    );
}

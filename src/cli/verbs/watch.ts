import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { ReadyItem } from '../../core/actions/tasks/watchProject.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { plainText } from '../text.ts';

interface WatchOptions {
  readonly ready?: boolean;
  readonly initial?: boolean;
  readonly list?: string;
  readonly timeout?: number;
}

/** `baton watch` */
export function declareWatch(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'watch',
    summary: 'Wait until a state file changes, or until something becomes ready',
    details:
      'It ends after the first change, with one line for each item. What somebody has claimed does not count as ready.\n\n' +
      '--json: ready[{kind (task or session), id, title, list, project}], files[] (that changed), timedOut.',
    examples: [
      ['baton watch --ready', 'a task or session that could not be started, and now can'],
      ['baton watch --ready --initial --list release-7b2k', 'at once where something is ready already'],
    ],
  })
    .option('--ready', 'wait until something becomes ready')
    .option('--initial', 'with --ready: end at once where something is ready already')
    .option('--list <list>', 'only tasks of this list')
    .option('--timeout <seconds>', 'give up after this time', parseSeconds)
    .action((options: WatchOptions, command: Command) =>
      cli.run(command, async ({ context, root }) => {
        const { watchProject } = await import('../../core/actions/tasks/watchProject.ts');
        const { createFolderWatcher } = await import('../../platform/folderWatcher.ts');
        const { timeout, ...rest } = options;
        const claims = join(context.ports.localState.locate('claims/x'), '..');
        const result = await watchProject(context, {
          ...rest,
          watcher: createFolderWatcher(root, [claims]),
          ...(timeout !== undefined && { timeoutMs: timeout * 1_000 }),
        });
        return {
          data: { ready: result.ready.map(toView), files: result.files, timedOut: result.timedOut },
          warnings: result.warnings,
          print: (out) => {
            for (const item of result.ready) out.line(`ready: ${describe(item)}`);
            if (result.ready.length === 0) for (const file of result.files) out.line(`changed: ${plainText(file)}`);
            if (result.timedOut) out.line('Nothing happened in that time.');
          },
        };
      }),
    );
}

function toView({ kind, id, title, list, project }: ReadyItem) {
  return { kind, id, title, list: list ?? null, project: project ?? null };
}

function describe({ id, title, list }: ReadyItem): string {
  const name = list === undefined ? id : `${list}/${id}`;
  return title === id ? plainText(name) : `${plainText(name)}  ${plainText(title)}`;
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (!/^\d+(?:\.\d+)?$/.test(value) || !(seconds > 0)) throw new InvalidArgumentError('Write a number of seconds.');
  return seconds;
}

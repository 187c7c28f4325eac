import { type Command, Option } from 'commander';
import type { SyncTaskListResult } from '../../../core/actions/tasks/syncTaskList.ts';
import type { SyncChange, SyncSide } from '../../../core/actions/tasks/syncTypes.ts';
import { BatonError } from '../../../core/errors.ts';
import type { Cli, VerbResult, VerbRun } from '../../cli.ts';
import { declareVerb } from '../../declareVerb.ts';
import type { Output } from '../../output.ts';
import { toTaskListView } from '../../taskViews.ts';
import { plainText } from '../../text.ts';

interface SyncOptions {
  readonly watch?: boolean;
  readonly dryRun?: boolean;
  readonly prefer?: SyncSide;
  readonly unlink?: boolean;
}

/** `baton tasks sync LIST` */
export function declareTasksSync(tasks: Command, cli: Cli): void {
  declareVerb(tasks, {
    name: 'sync',
    summary: "Bring a list and Claude Code's own tasks into step, both ways",
    details:
      'Claude Code keeps the tasks of its own tools in ~/.claude/tasks/<list>. Start it with CLAUDE_CODE_TASK_LIST_ID=<list>, ' +
      'and the newest versions with CLAUDE_CODE_ENABLE_TODO_TOOLS=1. ' +
      'States, titles, dependencies, new tasks and removed ones go both ways; what both sides changed differently is told and left ' +
      'as it is. Complete tasks that Claude Code drops stay in the list.\n\n' +
      '--json: list, folder, linked, isNew (linked by this call), changes[{side, task, number, kind, from, to}], conflicts[{kind, task, number, message}], ' +
      'rescued[], problems[], revision. With conflicts this is the data of the error, whose code is conflict.',
    examples: [
      ['baton tasks sync database-migration-x3f9', 'once; from then on the list is linked'],
      ['baton tasks sync database-migration-x3f9 --watch', 'until Ctrl-C, whenever either side changes'],
      ['baton tasks sync database-migration-x3f9 --prefer list', 'where both changed, ours counts'],
    ],
  })
    .argument('<list>', 'ID of the list')
    .option('--watch', 'stay, and sync whenever either side changes')
    .addOption(new Option('--dry-run', 'tell what would be done').conflicts(['watch']))
    .addOption(
      new Option('--prefer <side>', 'the side that decides where both changed')
        .choices(['list', 'claude'])
        .conflicts(['watch']),
    )
    .addOption(
      new Option('--unlink', 'end the link; both sides stay as they are').conflicts(['watch', 'dryRun', 'prefer']),
    )
    .action((list: string, options: SyncOptions, command: Command) =>
      cli.run(command, async (run) => {
        if (options.unlink === true) return unlink(run, list);
        if (options.watch === true) return watch(cli, run, list);
        return syncOnce(run, list, options);
      }),
    );
}

async function unlink({ context }: VerbRun, list: string): Promise<VerbResult> {
  const { unlinkTaskList } = await import('../../../core/actions/tasks/syncTaskList.ts');
  const changed = await unlinkTaskList(context, { list });
  return {
    data: { changed },
    print: (out) => out.line(changed ? 'Unlinked. Both sides stay as they are.' : 'It was not linked.'),
  };
}

async function syncOnce({ context }: VerbRun, list: string, { dryRun, prefer }: SyncOptions): Promise<VerbResult> {
  const { syncTaskList } = await import('../../../core/actions/tasks/syncTaskList.ts');
  const { createClaudeTasks } = await import('../../../platform/claudeTaskStore.ts');
  const result = await syncTaskList(context, {
    list,
    claudeTasks: createClaudeTasks(),
    ...(dryRun === true && { dryRun }),
    ...(prefer !== undefined && { prefer }),
  });
  return toResult(result, (out) => printSync(out, result, dryRun === true), dryRun === true);
}

/** Ends by Ctrl-C, which is its orderly end. */
async function watch(cli: Cli, { context, root }: VerbRun, list: string): Promise<VerbResult> {
  const { watchSync } = await import('../../../platform/syncWatch.ts');
  const { createClaudeTasks } = await import('../../../platform/claudeTaskStore.ts');
  const changes: SyncChange[] = [];
  let count = 0;
  let said = '';
  const out = cli.json ? cli.err : cli.out;
  const last = await watchSync({
    context,
    root,
    list,
    claudeTasks: createClaudeTasks(),
    onSync: (result) => {
      changes.push(...result.changes);
      if (count === 0) out.line(`Watching ${plainText(result.folder)}; Ctrl-C ends it.`);
      count += 1;
      printChanges(out, result.changes);
      const standing = JSON.stringify([result.conflicts, result.rescued, result.problems]);
      if (standing !== said) {
        for (const { message } of result.conflicts)
          out.wrapped(plainText(message), { label: 'Conflict: ', tone: 'bad' });
        printStanding(out, result);
      }
      said = standing;
    },
    onFailure: (error) => cli.err.line(`${cli.err.paint('warn', 'warning:')} ${plainText(error.message)}`),
  });
  return toResult({ ...last, changes }, () => out.line(`Ended; synced ${count} times, ${changes.length} changes.`));
}

function toResult(result: SyncTaskListResult, print: VerbResult['print'], isDryRun = false): VerbResult {
  const { conflicts, list } = result;
  const data = {
    list: toTaskListView(list),
    folder: result.folder,
    linked: !(isDryRun && result.isNew),
    isNew: result.isNew,
    changes: result.changes.map(({ side, task, number, kind, from, to }) => ({
      side,
      task,
      number: number ?? null,
      kind,
      from: from ?? null,
      to: to ?? null,
    })),
    conflicts: conflicts.map(({ kind, task, number, message }) => ({
      kind,
      task: task ?? null,
      number: number ?? null,
      message,
    })),
    rescued: result.rescued,
    problems: result.problems,
    revision: result.revision,
  };
  const failure =
    conflicts.length === 0
      ? undefined
      : new BatonError('conflict', `${list.list.id}: ${conflicts.map(({ message }) => message).join('; ')}`, {
          hint: 'Make one side say what the other does, or decide with --prefer list or --prefer claude.',
          data,
        });
  return { data, warnings: result.warnings, print, ...(failure && { failure }) };
}

function printSync(out: Output, result: SyncTaskListResult, isDryRun: boolean): void {
  if (result.isNew && !isDryRun) out.line(`Linked to ${plainText(result.folder)}`);
  if (isDryRun) out.line(result.changes.length === 0 ? 'Nothing would be done.' : 'Would be done:');
  else if (result.changes.length === 0) out.line('Nothing to do: both sides are in step.');
  printChanges(out, result.changes);
  printStanding(out, result);
}

const sideNames = { list: 'list', claude: 'Claude Code' } as const;

function printChanges(out: Output, changes: readonly SyncChange[]): void {
  for (const change of changes) out.line(plainText(describeChange(change)));
}

/** `Claude Code #3 docs: PENDING -> COMPLETE` */
function describeChange({ side, task, number, kind, from = '', to = '' }: SyncChange): string {
  const place = `${sideNames[side]}${side === 'claude' && number !== undefined ? ` #${number}` : ''} ${task}`;
  switch (kind) {
    case 'created':
      return `${place}: created, ${to}`;
    case 'removed':
      return `${place}: removed`;
    case 'title':
      return `${place}: “${to}”`;
    case 'status':
      return `${place}: ${from} -> ${to}`;
    case 'dependencies':
      return side === 'list'
        ? `${place}: after ${to === '' ? 'nothing' : to}`
        : `${place}: ${to === '' ? `no longer after ${from}` : `after ${to}`}`;
  }
}

function printStanding(out: Output, { rescued, problems }: SyncTaskListResult): void {
  if (rescued.length > 0) {
    out.wrapped(rescued.map(plainText).join(', '), { label: 'Rescued (complete, and gone from Claude Code): ' });
  }
  for (const problem of problems) out.wrapped(plainText(problem), { label: 'Odd: ', tone: 'warn' });
}

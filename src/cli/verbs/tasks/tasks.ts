import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import type { Declare } from '../../program.ts';
import { declareTasksAdd } from './add.ts';
import { declareTasksArchive } from './archive.ts';
import { declareTasksCreate } from './create.ts';
import { declareTasksEdit } from './edit.ts';
import { declareTasksHandoff } from './handoff.ts';
import { declareTasksList } from './list.ts';
import { declareTasksMove } from './move.ts';
import { declareTasksReady } from './ready.ts';
import { declareTasksRemove } from './remove.ts';
import { declareTasksReorder } from './reorder.ts';
import { declareTasksResume } from './resume.ts';
import { declareTasksSet } from './set.ts';
import { declareTasksShow } from './show.ts';
import { declareTasksSync } from './sync.ts';
import { declareTasksVerify } from './verify.ts';

const groups: readonly (readonly [heading: string, verbs: readonly Declare[]])[] = [
  ['See:', [declareTasksList, declareTasksShow, declareTasksReady]],
  [
    'Change:',
    [
      declareTasksCreate,
      declareTasksAdd,
      declareTasksSet,
      declareTasksEdit,
      declareTasksReorder,
      declareTasksMove,
      declareTasksRemove,
      declareTasksArchive,
    ],
  ],
  ['Carry on in another session:', [declareTasksResume, declareTasksHandoff, declareTasksVerify, declareTasksSync]],
];

/** `baton tasks …` */
export function declareTasks(program: Command, cli: Cli): void {
  const tasks = program
    .command('tasks')
    .summary('Keep task lists that outlive sessions')
    .description(
      'Keep task lists that outlive sessions: each is a markdown file with an ID, by which the next session continues it.',
    );
  for (const [heading, verbs] of groups) {
    tasks.commandsGroup(heading);
    for (const declare of verbs) declare(tasks, cli);
  }
  tasks.helpCommand('help [command]', 'Show the help of a command');
}

import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import type { Declare } from '../../program.ts';
import { declareIsolatedAdopt } from './adopt.ts';
import { declareIsolatedChanges } from './changes.ts';
import { declareIsolatedClean } from './clean.ts';
import { declareIsolatedComment } from './comment.ts';
import { declareIsolatedApprove, declareIsolatedReject } from './decide.ts';
import { declareIsolatedList } from './list.ts';
import { declareIsolatedLogs } from './logs.ts';
import { declareIsolatedMerge } from './merge.ts';
import { declareIsolatedRestore } from './restore.ts';
import { declareIsolatedRetry } from './retry.ts';
import { declareIsolatedStatus } from './status.ts';
import { declareIsolatedStop } from './stop.ts';

const groups: readonly (readonly [heading: string, verbs: readonly Declare[]])[] = [
  ['See:', [declareIsolatedList, declareIsolatedStatus, declareIsolatedLogs, declareIsolatedChanges]],
  ['Decide:', [declareIsolatedComment, declareIsolatedApprove, declareIsolatedReject, declareIsolatedMerge]],
  [
    'Steer:',
    [declareIsolatedRetry, declareIsolatedStop, declareIsolatedAdopt, declareIsolatedClean, declareIsolatedRestore],
  ],
];

/** `baton isolated …` */
export function declareIsolated(program: Command, cli: Cli): void {
  const isolated = program
    .command('isolated')
    .summary('Follow agents that work in git worktrees of their own')
    .description(
      'Follow agents that work in git worktrees of their own: see what they do, answer, decide on their work and merge it.',
    );
  for (const [heading, verbs] of groups) {
    isolated.commandsGroup(heading);
    for (const declare of verbs) declare(isolated, cli);
  }
  isolated.helpCommand('help [command]', 'Show the help of a command');
}

import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import type { Declare } from '../../program.ts';
import { declareStateCreate } from './create.ts';
import { declareStateGet } from './get.ts';
import { addFileOption } from './stateArguments.ts';
import {
  declareStateAnswer,
  declareStateDeviation,
  declareStateMission,
  declareStateNotToRetry,
  declareStateQuestion,
  declareStateSet,
} from './write.ts';

const groups: readonly (readonly [heading: string, verbs: readonly Declare[]])[] = [
  ['See:', [declareStateGet]],
  ['Write:', [declareStateCreate, declareStateSet, declareStateMission, declareStateDeviation]],
  ['For sessions to come:', [declareStateQuestion, declareStateAnswer, declareStateNotToRetry]],
];

/** `baton state …` */
export function declareState(program: Command, cli: Cli): void {
  const state = program
    .command('state')
    .summary('Read and write STATE.md, the record of a wave run')
    .description(
      'Read and write STATE.md, the record of a wave run, for who coordinates agents without `baton wave`.\n\n' +
        'Every change keeps all other bytes and is made under .orchestrator/state.lock. Any ID and any state is taken; an unusual one is warned of.',
    );
  addFileOption(state);
  for (const [heading, verbs] of groups) {
    state.commandsGroup(heading);
    for (const declare of verbs) declare(state, cli);
  }
  state.helpCommand('help [command]', 'Show the help of a command');
}

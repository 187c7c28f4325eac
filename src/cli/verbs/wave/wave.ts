import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import type { Declare } from '../../program.ts';
import { declareWaveClose } from './close.ts';
import { declareWaveAbort, declareWavePause, declareWaveResume, declareWaveStop } from './control.ts';
import { declareWaveInit } from './init.ts';
import { declareWaveLogs } from './logs.ts';
import { declareWaveRun } from './run.ts';
import { declareWaveStatus } from './status.ts';

const groups: readonly (readonly [heading: string, verbs: readonly Declare[]])[] = [
  ['Begin:', [declareWaveInit, declareWaveRun]],
  ['See:', [declareWaveStatus, declareWaveLogs]],
  ['Steer:', [declareWavePause, declareWaveResume, declareWaveStop, declareWaveAbort, declareWaveClose]],
];

/** `baton wave …` */
export function declareWave(program: Command, cli: Cli): void {
  const wave = program
    .command('wave')
    .summary('Run a plan in waves of agents, with gates between them')
    .description(
      'Run a plan in waves of agents, with gates between them.\n\n' +
        'Baton coordinates: it dispatches the agents of a wave, watches them, checks what they changed, runs the gate, and writes it all to ' +
        'STATE.md. The run goes on when this terminal or VS Code is closed, and is resumed after a crash.',
    );
  for (const [heading, verbs] of groups) {
    wave.commandsGroup(heading);
    for (const declare of verbs) declare(wave, cli);
  }
}

import { type GateKind, type GateStep, gateSteps } from '../../model/waves/gate.ts';
import type { WaveConfig } from '../../model/waves/waveConfig.ts';

/** One step of a gate with its shell line. */
export interface GateCommand {
  readonly step: GateStep;
  readonly command: string;
}

/** The commands of a project's gate in their order: lint, typecheck, test. Exactly this list is what a person approves. */
export function gateCommands(config: Pick<WaveConfig, 'gate'>): readonly GateCommand[] {
  return gateSteps.flatMap((step) => {
    const command = config.gate[step]?.trim() ?? '';
    return command === '' || command === 'skip' ? [] : [{ step, command }];
  });
}

/** Tells whether a gate of this kind runs commands. */
export function runsCommands(kind: GateKind): boolean {
  return kind === 'incremental' || kind === 'full';
}

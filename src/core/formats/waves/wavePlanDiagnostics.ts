import { createLineIndex } from '../../markdown/lines.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { WaveConfig } from '../../model/waves/waveConfig.ts';
import type { WaveProblem } from '../../model/waves/waveProblem.ts';
import { checkWavePlan } from './checkWavePlan.ts';
import { readWavePlan } from './wavePlan.ts';

/** What is wrong with a document that holds a wave plan, as the check before a run finds it: each problem on its line. */
export function describeWavePlan(
  text: string,
  path: string,
  config: Pick<WaveConfig, 'agentsPerWave'>,
): readonly Diagnostic[] {
  const { plan, problems, places } = readWavePlan(text, path);
  const agentsPerWave = plan.execution.agentsPerWave ?? config.agentsPerWave;
  const lines = createLineIndex(text);
  const toDiagnostic = ({ severity, message, hint, line = 1 }: WaveProblem): Diagnostic => ({
    code: 'wave-plan',
    severity,
    message: hint === undefined ? message : `${message}. ${hint}`,
    range: lines.rangeOf(Math.max(0, Math.min(line, lines.lineCount) - 1)),
  });
  return [...problems, ...checkWavePlan(plan, { agentsPerWave }, places)].map(toDiagnostic);
}

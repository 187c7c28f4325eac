import { isIsolatedId } from '../core/actions/isolated/records.ts';
import { isWaveRunId } from '../core/actions/waves/records.ts';

/** The isolated session that this process works for: its supervisor says so in the environment. */
export function workerSession(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const id = env.BATON_SESSION_ID;
  return id !== undefined && isIsolatedId(id) ? id : undefined;
}

/** Who asks where this process puts a question: the isolated session or the wave run's agent that it works for, or nobody in particular. */
export function workerAsker(env: NodeJS.ProcessEnv = process.env): {
  readonly isolated?: string;
  readonly wave?: string;
  readonly waveAgent?: string;
} {
  const isolated = workerSession(env);
  if (isolated !== undefined) return { isolated };
  const { BATON_WAVE_RUN: wave, BATON_WAVE_AGENT: waveAgent } = env;
  return wave !== undefined && isWaveRunId(wave) && waveAgent !== undefined ? { wave, waveAgent } : {};
}

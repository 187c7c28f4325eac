import type { AutopilotConfig, WaveConfig } from './waveConfig.ts';

/** What one place says about wave runs (`.baton.yaml`'s `waves`, a Session Config): only what it does say. */
export interface WaveSettings
  extends Partial<Omit<WaveConfig, 'gate' | 'memoryProposals' | 'vaultSync' | 'autopilot' | 'maxParallel'>> {
  /** By session type, where it differs: `6 (deep: 18)`. */
  readonly agentsPerWaveOf?: Readonly<Record<string, number>>;
  readonly wavesOf?: Readonly<Record<string, number>>;
  /** An empty text: that step is not run. */
  readonly gate?: WaveConfig['gate'];
  readonly memoryProposals?: Partial<WaveConfig['memoryProposals']>;
  readonly vaultSync?: Partial<WaveConfig['vaultSync']>;
  readonly autopilot?: Partial<AutopilotConfig>;
  readonly workerPool?: { readonly enabled?: boolean; readonly maxParallel?: number };
}

import type { Resources } from '../../ports/resources.ts';
import type { Watcher } from '../../ports/watcher.ts';
import type { WaveAgents, WaveTrees } from '../../ports/waveAgents.ts';
import type { IsolatedContext } from '../isolated/context.ts';

/** What the engine of wave runs gets from the supervisor. Its other ports are those of the run's own tree. */
export interface WaveContext extends IsolatedContext {
  readonly waveAgents: WaveAgents;
  readonly trees: WaveTrees;
  readonly resources: Resources;
  /** Looks again for what is asked of the run, and bounds the wait for ending agents. */
  readonly timer: Pick<Watcher, 'after'>;
}

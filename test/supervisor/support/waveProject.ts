import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WaveRun } from '../../../src/core/model/waves/waveRun.ts';
import { SupervisedProject } from './supervisedProject.ts';
import { readOnlyRun } from './waveRecord.ts';

export const wavePlanPath = 'wave-plan.md';

export interface WaveProjectOptions {
  /** Below the plan's title: waves, agents, Execution Config. */
  readonly plan: string;
  /** By the agent's key. `$PLACE` is a folder outside of the repository. */
  readonly agents: Readonly<Record<string, string>>;
  /** Below `waves:` in `.baton.yaml`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** A repository with a wave plan, whose agents are small shell scripts. */
export class WaveProject extends SupervisedProject {
  constructor({ plan, agents, config, files = {} }: WaveProjectOptions) {
    super({
      files: {
        // JSON is YAML.
        '.baton.yaml': `mode: agentic\nwaves: ${JSON.stringify(config)}\n`,
        [wavePlanPath]: `# Two ends of a thread\n\n${plan}`,
        '.orchestrator/bootstrap.lock': 'version: 1\ntier: fast\n',
        ...files,
      },
      scripts: agents,
      start: 'PLACE="$0"; . "$0/$BATON_WAVE_AGENT.sh"',
    });
  }

  run(): WaveRun | undefined {
    return readOnlyRun(this.root);
  }

  /** Waits until the run is as a test wants it; one that failed instead is said at once. */
  async untilRun(what: string, isSo: (run: WaveRun) => boolean): Promise<WaveRun> {
    await this.wait(
      what,
      () => {
        const run = this.run();
        if (run !== undefined && isSo(run)) return true;
        if (run?.status === 'failed') throw new Error(`the run failed: ${JSON.stringify(run, null, 1)}\n${this.log()}`);
        return false;
      },
      () => this.run(),
    );
    const run = this.run();
    if (run === undefined) throw new Error(`there is no run: ${what}`);
    return run;
  }

  /** What scripts left outside of the repository. */
  place(name: string): string {
    const path = join(this.project.environment.BATON_CONFIG_HOME ?? '', name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Lets scripts that wait for it go on. */
  put(name: string): void {
    writeFileSync(join(this.project.environment.BATON_CONFIG_HOME ?? '', name), '');
  }

  /** A record below `.git/baton`; undefined where there is none. */
  json(key: string): unknown {
    const path = join(this.root, '.git/baton', key);
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  }
}

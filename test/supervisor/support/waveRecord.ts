import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWaveRun, type WaveRun } from '../../../src/core/model/waves/waveRun.ts';

/** The only wave run of a clone, as its record says; undefined before there is one. */
export function readOnlyRun(root: string): WaveRun | undefined {
  const folder = join(root, '.git/baton/waves');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .map((name) => {
      try {
        return readWaveRun(JSON.parse(readFileSync(join(folder, name, 'run.json'), 'utf8')));
      } catch {
        return undefined;
      }
    })
    .find((run) => run !== undefined);
}

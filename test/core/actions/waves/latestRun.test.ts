import { expect, it } from 'vitest';
import { requireWaveRun, waveRunKey } from '../../../../src/core/actions/waves/records.ts';
import { harbourRun } from '../../../support/waveRuns.ts';
import { isolatedOf } from '../isolated/support.ts';
import { createProject } from '../support.ts';

it('the latest run is the one that was begun last, also within a second', async () => {
  const { context } = await isolatedOf(await createProject());
  const ids = [1_000, 1_001].map((ms, at) => `shop-${at === 0 ? 4 : 28}-${ms.toString(36)}-abcdef`);
  for (const id of ids) await context.ports.localState.write(waveRunKey(id), harbourRun('/shop', { id }));
  expect((await requireWaveRun(context)).id).toBe(ids[1]);
});

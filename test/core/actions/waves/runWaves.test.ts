import { describe, expect, it } from 'vitest';
import { runWaves } from '../../../../src/core/actions/waves/runWaves.ts';
import { createWaveWorld, plannedAgent, plannedWave, queueRun, runId, stateFile } from '../../../support/waveWorld.ts';

describe('runWaves', () => {
  it('goes straight through five waves', async () => {
    const world = createWaveWorld({
      files: { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', 'src/c.ts': 'c\n' },
      script: (key) => (key === 'look' || key === 'end' ? {} : { writes: { [`src/${key}.ts`]: `${key} done\n` } }),
    });
    await queueRun(
      world,
      [
        plannedWave(1, 'Discovery', [plannedAgent('look', { files: [] })]),
        plannedWave(2, 'Impl-Core', [
          plannedAgent('a', { mission: 'shop-a-1' }),
          plannedAgent('b', { dependencies: ['a'] }),
          plannedAgent('c'),
        ]),
        plannedWave(3, 'Quality', [plannedAgent('q', { files: ['src/q.ts'] })]),
        plannedWave(4, 'Finalization', [plannedAgent('end', { files: [] })]),
      ],
      {
        config: { gate: { test: 'npm test' } },
        plan: { missions: [{ id: 'shop-a-1', task: 'A', wave: 2, status: 'brainstormed' }] },
      },
    );
    const run = await runWaves(world.open(), runId);
    expect(world.log.errors).toEqual([]);
    expect(run.why).toBeUndefined();
    expect(run.status).toBe('completed');
    expect(run.agents.map(({ key, status, isolation }) => `${key} ${status} ${isolation}`)).toEqual([
      'look done none',
      'a done worktree',
      'b done worktree',
      'c done worktree',
      'q done none',
      'end done none',
    ]);
    expect(world.project.text('src/b.ts')).toBe('b done\n');
    expect(world.worktrees.size).toBe(0);
    expect(world.commands).toEqual(['npm test', 'npm test']);
    const state = world.project.text(stateFile) ?? '';
    expect(state).toContain('status: active');
    expect(state).toContain('current-wave: 4');
    expect(state).toContain('- shop-a-1: completed');
    expect(run.deviations).toEqual([]);
      world.project.text(stateFile),
      JSON.stringify(run.agents.map(({ key, status, isolation, changed }) => [key, status, isolation, changed])),
      world.effects,
      Object.keys(world.project.all()),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PoolItem, type PoolOptions, type PoolOutcome, runPool } from '../../../../src/core/actions/waves/pool.ts';
import { BatonError } from '../../../../src/core/errors.ts';

const timer: PoolOptions['timer'] = {
  after(timeMs, act) {
    const waiting = setTimeout(act, timeMs);
    return { dispose: () => clearTimeout(waiting) };
  },
};

interface Seen {
  readonly begun: string[];
  readonly blocked: string[];
  most: number;
}

async function pool(
  items: readonly PoolItem[],
  run: (id: string) => Promise<boolean>,
  more: Partial<PoolOptions> = {},
): Promise<{ readonly outcomes: Readonly<Record<string, PoolOutcome['kind']>>; readonly seen: Seen }> {
  const seen: Seen = { begun: [], blocked: [], most: 0 };
  let running = 0;
  const outcomes = await runPool({
    items,
    maxParallel: 2,
    run: async (id) => {
      seen.begun.push(id);
      running++;
      seen.most = Math.max(seen.most, running);
      try {
        return await run(id);
      } finally {
        running--;
      }
    },
    isDone: () => false,
    onBlocked: async (id, by) => void seen.blocked.push(`${id} by ${by}`),
    mayBegin: () => true,
    onAbort: () => {},
    drainTimeoutMs: 20,
    timer,
    ...more,
  });
  return { outcomes: Object.fromEntries([...outcomes].map(([id, { kind }]) => [id, kind])), seen };
}

const item = (id: string, ...dependencies: readonly string[]): PoolItem => ({ id, dependencies });
const pass = (timeMs: number) => new Promise((done) => setTimeout(done, timeMs));

describe('a pool', () => {
  it('refuses an ID that is there twice, and begins nothing', async () => {
    await expect(pool([item('a'), item('a')], async () => true)).rejects.toThrow(BatonError);
  });

  it('blocks what depends on a failed one, and nothing else', async () => {
    const { outcomes, seen } = await pool(
      [item('a'), item('b', 'a'), item('c', 'b'), item('d'), item('e', 'd'), item('f', 'd', 'a'), item('g', 'gone')],
      async (id) => {
        if (id === 'a') throw new Error('it broke');
        return true;
      },
    );
    expect(outcomes).toEqual({
      a: 'failed',
      b: 'blocked',
      c: 'blocked',
      d: 'done',
      e: 'done',
      f: 'blocked',
      g: 'blocked',
    });
    expect(seen.blocked.sort()).toEqual(['b by a', 'c by b', 'f by a', 'g by gone']);
  });

  it('counts what was done before it', async () => {
    const { outcomes } = await pool([item('b', 'a')], async () => true, { isDone: (id) => id === 'a' });
    expect(outcomes).toEqual({ b: 'done' });
  });

  it('blocks what waits for each other instead of waiting for ever', async () => {
    const { outcomes } = await pool([item('a', 'b'), item('b', 'a'), item('c', 'a'), item('d')], async () => true);
    expect(outcomes).toEqual({ a: 'blocked', b: 'blocked', c: 'blocked', d: 'done' });
  });

  it('waits for what it began however long that takes, as long as nobody aborts it', async () => {
    const { outcomes } = await pool([item('a')], async () => {
      await pass(80);
      return true;
    });
    expect(outcomes).toEqual({ a: 'done' });
  });

  it('gives what runs the drain time when it is aborted, and begins no more', async () => {
    let abort = (): void => {};
    const { outcomes, seen } = await pool(
      [item('quick'), item('slow'), item('later')],
      async (id) => {
        if (id === 'slow') return await new Promise<boolean>(() => {});
        await pass(5);
        abort();
        return true;
      },
      {
        onAbort: (end) => {
          abort = end;
        },
        drainTimeoutMs: 150,
      },
    );
    expect(outcomes).toEqual({ quick: 'done', slow: 'left', later: 'left' });
    expect(seen.begun).toEqual(['quick', 'slow']);
  });

  it('begins nothing more where that is not allowed, and waits for the rest', async () => {
    let may = true;
    const { outcomes } = await pool(
      [item('a'), item('b'), item('c')],
      async () => {
        may = false;
        await pass(2);
        return true;
      },
      { mayBegin: () => may },
    );
    expect(outcomes).toEqual({ a: 'done', b: 'left', c: 'left' });
  });

  it('keeps to its bounds whatever depends on what and however each ends', async () => {
    const some: fc.Arbitrary<string[]> = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(
        some.chain((ids) =>
          fc.record({
            items: fc.tuple(
              ...ids.map((id) =>
                fc.subarray([...ids, 'elsewhere']).map((dependencies): PoolItem => ({ id, dependencies })),
              ),
            ),
            good: fc.subarray(ids),
            maxParallel: fc.integer({ min: 1, max: 3 }),
          }),
        ),
        fc.scheduler(),
        async ({ items, good, maxParallel }, scheduler) => {
          const done: string[] = [];
          const going = pool(
            items,
            async (id) => {
              const entry = items.find((one) => one.id === id);
              expect(entry?.dependencies.every((one) => done.includes(one) || one === 'elsewhere')).toBe(true);
              await scheduler.schedule(Promise.resolve(), id);
              if (good.includes(id)) done.push(id);
              return good.includes(id);
            },
            { maxParallel, isDone: (id) => id === 'elsewhere' },
          );
          const { outcomes, seen } = await scheduler.waitFor(going);
          expect(seen.most).toBeLessThanOrEqual(maxParallel);
          expect(new Set(seen.begun).size).toBe(seen.begun.length);
          for (const { id, dependencies } of items) {
            const kind = outcomes[id];
            if (kind === 'blocked') {
              expect(dependencies.some((one) => one !== 'elsewhere' && outcomes[one] !== 'done')).toBe(true);
            } else {
              expect(kind).toBe(good.includes(id) ? 'done' : 'failed');
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

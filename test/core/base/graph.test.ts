import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countReachable, findComponents, type Successors } from '../../../src/core/base/graph.ts';

const graphs = (maxNodes: number) =>
  fc.integer({ min: 1, max: maxNodes }).chain((count) =>
    fc.array(fc.array(fc.integer({ min: 0, max: count - 1 }), { maxLength: 3 }), {
      minLength: count,
      maxLength: count,
    }),
  );

/** What a search from `start` finds: the slow way to the same answer. */
function reach(successors: Successors, start: number): ReadonlySet<number> {
  const seen = new Set<number>();
  const queue = [start];
  for (const node of queue) {
    for (const next of successors[node] ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return seen;
}

describe('counting reachable nodes', () => {
  it('gives what a search from each node gives', () => {
    fc.assert(
      fc.property(graphs(40), (successors) => {
        const expected = successors.map((_, node) => [...reach(successors, node)].filter((one) => one !== node).length);
        expect([...countReachable(successors)]).toEqual(expected);
      }),
    );
  });

  it('gives it where each node is led to by one edge at most', () => {
    const forests = fc.array(fc.nat(), { minLength: 1, maxLength: 40 }).map((seeds) => {
      const successors: number[][] = seeds.map(() => []);
      // The node itself stands for no parent.
      for (const [node, seed] of seeds.entries())
        if (seed % (node + 1) !== node) successors[seed % (node + 1)]?.push(node);
      return successors;
    });
    fc.assert(
      fc.property(forests, (successors) => {
        expect([...countReachable(successors)]).toEqual(successors.map((_, node) => reach(successors, node).size));
      }),
    );
  });

  it('does so across the passes of a large graph', () => {
    const count = 3000;
    const successors = Array.from({ length: count }, (_, node) => [(node * 7 + 1) % count, Math.floor(node / 2)]);
    const counts = countReachable(successors);
    for (let node = 0; node < count; node += 211) {
      expect(counts[node]).toBe([...reach(successors, node)].filter((one) => one !== node).length);
    }
  });

  it('stands a chain that would overflow a recursive search', () => {
    const successors = Array.from({ length: 50_000 }, (_, node) => (node > 0 ? [node - 1] : []));
    expect(countReachable(successors)[49_999]).toBe(49_999);
  });
});

describe('finding components', () => {
  it('puts exactly the nodes together that reach each other, and each after what it leads to', () => {
    fc.assert(
      fc.property(graphs(25), (successors) => {
        const components = findComponents(successors);
        expect(components.flat().sort((a, b) => a - b)).toEqual(successors.map((_, node) => node));
        const reached = successors.map((_, node) => reach(successors, node));
        components.forEach((members, index) => {
          for (const node of members) {
            for (const other of components.slice(index + 1).flat()) expect(reached[node]?.has(other)).toBe(false);
            for (const other of members) expect(node === other || reached[node]?.has(other)).toBe(true);
          }
        });
      }),
    );
  });
});

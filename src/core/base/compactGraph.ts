/** A graph without an object for each node: the edges of node `n` lead to `targets[starts[n]]` up to `targets[starts[n + 1] - 1]`. */
export interface CompactGraph {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
}

/** Makes a graph of `count` nodes from its edges, each of which leads from `from[i]` to `to[i]`; those of one node keep their order. */
export function createCompactGraph(count: number, from: readonly number[], to: readonly number[]): CompactGraph {
  const starts = new Int32Array(count + 1);
  for (let edge = 0; edge < from.length; edge++) countUp(starts, (from[edge] ?? 0) + 1);
  for (let node = 0; node < count; node++) starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0);
  const targets = new Int32Array(from.length);
  const next = starts.slice();
  for (let edge = 0; edge < from.length; edge++) {
    const node = from[edge] ?? 0;
    const place = next[node] ?? 0;
    targets[place] = to[edge] ?? 0;
    next[node] = place + 1;
  }
  return { starts, targets };
}

/**
 * The nodes in an order in which each comes before those that its edges lead to. Those of cycles, and what they lead to, have no place in it.
 */
export function findOrder({ starts, targets }: CompactGraph): Int32Array {
  const count = starts.length - 1;
  const open = new Int32Array(count);
  for (let edge = 0; edge < targets.length; edge++) countUp(open, targets[edge] ?? 0);
  const order = new Int32Array(count);
  let found = 0;
  for (let node = 0; node < count; node++) if (open[node] === 0) order[found++] = node;
  for (let at = 0; at < found; at++) {
    const node = order[at] ?? 0;
    const end = starts[node + 1] ?? 0;
    for (let edge = starts[node] ?? 0; edge < end; edge++) {
      const other = targets[edge] ?? 0;
      const left = (open[other] ?? 0) - 1;
      open[other] = left;
      if (left === 0) order[found++] = other;
    }
  }
  return order.subarray(0, found);
}

/**
 * Counts for each node those that its edges lead to, directly or not, where no two edges lead to one node: nothing can be counted twice then,
 * and a sum does. Undefined where it would not, or there are cycles.
 *
 * @param order what `findOrder` gives
 */
export function countInForest({ starts, targets }: CompactGraph, order: Int32Array): Int32Array | undefined {
  const count = starts.length - 1;
  if (order.length < count) return undefined;
  const isTarget = new Uint8Array(count);
  for (let edge = 0; edge < targets.length; edge++) {
    const target = targets[edge] ?? 0;
    if (isTarget[target] === 1) return undefined;
    isTarget[target] = 1;
  }
  const counts = new Int32Array(count);
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at] ?? 0;
    const end = starts[node + 1] ?? 0;
    let sum = 0;
    for (let edge = starts[node] ?? 0; edge < end; edge++) sum += 1 + (counts[targets[edge] ?? 0] ?? 0);
    counts[node] = sum;
  }
  return counts;
}

function countUp(counts: Int32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}

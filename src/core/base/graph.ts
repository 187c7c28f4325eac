import { type CompactGraph, countInForest, createCompactGraph, findOrder } from './compactGraph.ts';

/** For each node, by its number, the nodes that its edges lead to. */
export type Successors = readonly (readonly number[])[];

/**
 * Finds the strongly connected components: groups of nodes that reach each other. Each comes after all that its edges lead to.
 * Tarjan's algorithm with its own stack, so that a chain of any length is fine.
 */
export function findComponents(successors: Successors): readonly (readonly number[])[] {
  const count = successors.length;
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const nextEdge = new Int32Array(count);
  const stack: number[] = [];
  const path: number[] = [];
  const components: number[][] = [];
  let visited = 0;
  const enter = (node: number): void => {
    order[node] = low[node] = visited++;
    onStack[node] = 1;
    stack.push(node);
    path.push(node);
  };
  const leave = (node: number): void => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
    if (low[node] !== order[node]) return;
    const component: number[] = [];
    let member: number | undefined;
    do {
      member = stack.pop();
      if (member === undefined) break;
      onStack[member] = 0;
      component.push(member);
    } while (member !== node);
    components.push(component);
  };
  for (let root = 0; root < count; root += 1) {
    if (order[root] !== -1) continue;
    enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const edge = nextEdge[node] ?? 0;
      nextEdge[node] = edge + 1;
      const next = successors[node]?.[edge];
      if (next === undefined) leave(node);
      else if (order[next] === -1) enter(next);
      else if (onStack[next]) low[node] = Math.min(low[node] ?? 0, order[next] ?? 0);
    }
  }
  return components;
}

/** The components that a component's edges lead to, without itself. */
function leaving(
  members: readonly number[],
  index: number,
  successors: Successors,
  componentOf: Int32Array,
): readonly number[] {
  if (members.length === 1 && successors[members[0] ?? 0]?.length === 0) return noTargets;
  const targets = new Set<number>();
  for (const node of members) for (const next of successors[node] ?? []) targets.add(componentOf[next] ?? 0);
  targets.delete(index);
  return targets.size === 0 ? noTargets : [...targets];
}

const noTargets: readonly number[] = [];

/** Bits of one pass of `countReachable`: 32 words bound its memory to 128 bytes a node, however large the graph is. */
const wordsPerPass = 32;

/** Counts for each node the other nodes that its edges lead to, directly or not, each once; cycles are fine. */
export function countReachable(successors: Successors): Int32Array {
  const graph = compact(successors);
  return countInForest(graph, findOrder(graph)) ?? countInGraph(successors);
}

function compact(successors: Successors): CompactGraph {
  const from: number[] = [];
  const to: number[] = [];
  successors.forEach((others, node) => {
    for (const other of others) {
      from.push(node);
      to.push(other);
    }
  });
  return createCompactGraph(successors.length, from, to);
}

function countInGraph(successors: Successors): Int32Array {
  const components = findComponents(successors);
  const componentOf = new Int32Array(successors.length);
  const firstBit: number[] = [];
  let bits = 0;
  components.forEach((members, index) => {
    for (const node of members) componentOf[node] = index;
    firstBit.push(bits);
    bits += members.length;
  });
  firstBit.push(bits);
  const edges = components.map((members, index) => leaving(members, index, successors, componentOf));
  const reached = Int32Array.from(components, ({ length }) => length);
  for (let bit = 0; bit < bits; bit += wordsPerPass * 32) addReached({ firstBit, edges, reached, bit });
  return Int32Array.from(successors, (_, node) => (reached[componentOf[node] ?? 0] ?? 1) - 1);
}

interface Pass {
  /** Bits of component `i` are `[firstBit[i], firstBit[i + 1])`. */
  readonly firstBit: readonly number[];
  readonly edges: Successors;
  readonly reached: Int32Array;
  /** The first bit that this pass is about. */
  readonly bit: number;
}

/** Adds to `reached` how many of the pass's nodes each component leads to; its own are counted already. */
function addReached({ firstBit, edges, reached, bit }: Pass): void {
  // A component leads only to those before it, so none that ends before the pass can reach a node in it.
  let from = 0;
  while ((firstBit[from + 1] ?? 0) <= bit) from += 1;
  // Most components of a real plan lead nowhere: only the others get a row of marks.
  const rowOf = new Int32Array(reached.length);
  let rows = 0;
  for (let index = from; index < reached.length; index += 1) {
    if ((edges[index]?.length ?? 0) > 0) rowOf[index] = ++rows;
  }
  const marks = new Uint32Array((rows + 1) * wordsPerPass);
  for (let index = from; index < reached.length; index += 1) {
    const row = (rowOf[index] ?? 0) * wordsPerPass;
    if (row === 0) continue;
    for (const target of edges[index] ?? []) {
      if (target < from) continue;
      const other = (rowOf[target] ?? 0) * wordsPerPass;
      for (let word = 0; other > 0 && word < wordsPerPass; word += 1) {
        marks[row + word] = (marks[row + word] ?? 0) | (marks[other + word] ?? 0);
      }
      const end = Math.min((firstBit[target + 1] ?? 0) - bit, wordsPerPass * 32);
      for (let own = Math.max((firstBit[target] ?? 0) - bit, 0); own < end; own += 1) {
        marks[row + (own >> 5)] = (marks[row + (own >> 5)] ?? 0) | (1 << (own & 31));
      }
    }
    let sum = 0;
    for (let word = 0; word < wordsPerPass; word += 1) sum += countBits(marks[row + word] ?? 0);
    reached[index] = (reached[index] ?? 0) + sum;
  }
}

function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Finds the chain of edges whose nodes weigh most together, first to last; among equals the one that begins first. Nodes of cycles are on
 * no chain. Empty where there is no node.
 *
 * @param weights of the nodes, none of them negative
 */
export function findHeaviestChain(successors: Successors, weights: readonly number[]): readonly number[] {
  const sums = new Float64Array(successors.length).fill(-1);
  const next = new Int32Array(successors.length).fill(-1);
  let start = -1;
  // Each component comes after all that its edges lead to, so that their sums are known.
  for (const [node, second] of findComponents(successors)) {
    if (node === undefined || second !== undefined || successors[node]?.includes(node)) continue;
    let best = -1;
    for (const other of successors[node] ?? []) {
      const [sum, known] = [sums[other] ?? -1, best < 0 ? -1 : (sums[best] ?? -1)];
      if (sum > known || (sum >= 0 && sum === known && other < best)) best = other;
    }
    next[node] = best;
    sums[node] = (weights[node] ?? 0) + Math.max(0, sums[best] ?? 0);
    const [own, known] = [sums[node] ?? 0, sums[start] ?? -1];
    if (own > known || (own === known && node < start)) start = node;
  }
  const chain: number[] = [];
  for (let at = start; at >= 0; at = next[at] ?? -1) chain.push(at);
  return chain;
}

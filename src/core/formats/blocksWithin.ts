import type { Range } from '../base/range.ts';

/**
 * Those of `blocks` (in the text's order, as the markdown layer gives them) that begin within `range`. Found by halving, so that asking for
 * each of a thousand sessions does not read all blocks a thousand times.
 */
export function blocksWithin<T extends { readonly range: Range }>(blocks: readonly T[], range: Range): readonly T[] {
  return blocks.slice(firstAt(blocks, range.start), firstAt(blocks, range.end));
}

/** Index of the first block that begins at `offset` or behind it. */
export function firstAt(blocks: readonly { readonly range: Range }[], offset: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.range.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

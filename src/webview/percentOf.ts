/** How much of `total` is done, 0–100; the last percent is for the last one. */
export function percentOf(done: number, total: number): number {
  return total === 0 ? 0 : Math.floor((done / total) * 100);
}

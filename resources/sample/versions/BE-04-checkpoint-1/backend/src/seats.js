/** The seats of one departure. */
export function createSeats(count) {
  const holders = new Map();

  return {
    /** Reserves that many seats for a passenger, or none at all; `now` is in minutes. */
    reserve(passenger, wanted, now) {
      const free = [];
      for (let seat = 1; seat <= count && free.length < wanted; seat += 1) {
        if (!holders.has(seat)) free.push(seat);
      }
      if (free.length < wanted) return { ok: false, free: free.length };
      for (const seat of free) holders.set(seat, { passenger, since: now });
      return { ok: true, seats: free };
    },
  };
}

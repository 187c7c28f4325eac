/** The seats of one departure. A reservation is held for `holdMinutes`, then its seats are free again. */
export function createSeats(count, holdMinutes = 10) {
  const holders = new Map();

  function dropExpired(now) {
    for (const [seat, { since }] of holders) {
      if (now - since >= holdMinutes) holders.delete(seat);
    }
  }

  return {
    /** Reserves that many seats for a passenger, or none at all; `now` is in minutes. */
    reserve(passenger, wanted, now) {
      dropExpired(now);
      const free = [];
      for (let seat = 1; seat <= count && free.length < wanted; seat += 1) {
        if (!holders.has(seat)) free.push(seat);
      }
      if (free.length < wanted) return { ok: false, free: free.length };
      for (const seat of free) holders.set(seat, { passenger, since: now });
      return { ok: true, seats: free };
    },

    /** Gives a passenger's seats back and tells how many there were. */
    release(passenger) {
      const seats = [...holders].filter(([, holder]) => holder.passenger === passenger);
      for (const [seat] of seats) holders.delete(seat);
      return seats.length;
    },
  };
}

/** What the board says instead of the time when a ferry is about to leave; both in minutes since midnight. */
export function countdown(departure, now) {
  const left = departure - now;
  if (left < 0) return 'left';
  if (left === 0) return 'now';
  return left < 30 ? `in ${left} min` : undefined;
}

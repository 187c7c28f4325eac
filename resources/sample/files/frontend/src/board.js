/** One line of the board on the pier: line, destination and time in columns of fixed width. */
export function boardLine({ line, to, departure }, width = 28) {
  const destination = to.length > width - 11 ? `${to.slice(0, width - 12)}…` : to;
  return `${line}  ${destination.padEnd(width - 10)} ${departure}`;
}

/** The whole board. */
export function renderBoard(departures) {
  if (departures.length === 0) return 'No more ferries today';
  return departures.map((departure) => boardLine(departure)).join('\n');
}

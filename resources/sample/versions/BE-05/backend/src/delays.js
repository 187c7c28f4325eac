const feed = [];

/** Announces a delay of a departure, in minutes. */
export function announceDelay(line, departure, minutes) {
  feed.push({ line, departure, minutes });
}

/** The delay of a departure, 0 when none was announced. */
export function delayOf(line, departure) {
  return feed.find((entry) => entry.line === line && entry.departure === departure)?.minutes ?? 0;
}

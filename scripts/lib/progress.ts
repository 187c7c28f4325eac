/**
 * Runs a long step and shows that it lives: on a terminal one line that counts the seconds,
 * elsewhere a line at the start, one each quarter of a minute, and one at the end.
 */
export async function withProgress<T>(title: string, step: () => Promise<T>): Promise<T> {
  const { stderr } = process;
  const started = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  const show = (): void => {
    if (stderr.isTTY) stderr.write(`\r\u001b[K${title} … ${elapsed()}`);
    else stderr.write(`${title} … ${elapsed()}\n`);
  };
  show();
  const timer = setInterval(show, stderr.isTTY ? 500 : 15_000);
  let ended = 'failed';
  try {
    const result = await step();
    ended = 'done';
    return result;
  } finally {
    clearInterval(timer);
    stderr.write(`${stderr.isTTY ? '\r\u001b[K' : ''}${title}: ${ended} after ${elapsed()}\n`);
  }
}

/**
 * Calls `act` just after each full minute of the clock: durations count minutes as tables do, by the clock, and so none is behind.
 */
export function everyMinute(act: () => void): { dispose(): void } {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    timer = setTimeout(
      () => {
        wait();
        act();
      },
      60_000 - (Date.now() % 60_000) + 20,
    );
  };
  wait();
  return { dispose: () => clearTimeout(timer) };
}

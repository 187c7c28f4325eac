import { useEffect, useRef } from 'preact/hooks';

/** Holds the value of the last rendering, for handlers that are made once. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}

/** Calls back when the pointer or the focus goes outside of `inside`. */
export function useOutside(inside: { readonly current: HTMLElement | null }, onOutside: () => void): void {
  const latest = useLatest(onOutside);
  useEffect(() => {
    const listener = (event: Event): void => {
      if (event.target instanceof Node && inside.current?.contains(event.target) !== true) latest.current();
    };
    document.addEventListener('pointerdown', listener, true);
    document.addEventListener('focusin', listener, true);
    return () => {
      document.removeEventListener('pointerdown', listener, true);
      document.removeEventListener('focusin', listener, true);
    };
  }, [inside, latest]);
}

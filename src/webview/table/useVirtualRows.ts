import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { mostRows, type RowWindow, windowAt } from './virtualWindow.ts';

/** The rows that are in the document, and how high one is. */
export interface VirtualRows {
  readonly window: RowWindow;
  /** Pixels; measured. */
  readonly rowHeight: number;
  readonly onScroll: () => void;
}

const guessedRowHeight = 24;

/**
 * Follows the scrolling of `scroller`, whose rows of the class `session-row` are all equally high, and says which are needed. Says so again
 * only when the window moves.
 */
export function useVirtualRows(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  start: { readonly scrollTop: number; readonly onPlace: (scrollTop: number) => void },
): VirtualRows {
  const [rowHeight, setRowHeight] = useState(guessedRowHeight);
  const [window, setWindow] = useState<RowWindow>({ first: 0, end: Math.min(count, mostRows / 2) });
  const latest = useRef({ window, rowHeight, count });
  latest.current = { window, rowHeight, count };

  const update = useCallback((): void => {
    const element = scroller.current;
    if (element === null) return;
    const { window: old, rowHeight: height, count: rows } = latest.current;
    const next = windowAt({ top: element.scrollTop, height: element.clientHeight, rowHeight: height }, rows);
    if (next.first === old.first && next.end === old.end) return;
    latest.current = { ...latest.current, window: next };
    setWindow(next);
  }, [scroller]);

  const measure = useCallback((): void => {
    const row = scroller.current?.querySelector('tr.session-row');
    const height = row?.getBoundingClientRect().height ?? 0;
    if (height > 0 && Math.abs(height - latest.current.rowHeight) > 0.01) {
      latest.current = { ...latest.current, rowHeight: height };
      setRowHeight(height);
    }
    update();
  }, [scroller, update]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    measure();
    element.scrollTop = start.scrollTop;
    update();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(measure, [count, measure]);

  const onScroll = useCallback((): void => {
    update();
    start.onPlace(scroller.current?.scrollTop ?? 0);
  }, [scroller, update, start.onPlace]);
  return { window: clamp(window, count), rowHeight, onScroll };
}

function clamp(window: RowWindow, count: number): RowWindow {
  if (window.end <= count && window.first < Math.max(1, count)) return window;
  const size = window.end - window.first;
  const end = Math.min(window.end, count);
  return { first: Math.max(0, end - size), end };
}

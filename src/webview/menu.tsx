import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useLatest, useOutside } from './hooks.ts';

/** An entry of a menu. */
export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly icon?: JSX.Element;
  /** A line stands above it. */
  readonly divided?: boolean;
  /** Of a choice: whether it is the present one. */
  readonly checked?: boolean;
  /** Why it cannot be chosen. */
  readonly refusal?: string;
  readonly onChoose: () => void;
}

/** What opens, and where. */
export interface MenuRequest {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

const margin = 4;

/** A menu: arrow keys, Home, End and first letters move, Enter and Space choose, Escape and Tab close. It gives the focus back where it was. */
export function Menu({
  request,
  onClose,
}: {
  readonly request: MenuRequest;
  readonly onClose: () => void;
}): JSX.Element {
  const menu = useRef<HTMLDivElement>(null);
  const close = useLatest(onClose);
  useLayoutEffect(() => {
    const element = menu.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    placeIn(element, request);
    (element.querySelector<HTMLElement>('[aria-checked="true"]') ?? itemsOf(element)[0])?.focus();
    return () => {
      // Where the focus has gone elsewhere meanwhile (an editor opened), it stays there.
      const isHere = document.activeElement === document.body || element.contains(document.activeElement);
      if (isHere && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [request]);
  useOutside(menu, () => close.current());
  const choose = (item: MenuItem): void => {
    if (item.refusal !== undefined) return;
    onClose();
    item.onChoose();
  };
  return (
    <div
      class="menu"
      role="menu"
      aria-label={request.label}
      ref={menu}
      onKeyDown={(event) => handleKey(event, menu.current, onClose)}
    >
      {request.items.map((item) => (
        <button
          key={item.key}
          type="button"
          class={`menu-item${item.divided === true ? ' divided' : ''}`}
          {...(item.checked === undefined
            ? { role: 'menuitem' }
            : { role: 'menuitemradio', 'aria-checked': item.checked })}
          aria-disabled={item.refusal === undefined ? undefined : true}
          tabIndex={-1}
          onClick={() => choose(item)}
          // As in VS Code's own menus: one entry is chosen, by pointer or by key.
          onPointerMove={({ currentTarget }) => currentTarget.focus({ preventScroll: true })}
        >
          <span class="menu-check" aria-hidden="true">
            {item.checked === true ? '✓' : item.icon}
          </span>
          <span class="menu-label">{item.label}</span>
          {item.refusal !== undefined && <span class="menu-hint">{item.refusal}</span>}
        </button>
      ))}
    </div>
  );
}

/** Below what it belongs to, above it where there is no room. */
function placeIn(element: HTMLElement, { left, top, bottom }: MenuRequest): void {
  const { width, height } = element.getBoundingClientRect();
  const space = document.documentElement;
  const x = Math.max(margin, Math.min(left, space.clientWidth - width - margin));
  const isBelow = bottom + height + margin <= space.clientHeight || bottom < space.clientHeight / 2;
  const y = isBelow ? bottom : top - height;
  element.style.left = `${x}px`;
  element.style.top = `${Math.max(margin, Math.min(y, space.clientHeight - height - margin))}px`;
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('.menu-item')];
}

function handleKey(event: KeyboardEvent, menu: HTMLElement | null, onClose: () => void): void {
  if (menu === null) return;
  const items = itemsOf(menu);
  const now = items.indexOf(document.activeElement as HTMLElement);
  const moved = movedTo(event, items, now);
  if (event.key === 'Escape' || event.key === 'Tab') onClose();
  else if (moved === undefined) return;
  items[moved ?? now]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

function movedTo(event: KeyboardEvent, items: readonly HTMLElement[], now: number): number | undefined {
  switch (event.key) {
    case 'ArrowDown':
      return (now + 1) % items.length;
    case 'ArrowUp':
      return (now + items.length - 1) % items.length;
    case 'Home':
      return 0;
    case 'End':
      return items.length - 1;
  }
  if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const letter = event.key.toLowerCase();
  const order = items.map((_, step) => (now + 1 + step) % items.length);
  return order.find((place) => labelOf(items[place]).startsWith(letter));
}

function labelOf(item: HTMLElement | undefined): string {
  return item?.querySelector('.menu-label')?.textContent?.toLowerCase() ?? '';
}

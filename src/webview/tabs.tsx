import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Badge } from './elements.tsx';
import type { DashboardSection } from './protocol.ts';

/** One part of the dashboard in the list of tabs. */
export interface Tab {
  readonly section: DashboardSection;
  readonly label: string;
  readonly count?: string;
}

/** The list of tabs; the panel of the chosen one has the id `panel-<section>`. */
export function Tabs(props: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: DashboardSection;
  readonly onChoose: (section: DashboardSection) => void;
}): JSX.Element {
  const { label, tabs, chosen, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = tabs.findIndex(({ section }) => section === chosen);
    const next = nextTab(event.key, now, tabs.length);
    const tab = next === undefined ? undefined : tabs[next];
    if (tab === undefined) return;
    event.preventDefault();
    onChoose(tab.section);
    list.current?.querySelector<HTMLElement>(`#tab-${tab.section}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {tabs.map(({ section, label: name, count }) => (
        <button
          key={section}
          type="button"
          id={`tab-${section}`}
          class="tab"
          role="tab"
          aria-selected={section === chosen}
          aria-controls={section === chosen ? `panel-${section}` : undefined}
          tabIndex={section === chosen ? 0 : -1}
          onClick={() => onChoose(section)}
        >
          {name}
          {count !== undefined && <Badge>{count}</Badge>}
        </button>
      ))}
    </div>
  );
}

function nextTab(key: string, now: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (now + 1) % count;
    case 'ArrowLeft':
      return (now + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

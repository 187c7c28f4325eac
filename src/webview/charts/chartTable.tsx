import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Translate } from '../texts.ts';

/** A table beside a chart: the same facts, for who cannot see it or wants the numbers. */
export interface ChartTableProps<Item> {
  readonly caption: string;
  readonly head: readonly string[];
  /** A row for each. */
  readonly items: readonly Item[];
  /** As many cells as `head`; the first names the row. Asked only for rows that are shown. */
  readonly cellsOf: (item: Item) => readonly string[];
  /** Columns of numbers, counted from 0. */
  readonly numeric?: readonly number[];
  /** It is on a page that answers: rows are made when it is opened, and a bounded number of them. */
  readonly interactive: boolean;
  readonly t: Translate;
}

const mostRows = 1000;

/** A table that is opened by its summary. */
export function ChartTable<Item>(props: ChartTableProps<Item>): JSX.Element | null {
  const { caption, head, items, cellsOf, numeric = [], interactive, t } = props;
  const [isOpen, setOpen] = useState(!interactive);
  if (items.length === 0) return null;
  const shown = interactive ? items.slice(0, mostRows) : items;
  const kind = (column: number): string | undefined => (numeric.includes(column) ? 'chart-number' : undefined);
  return (
    <details class="chart-details" onToggle={({ currentTarget }) => setOpen(!interactive || currentTarget.open)}>
      <summary>{t('As a table')}</summary>
      {isOpen && (
        // biome-ignore lint/a11y/useSemanticElements: it scrolls, so it must be reachable by keyboard and have a name.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
        <div class="chart-scroll" role="group" tabIndex={0} aria-label={caption}>
          <table class="chart-table">
            <caption>{caption}</caption>
            <thead>
              <tr>
                {head.map((name, column) => (
                  <th key={name} scope="col" class={kind(column)}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(cellsOf).map(([first, ...rest], index) => (
                <tr key={index}>
                  <th scope="row">{first}</th>
                  {rest.map((cell, column) => (
                    <td key={column} class={kind(column + 1)}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length < items.length && (
        <p class="chart-note">
          {t('{0} more are in the table of sessions and in the report.', items.length - shown.length)}
        </p>
      )}
    </details>
  );
}

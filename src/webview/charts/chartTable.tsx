import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Translate } from '../texts.ts';

/** A table beside a chart: the same facts, for who cannot see it or wants the numbers. */
export interface ChartTableProps {
  readonly caption: string;
  readonly head: readonly string[];
  /** As many cells each as `head`; the first names the row. */
  readonly rows: readonly (readonly string[])[];
  /** Columns of numbers, counted from 0. */
  readonly numeric?: readonly number[];
  /** It is on a page that answers: rows are made when it is opened, and a bounded number of them. */
  readonly interactive: boolean;
  readonly t: Translate;
}

const mostRows = 1000;

/** A table that is opened by its summary. */
export function ChartTable({ caption, head, rows, numeric = [], interactive, t }: ChartTableProps): JSX.Element | null {
  const [isOpen, setOpen] = useState(!interactive);
  if (rows.length === 0) return null;
  const shown = interactive ? rows.slice(0, mostRows) : rows;
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
              {shown.map(([first, ...rest], index) => (
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
      {shown.length < rows.length && (
        <p class="chart-note">
          {t('{0} more are in the table of sessions and in the report.', rows.length - shown.length)}
        </p>
      )}
    </details>
  );
}

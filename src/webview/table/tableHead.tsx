import type { JSX } from 'preact';
import type { DashboardState } from '../protocol.ts';
import type { Translate } from '../texts.ts';
import type { TableColumn } from './columns.ts';

/** The headers: a click, Enter or Space on one sorts by it. */
export function TableHead(props: {
  readonly t: Translate;
  readonly columns: readonly TableColumn[];
  readonly sort: DashboardState['sort'];
  readonly canAct: boolean;
  /** The header that takes part in the tab order; -1 where none does. */
  readonly activeCell: number;
  readonly selection: 'none' | 'some' | 'all';
}): JSX.Element {
  const { t, columns, sort, canAct, activeCell, selection } = props;
  const tabIndex = (cell: number): number => (cell === activeCell ? 0 : -1);
  return (
    <thead>
      <tr data-key="head" aria-rowindex={1}>
        {canAct && (
          <td class="select-cell">
            <input
              type="checkbox"
              data-cell="0"
              class="select-box"
              tabIndex={tabIndex(0)}
              checked={selection === 'all'}
              indeterminate={selection === 'some'}
              aria-label={t('Select all sessions that are shown')}
            />
          </td>
        )}
        {columns.map((column, index) => (
          <th
            key={column.id}
            scope="col"
            class={column.numeric ? 'numeric' : undefined}
            aria-sort={sort?.column === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined}
          >
            {canAct ? (
              <button type="button" class="sort-button" data-cell={index + 1} tabIndex={tabIndex(index + 1)}>
                <span class="sort-label">{column.label}</span>
                <span class="sort-mark" aria-hidden="true" />
              </button>
            ) : (
              column.label
            )}
          </th>
        ))}
        {canAct && (
          <td class="menu-cell">
            <span class="hidden-text">{t('Actions')}</span>
          </td>
        )}
      </tr>
    </thead>
  );
}

import type { JSX } from 'preact';
import { percentOf } from '../percentOf.ts';
import { StateIcon } from '../stateIcon.tsx';
import { stateText } from '../stateTexts.ts';
import type { Translate } from '../texts.ts';
import type { TableRow } from './selectRows.ts';

/** The heading of a group: opens and closes it. */
export function GroupRow(props: {
  readonly t: Translate;
  readonly row: Extract<TableRow, { readonly kind: 'group' }>;
  readonly rowIndex: number;
  readonly span: number;
  readonly active: boolean;
}): JSX.Element {
  const { t, row, rowIndex, span, active } = props;
  const label = row.state === undefined ? row.label || t('None') : stateText(t, row.state);
  return (
    <tr class="group-row" data-key={row.key} aria-rowindex={rowIndex}>
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: in a grid it is a gridcell, which can be expanded */}
      <td colSpan={span} data-cell="0" tabIndex={active ? 0 : -1} aria-expanded={!row.collapsed}>
        <span class="group-content">
          <span class={`twistie${row.collapsed ? '' : ' open'}`} aria-hidden="true" />
          {row.state !== undefined && <StateIcon state={row.state} />}
          <span class="group-label">{label}</span>
          <span class="group-count">
            {row.state === undefined
              ? t('{0} of {1} done, {2} %', row.done, row.total, percentOf(row.done, row.total))
              : t('{0} sessions', row.total)}
          </span>
        </span>
      </td>
    </tr>
  );
}

import type { JSX } from 'preact';
import type { DashboardSession } from '../../core/model/dashboard.ts';
import { actionsForAll } from '../actions.ts';
import { Button } from '../elements.tsx';
import type { DashboardVerb } from '../protocol.ts';
import type { Anchor } from '../table/gridEvents.ts';
import type { Translate } from '../texts.ts';

/** So many actions have a button; all are in the menu of a row. */
const mostButtons = 4;

/** What can be done with the selected sessions. */
export function BulkBar(props: {
  readonly t: Translate;
  readonly selected: readonly DashboardSession[];
  /** Of them, not shown by the filter. */
  readonly hiddenCount: number;
  readonly trusted: boolean;
  readonly onRun: (verb: DashboardVerb, keys: readonly string[]) => void;
  readonly onSetState: (anchor: Anchor) => void;
  readonly onClear: () => void;
}): JSX.Element | null {
  const { t, selected, hiddenCount, trusted, onRun, onSetState, onClear } = props;
  if (selected.length === 0) return null;
  const keys = selected.map(({ key }) => key);
  const actions = actionsForAll(t, selected, trusted).slice(0, mostButtons);
  return (
    <div class="bulk-bar" role="toolbar" aria-label={t('Actions for the selected sessions')}>
      <span class="bulk-count">
        {selected.length === 1 ? t('1 selected') : t('{0} selected', selected.length)}
        {hiddenCount > 0 && ` ${t('({0} not shown)', hiddenCount)}`}
      </span>
      {selected.every(({ hasRow }) => hasRow) && (
        <Button
          secondary
          popup="menu"
          onClick={({ currentTarget }) => {
            if (currentTarget instanceof Element) onSetState(currentTarget.getBoundingClientRect());
          }}
        >
          {t('Set State…')}
        </Button>
      )}
      {actions.map(({ verb, label, refusal }) => (
        <Button
          key={verb}
          secondary
          disabled={refusal !== undefined}
          {...(refusal === undefined ? {} : { title: refusal })}
          onClick={() => onRun(verb, keys)}
        >
          {label}
        </Button>
      ))}
      <button type="button" class="link" onClick={onClear}>
        {t('Clear selection')}
      </button>
    </div>
  );
}

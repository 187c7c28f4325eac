import type { DashboardSession } from '../../core/model/dashboard.ts';
import { type SessionStatus, settableStatuses } from '../../core/model/sessionStatus.ts';
import type { ShownState } from '../../core/model/shownState.ts';
import { actionsFor } from '../actions.ts';
import type { MenuItem } from '../menu.tsx';
import type { DashboardVerb } from '../protocol.ts';
import { StateIcon } from '../stateIcon.tsx';
import { stateText } from '../stateTexts.ts';
import { isEditable, type TableColumn } from '../table/columns.ts';
import type { Translate } from '../texts.ts';

/** The menu of a row: what can be done with its session, and which cells can be edited. */
export function rowMenu(options: {
  readonly t: Translate;
  readonly session: DashboardSession;
  readonly trusted: boolean;
  readonly columns: readonly TableColumn[];
  readonly onRun: (verb: DashboardVerb) => void;
  readonly onEdit: (column: TableColumn) => void;
}): readonly MenuItem[] {
  const { t, session, trusted, columns, onRun, onEdit } = options;
  const actions = actionsFor(t, session, trusted);
  const verbs = actions.map(({ verb, label, group, refusal }, index): MenuItem => {
    const divided = index > 0 && actions[index - 1]?.group !== group;
    return { key: verb, label, divided, onChoose: () => onRun(verb), ...(refusal === undefined ? {} : { refusal }) };
  });
  const edits = columns
    .filter((column) => isEditable(column, session))
    .map((column, index): MenuItem => {
      const label = column.id === 'state' ? t('Set State…') : t('Edit {0}', column.label);
      return { key: `edit ${column.id}`, label, divided: index === 0, onChoose: () => onEdit(column) };
    });
  return [...verbs, ...edits];
}

/** The menu of the states that can be written. */
export function stateMenu(
  t: Translate,
  present: ShownState | undefined,
  onChoose: (status: SessionStatus, word: string) => void,
): readonly MenuItem[] {
  return settableStatuses.map((status): MenuItem => {
    const label = status === 'pending' ? t('Pending') : stateText(t, status);
    const isPresent = status === 'pending' ? present === 'ready' || present === 'waiting' : present === status;
    const icon = <StateIcon state={status === 'pending' ? 'ready' : status} />;
    return { key: status, label, icon, checked: isPresent, onChoose: () => onChoose(status, label) };
  });
}

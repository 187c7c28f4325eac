import { Component, type JSX } from 'preact';
import type { DashboardSession } from '../../core/model/dashboard.ts';
import { MoreIcon, StateIcon } from '../stateIcon.tsx';
import { stateText } from '../stateTexts.ts';
import type { Translate } from '../texts.ts';
import { CellEditor } from './cellEditor.tsx';
import type { CellEdit, RowEdits } from './cellEdits.ts';
import { isEditable, type TableColumn } from './columns.ts';

/** What a row draws; each value is a plain one, or the same object for as long as it says the same. */
export interface SessionRowProps {
  readonly t: Translate;
  readonly session: DashboardSession;
  readonly columns: readonly TableColumn[];
  /** From 1, the header's row counted. */
  readonly rowIndex: number;
  readonly selected: boolean;
  /** The cell that takes part in the tab order; -1 where none of this row does. */
  readonly activeCell: number;
  /** Things can be done, and cells edited. */
  readonly canAct: boolean;
  readonly edits: RowEdits | undefined;
  readonly onCommit: (key: string, column: string, text: string) => void;
  readonly onCancel: (key: string, column: string) => void;
}

/** A session's row. It is drawn again only when one of its properties is another. */
export class SessionRow extends Component<SessionRowProps> {
  override shouldComponentUpdate(next: SessionRowProps): boolean {
    const now = this.props;
    return (Object.keys(next) as (keyof SessionRowProps)[]).some((name) => next[name] !== now[name]);
  }

  override render(): JSX.Element {
    const { t, session, columns, rowIndex, selected, activeCell, canAct } = this.props;
    const classes = `session-row${session.activeHere ? ' active-here' : ''}${selected ? ' selected' : ''}`;
    const tabIndex = (cell: number): number => (cell === activeCell ? 0 : -1);
    return (
      <tr class={classes} data-key={session.key} aria-rowindex={rowIndex} aria-selected={canAct ? selected : undefined}>
        {canAct && (
          <td class="select-cell" data-cell="0" tabIndex={tabIndex(0)}>
            <input
              type="checkbox"
              tabIndex={-1}
              checked={selected}
              aria-label={t('Select {0}', session.id)}
              class="select-box"
            />
          </td>
        )}
        {columns.map((column, index) => this.#cell(column, index + 1, tabIndex(index + 1)))}
        {canAct && (
          <td class="menu-cell" data-cell={columns.length + 1} tabIndex={tabIndex(columns.length + 1)}>
            <button
              type="button"
              class="icon-button menu-button"
              tabIndex={-1}
              aria-haspopup="menu"
              aria-label={t('Actions for {0}', session.id)}
            >
              <MoreIcon />
            </button>
          </td>
        )}
      </tr>
    );
  }

  #cell(column: TableColumn, cell: number, tabIndex: number): JSX.Element {
    const { session, canAct, edits } = this.props;
    const editable = canAct && isEditable(column, session);
    const edit = edits?.get(column.id);
    const classes = `${column.numeric ? 'numeric' : ''}${editable ? ' editable' : ''}${edit ? ` edit-${edit.phase}` : ''}`;
    const shared = {
      class: classes.trim() || undefined,
      'data-cell': cell,
      tabIndex,
      ...(canAct ? { 'aria-readonly': !editable } : {}),
      ...(edit?.phase === 'pending' ? { 'aria-busy': true } : {}),
    };
    const content = this.#content(column, edit);
    if (column.id === 'id') {
      return (
        <th key={column.id} scope="row" {...shared}>
          {content}
        </th>
      );
    }
    return (
      <td key={column.id} {...shared}>
        {content}
      </td>
    );
  }

  #content(column: TableColumn, edit: CellEdit | undefined): JSX.Element | string {
    const { t, session, onCommit, onCancel } = this.props;
    if (edit !== undefined && (edit.phase === 'open' || edit.phase === 'refused')) {
      return (
        <CellEditor
          t={t}
          label={t('{0} of {1}', column.label, session.id)}
          edit={edit}
          canType={column.id !== 'state'}
          onCommit={(text) => onCommit(session.key, column.id, text)}
          onCancel={() => onCancel(session.key, column.id)}
        />
      );
    }
    if (edit !== undefined) return edit.text;
    if (column.id !== 'state') return column.text(session);
    return (
      <span class="state">
        <StateIcon state={session.state} />
        {/* What the file says instead tells more than that it is not known. */}
        {(session.state === 'unknown' && column.names.map((name) => session.cells[name]).find(Boolean)) ||
          stateText(t, session.state)}
      </span>
    );
  }
}

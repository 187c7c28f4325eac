import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DashboardSession } from '../../core/model/dashboard.ts';
import { useLatest } from '../hooks.ts';
import type { DashboardState } from '../protocol.ts';
import type { Translate } from '../texts.ts';
import type { CellEdits } from './cellEdits.ts';
import type { TableColumn } from './columns.ts';
import { columnWidths } from './columnWidths.ts';
import { gridHandlers, type TableHandlers } from './gridEvents.ts';
import type { GridPlace } from './gridKeys.ts';
import { GroupRow } from './groupRow.tsx';
import { isAllSelected, type TableRow } from './selectRows.ts';
import { SessionRow } from './sessionRow.tsx';
import { TableHead } from './tableHead.tsx';
import { useVirtualRows } from './useVirtualRows.ts';
import { type WindowPart, windowParts } from './virtualWindow.ts';

/** Properties of the table. */
export interface SessionTableProps extends TableHandlers {
  readonly t: Translate;
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** What the widths of the columns come from: all sessions, so that they stay when the filter changes. */
  readonly sessions: readonly DashboardSession[];
  readonly rows: readonly TableRow[];
  readonly sort: DashboardState['sort'];
  readonly selected: ReadonlySet<string>;
  readonly edits: CellEdits;
  readonly scrollTop: number;
  /** Gives the focus to a row, each time that it is another object. */
  readonly shown: { readonly key: string } | undefined;
}

interface ActiveCell {
  readonly key: string;
  readonly cell: number;
  /** Where its row stood, for when it is gone. */
  readonly row: number;
}

/**
 * The table of sessions: a grid for the keyboard and for screen readers, of which only the rows that can be seen are in the document, and the
 * one with the focus.
 */
export function SessionTable(props: SessionTableProps): JSX.Element {
  const { t, columns, rows, selected } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualRows(scroller, rows.length, { scrollTop: props.scrollTop, onPlace: props.onScroll });
  const [active, setActive] = useState<ActiveCell>({ key: '', cell: 1, row: 0 });
  const places = useMemo(() => new Map(rows.map(({ key }, index) => [key, index])), [rows]);
  const place = placeOf(active, places, rows.length);
  const activeCell = Math.min(active.cell, columns.length + 1);
  const parts = windowParts(virtual.window, rows.length, place < 0 ? undefined : place);
  const widths = useMemo(() => columnWidths(columns, props.sessions), [columns, props.sessions.length]);
  const focus = useGridFocus(scroller, props.shown, (next) => setActive(next), { place, cell: activeCell });
  const rangeStart = useRef<string | undefined>(undefined);
  const grid = useLatest({ ...props, place: { row: place, cell: activeCell }, rangeStart });
  const moveTo = (next: GridPlace): void => {
    setActive({ key: next.row < 0 ? 'head' : (rows[next.row]?.key ?? ''), cell: next.cell, row: next.row });
    focus.request();
  };
  const onPlace = (key: string, cell: number): void =>
    setActive((before) =>
      before.key === key && before.cell === cell ? before : { key, cell, row: places.get(key) ?? -1 },
    );
  const handlers = useMemo(() => gridHandlers(grid, moveTo, onPlace, scroller), [rows]);
  const selection = selected.size === 0 ? 'none' : isAllSelected(rows, selected) ? 'all' : 'some';
  return (
    <div class="table-scroller" ref={scroller} onScroll={virtual.onScroll}>
      <table
        class="session-table"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid may be made of a table, whose headers and caption it keeps
        role="grid"
        aria-rowcount={rows.length + 1}
        aria-multiselectable={true}
        style={{ width: `calc(${widths.reduce((sum, width) => sum + width, 0)}ch + 64px)` }}
        {...handlers}
      >
        <caption class="hidden-text">{props.caption}</caption>
        <colgroup>
          <col class="select-column" />
          {columns.map((column, index) => (
            <col key={column.id} style={{ width: `${widths[index] ?? 10}ch` }} />
          ))}
          <col class="menu-column" />
        </colgroup>
        <TableHead
          t={t}
          columns={columns}
          sort={props.sort}
          canAct={true}
          activeCell={place < 0 ? activeCell : -1}
          selection={selection}
        />
        <tbody>
          <GridRows {...props} parts={parts} rowHeight={virtual.rowHeight} place={place} activeCell={activeCell} />
        </tbody>
      </table>
    </div>
  );
}

type GridRowsProps = SessionTableProps & {
  readonly parts: readonly WindowPart[];
  /** Pixels */
  readonly rowHeight: number;
  /** Of the row with the active cell. */
  readonly place: number;
  readonly activeCell: number;
};

/** The rows that are in the document, with gaps as high as those that are not. */
function GridRows(props: GridRowsProps): JSX.Element {
  const { t, columns, rows, selected, edits, parts, rowHeight, place, activeCell } = props;
  const span = columns.length + 2;
  return (
    <>
      {parts.map((part, index) => {
        if (part.kind === 'gap') {
          return (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
            <tr key={`gap ${index === 0 ? 'first' : part.end ? 'last' : 'middle'}`} class="gap" aria-hidden="true">
              <td colSpan={span} style={{ height: `${part.rows * rowHeight}px` }} />
            </tr>
          );
        }
        const row = rows[part.index];
        if (row === undefined) return null;
        const isActive = part.index === place;
        if (row.kind === 'group') {
          return <GroupRow key={row.key} t={t} row={row} rowIndex={part.index + 2} span={span} active={isActive} />;
        }
        return (
          <SessionRow
            key={row.key}
            t={t}
            session={row.session}
            columns={columns}
            rowIndex={part.index + 2}
            selected={selected.has(row.key)}
            activeCell={isActive ? activeCell : -1}
            canAct={true}
            edits={edits.get(row.key)}
            onCommit={props.onCommit}
            onCancel={props.onCancel}
          />
        );
      })}
    </>
  );
}

function placeOf(active: ActiveCell, places: ReadonlyMap<string, number>, count: number): number {
  if (active.key === 'head') return -1;
  return places.get(active.key) ?? Math.max(count === 0 ? -1 : 0, Math.min(active.row, count - 1));
}

/** Moves the browser's focus to the active cell when that was asked for, and keeps it in the grid when the row with the focus goes away. */
function useGridFocus(
  scroller: RefObject<HTMLElement | null>,
  shown: SessionTableProps['shown'],
  setActive: (active: ActiveCell) => void,
  at: { readonly place: number; readonly cell: number },
): { readonly request: () => void } {
  const wanted = useRef(false);
  const shownBefore = useRef<SessionTableProps['shown']>(undefined);
  const hadFocus = scroller.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (shown !== undefined && shown !== shownBefore.current) {
      shownBefore.current = shown;
      wanted.current = true;
      setActive({ key: shown.key, cell: 1, row: 0 });
      return;
    }
    const element = scroller.current;
    if (element === null) return;
    const isLost = hadFocus && !element.contains(document.activeElement);
    if (!wanted.current && !isLost) return;
    const isRequest = wanted.current;
    wanted.current = false;
    const target = focusTarget(element, at.place, at.cell);
    target?.focus({ preventScroll: true });
    if (isRequest) target?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  return {
    request: () => {
      wanted.current = true;
    },
  };
}

function focusTarget(scroller: HTMLElement, place: number, cell: number): HTMLElement | null {
  const row = scroller.querySelector(`tr[aria-rowindex="${place + 2}"]`);
  return row?.querySelector<HTMLElement>(`[data-cell="${cell}"]`) ?? row?.querySelector('[data-cell="0"]') ?? null;
}

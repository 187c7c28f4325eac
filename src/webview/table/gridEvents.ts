import type { RefObject } from 'preact';
import { isEditable, type TableColumn } from './columns.ts';
import { type GridPlace, moveInGrid } from './gridKeys.ts';
import { isAllSelected, type TableRow } from './selectRows.ts';

/** Where a menu opens: below this rectangle of the window. */
export type Anchor = Pick<DOMRect, 'left' | 'top' | 'bottom'>;

/** What the table asks for; the page does it. */
export interface TableHandlers {
  readonly onSort: (column: string) => void;
  readonly onToggleGroup: (key: string) => void;
  readonly onSelect: (keys: ReadonlySet<string>) => void;
  readonly onMenu: (key: string, anchor: Anchor) => void;
  readonly onEdit: (key: string, column: TableColumn, anchor: Anchor) => void;
  readonly onCommit: (key: string, column: string, text: string) => void;
  readonly onCancel: (key: string, column: string) => void;
  readonly onScroll: (scrollTop: number) => void;
}

/** The grid as its listeners see it. */
export interface Grid extends TableHandlers {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly selected: ReadonlySet<string>;
  readonly place: GridPlace;
  /** The row at which the selection of a range began. */
  readonly rangeStart: { current: string | undefined };
}

/** Listeners of the table. */
export interface GridListeners {
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
  readonly onDblClick: (event: MouseEvent) => void;
  readonly onContextMenu: (event: MouseEvent) => void;
  readonly onMouseOver: (event: MouseEvent) => void;
  readonly onFocusIn: (event: FocusEvent) => void;
}

/** Listeners for the grid's table; they are made once and read the grid as it is. */
export function gridHandlers(
  grid: { readonly current: Grid },
  moveTo: (place: GridPlace) => void,
  onPlace: (key: string, cell: number) => void,
  scroller: RefObject<HTMLElement | null>,
): GridListeners {
  return {
    onKeyDown: (event) => {
      if (handleKey(grid.current, event, moveTo, scroller)) event.preventDefault();
    },
    onClick: (event) => handleClick(grid.current, event, moveTo),
    onDblClick: (event) => {
      const at = cellAt(event);
      if (at !== undefined) beginEdit(grid.current, at.key, at.cell, at.element);
    },
    onContextMenu: (event) => {
      const at = cellAt(event);
      if (at === undefined || at.key === 'head' || rowOf(grid.current, at.key)?.kind !== 'session') return;
      event.preventDefault();
      // The key for menus gives no place of a pointer.
      const isPointer = event.clientX !== 0 || event.clientY !== 0;
      const anchor = { left: event.clientX, top: event.clientY, bottom: event.clientY };
      grid.current.onMenu(at.key, isPointer ? anchor : at.element.getBoundingClientRect());
    },
    onMouseOver: (event) => showWhole(cellAt(event)?.element),
    onFocusIn: (event) => {
      const at = cellAt(event);
      if (at !== undefined) onPlace(at.key, at.cell);
    },
  };
}

/** Gives a cell whose text is cut off that text as a tooltip. */
function showWhole(cell: HTMLElement | undefined): void {
  if (cell === undefined) return;
  if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent ?? '';
  else if (cell.title !== '') cell.removeAttribute('title');
}

interface CellAt {
  readonly key: string;
  readonly cell: number;
  readonly element: HTMLElement;
}

function cellAt(event: Event): CellAt | undefined {
  if (!(event.target instanceof Element)) return undefined;
  const element = event.target.closest<HTMLElement>('[data-cell]');
  const key = element?.closest<HTMLElement>('tr')?.dataset['key'];
  if (element === null || element === undefined || key === undefined) return undefined;
  return { key, cell: Number(element.dataset['cell']), element };
}

function rowOf(grid: Grid, key: string): TableRow | undefined {
  return grid.rows.find((row) => row.key === key);
}

function handleKey(
  grid: Grid,
  event: KeyboardEvent,
  moveTo: (place: GridPlace) => void,
  scroller: RefObject<HTMLElement | null>,
): boolean {
  if (event.altKey) return false;
  const { rows, place, selected } = grid;
  const row = rows[place.row];
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
    grid.onSelect(new Set(sessionKeys(rows)));
    return true;
  }
  if (event.key === 'Escape' && selected.size > 0) {
    grid.onSelect(new Set());
    return true;
  }
  const at = cellAt(event);
  if (at !== undefined && (event.key === 'Enter' || event.key === ' ' || event.key === 'F2' || isMenuKey(event))) {
    return actOn(grid, event, row, at);
  }
  if (row?.kind === 'group' && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    if (row.collapsed === (event.key === 'ArrowRight')) grid.onToggleGroup(row.key);
    return true;
  }
  const rowHeight = scroller.current?.querySelector('tr.session-row')?.clientHeight ?? 24;
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / Math.max(1, rowHeight)) - 2);
  const size = { rows: rows.length, firstCell: 0, lastCell: grid.columns.length + 1, page };
  const next = moveInGrid(place, event, size);
  if (next === undefined) return false;
  if (event.shiftKey && next.row >= 0 && row !== undefined) extendSelection(grid, row.key, next.row);
  else if (!event.shiftKey) grid.rangeStart.current = undefined;
  moveTo(next);
  return true;
}

function isMenuKey(event: KeyboardEvent): boolean {
  return event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10');
}

/** Enter, Space, F2 and the key for menus. */
function actOn(grid: Grid, event: KeyboardEvent, row: TableRow | undefined, at: CellAt): boolean {
  if (row === undefined) {
    if (event.key !== 'Enter' && event.key !== ' ') return false;
    if (at.cell === 0) toggleAll(grid);
    else sortBy(grid, at.cell);
    return true;
  }
  if (row.kind === 'group') {
    if (event.key !== 'F2') grid.onToggleGroup(row.key);
    return true;
  }
  if (event.key === ' ') toggle(grid, row.key);
  else if (event.key === 'F2') beginEdit(grid, row.key, at.cell, at.element);
  else grid.onMenu(row.key, at.element.getBoundingClientRect());
  return true;
}

function handleClick(grid: Grid, event: MouseEvent, moveTo: (place: GridPlace) => void): void {
  const at = cellAt(event);
  if (at === undefined || !(event.target instanceof Element)) return;
  if (event.target.closest('.cell-edit') !== null) return;
  if (at.key === 'head') {
    if (at.cell === 0) toggleAll(grid);
    else sortBy(grid, at.cell);
    moveTo({ row: -1, cell: at.cell });
    return;
  }
  const index = grid.rows.findIndex(({ key }) => key === at.key);
  const row = grid.rows[index];
  if (row === undefined) return;
  if (row.kind === 'group') grid.onToggleGroup(row.key);
  else if (event.shiftKey) extendSelection(grid, grid.rows[Math.max(0, grid.place.row)]?.key ?? row.key, index);
  else if (event.ctrlKey || event.metaKey || at.cell === 0) toggle(grid, row.key);
  moveTo({ row: index, cell: at.cell });
  if (event.target.closest('.menu-button') !== null) grid.onMenu(row.key, at.element.getBoundingClientRect());
}

function sortBy(grid: Grid, cell: number): void {
  const column = grid.columns[cell - 1];
  if (column !== undefined) grid.onSort(column.id);
}

function beginEdit(grid: Grid, key: string, cell: number, element: HTMLElement): void {
  const row = rowOf(grid, key);
  const column = grid.columns[cell - 1];
  if (row?.kind !== 'session' || column === undefined || !isEditable(column, row.session)) return;
  grid.onEdit(key, column, element.getBoundingClientRect());
}

function sessionKeys(rows: readonly TableRow[]): string[] {
  return rows.filter(({ kind }) => kind === 'session').map(({ key }) => key);
}

function toggle(grid: Grid, key: string): void {
  const selected = new Set(grid.selected);
  if (!selected.delete(key)) selected.add(key);
  grid.rangeStart.current = key;
  grid.onSelect(selected);
}

function toggleAll(grid: Grid): void {
  grid.onSelect(isAllSelected(grid.rows, grid.selected) ? new Set() : new Set(sessionKeys(grid.rows)));
}

/** Selects from where the selection began, or else from `fromKey`, to a row. */
function extendSelection(grid: Grid, fromKey: string, to: number): void {
  grid.rangeStart.current ??= fromKey;
  const from = grid.rows.findIndex(({ key }) => key === grid.rangeStart.current);
  if (from < 0) return;
  const range = grid.rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  grid.onSelect(new Set([...grid.selected, ...sessionKeys(range)]));
}

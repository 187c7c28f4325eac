/** Where the focus of the grid is: a row by its place (-1: the headers) and a cell of it. */
export interface GridPlace {
  readonly row: number;
  readonly cell: number;
}

/** How large the grid is. */
export interface GridSize {
  readonly rows: number;
  readonly firstCell: number;
  readonly lastCell: number;
  /** Rows that are seen at once. */
  readonly page: number;
}

/** Where a key moves the focus to; undefined where it moves nothing. */
export function moveInGrid(
  place: GridPlace,
  key: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  size: GridSize,
): GridPlace | undefined {
  const { row, cell } = place;
  const isFar = key.ctrlKey || key.metaKey;
  const inRows = (value: number): number => Math.max(-1, Math.min(size.rows - 1, value));
  const inBody = (value: number): number => (size.rows === 0 ? -1 : Math.max(0, inRows(value)));
  const inCells = (value: number): number => Math.max(size.firstCell, Math.min(size.lastCell, value));
  switch (key.key) {
    case 'ArrowDown':
      return { row: isFar ? inRows(size.rows - 1) : inRows(row + 1), cell };
    case 'ArrowUp':
      return { row: isFar ? inBody(0) : inRows(row - 1), cell };
    case 'ArrowRight':
      return { row, cell: isFar ? size.lastCell : inCells(cell + 1) };
    case 'ArrowLeft':
      return { row, cell: isFar ? size.firstCell : inCells(cell - 1) };
    case 'Home':
      return { row: isFar ? inBody(0) : row, cell: size.firstCell };
    case 'End':
      return { row: isFar ? inRows(size.rows - 1) : row, cell: size.lastCell };
    case 'PageDown':
      return { row: inRows(row + size.page), cell };
    case 'PageUp':
      return { row: inBody(row - size.page), cell };
    default:
      return undefined;
  }
}

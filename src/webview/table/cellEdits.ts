/** The edit of a cell, until the files have it. */
export interface CellEdit {
  /** `open`: being typed. `pending`: sent. `written`: accepted, until the row says the same. `refused`: with the text kept. */
  readonly phase: 'open' | 'pending' | 'written' | 'refused';
  /** What the cell said when the edit began. */
  readonly was: string;
  readonly text: string;
  readonly request?: number;
  /** Why it was refused. */
  readonly message?: string;
}

/** Edits of a row by their column. */
export type RowEdits = ReadonlyMap<string, CellEdit>;

/** All edits: by the row's key, then by the column. Rows whose edits did not change keep their map. */
export type CellEdits = ReadonlyMap<string, RowEdits>;

/** Sets an edit, or takes it away. */
export function withEdit(edits: CellEdits, key: string, column: string, edit: CellEdit | undefined): CellEdits {
  const row = new Map(edits.get(key));
  if (edit === undefined) row.delete(column);
  else row.set(column, edit);
  const result = new Map(edits);
  if (row.size === 0) result.delete(key);
  else result.set(key, row);
  return result;
}

/** Takes what came of a request into the edits that it belongs to. */
export function withResult(edits: CellEdits, request: number, message: string | undefined): CellEdits {
  return mapEdits(edits, (edit) => {
    if (edit.request !== request || edit.phase !== 'pending') return edit;
    return message === undefined ? { ...edit, phase: 'written' } : { ...edit, phase: 'refused', message };
  });
}

/** Takes written edits away: all, or those of the rows in `keys`. */
export function withoutWritten(edits: CellEdits, keys?: ReadonlySet<string>): CellEdits {
  return mapEdits(edits, (edit, key) => {
    return edit.phase === 'written' && (keys === undefined || keys.has(key)) ? undefined : edit;
  });
}

function mapEdits(edits: CellEdits, change: (edit: CellEdit, key: string) => CellEdit | undefined): CellEdits {
  let result = edits;
  for (const [key, row] of edits) {
    for (const [column, edit] of row) {
      const next = change(edit, key);
      if (next !== edit) result = withEdit(result, key, column, next);
    }
  }
  return result;
}

import type { Range } from '../base/range.ts';
import { isBlankCell, plainCellText, type TableRow } from '../markdown/table.ts';
import type { ColumnRole, ProgressCell, ProgressRow } from '../model/progress.ts';
import type { StatusReading } from '../model/sessionStatus.ts';
import type { IdReading } from './progressColumns.ts';

/** What all rows of a table share. */
export interface RowForm {
  /** The whole file. */
  readonly text: string;
  /** The columns by what they mean. */
  readonly indexes: ReadonlyMap<ColumnRole, number>;
}

/** Makes the model of a row; what a cell says is read when it is asked for, since of thousands of rows few are looked at closely. */
export function createProgressRow(
  form: RowForm,
  source: TableRow,
  reading: IdReading,
  status: StatusReading,
): ProgressRow {
  return new LazyRow(form, source, reading, status);
}

/** `range` without the white space at its ends. */
export function trimmedRange(text: string, range: Range): Range {
  const inner = text.slice(range.start, range.end);
  const start = range.start + (inner.length - inner.trimStart().length);
  return { start, end: Math.max(start, range.start + inner.trimEnd().length) };
}

class LazyRow implements ProgressRow {
  readonly id: string;
  readonly line: number;
  readonly status: StatusReading;
  readonly #form: RowForm;
  readonly #source: TableRow;
  readonly #titleInId: string | undefined;

  constructor(form: RowForm, source: TableRow, reading: IdReading, status: StatusReading) {
    this.id = reading.id;
    this.line = source.line;
    this.status = status;
    this.#form = form;
    this.#source = source;
    this.#titleInId = reading.title;
  }

  get range(): Range {
    return this.#source.range;
  }

  get cells(): readonly ProgressCell[] {
    return this.#source.cells;
  }

  get idRange(): Range {
    const { text, indexes } = this.#form;
    const cell = this.#source.rangeAt(indexes.get('id') ?? 0);
    const at = text.slice(cell.start, cell.end).indexOf(this.id);
    // An escaped or otherwise formatted ID does not stand there letter by letter.
    if (at === -1) return trimmedRange(text, cell);
    return { start: cell.start + at, end: cell.start + at + this.id.length };
  }

  get title(): string | undefined {
    return this.#valueAt('title') ?? this.#titleInId;
  }

  get started(): string | undefined {
    return this.#valueAt('started');
  }

  get completed(): string | undefined {
    return this.#valueAt('completed');
  }

  get commit(): string | undefined {
    return this.#valueAt('commit');
  }

  get notes(): string | undefined {
    return this.#valueAt('notes');
  }

  get dependencies(): string | undefined {
    return this.#valueAt('dependencies');
  }

  get estimate(): string | undefined {
    return this.#valueAt('estimate');
  }

  #valueAt(role: ColumnRole): string | undefined {
    const index = this.#form.indexes.get(role);
    const raw = index === undefined ? '' : this.#source.textAt(index);
    return raw === '' || isBlankCell(raw) ? undefined : plainCellText(raw);
  }
}

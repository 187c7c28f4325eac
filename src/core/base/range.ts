/** A half-open span of a text in UTF-16 code units, counted from the first unit of the file's text (a BOM is unit 0). */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A zero-based place in a text; `column` counts UTF-16 code units, as VS Code does. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

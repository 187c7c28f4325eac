/** A number as such: spreadsheets take it for no formula although it begins with a sign. */
const plainNumber = /^[+-]?\d+(?:[.,]\d+)?$/;

/** What makes a spreadsheet take a cell for a formula, or cut it such that the rest is one; the full-width forms count there too. */
const formulaStart = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

const needsQuotes = /[",\r\n]|^\s|\s$/;

/**
 * Writes rows as CSV (RFC 4180): commas, CRLF behind each row, quotes where a cell needs them. A text that a spreadsheet would run as a
 * formula gets an apostrophe in front.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(text: string, _index: number, cells: readonly string[]): string {
  const harmless = neutralizeFormula(text);
  // A row of one empty cell would be an empty line, which readers skip.
  if (!needsQuotes.test(harmless) && !(harmless === '' && cells.length === 1)) return harmless;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** The text as a spreadsheet shows it and never runs it. */
export function neutralizeFormula(text: string): string {
  return formulaStart.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}

import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import type { Heading, MarkdownDocument, TableBlock } from '../markdown/blocks.ts';
import { escapeCell, parseTable, planCellsAppend, type Table, type TableRow } from '../markdown/table.ts';
import type { Diagnostic, DiagnosticFix } from '../model/diagnostic.ts';
import type { ColumnRole, ProgressColumn, ProgressRow, ProgressTable } from '../model/progress.ts';
import { readStatus, type StatusReading, withIconOf, writeStatus } from '../model/sessionStatus.ts';
import { readColumns, readIdCell } from './progressColumns.ts';
import { createProgressRow, type RowForm, trimmedRange } from './progressRow.ts';

/** A progress table with the markdown table that it was read from. */
export interface ReadTable {
  readonly table: Table;
  readonly model: ProgressTable;
  /** Per row of `model.rows`: the row of the markdown table. */
  readonly rows: ReadonlyMap<ProgressRow, TableRow>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A table that has no row per session. */
export interface OtherTable {
  readonly block: TableBlock;
  readonly headers: readonly string[];
  /** What kind of table it is by its heading or headers; undefined where it may have been meant as a progress table. */
  readonly kind: 'records' | undefined;
  readonly hasId: boolean;
  readonly hasStatus: boolean;
}

/** The tables of a progress file, in its order. */
export interface ReadTables {
  readonly progress: readonly ReadTable[];
  readonly others: readonly OtherTable[];
}

/** `## Repository: solomon-api` */
const repositoryHeading = /^repo(?:sitory)?\s*[:：]\s*(.+)$/i;
/** Headings whose tables record something else than sessions, and headers that only such tables have. */
const recordHeading =
  /^(?:blockers?|decisions?|blockers?\s*(?:&|and|\/)\s*decisions?|(?:active|open|current|resolved|closed)\s+blockers?|(?:key|architecture|architectural|design|technical)\s+decisions?|decisions?\s+(?:log|made)|metrics|statistics|legend|(?:session\s+)?notes)$/i;
const recordHeaders: ReadonlySet<string> = new Set(['decision', 'rationale', 'blocker', 'resolution', 'metric']);

/**
 * Finds the progress tables of a document: those with a status column and an ID column that record sessions.
 *
 * @param search leaves out rows that cannot be those of the session with this ID
 */
export function readTables(doc: MarkdownDocument, search?: string): ReadTables {
  const progress: ReadTable[] = [];
  const others: OtherTable[] = [];
  for (const block of doc.tables) {
    const head = parseTable(doc, { ...block, endLine: block.line + 2 });
    const columns = readColumns(head, () => parseTable(doc, block).rows);
    const chain = headingsAbove(doc, block.range.start);
    const hasId = columns.some(({ role }) => role === 'id');
    const hasStatus = columns.some(({ role }) => role === 'status');
    const isRecords =
      chain.some(({ text }) => recordHeading.test(text.replace(/[:：]$/, '').trim())) ||
      columns.some(({ name }) => recordHeaders.has(name.toLowerCase()));
    if (hasId && hasStatus && !isRecords)
      progress.push(readProgressTable(doc, parseTable(doc, block, search), columns, chain));
    else
      others.push({
        block,
        headers: columns.map(({ name }) => name),
        kind: isRecords ? 'records' : undefined,
        hasId,
        hasStatus,
      });
  }
  return { progress, others };
}

/** The repository that a heading names; undefined for other headings. */
export function repositoryOf(heading: Heading): string | undefined {
  return repositoryHeading.exec(heading.text)?.[1]?.trim();
}

/** The headings under which `offset` stands, from the outermost to the innermost. */
export function headingsAbove(doc: MarkdownDocument, offset: number): Heading[] {
  const chain: Heading[] = [];
  for (const heading of doc.headings) {
    if (heading.range.start > offset) break;
    while ((chain.at(-1)?.level ?? 0) >= heading.level) chain.pop();
    chain.push(heading);
  }
  return chain;
}

function readProgressTable(
  doc: MarkdownDocument,
  table: Table,
  columns: readonly ProgressColumn[],
  chain: readonly Heading[],
): ReadTable {
  const diagnostics: Diagnostic[] = [];
  const rows: ProgressRow[] = [];
  const sources: TableRow[] = [];
  const indexes = new Map<ColumnRole, number>(columns.map(({ role, index }) => [role, index]));
  const idIndex = indexes.get('id') ?? 0;
  // Thousands of rows share a handful of states.
  const statuses = new Map<string, StatusReading>();
  const statusIndex = indexes.get('status') ?? 0;
  const form: RowForm = { text: doc.text, indexes };
  for (const row of table.rows) {
    if (row.ragged || row.codePipes.length > 0) diagnostics.push(...checkShape(doc, table, columns, row));
    // A line without pipes is text that ran into the table.
    if (idIndex >= row.cellCount || !hasPipes(row)) continue;
    const idText = row.textAt(idIndex);
    const reading = readIdCell(idText);
    if (reading === 'blank') continue;
    if (reading === 'unreadable') {
      diagnostics.push(describeUnreadableId(idText, columns, idIndex, trimmedRange(doc.text, row.rangeAt(idIndex))));
      continue;
    }
    const statusText = row.textAt(statusIndex);
    const status = statuses.get(statusText) ?? readStatus(statusText);
    statuses.set(statusText, status);
    const model = createProgressRow(form, row, reading, status);
    if (status.status === undefined || status.disagrees) {
      diagnostics.push(checkStatus(doc, statusIndex < row.cellCount ? row.rangeAt(statusIndex) : undefined, model));
    }
    rows.push(model);
    sources.push(row);
  }
  const repository = chain.map(repositoryOf).findLast((name) => name !== undefined);
  const nearest = chain.at(-1);
  const isSection = nearest !== undefined && nearest.level > 1 && repositoryOf(nearest) === undefined;
  const model: ProgressTable = {
    range: table.block.range,
    headerLine: table.block.line,
    columns,
    rows,
    ...(repository === undefined ? {} : { repository }),
    ...(isSection ? { section: nearest.text } : {}),
  };
  let sourceOf: ReadonlyMap<ProgressRow, TableRow> | undefined;
  return {
    table,
    model,
    // Only edits ask for it.
    get rows() {
      sourceOf ??= mapRows(rows, sources);
      return sourceOf;
    },
    diagnostics,
  };
}

function mapRows(rows: readonly ProgressRow[], sources: readonly TableRow[]): ReadonlyMap<ProgressRow, TableRow> {
  const found = new Map<ProgressRow, TableRow>();
  sources.forEach((source, index) => {
    const row = rows[index];
    if (row !== undefined) found.set(row, source);
  });
  return found;
}

function hasPipes(row: TableRow): boolean {
  return row.cellCount > 1 || row.leadingPipe || row.trailingPipe;
}

function describeUnreadableId(
  text: string,
  columns: readonly ProgressColumn[],
  index: number,
  range: Range,
): Diagnostic {
  return {
    code: 'malformed-row',
    severity: 'warning',
    message: phrase`"${text}" in column "${columns[index]?.name}" is no session ID, because it has spaces. Put a short ID there, such as BE-04, or add a column "#" or "ID".`,
    range,
  };
}

/** For a status that is not understood, or whose icon and word disagree. */
function checkStatus(doc: MarkdownDocument, cell: Range | undefined, row: ProgressRow): Diagnostic {
  const range = cell === undefined ? row.range : trimmedRange(doc.text, cell);
  const { raw, status } = row.status;
  if (status === undefined) {
    return {
      code: 'unknown-status',
      severity: 'warning',
      message: phrase`The status "${raw}" of ${row.id} is not one that Baton knows. Write one of: ${knownStatuses}.`,
      range,
    };
  }
  const newText = withIconOf(raw, status);
  return {
    code: 'status-disagrees',
    severity: 'warning',
    message: phrase`In "${raw}" of ${row.id} the icon and the word say different things. The word counts: ${status}.`,
    range,
    fix: { title: phrase`Write "${newText}"`, edits: [{ ...range, newText }], safe: true },
  };
}

const knownStatuses = (['pending', 'active', 'paused', 'blocked', 'done', 'failed', 'retry'] as const)
  .map(writeStatus)
  .join(', ');

/** Says what is wrong with a row that has not as many cells as the header. */
function checkShape(
  doc: MarkdownDocument,
  table: Table,
  columns: readonly ProgressColumn[],
  row: TableRow,
): Diagnostic[] {
  const wanted = table.header.cells.length;
  if (row.codePipes.length > 0) return [describeCodePipes(row)];
  if (!row.ragged || doc.mergeMarkers.some(({ start }) => start === row.range.start)) return [];
  if (!hasPipes(row)) {
    return [
      shapeProblem(row, 'This line belongs to the table above it, since there is no blank line between them. Add one.'),
    ];
  }
  if (row.cells.length < wanted) {
    const message = `This row has ${row.cells.length} of ${wanted} cells; ${missingNames(columns, row)} missing.`;
    return [shapeProblem(row, message, fillCells(row, wanted))];
  }
  const message = phrase`This row has ${row.cells.length} cells, but the table has ${wanted} columns. A pipe inside a cell is written \\|.`;
  return [shapeProblem(row, message, joinCells(doc, row, wanted))];
}

function missingNames(columns: readonly ProgressColumn[], row: TableRow): string {
  const names = columns.slice(row.cells.length).map(({ name }) => `"${name}"`);
  return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`;
}

function shapeProblem(row: TableRow, message: string, fix?: DiagnosticFix): Diagnostic {
  return {
    code: 'malformed-row',
    severity: 'warning',
    message,
    range: row.range,
    ...(fix === undefined ? {} : { fix }),
  };
}

function describeCodePipes(row: TableRow): Diagnostic {
  return {
    code: 'malformed-row',
    severity: 'warning',
    message:
      'A pipe inside code ends the cell too, so other programs drop the end of this row. Inside a table it is written \\|.',
    range: row.range,
    fix: {
      title: 'Escape the pipes inside code',
      edits: row.codePipes.map((at) => ({ start: at, end: at, newText: '\\' })),
      safe: true,
    },
  };
}

function fillCells(row: TableRow, wanted: number): DiagnosticFix {
  const missing = new Array<string>(wanted - row.cells.length).fill('—');
  const title = missing.length === 1 ? 'Add the missing cell' : 'Add the missing cells';
  return { title, edits: [planCellsAppend(row, missing)], safe: true };
}

/** Surplus cells that are blank can go; others are most likely one text with unescaped pipes, which only the writer knows. */
function joinCells(doc: MarkdownDocument, row: TableRow, wanted: number): DiagnosticFix | undefined {
  const last = row.cells[wanted - 1];
  const surplus = row.cells.slice(wanted);
  const end = row.cells.at(-1)?.range.end;
  if (last === undefined || end === undefined) return undefined;
  if (surplus.every(({ text }) => text === '')) {
    return { title: 'Remove the empty cells', edits: [{ start: last.range.end, end, newText: '' }], safe: true };
  }
  const range = { start: last.range.start, end };
  const newText = ` ${escapeCell(doc.text.slice(range.start, range.end))}${row.trailingPipe ? ' ' : ''}`;
  return { title: `Make it one cell, with escaped pipes`, edits: [{ ...range, newText }], safe: false };
}

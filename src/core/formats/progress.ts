import { phrase } from '../base/phrase.ts';
import type { Heading, MarkdownDocument } from '../markdown/blocks.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { type Field, readFields } from '../markdown/fields.ts';
import { plainText } from '../markdown/inline.ts';
import { sectionOf, within } from '../markdown/sections.ts';
import { isBlankCell, parseTable, plainCellText, type Table } from '../markdown/table.ts';
import type { Diagnostic, Parsed } from '../model/diagnostic.ts';
import type { Blocker, DecisionRow, Progress, ProgressRow } from '../model/progress.ts';
import { type OtherTable, type ReadTable, readTables } from './progressTables.ts';

/** A progress file with everything that edits need besides the model. */
export interface ReadProgress {
  readonly doc: MarkdownDocument;
  readonly progress: Progress;
  readonly tables: readonly ReadTable[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a progress file: hand-made ones, the reference script's and Baton's (formats.md §2.4, §5). Never throws. */
export function parseProgress(text: string, path: string): Parsed<Progress> {
  const { progress, diagnostics } = readProgress(text, path);
  return { value: progress, diagnostics };
}

/** As `parseProgress`, with the markdown structure behind the model. */
export function readProgress(text: string, path: string): ReadProgress {
  const doc = parseMarkdown(text);
  const { progress: tables, others } = readTables(doc);
  const fields = readFields(doc, { start: 0, end: tables[0]?.model.range.start ?? text.length });
  const plan = fieldValue(doc, fields, /^plan$/i);
  const optional = {
    planLink: plan === undefined ? undefined : linkTarget(plan),
    branch: plainValue(fieldValue(doc, fields, /^branch$/i)),
    started: plainValue(fieldValue(doc, fields, /^(?:started|start date|start)$/i)),
  };
  const progress: Progress = {
    path,
    text,
    project: projectOf(doc, fields, path),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    tables: tables.map(({ model }) => model),
    blockers: readBlockers(doc),
    decisions: readDecisions(doc),
  };
  const diagnostics = [
    ...doc.diagnostics,
    ...tables.flatMap((table) => table.diagnostics),
    ...findDuplicates(tables),
    ...describeOtherTables(doc, tables, others),
  ].sort((a, b) => a.range.start - b.range.start);
  return { doc, progress, tables, diagnostics };
}

/** The structure of a progress file and its tables, with no other rows than those that can be a session's: for edits of one row. */
export function readRowsOf(text: string, id: string): Pick<ReadProgress, 'doc' | 'tables'> {
  const doc = parseMarkdown(text);
  return { doc, tables: readTables(doc, id).progress };
}

/** The value of a field, or of a heading of the same form: `## Started: 2026-01-02`. */
function fieldValue(doc: MarkdownDocument, fields: readonly Field[], name: RegExp): string | undefined {
  const field = fields.find((candidate) => name.test(candidate.name) && candidate.value !== '');
  if (field !== undefined) return field.value;
  for (const heading of doc.headings) {
    const parts = /^([^:：]+)[:：]\s*(\S.*)$/.exec(heading.raw);
    if (parts?.[1] !== undefined && name.test(parts[1].trim())) return parts[2];
  }
  return undefined;
}

function plainValue(value: string | undefined): string | undefined {
  return value === undefined || isBlankCell(value) ? undefined : plainText(value);
}

/** `[x](docs/y.md)` → `docs/y.md`; else the text itself. */
function linkTarget(value: string): string | undefined {
  const link = /\[[^\]]*\]\(\s*(?:<([^<>]*)>|([^()\s]*(?:\([^()\s]*\)[^()\s]*)*))[^)]*\)/.exec(value);
  if (link !== null) return link[1] ?? link[2];
  return plainValue(value);
}

function projectOf(doc: MarkdownDocument, fields: readonly Field[], path: string): string {
  const heading = doc.headings.find(({ level }) => level === 1) ?? doc.headings[0];
  const fromHeading = heading === undefined ? '' : withoutProgress(heading.text);
  if (fromHeading !== '' && !/^sessions?$/i.test(fromHeading)) return fromHeading;
  const field = plainValue(fields.find(({ name, value }) => /^project$/i.test(name) && value !== '')?.value);
  if (field !== undefined) return field;
  const file = (path.split('/').at(-1) ?? path).replace(/\.[^.]*$/, '');
  return file.replace(/[_-]?PROGRESS$/i, '') || file;
}

function withoutProgress(title: string): string {
  return title
    .replace(/(?:^|\s+)progress(?:\s+(?:tracker|tracking|log|report|file))?$/i, '')
    .replace(/[\s:：—–-]+$/, '')
    .trim();
}

/** Check boxes under a heading on blockers; those under `Resolved Blockers` are history. */
function readBlockers(doc: MarkdownDocument): Blocker[] {
  const headings = doc.headings.filter(({ text }) => /\bblockers?\b/i.test(text) && !/\bresolved\b/i.test(text));
  const found = new Map<number, Blocker>();
  for (const heading of headings) {
    for (const item of within(doc.checklist, sectionOf(doc, heading).bodyRange)) {
      if (!/\bblockers?\b/i.test(nearestHeading(doc, item.range.start)?.text ?? '')) continue;
      const text = plainText(item.text);
      const session = /^(\S*\p{N}\S*?)(?::|\s+(?:is\s+)?blocked\s+by\b|\s+[—–-]\s)/iu.exec(text)?.[1];
      found.set(item.line, { ...item, ...(session === undefined ? {} : { session }) });
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

function nearestHeading(doc: MarkdownDocument, offset: number): Heading | undefined {
  return doc.headings.findLast(({ range }) => range.start < offset);
}

/** The table of key decisions: the first one with a column `Decision`. */
export function findDecisionTable(
  doc: MarkdownDocument,
): { table: Table; columns: ReadonlyMap<string, number> } | undefined {
  return findTableWith(doc, 'decision');
}

/** The first table with a column of that name (lower case), with the places of all its columns. */
export function findTableWith(
  doc: MarkdownDocument,
  header: string,
): { table: Table; columns: ReadonlyMap<string, number> } | undefined {
  for (const block of doc.tables) {
    const table = parseTable(doc, { ...block, endLine: block.line + 2 });
    const columns = new Map(table.header.cells.map((cell, index) => [plainCellText(cell.text).toLowerCase(), index]));
    if (columns.has(header)) return { table: parseTable(doc, block), columns };
  }
  return undefined;
}

function readDecisions(doc: MarkdownDocument): DecisionRow[] {
  const found = findDecisionTable(doc);
  if (found === undefined) return [];
  return found.table.rows.flatMap((row) => {
    const valueUnder = (...names: string[]): string | undefined => {
      const index = names.map((name) => found.columns.get(name)).find((candidate) => candidate !== undefined);
      const text = index === undefined ? '' : (row.cells[index]?.text ?? '');
      return isBlankCell(text) ? undefined : plainCellText(text);
    };
    const decision = valueUnder('decision');
    if (decision === undefined) return [];
    const optional = {
      date: valueUnder('date'),
      session: valueUnder('session', 'session id'),
      rationale: valueUnder('rationale', 'reason'),
    };
    return [
      {
        ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
        decision,
        range: row.range,
      },
    ];
  });
}

/** An ID may stand once per repository of a file: otherwise nobody knows which row an edit means. */
function findDuplicates(tables: readonly ReadTable[]): Diagnostic[] {
  const seenIn = new Map<string | undefined, Map<string, ProgressRow>>();
  const found: Diagnostic[] = [];
  for (const { model } of tables) {
    const seen = seenIn.get(model.repository) ?? new Map<string, ProgressRow>();
    seenIn.set(model.repository, seen);
    for (const row of model.rows) {
      const first = seen.get(row.id);
      if (first === undefined) seen.set(row.id, row);
      else {
        const where =
          model.repository === undefined
            ? phrase`line ${first.line + 1}`
            : phrase`line ${first.line + 1} (repository ${model.repository})`;
        const message = phrase`${row.id} has a row in ${where} already. Give one of them another ID, or remove it.`;
        const related = [{ range: first.idRange, message: phrase`${row.id} stands here too` }];
        found.push({ code: 'duplicate-id', severity: 'error', message, range: row.idRange, related });
      }
    }
  }
  return found;
}

/** Says why a table that may have been meant as a progress table is none. */
function describeOtherTables(
  doc: MarkdownDocument,
  tables: readonly ReadTable[],
  others: readonly OtherTable[],
): Diagnostic[] {
  const candidates = others.filter(({ kind }) => kind === undefined);
  if (tables.length > 0) {
    return candidates
      .filter(({ hasId, headers }) => hasId && headers.some((name) => /^session(?: id)?$/i.test(name)))
      .map(({ block, headers }) => ({
        code: 'no-progress-table',
        severity: 'info',
        message: phrase`The rows of this table (${headers.join(' | ')}) are not taken as sessions, because it has no column "Status".`,
        range: doc.lines.rangeOf(block.line),
      }));
  }
  const first = candidates[0];
  const line = doc.lines.rangeOf(first?.block.line ?? doc.headings[0]?.line ?? 0);
  const advice = phrase`A progress table has a header row with at least "Session" (the ID) and "Status", and a row per session.`;
  if (first === undefined) {
    return [
      {
        code: 'no-progress-table',
        severity: 'warning',
        message: phrase`This file has no progress table. ${advice}`,
        range: line,
      },
    ];
  }
  const seen = candidates.slice(0, 5).map(({ block, headers, hasId, hasStatus }) => {
    const missing = [
      ...(hasId ? [] : [phrase`an ID ("Session", "Session ID" or "ID")`]),
      ...(hasStatus ? [] : ['"Status"']),
    ];
    return phrase`line ${block.line + 1} (${headers.join(' | ')}) lacks ${missing.join(' and ')}`;
  });
  const more = candidates.length > seen.length ? phrase`; and ${candidates.length - seen.length} more` : '';
  const message = phrase`No table of this file is a progress table: ${seen.join('; ')}${more}. ${advice}`;
  return [{ code: 'no-progress-table', severity: 'warning', message, range: line }];
}

import type { TextEdit } from '../base/textEdit.ts';
import type { MarkdownDocument } from '../markdown/blocks.ts';
import { readFields } from '../markdown/fields.ts';
import { isBlankCell, plainCellText, planCellEdits } from '../markdown/table.ts';
import type { Progress, ProgressTable } from '../model/progress.ts';
import { type CivilTime, readTime, resolveTime, type TimeReading } from '../model/time.ts';
import { findTableWith, readProgress } from './progress.ts';

/** Today, with the zone in which times without one are meant. */
type Now = CivilTime & { readonly offsetMinutes: number };

/** How many of some sessions are done. */
interface Count {
  readonly done: number;
  readonly total: number;
}

/** What the metrics of a file are counted from. */
interface Facts {
  readonly all: Count;
  readonly repositories: ReadonlyMap<string, Count>;
  readonly daysElapsed?: number;
  readonly daysRemaining?: number;
}

const targetName =
  /^(?:target|deadline|due|end|target\s+date|due\s+date|end\s+date|estimated\s+completion|completion\s+date)$/i;

/**
 * Brings the metrics table (`Metric | Value`, formats.md §2.4a) up to date: sessions completed, total and remaining, the share of each
 * repository, days elapsed and, where a target date is given, days remaining. The form of each value is kept (`4 / 16`, `25%`,
 * `4/16 (25%)`); metrics that are not known, and values in a form that is not, stay as they are.
 *
 * @param now without it the days stay as they are.
 */
export function planMetricsRefresh(text: string, path: string, now?: Now): TextEdit[] {
  // Most files have no such table, and then their thousands of rows need not be counted.
  if (!/\bmetric\b/i.test(text)) return [];
  const { doc, progress } = readProgress(text, path);
  const found = findTableWith(doc, 'metric');
  if (found === undefined || progress.tables.length === 0) return [];
  const nameColumn = found.columns.get('metric') ?? 0;
  const valueColumn = found.columns.get('value') ?? found.columns.get('current') ?? nameColumn + 1;
  if (valueColumn >= found.table.header.cells.length) return [];
  const metrics = found.table.rows.map((row) => ({
    row,
    name: plainCellText(row.cells[nameColumn]?.text ?? ''),
    value: row.cells[valueColumn]?.text ?? '',
  }));
  const target = metrics.find(({ name }) => targetName.test(name))?.value ?? targetField(doc);
  const facts = countFacts(progress, now, target === undefined ? undefined : readTime(plainCellText(target)));
  return metrics.flatMap(({ row, name, value }) => {
    const newValue = refresh(name, value, facts);
    return newValue === undefined || newValue === value
      ? []
      : planCellEdits(found.table, row, new Map([[valueColumn, newValue]]));
  });
}

function targetField(doc: MarkdownDocument): string | undefined {
  return readFields(doc).find(({ name }) => targetName.test(name))?.value;
}

function countFacts(progress: Progress, now: Now | undefined, target: TimeReading | undefined): Facts {
  const repositories = new Map<string, Count>();
  for (const table of progress.tables) {
    if (table.repository === undefined) continue;
    const count = add(repositories.get(table.repository), countRows(table));
    repositories.set(table.repository, count);
    const prefix = commonPrefix(progress.tables.filter(({ repository }) => repository === table.repository));
    if (prefix !== undefined) repositories.set(prefix, count);
  }
  const all = progress.tables.map(countRows).reduce((sum, count) => add(sum, count), { done: 0, total: 0 });
  const started = progress.started === undefined ? undefined : readTime(progress.started);
  return {
    all,
    repositories,
    ...(started === undefined || now === undefined
      ? {}
      : { daysElapsed: Math.max(0, daysBetween(started, undefined, now)) }),
    ...(target === undefined || now === undefined
      ? {}
      : { daysRemaining: Math.max(0, daysBetween(undefined, target, now)) }),
  };
}

function countRows(table: ProgressTable): Count {
  return { done: table.rows.filter(({ status }) => status.status === 'done').length, total: table.rows.length };
}

function add(a: Count | undefined, b: Count): Count {
  return { done: (a?.done ?? 0) + b.done, total: (a?.total ?? 0) + b.total };
}

/** `BE` where every ID of a repository begins with `BE-`: metrics are named after that too. */
function commonPrefix(tables: readonly ProgressTable[]): string | undefined {
  const prefixes = new Set(tables.flatMap(({ rows }) => rows.map(({ id }) => /^(\p{L}+)-/u.exec(id)?.[1])));
  const [only] = prefixes;
  return prefixes.size === 1 ? only : undefined;
}

/** Calendar days from one day to another; the side that is not given is today. */
function daysBetween(from: TimeReading | undefined, to: TimeReading | undefined, now: Now): number {
  const dayOf = (reading: TimeReading | undefined): number => {
    const localMs =
      reading === undefined
        ? Date.UTC(now.year, now.month - 1, now.day)
        : resolveTime(reading, now) + now.offsetMinutes * 60_000;
    return Math.floor(localMs / 86_400_000);
  };
  return dayOf(to) - dayOf(from);
}

function refresh(name: string, value: string, facts: Facts): string | undefined {
  const metric = name.toLowerCase().replace(/[:*]/g, '').replace(/\s+/g, ' ').trim();
  if (/^(?:total )?sessions? (?:completed?|done|finished)$|^completed(?: sessions?)?$/.test(metric)) {
    return isBlankCell(value)
      ? ratio(facts.all)
      : (rewriteShare(value, facts.all) ?? rewriteNumber(value, facts.all.done));
  }
  if (/^(?:overall|total)(?: progress| completion)?$|^(?:progress|completion|completion rate)$/.test(metric))
    return share(value, facts.all);
  if (/^total sessions$|^sessions total$/.test(metric)) return rewriteNumber(value, facts.all.total);
  if (/^sessions? (?:remaining|left)$|^remaining sessions?$/.test(metric))
    return rewriteNumber(value, facts.all.total - facts.all.done);
  if (/^days? elapsed$|^elapsed days?$/.test(metric)) return rewriteDays(value, facts.daysElapsed);
  if (/^days? (?:remaining|left)$|^remaining days?$/.test(metric)) return rewriteDays(value, facts.daysRemaining);
  const count = repositoryOfMetric(metric, facts.repositories);
  return count === undefined ? undefined : share(value, count);
}

/** The repository whose name stands in the metric's; the longest one, so that `api-admin` is not `api`. */
function repositoryOfMetric(metric: string, repositories: ReadonlyMap<string, Count>): Count | undefined {
  const words = ` ${metric.replace(/[()[\],]/g, ' ').replace(/\s+/g, ' ')} `;
  const named = [...repositories].filter(([name]) => words.includes(` ${name.toLowerCase()} `));
  return named.sort(([a], [b]) => b.length - a.length)[0]?.[1];
}

function ratio({ done, total }: Count): string {
  return `${done} / ${total}`;
}

function share(value: string, count: Count): string | undefined {
  return isBlankCell(value) ? percent(count, 0) : rewriteShare(value, count);
}

function percent({ done, total }: Count, decimals: number): string {
  return `${(total === 0 ? 0 : (done / total) * 100).toFixed(decimals)}%`;
}

/** Renews `4 / 16` and `25%` within a value; undefined where it has neither. */
function rewriteShare(value: string, count: Count): string | undefined {
  const fraction = /\d+(\s*(?:\/|of)\s*)\d+/;
  const percentage = /\d+(?:\.(\d+))?(\s*)%/;
  if (!fraction.test(value) && !percentage.test(value)) return undefined;
  return value
    .replace(percentage, (_, decimals: string | undefined, space: string) =>
      percent(count, decimals?.length ?? 0).replace('%', `${space}%`),
    )
    .replace(fraction, (_, between: string) => `${count.done}${between}${count.total}`);
}

function rewriteNumber(value: string, count: number): string | undefined {
  if (isBlankCell(value)) return String(count);
  return /^\D*\d+\D*$/.test(value) ? value.replace(/\d+/, String(count)) : undefined;
}

function rewriteDays(value: string, days: number | undefined): string | undefined {
  return days === undefined ? undefined : rewriteNumber(value, days);
}

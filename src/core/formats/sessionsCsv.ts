import { toCsv } from '../base/csv.ts';
import type { DashboardSession, DashboardSnapshot } from '../model/dashboard.ts';
import type { ColumnRole } from '../model/progress.ts';

/** The first columns, for every repository the same; names are stable. */
const columns: readonly (readonly [name: string, text: (session: DashboardSession) => string])[] = [
  ['Project', ({ project }) => project],
  ['Repository', ({ repository }) => repository ?? ''],
  ['Section', ({ section }) => section ?? ''],
  ['Track', ({ track }) => track ?? ''],
  ['Session', ({ id }) => id],
  ['Title', ({ title }) => title],
  ['State', ({ state }) => state],
  ['Started', ({ startedMs, startIsDate }) => timeText(startedMs, startIsDate)],
  ['Ended', ({ endedMs, endIsDate }) => timeText(endedMs, endIsDate)],
  ['Minutes', ({ durationMinutes }) => numberText(durationMinutes)],
  ['Estimated minutes', ({ estimateMinutes }) => numberText(estimateMinutes)],
  ['Model', ({ model }) => model ?? ''],
  ['Depends on', ({ dependencies }) => dependencies.map(({ id }) => id).join(' ')],
  ['Waiting for', ({ waitingFor }) => waitingFor.join(' ')],
  ['Unblocks', ({ unblocksCount }) => String(unblocksCount)],
  ['Critical', ({ critical }) => (critical ? 'yes' : 'no')],
  ['Commit', ({ commit }) => commit ?? ''],
];

/** What the first line of every such file begins with. */
export const sessionsCsvStart = columns.map(([name]) => name).join(',');

/** Roles of which a column of its own is there already. */
const covered: ReadonlySet<ColumnRole> = new Set([
  'id',
  'title',
  'status',
  'started',
  'completed',
  'duration',
  'commit',
  'model',
  'dependencies',
  'estimate',
]);

/** Writes the sessions as CSV: a line each, the known columns first, then those of the tables that only their people know. */
export function writeSessionsCsv({ projects, sessions }: Pick<DashboardSnapshot, 'projects' | 'sessions'>): string {
  const own = new Set(
    projects.flatMap((project) => project.columns.filter(({ role }) => !covered.has(role)).map(({ name }) => name)),
  );
  const head = [...columns.map(([name]) => name), ...own];
  const rows = sessions.map((session) => [
    ...columns.map(([, text]) => text(session)),
    ...[...own].map((name) => (Object.hasOwn(session.cells, name) ? (session.cells[name] ?? '') : '')),
  ]);
  return toCsv([head, ...rows]);
}

/** UTC, as programs and spreadsheets read it; a date alone where the file gives no time. */
function timeText(ms: number | undefined, isDate = false): string {
  if (ms === undefined || !(Math.abs(ms) <= 8.64e15)) return '';
  if (!isDate) return new Date(ms).toISOString();
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function numberText(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : String(Math.round(value));
}

import { toCsv } from '../../core/base/csv.ts';
import type { DashboardSession } from '../../core/model/dashboard.ts';
import type { TableColumn } from './columns.ts';

/** The sessions as CSV (RFC 4180), with the columns and in the order that are shown. */
export function tableCsv(columns: readonly TableColumn[], sessions: readonly DashboardSession[]): string {
  return toCsv([
    columns.map(({ label }) => label),
    ...sessions.map((session) => columns.map((column) => column.text(session))),
  ]);
}

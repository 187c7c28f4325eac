import type { DashboardSession } from '../../core/model/dashboard.ts';
import type { TableColumn } from './columns.ts';

const sampled = 300;
const narrowest = 5;
const widest = 46;
/** Letters are narrower than the digit that `ch` is, but for the bold ones of IDs. */
const letterWidth = 0.9;
/** Room for an icon, the sort mark and the padding. */
const room = 4;

/**
 * Widths of columns in characters, from what stands in them. They are fixed, so that columns do not move while the rows in the document
 * change; nine of ten cells fit, up to a width at which others still find room.
 */
export function columnWidths(
  columns: readonly TableColumn[],
  sessions: readonly DashboardSession[],
): readonly number[] {
  const every = Math.max(1, Math.floor(sessions.length / sampled));
  const sample = sessions.filter((_, index) => index % every === 0);
  return columns.map((column) => {
    const lengths = sample.map((session) => column.text(session).length).sort((one, other) => one - other);
    const most = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
    const extra = column.id === 'state' ? 3 : 0;
    const width = (most + extra) * (column.id === 'id' ? 1 : letterWidth);
    return Math.round(Math.min(widest, Math.max(narrowest, column.label.length + 2, width))) + room;
  });
}

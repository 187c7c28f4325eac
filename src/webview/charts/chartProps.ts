import type { DashboardProject, DashboardSession } from '../../core/model/dashboard.ts';
import type { Translate } from '../texts.ts';

/** What every chart gets: it draws these sessions as they are at `nowMs`, in the dashboard and in the report alike. */
export interface ChartProps {
  readonly sessions: readonly DashboardSession[];
  readonly projects: readonly DashboardProject[];
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly t: Translate;
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
  /** Goes to the session with this key; absent where nothing can be reached, as in the report. */
  readonly onShow?: (key: string) => void;
}

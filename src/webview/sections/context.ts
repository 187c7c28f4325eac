import type { DashboardHost } from '../host.ts';
import type { DashboardState } from '../protocol.ts';
import type { DashboardModel } from '../store.ts';
import type { Translate } from '../texts.ts';

/** What each part of the dashboard gets. */
export interface SectionContext {
  readonly t: Translate;
  /** BCP 47 */
  readonly locale: string;
  readonly model: DashboardModel;
  readonly nowMs: number;
  /** False in Restricted Mode. */
  readonly trusted: boolean;
  /** Absent where nothing can be acted on, as in the report. */
  readonly host?: DashboardHost;
  readonly state?: DashboardState;
  /** Changes what is shown. */
  readonly onState?: (change: Partial<DashboardState>) => void;
  /** Goes to a session's row. */
  readonly onShow?: (key: string) => void;
}

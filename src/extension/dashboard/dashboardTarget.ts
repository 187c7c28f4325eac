/** The type of the dashboard's panels: package.json names it in an activation event. */
export const dashboardViewType = 'baton.dashboard';

/** What a dashboard shows first. */
export interface DashboardTarget {
  /** `SessionEntry.key` of a session. */
  readonly key?: string;
}

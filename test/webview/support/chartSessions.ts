import type { DashboardProject, DashboardSession } from '../../../src/core/model/dashboard.ts';
import type { ChartProps } from '../../../src/webview/charts/chartProps.ts';
import { english } from '../../../src/webview/texts.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** The moment at which the charts of these tests are drawn. */
export const nowMs = Date.UTC(2026, 10, 20, 14);

/** A session of which nothing is known but what `values` say. */
export function bareSession(id: string, values: Partial<DashboardSession> = {}): DashboardSession {
  return {
    key: `shop/${id}`,
    id,
    title: `Title of ${id}`,
    state: 'ready',
    project: 'Shop',
    cells: {},
    dependencies: [],
    waitingFor: [],
    unblocks: [],
    unblocksCount: 0,
    parallelWith: [],
    critical: false,
    activeHere: false,
    hasPrompt: false,
    hasRow: true,
    ...values,
  };
}

/** A session that was done `daysAgo`, in so many minutes. */
export function doneSession(
  id: string,
  daysAgo: number,
  minutes = 60,
  values: Partial<DashboardSession> = {},
): DashboardSession {
  const startedMs = nowMs - daysAgo * dayMs;
  return bareSession(id, {
    state: 'done',
    startedMs,
    endedMs: startedMs + minutes * 60_000,
    durationMinutes: minutes,
    ...values,
  });
}

/** A dependency on a session of these tests. */
export function dependsOn(id: string, met = false): DashboardSession['dependencies'][number] {
  return { id, key: `shop/${id}`, state: met ? 'done' : 'ready', met };
}

export function projectOf(
  sessions: readonly DashboardSession[],
  criticalPath: readonly string[] = [],
): DashboardProject {
  return {
    name: 'Shop',
    planPaths: [],
    repositories: [],
    columns: [],
    counts: {},
    total: sessions.length,
    done: sessions.filter(({ state }) => state === 'done').length,
    criticalPath,
    blockers: [],
  };
}

/** What a chart gets to draw these sessions as the report does. */
export function chartProps(sessions: readonly DashboardSession[], values: Partial<ChartProps> = {}): ChartProps {
  return { sessions, projects: [projectOf(sessions)], nowMs, t: english, locale: 'en-GB', ...values };
}

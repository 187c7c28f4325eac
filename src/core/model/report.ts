import type { DashboardSnapshot } from './dashboard.ts';

/** How a report is written. */
export interface ReportOptions {
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
  /** Texts of the interface by their English form; what is absent is in English. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** What the bundle `report` exports (src/webview/report/renderReport.tsx); hosts load it by its path, when a report is asked for. */
export interface ReportModule {
  /** Renders one HTML document that needs no other file and no script. */
  renderReport(snapshot: DashboardSnapshot, options: ReportOptions): string;
}

/** Value of the `generator` that a report's HTML names. */
export const reportGenerator = 'Baton report';

/** Tells whether a text is a report that Baton wrote, by its first thousand characters. */
export function isReportHtml(text: string): boolean {
  return text.slice(0, 1000).includes(`<meta name="generator" content="${reportGenerator}"`);
}

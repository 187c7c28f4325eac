import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DashboardSession } from '../../src/core/model/dashboard.ts';
import { mostBars } from '../../src/webview/charts/timelineLayout.ts';
import { startBrowser } from '../support/browser.ts';
import { bareSession, dayMs, dependsOn, doneSession, hourMs, nowMs } from './support/chartSessions.ts';

const root = resolve(import.meta.dirname, '../..');
const origin = 'https://timeline.test';

/** The timeline alone in a page, under the policy of the dashboard. */
const entry = `
import { h, render } from 'preact';
import { Timeline } from './src/webview/charts/timeline.tsx';
import { createTranslate } from './src/webview/texts.ts';
import './src/webview/charts/charts.css';
const t = createTranslate({});
window.shown = [];
window.violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => window.violations.push(violatedDirective));
window.draw = (sessions, nowMs) => render(
  h(Timeline, { sessions, projects: [], nowMs, t, locale: 'en-GB', onShow: (key) => window.shown.push(key) }),
  document.getElementById('root'),
);
`;

interface TimelineWindow {
  readonly shown: string[];
  readonly violations: string[];
  draw(sessions: readonly DashboardSession[], nowMs: number): void;
}

const sessions = [
  doneSession('A', 9, 60, { repository: 'api' }),
  doneSession('B', 7, 60, { repository: 'web', dependencies: [dependsOn('A', true)] }),
  bareSession('C', { state: 'active', startedMs: nowMs - 3 * hourMs, repository: 'api' }),
  bareSession('D', { state: 'waiting', repository: 'api', dependencies: [dependsOn('C')] }),
];

describe('the timeline in a browser', () => {
  let browser: Browser;
  let page: Page;
  let script: string;
  let styles: string;

  beforeAll(async () => {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: entry, resolveDir: root, loader: 'js' },
      bundle: true,
      write: false,
      outdir: 'out',
      format: 'iife',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    });
    const textOf = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
    [script, styles] = [textOf('.js'), textOf('.css')];
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    const policy = `default-src 'none'; style-src ${origin}; script-src 'nonce-n'`;
    const body = `<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Timeline</title><link rel="stylesheet" href="/styles.css"></head>
<body><main><h1>Dashboard</h1><h2>Timeline</h2><div id="root"></div></main><script nonce="n" src="/script.js"></script></body></html>`;
    const answers: Readonly<Record<string, readonly [string, string]>> = {
      '/': ['text/html', body],
      '/script.js': ['text/javascript', script],
      '/styles.css': [
        'text/css',
        `:root { --vscode-editor-background: #fff; --vscode-foreground: #222; --vscode-charts-red: #c00; --vscode-focusBorder: #00f }\n${styles}`,
      ],
    };
    await page.route(`${origin}/**`, (route) => {
      const [contentType, text] = answers[new URL(route.request().url()).pathname] ?? ['text/plain', ''];
      return route.fulfill({ contentType, body: text });
    });
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    await page.goto(`${origin}/`);
    await draw(sessions);
  });

  const draw = (all: readonly DashboardSession[], at = nowMs): Promise<void> =>
    page.evaluate(([some, now]) => (window as unknown as TimelineWindow).draw(some, now), [all, at] as const);
  const shown = (): Promise<readonly string[]> => page.evaluate(() => (window as unknown as TimelineWindow).shown);
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

  it('reaches every bar by keyboard, in the order of the lanes, and Enter and Space show it', async () => {
    await page.locator('[data-bar]').first().focus();
    const order: string[] = [];
    for (let index = 0; index < sessions.length; index += 1) {
      order.push((await focused()).slice(0, 1));
      await page.keyboard.press('ArrowRight');
    }
    expect(order).toEqual(['A', 'C', 'D', 'B']);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press(' ');
    expect(await shown()).toEqual(['shop/A', 'shop/B']);
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
    // The way back with Tab leads to where one was.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('B Title of B: Done');
  });

  it('shows what is clicked', async () => {
    await page.locator('[data-bar]').nth(1).locator('.chart-bar-edge').click({ force: true });
    expect(await shown()).toEqual(['shop/C']);
  });

  it('keeps the focus while time goes on and a session ends', async () => {
    await page.locator('[data-bar]').nth(1).focus();
    expect(await focused()).toContain('C Title of C: Active');
    await draw(sessions, nowMs + hourMs);
    expect(await focused()).toContain('C Title of C: Active');
    const ended = sessions.map((session) =>
      session.id === 'C' ? { ...session, state: 'done' as const, endedMs: nowMs } : session,
    );
    await draw(ended, nowMs + hourMs);
    expect(await focused()).toContain('C Title of C: Done');
  });

  it('zooms, and shows what is planned or not', async () => {
    const width = async (): Promise<number> => (await page.locator('svg.chart-svg').first().boundingBox())?.width ?? 0;
    const fit = await width();
    await page.getByRole('button', { name: 'Day' }).click();
    expect(await width()).toBeGreaterThan(9 * 700);
    expect(await page.getByRole('button', { name: 'Day' }).getAttribute('aria-pressed')).toBe('true');
    // Now, not the beginning, is in view.
    const [now, view] = await Promise.all(
      ['.chart-now line', '.chart-timeline-scroll'].map((each) => page.locator(each).boundingBox()),
    );
    expect(now?.x).toBeGreaterThan(view?.x ?? 0);
    expect(now?.x).toBeLessThan((view?.x ?? 0) + (view?.width ?? 0));
    await page.getByRole('button', { name: 'Week' }).click();
    expect(await width()).toBeGreaterThan(fit);
    await page.getByRole('button', { name: 'Fit' }).click();
    expect(await width()).toBe(fit);
    await page.getByRole('button', { name: 'Planned' }).click();
    expect(await page.locator('[data-bar]').count()).toBe(3);
    expect(await page.locator('.chart-ahead').count()).toBe(0);
  });

  it('says what lies before the drawn time when zoomed in', async () => {
    await draw([doneSession('OLD', 3000), ...sessions]);
    expect(await page.locator('.chart-note').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Day' }).click();
    expect(await page.locator('.chart-note').innerText()).toContain('4 of 5 sessions are drawn');
    const width = await page
      .locator('svg.chart-svg')
      .first()
      .evaluate((svg) => svg.getBoundingClientRect().width);
    expect(width).toBeLessThan(32_000);
  });

  it('makes the table when it is opened, and not more of it than fits a page', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => doneSession(`S-${index}`, index / 10));
    await draw(many);
    expect(await page.locator('tr').count()).toBe(0);
    expect(await page.locator('[data-bar]').count()).toBe(mostBars);
    await page.locator('summary').click();
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1000);
    expect(await page.locator('details').innerText()).toContain('2000 more');
  });

  it('is accessible, and keeps to the policy of the dashboard', async () => {
    await draw([
      ...sessions,
      doneSession('E', 3, -10),
      bareSession('F', { state: 'paused', startedMs: nowMs - dayMs }),
    ]);
    await page.locator('summary').click();
    await page.locator('tbody tr').first().waitFor();
    const violations = await page.evaluate(() => (window as unknown as TimelineWindow).violations);
    expect(violations).toEqual([]);
    // Runs outside the policy, as a debugger does.
    const found: readonly string[] =
      await page.evaluate(`${readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')};
      axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`);
    expect(found).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWorkspace } from '../../src/core/actions/dashboard.ts';
import type { DashboardSnapshot } from '../../src/core/model/dashboard.ts';
import { isReportHtml, type ReportModule } from '../../src/core/model/report.ts';
import { systemClock } from '../../src/platform/systemClock.ts';
import { startBrowser } from '../support/browser.ts';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { workspaceOf } from '../support/workspaceOf.ts';
import { bareSession, doneSession, nowMs, projectOf } from './support/chartSessions.ts';

const root = resolve(import.meta.dirname, '../..');
const { renderReport }: ReportModule = createRequire(import.meta.url)(join(root, 'dist/report.cjs'));
const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

function snapshotOf(
  sessions: DashboardSnapshot['sessions'],
  values: Partial<DashboardSnapshot> = {},
): DashboardSnapshot {
  return {
    name: 'shop',
    takenMs: nowMs,
    projects: sessions.length === 0 ? [] : [projectOf(sessions)],
    sessions,
    next: [],
    taskLists: [],
    inbox: [],
    problems: [],
    ...values,
  };
}

const hostile = '<img src=x onerror=alert(1)>"\'&</style></title>';

describe('the report', () => {
  let browser: Browser;
  let sample: SampleFolder;
  let snapshot: DashboardSnapshot;

  beforeAll(async () => {
    [browser, sample] = await Promise.all([startBrowser(), createSampleFolder()]);
    const files = Object.fromEntries(
      ['docs/HARBOUR_PROMPTS.md', 'docs/progress/HARBOUR_PROGRESS.md', 'docs/sessions/SESSION.md'].map((file) => [
        file,
        sample.read(file),
      ]),
    );
    snapshot = describeWorkspace(await workspaceOf(files), { name: 'harbour', inbox: [], now: systemClock.now() });
  });

  afterAll(async () => {
    await browser?.close();
    sample?.remove();
  });

  /** Opens a report as somebody does who got it; what it asks the network for or says of errors is kept. */
  async function open(html: string, context: BrowserContextOptions = {}): Promise<{ page: Page; said: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...context });
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => said.push(request.url()));
    await page.route('https://report.test/', (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.goto('https://report.test/');
    return { page, said };
  }

  it.each([
    ['light', 1280, {}],
    ['dark', 640, {}],
    ['light', 640, { forcedColors: 'active' }],
  ] as const)('is accessible and fits in %s, %d px wide (%j)', async (colorScheme, width, more) => {
    const { page } = await open(renderReport(snapshot, { locale: 'en-GB' }), {
      colorScheme,
      viewport: { width, height: 900 },
      bypassCSP: true,
      ...more,
    });
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.addScriptTag({ content: axe });
    const violations: readonly string[] = await page.evaluate(async () => {
      const found = await (
        globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }
      ).axe.run();
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.close();
  });

  it('needs no other file, no script and no error', async () => {
    const html = renderReport(snapshot, { locale: 'en-GB' });
    expect(html).not.toMatch(/<script|https?:|url\((?!#)/);
    const { page, said } = await open(html);
    expect(said).toEqual(['https://report.test/']);
    expect(isReportHtml(html)).toBe(true);
    await page.close();
  });

  it('shows every session with its state, the next ones and the critical path', async () => {
    const { page } = await open(renderReport(snapshot, { locale: 'en-GB' }));
    expect(snapshot.sessions).toHaveLength(13);
    for (const { id } of snapshot.sessions) {
      expect(await page.locator('.report-sessions').getByRole('rowheader', { name: id, exact: true }).count(), id).toBe(
        1,
      );
    }
    expect(await page.locator('h1').innerText()).toBe('Harbour Ferries: progress');
    expect(await page.locator('.report-facts').innerText()).toContain('5 of 13 sessions');
    expect(await page.locator('.chart-ready li').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('FE-03')]),
    );
    expect(await page.locator('.chart-path li').allInnerTexts()).toEqual([
      expect.stringContaining('BE-04'),
      expect.stringContaining('BE-06'),
    ]);
    expect(await page.getByRole('img', { name: 'Sessions over time' }).count()).toBe(1);
    await page.close();
  });

  it('prints in light colours, without what can only be clicked', async () => {
    const { page } = await open(renderReport(snapshot, { locale: 'en-GB' }), { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    expect(await page.locator('summary').first().isVisible()).toBe(false);
    await page.close();
  });

  it('shows text of repositories as text', async () => {
    const odd = bareSession(hostile, { title: hostile, repository: hostile, model: hostile, section: hostile });
    const html = renderReport(
      snapshotOf([odd, doneSession('A', 3, 10, { model: hostile, title: hostile })], {
        name: hostile,
        problems: [{ path: hostile, message: hostile }],
      }),
      { locale: '"><script>', texts: {} },
    );
    const { page, said } = await open(html);
    expect(said).toEqual(['https://report.test/']);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('code').innerText()).toBe(hostile);
    await page.close();
  });

  it('has the texts and the language that it was given', () => {
    const html = renderReport(snapshot, { locale: 'de', texts: { 'What is next': 'Was als Nächstes kommt' } });
    expect(html).toContain('Was als Nächstes kommt');
    expect(html).toContain('<html lang="de">');
  });

  it('is written for no sessions, one, and times that no calendar has', () => {
    expect(renderReport(snapshotOf([]), { locale: 'en' })).toContain('There are no sessions yet.');
    for (const time of [Number.NaN, 1e300, -1, undefined]) {
      const session = bareSession('A', {
        state: 'done',
        ...(time !== undefined && { startedMs: time, endedMs: time }),
      });
      expect(renderReport(snapshotOf([session]), { locale: 'en' })).not.toMatch(/NaN|Invalid Date|Infinity/);
    }
  });

  it('is written of 10,000 sessions, each with its line', () => {
    const sessions = Array.from({ length: 10_000 }, (_, index) => doneSession(`S-${index}`, 900 - index / 12));
    const html = renderReport(snapshotOf(sessions), { locale: 'en' });
    expect(html.match(/class="report-id"/g)).toHaveLength(10_000);
  });
});

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

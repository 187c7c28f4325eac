import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardSnapshot } from '../../src/core/model/dashboard.ts';
import { startBrowser } from '../support/browser.ts';
import {
  buildDashboard,
  type DashboardFiles,
  type DashboardPage,
  type OpenOptions,
  openDashboard,
  snapshotMessage,
} from './support/dashboardPage.ts';
import { session, snapshotOf } from './support/snapshots.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const sections = ['overview', 'sessions', 'timeline', 'charts', 'taskLists', 'agents', 'waves', 'inbox'] as const;
const large = snapshotOf(10_000);

let browser: Browser;
let files: DashboardFiles;
let dashboard: DashboardPage;
let page: Page;

beforeAll(async () => {
  [browser, files] = await Promise.all([startBrowser(), buildDashboard()]);
}, 120_000);
afterAll(() => browser?.close());
afterEach(async () => {
  expect(await dashboard.violations()).toEqual([]);
  await dashboard.close();
});

async function open(snapshot: DashboardSnapshot, options: OpenOptions = {}, trusted = true): Promise<void> {
  dashboard = await openDashboard(browser, files, options);
  page = dashboard.page;
  expect(await dashboard.posted()).toEqual([{ v: 1, kind: 'ready' }]);
  await dashboard.send(snapshotMessage(snapshot, trusted));
  await page.locator('[role=tabpanel]').waitFor();
}

async function openSessions(snapshot: DashboardSnapshot, options: OpenOptions = {}, trusted = true): Promise<void> {
  await open(snapshot, options, trusted);
  await page.locator('#tab-sessions').click();
  await page.locator('table[role=grid]').waitFor();
}

const rows = () => page.locator('tr.session-row');
const row = (id: string) => page.locator(`tr[data-key="alpha ${id}"]`);
const activeText = () => page.evaluate(() => document.activeElement?.textContent ?? '');
const ids = () => page.locator('tr.session-row th').allInnerTexts();

/** Sends a change of one session and waits until it was drawn. */
async function change(
  snapshot: DashboardSnapshot,
  index: number,
  values: Parameters<typeof session>[1],
): Promise<void> {
  const { sessions: _, ...rest } = snapshot;
  await dashboard.send({ v: 1, kind: 'change', rest, changed: [session(index, values)], removed: [] });
}

describe('10,000 sessions', () => {
  it('are a table of which few rows are in the document, with all counted', async () => {
    await openSessions(large);
    expect(await page.locator('table').getAttribute('aria-rowcount')).toBe('10003');
    expect(await rows().count()).toBeLessThanOrEqual(80);
    await page.locator('.table-scroller').evaluate((element) => element.scrollTo(0, 120_000));
    await expect.poll(() => row('BE-5000').count()).toBe(1);
    expect(await rows().count()).toBeLessThanOrEqual(80);
    expect(await row('BE-5000').getAttribute('aria-rowindex')).toBe('5002');
    const isSeen = await row('BE-5000').evaluate((element) => {
      const box = element.getBoundingClientRect();
      return box.top >= 0 && box.bottom <= innerHeight;
    });
    expect(isSeen).toBe(true);
  });

  it('scroll by drawing only the rows that come in, and keep the others', async () => {
    await openSessions(large);
    await page.locator('.table-scroller').evaluate((element) => element.scrollTo(0, 12_000));
    await expect.poll(() => row('BE-500').count()).toBe(1);
    await page.evaluate(() => {
      const drawn = { added: 0, removed: 0, changed: 0 };
      Object.assign(window, { drawn });
      const count = (nodes: NodeList) => [...nodes].filter((node) => node instanceof HTMLTableRowElement).length;
      new MutationObserver((records) => {
        for (const { type, addedNodes, removedNodes, target } of records) {
          drawn.added += count(addedNodes);
          drawn.removed += count(removedNodes);
          const isInRow = target instanceof Element && target.closest('tr.session-row') !== null;
          if (type === 'characterData' || (isInRow && type === 'childList')) drawn.changed += 1;
        }
      }).observe(document.querySelector('tbody') as Element, { subtree: true, childList: true, characterData: true });
    });
    for (let step = 1; step <= 10; step++) {
      await page.evaluate(
        async (top) => {
          document.querySelector('.table-scroller')?.scrollTo(0, top);
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        },
        12_000 + step * 240,
      );
    }
    const drawn = await page.evaluate(
      () => (window as unknown as { drawn: Record<'added' | 'removed' | 'changed', number> }).drawn,
    );
    // Ten steps of ten rows; a few more stand ready above and below. What a step costs is measured by the bench.
    expect(drawn.added).toBeGreaterThan(50);
    expect(drawn.added).toBeLessThanOrEqual(140);
    expect(drawn.removed).toBeLessThanOrEqual(140);
    expect(drawn.changed).toBe(0);
  });

  it('draw one row again when one changed, and keep focus and place', async () => {
    await openSessions(large);
    await page.locator('.table-scroller').evaluate((element) => element.scrollTo(0, 24_000));
    await row('BE-1005').locator('th').click();
    const top = await page.locator('.table-scroller').evaluate((element) => element.scrollTop);
    await page.evaluate(() => {
      const touched = new Set<string>();
      Object.assign(window, { touched });
      new MutationObserver((records) => {
        for (const { target } of records) {
          const place = target instanceof Element ? target : target.parentElement;
          touched.add(place?.closest<HTMLElement>('tr')?.dataset['key'] ?? place?.nodeName ?? '');
        }
      }).observe(document.querySelector('tbody') as Element, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    });
    await change(large, 1003, { state: 'active' });
    await expect.poll(() => row('BE-1003').innerText()).toContain('Active');
    expect(await page.evaluate(() => [...(window as unknown as { touched: Set<string> }).touched])).toEqual([
      'alpha BE-1003',
    ]);
    expect(await activeText()).toBe('BE-1005');
    expect(await page.locator('.table-scroller').evaluate((element) => element.scrollTop)).toBe(top);
    expect(await page.locator('[aria-live=polite]').innerText()).toBe('BE-1003 is now active');
  });

  it('are reached from the first to the last by the keyboard, and the focus survives scrolling away', async () => {
    await openSessions(large);
    await row('BE-00').locator('th').click();
    await page.keyboard.press('Control+End');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('tr')?.dataset['key']))
      .toBe('docs DOC-2');
    await page.keyboard.press('Control+Home');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('tr')?.dataset['key']))
      .toBe('alpha BE-00');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('ArrowDown');
    const key = await page.evaluate(() => document.activeElement?.closest('tr')?.dataset['key']);
    expect(key).not.toBe('alpha BE-00');
    await page.locator('.table-scroller').evaluate((element) => element.scrollTo(0, 200_000));
    await expect.poll(() => row('BE-8330').count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.closest('tr')?.dataset['key'])).toBe(key);
    await page.keyboard.press('ArrowDown');
    const isSeen = await page.evaluate(() => {
      const box = document.activeElement?.getBoundingClientRect();
      return box !== undefined && box.top > 0 && box.bottom < innerHeight;
    });
    expect(isSeen).toBe(true);
  });
});

describe('the table', () => {
  it('sorts by a header, upwards, downwards and back, by numbers in IDs and by time', async () => {
    await openSessions(snapshotOf(120));
    const header = page.locator('thead th', { hasText: 'ID' });
    await header.click();
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    await header.click();
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    await expect.poll(async () => (await ids()).slice(0, 3)).toEqual(['DOC-2', 'DOC-1', 'BE-119']);
    await header.click();
    expect(await header.getAttribute('aria-sort')).toBeNull();
    await expect.poll(async () => (await ids())[0]).toBe('BE-00');
  });

  it('filters by text, state and project, says how many, and helps when nothing is left', async () => {
    await openSessions(snapshotOf(40));
    await page.locator('vscode-textfield input').fill('burn ada');
    await expect.poll(() => page.locator('[role=status]').innerText()).toBe('2 of 42 sessions');
    await page.locator('vscode-textfield input').fill('no such thing');
    await page.locator('.empty').waitFor();
    await page.locator('.empty vscode-button').click();
    await expect.poll(() => page.locator('[role=status]').innerText()).toBe('42 of 42 sessions');
    await page.locator('.chip', { hasText: 'Paused' }).click();
    await expect.poll(() => ids()).toEqual(['BE-13']);
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByLabel('Project').selectOption('Docs');
    await expect.poll(() => ids()).toEqual(['DOC-1', 'DOC-2']);
    expect(await page.locator('thead th', { hasText: 'Project' }).count()).toBe(0);
  });

  it('groups, with headings that close and open', async () => {
    await openSessions(snapshotOf(40));
    await page.getByLabel('Group').selectOption('Group by state');
    const groups = page.locator('.group-row');
    await expect.poll(() => groups.first().innerText()).toContain('Active');
    await groups.nth(1).locator('td').click();
    await expect.poll(() => groups.nth(1).locator('td').getAttribute('aria-expanded')).toBe('false');
    expect(await page.locator('.group-row + .group-row').count()).toBeGreaterThan(0);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => groups.nth(1).locator('td').getAttribute('aria-expanded')).toBe('true');
  });

  it('shows every column of the files, and those that are chosen', async () => {
    await openSessions(snapshotOf(40));
    const headers = () => page.locator('thead th').allInnerTexts();
    expect(await headers()).toEqual([
      'ID',
      'Title',
      'State',
      'Project',
      'Repository',
      'Started',
      'Owner',
      'Notes',
      'Depends on',
      'Ended',
      'Duration',
    ]);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel('Owner').click();
    await page.getByLabel('Week', { exact: true }).and(page.locator('input')).click();
    await page.keyboard.press('Escape');
    expect(await headers()).not.toContain('Owner');
    expect(await headers()).toContain('Week');
    await expect.poll(() => page.locator('.column-list').count()).toBe(0);
  });

  it('exports what is filtered and sorted, as shown', async () => {
    await openSessions(snapshotOf(40));
    await page.locator('vscode-textfield input').fill('DOC');
    await page.locator('thead th', { hasText: 'ID' }).click();
    await page.locator('thead th', { hasText: 'ID' }).click();
    await expect.poll(async () => (await ids())[0]).toBe('DOC-2');
    await dashboard.posted();
    await page.getByRole('button', { name: 'Export CSV…' }).click();
    const [message] = await dashboard.posted();
    expect(message).toMatchObject({ v: 1, kind: 'exportCsv', name: 'sessions.csv' });
    const lines = message?.kind === 'exportCsv' ? message.csv.trim().split('\r\n') : [];
    expect(lines[0]).toMatch(/^ID,Title,State,Project/);
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['DOC-2', 'DOC-1']);
  });
});

describe('acting', () => {
  it('opens the actions of a row by Enter, runs one, and gives the focus back', async () => {
    await openSessions(snapshotOf(40));
    await row('BE-15').locator('th').click();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('menu', { name: 'Actions for BE-15' });
    await menu.waitFor();
    expect(await activeText()).toBe('Start');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Escape');
    await expect.poll(() => activeText()).toBe('BE-15');
    await row('BE-15').getByRole('button', { name: 'Actions for BE-15' }).click();
    await dashboard.posted();
    await page.getByRole('menuitem', { name: 'Start', exact: true }).click();
    expect(await dashboard.posted()).toEqual([{ v: 1, kind: 'run', verb: 'start', keys: ['alpha BE-15'] }]);
  });

  it('starts nothing in Restricted Mode, and says why', async () => {
    await openSessions(snapshotOf(40), {}, false);
    await row('BE-15').locator('th').click();
    await page.keyboard.press('Enter');
    const item = page.getByRole('menuitem', { name: /^Start Not possible/ });
    expect(await item.getAttribute('aria-disabled')).toBe('true');
    await dashboard.posted();
    await item.click({ force: true });
    await page.keyboard.press('Escape');
    expect(await dashboard.posted()).toEqual([]);
    await dashboard.send({ v: 1, kind: 'trusted' });
    await expect.poll(() => page.locator('.note').count()).toBe(0);
  });

  it('selects by Space, ranges by Shift, all by Ctrl+A, and sets the state of all that are selected', async () => {
    await openSessions(snapshotOf(40));
    await row('BE-14').locator('th').click();
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => page.locator('.bulk-count').innerText()).toBe('3 selected');
    expect(await row('BE-15').getAttribute('aria-selected')).toBe('true');
    await dashboard.posted();
    await page.getByRole('button', { name: 'Set State…' }).click();
    await page.getByRole('menuitemradio', { name: 'Blocked' }).click();
    const [message] = await dashboard.posted();
    expect(message).toMatchObject({
      kind: 'setStatus',
      keys: ['alpha BE-14', 'alpha BE-15', 'alpha BE-16'],
      status: 'blocked',
    });
    await row('BE-15').locator('th').click();
    await page.keyboard.press('Control+a');
    await expect.poll(() => page.locator('.bulk-count').innerText()).toBe('42 selected');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.bulk-bar').count()).toBe(0);
  });

  it('edits a cell by F2, shows a refusal in place with the text kept, and takes the text that was written', async () => {
    await openSessions(snapshotOf(40));
    const cell = row('BE-03').locator('td[data-cell="8"]');
    await cell.click();
    await page.keyboard.press('F2');
    await page.keyboard.type('two | writers');
    await dashboard.posted();
    await page.keyboard.press('Enter');
    const [first] = await dashboard.posted();
    expect(first).toMatchObject({
      kind: 'editCell',
      key: 'alpha BE-03',
      column: 'Notes',
      was: '',
      text: 'two | writers',
    });
    const request = first?.kind === 'editCell' ? first.request : 0;
    expect(await cell.getAttribute('aria-busy')).toBe('true');
    await dashboard.send({ v: 1, kind: 'cellResult', request, message: 'The file is read-only.' });
    await page.locator('.cell-refusal').waitFor();
    expect(await page.locator('.cell-refusal').innerText()).toContain('Not written: The file is read-only.');
    expect(await cell.locator('input').inputValue()).toBe('two | writers');
    await page.keyboard.press('Enter');
    const [second] = await dashboard.posted();
    expect(second).toMatchObject({ kind: 'editCell', text: 'two | writers' });
    const again = second?.kind === 'editCell' ? second.request : 0;
    expect(again).not.toBe(request);
    await dashboard.send({ v: 1, kind: 'cellResult', request: again });
    await change(snapshotOf(40), 3, { cells: { ...session(3).cells, Notes: 'two | writers' } });
    await expect.poll(() => cell.getAttribute('class')).toBe('editable');
    expect(await cell.innerText()).toBe('two | writers');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-cell'))).toBe('8');
  });

  it('leaves a cell as it was by Escape, and does not open one that Baton owns', async () => {
    await openSessions(snapshotOf(40));
    await row('BE-03').locator('td[data-cell="8"]').click();
    await page.keyboard.press('F2');
    await page.keyboard.type('away');
    await dashboard.posted();
    await page.keyboard.press('Escape');
    expect(await dashboard.posted()).toEqual([]);
    expect(await row('BE-03').locator('input.cell-editor').count()).toBe(0);
    await row('BE-03').locator('td[data-cell="2"]').click();
    await page.keyboard.press('F2');
    expect(await page.locator('input.cell-editor').count()).toBe(0);
  });

  it('answers questions, opens task lists and files', async () => {
    await open(snapshotOf(40));
    await dashboard.posted();
    await page.getByRole('button', { name: 'docs/progress/BETA_PROGRESS.md' }).click();
    await page.getByRole('tab', { name: /Task Lists/ }).click();
    await page.getByRole('button', { name: 'Tidy the <settings>' }).click();
    await page.getByRole('tab', { name: /Inbox/ }).click();
    await page.getByRole('button', { name: /^Answer/ }).click();
    await page.getByRole('button', { name: 'Export Report…' }).click();
    expect(await dashboard.posted()).toEqual([
      { v: 1, kind: 'openFile', path: 'docs/progress/BETA_PROGRESS.md' },
      { v: 1, kind: 'openTaskList', list: 'tidy-a1b2' },
      { v: 1, kind: 'answer', item: 'q1' },
      { v: 1, kind: 'exportReport' },
    ]);
  });

  it('steers wave runs from their board, and shows what the breaker found', async () => {
    await open(snapshotOf(12));
    await page.getByRole('tab', { name: /Waves/ }).click();
    await dashboard.posted();
    const board = page.getByRole('group', { name: 'Waves of Harbour fares' });
    await board.waitFor();
    expect(await board.locator('.wave-title').allInnerTexts()).toEqual([
      'Wave 1: Discovery',
      'Wave 2: Impl-Core',
      'Wave 3: Impl-Polish',
      'Wave 4: Quality',
      'Wave 5: Finalization',
    ]);
    const finding = page.locator('.wave-finding-stop');
    await finding.locator('summary').click();
    expect(await finding.locator('li').allInnerTexts()).toContain('Bash npm test');
    expect(await page.locator('.wave-gate').innerText()).toContain('Gate passed · 2 attempts · 41 of 41 tests passed');
    await page.getByRole('button', { name: 'Pause: Harbour fares' }).click();
    await page.getByRole('button', { name: 'Stop: w3-a1' }).click();
    await page.getByRole('button', { name: /^Answer: Narrow/ }).click();
    await page.getByRole('button', { name: /^Start Wave Run/ }).click();
    expect(await dashboard.posted()).toEqual([
      { v: 1, kind: 'wave', verb: 'pause', run: 'harbour-abc-000001' },
      { v: 1, kind: 'waveAgent', verb: 'stop', run: 'harbour-abc-000001', agent: 'w3-a1' },
      { v: 1, kind: 'answer', item: 'wave-scope-1' },
      { v: 1, kind: 'startWaves' },
    ]);
    expect(await page.getByRole('img', { name: 'Duration of the last 3 wave runs' }).count()).toBe(1);
  });
});

describe('the page', () => {
  it('keeps what is shown over a reload', async () => {
    await openSessions(large);
    await page.locator('.chip', { hasText: 'Ready' }).click();
    await page.locator('.table-scroller').evaluate((element) => element.scrollTo(0, 12_000));
    await expect
      .poll(async () => (await dashboard.state()) as object)
      .toMatchObject({
        folder: 'file:///w',
        section: 'sessions',
        states: ['ready'],
        scrollTop: 12_000,
      });
    const state = await dashboard.state();
    await dashboard.close();
    await open(large, { state });
    await page.locator('table[role=grid]').waitFor();
    expect(await page.locator('.chip', { hasText: 'Ready' }).getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => page.locator('.table-scroller').evaluate((element) => element.scrollTop)).toBe(12_000);
  });

  it('goes to a session that it is told, even where the filter hides it', async () => {
    await openSessions(large);
    await page.locator('vscode-textfield input').fill('DOC');
    await expect.poll(() => ids()).toEqual(['DOC-1', 'DOC-2']);
    await dashboard.send({ v: 1, kind: 'show', key: 'alpha BE-7000' });
    await expect.poll(() => activeText()).toBe('BE-7000');
  });

  it('moves between its parts with arrow keys', async () => {
    await open(snapshotOf(40));
    await page.locator('#tab-overview').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('#tab-sessions').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('#tab-inbox').getAttribute('aria-selected')).toBe('true');
    expect(await page.getByRole('tabpanel').getAttribute('aria-labelledby')).toBe('tab-inbox');
  });

  it('ignores what is no message', async () => {
    await open(snapshotOf(40));
    for (const wrong of [
      null,
      'x',
      { v: 2, kind: 'trusted' },
      { v: 1, kind: 'constructor' },
      { v: 1, kind: 'change', rest: {}, changed: [], removed: [] },
      { v: 1, kind: 'snapshot', snapshot: { sessions: [{ id: 3 }] } },
    ]) {
      await dashboard.send(wrong);
    }
    expect(await page.locator('h1').innerText()).toBe('relay');
  });

  it('says so when the first snapshot is not understood', async () => {
    dashboard = await openDashboard(browser, files);
    ({ page } = dashboard);
    await dashboard.send({ v: 1, kind: 'snapshot', snapshot: { sessions: [{ id: 3 }] } });
    await page.getByRole('alert').waitFor();
    await dashboard.send(snapshotMessage(snapshotOf(3)));
    await page.getByRole('tabpanel').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it.each(sections)(
    'reaches everything in %s by Tab, or from there by the arrow keys, and shows where it is',
    async (section) => {
      await open(snapshotOf(12));
      await page.locator(`#tab-${section}`).click();
      await page.locator(`[role=tabpanel][aria-labelledby=tab-${section}]`).waitFor();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      const unseen = new Set<string>();
      for (let steps = 0; steps < 300; steps++) {
        await page.keyboard.press('Tab');
        const reached = await page.evaluate(() => {
          const element = document.activeElement;
          // From the last one it goes on, past the page, with the first.
          if (element === null || element === document.body) return { isSeen: true, html: '' };
          if (element.hasAttribute('data-reached')) return undefined;
          element.setAttribute('data-reached', '');
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          // Those of VS Code's kind, and bars of the timeline, draw it within.
          const isSeen =
            element.shadowRoot !== null ||
            element instanceof SVGElement ||
            (outlineStyle !== 'none' && outlineWidth !== '0px');
          return { isSeen, html: element.outerHTML.slice(0, 100) };
        });
        if (reached === undefined) break;
        if (!reached.isSeen) unseen.add(reached.html);
      }
      const missed = await page.evaluate(() => {
        const kinds =
          'a[href], button, input, select, summary, vscode-button, vscode-textfield, [role=button], [role=tab]';
        const together = '[role=grid], [role=tablist], svg[role=group], [role=menu]';
        return [...document.querySelectorAll(kinds)]
          .filter((one) => one.checkVisibility() && one.closest('[disabled]') === null)
          .filter((one) => !one.hasAttribute('data-reached'))
          .filter((one) => one.closest(together)?.querySelector('[data-reached]') == null)
          .map((one) => one.outerHTML.slice(0, 100));
      });
      expect(missed).toEqual([]);
      expect([...unseen]).toEqual([]);
      expect(await page.locator('[data-reached]').count()).toBeGreaterThan(1);
    },
  );

  it('loses nothing at 200 % in a small window', async () => {
    await open(snapshotOf(40), { context: { viewport: { width: 400, height: 300 }, deviceScaleFactor: 2 } });
    for (const section of sections) {
      await goTo(section);
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(excess, section).toBeLessThanOrEqual(0);
    }
  });

  it('moves nothing where a person wants no motion', async () => {
    await open(snapshotOf(40), { context: { reducedMotion: 'reduce' } });
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return animationName !== 'none' || transitionDuration.split(', ').some((text) => Number.parseFloat(text) > 0);
        }).length,
    );
    expect(moving).toBe(0);
  });
});

describe('accessibility', () => {
  it.each(['dark', 'light', 'highContrast'] as const)('has nothing to find for axe in %s', async (theme) => {
    await open(snapshotOf(40), { theme });
    await expectAccessible();
  });

  it('has nothing to find for axe in forced colours', async () => {
    await open(snapshotOf(40), { context: { forcedColors: 'active' } });
    // The browser draws with the system's colours, but tells axe those that the page asked for.
    await expectAccessible(['color-contrast']);
  });
});

/** Goes to a part; that of wave runs is loaded when it is first looked at. */
async function goTo(section: (typeof sections)[number]): Promise<void> {
  await page.locator(`#tab-${section}`).click();
  if (section === 'waves') await page.locator('.wave-board').first().waitFor();
}

interface AxeWindow {
  readonly axe: {
    run(options: object): Promise<{
      violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
    }>;
  };
}

/** Looks at every part, and at the menu, the editor of a cell and a refusal. */
async function expectAccessible(without: readonly string[] = []): Promise<void> {
  // As a script of the browser's own tools: the page's policy lets none in.
  await page.evaluate(readFileSync(axePath, 'utf8'));
  const check = async (what: string): Promise<void> => {
    const found = await page.evaluate(async (off) => {
      const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]));
      const { violations } = await (window as unknown as AxeWindow).axe.run({ resultTypes: ['violations'], rules });
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`)}`,
      );
    }, without);
    expect(found, what).toEqual([]);
  };
  for (const section of sections) {
    await goTo(section);
    await check(section);
  }
  await page.locator('#tab-sessions').click();
  await page.getByLabel('Group').selectOption('Group by repository');
  await page.getByRole('button', { name: 'Columns' }).click();
  await check('groups and columns');
  await page.keyboard.press('Escape');
  await row('BE-13').locator('th').click();
  await page.keyboard.press(' ');
  await page.keyboard.press('Enter');
  await check('menu');
  await page.keyboard.press('Escape');
  await row('BE-13').locator('td.editable').last().click();
  await page.keyboard.press('F2');
  await page.keyboard.type('x');
  await dashboard.posted();
  await page.keyboard.press('Enter');
  const [message] = await dashboard.posted();
  const request = message?.kind === 'editCell' ? message.request : -1;
  await dashboard.send({ v: 1, kind: 'cellResult', request, message: 'Somebody else changed it.' });
  await page.locator('.cell-refusal').waitFor();
  await check('refusal');
}

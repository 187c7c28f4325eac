/** The dashboard, as a person works with it in a window. How the page itself behaves is tested in a browser alone: test/webview. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dashboardFrame, dashboardSections, showSection, watchPolicies } from '../support/dashboardPage.ts';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type ThemeKind, themes, type VscodeWindow } from '../support/vscodeWindow.ts';

const extension = 'baton.baton-session-orchestrator';
const progressFile = 'docs/progress/HARBOUR_PROGRESS.md';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const waiting = { timeout: 60_000 };

describe('the dashboard in a window', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;
  let frame: Frame;
  let violations: readonly string[];

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({ path: sample.path, vsix: [inject('vsix')], viewport: { width: 1600, height: 1000 } });
    violations = watchPolicies(window);
    await window.setTheme('dark');
  }, 180_000);

  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });

  stopAtFirstFailure(() => window);

  const row = (id: string) =>
    frame.locator('tr.session-row').filter({ has: frame.getByRole('rowheader', { name: id }) });
  const tab = () => window.page.locator('.tabs-container .tab').filter({ hasText: 'Dashboard: harbour-ferries' });
  const ids = () => frame.locator('tr.session-row th').allInnerTexts();
  const cell = (id: string, column: string) =>
    frame.evaluate(
      ([name, header]) => {
        const table = document.querySelector('table[role=grid]');
        const headers = [...(table?.querySelectorAll('thead tr > *') ?? [])].map((one) => one.textContent?.trim());
        const found = [...(table?.querySelectorAll('tr.session-row') ?? [])].find(
          (one) => one.querySelector('th')?.textContent === name,
        );
        return found?.children[headers.indexOf(header)]?.textContent ?? undefined;
      },
      [id, column] as const,
    );

  /** Runs the command line that came with the installed extension, as an agent would. */
  function baton(...args: readonly string[]): string {
    const cli = window.extensionFile(extension, 'dist/cli.cjs');
    return execFileSync(process.execPath, [cli, ...args], { cwd: sample.path, encoding: 'utf8' });
  }

  it('opens from the title of the view', async () => {
    await window.openContainer('Baton');
    await window.row(/^BE-04, Seat Reservations, active/, 'Sessions').waitFor(waiting);
    await window.viewAction('Sessions', 'Open Dashboard');
    frame = await dashboardFrame(window);
    await frame.getByText('Seat Reservations').first().waitFor(waiting);
    await tab().waitFor();
  });

  it('filters and sorts the sessions', async () => {
    await showSection(frame, 'Sessions');
    await expect.poll(ids).toHaveLength(13);
    await frame.getByPlaceholder('Search ID, title, notes…').fill('board');
    await expect.poll(ids).toEqual(['FE-01', 'FE-06']);
    await frame.getByRole('button', { name: 'Title' }).click();
    await expect.poll(ids).toEqual(['FE-01', 'FE-06']);
    await frame.getByRole('button', { name: 'Title' }).click();
    await expect.poll(ids).toEqual(['FE-06', 'FE-01']);
    await frame.getByPlaceholder('Search ID, title, notes…').fill('');
    await expect.poll(ids).toHaveLength(13);
    await window.screenshot('dashboard-sorted');
  });

  it('edits a note in place, and the file gets it', async () => {
    const before = sample.read(progressFile);
    const notes = row('BE-07').locator('td.editable').last();
    await notes.dblclick();
    const field = frame.getByRole('textbox', { name: 'Notes of BE-07' });
    await field.fill('needs a | sign');
    await field.press('Enter');
    await expect.poll(() => sample.row('BE-07').join('|'), waiting).toContain('needs a');
    const after = sample.read(progressFile);
    expect(after.split('\n').filter((line) => !line.startsWith('| BE-07 |'))).toEqual(
      before.split('\n').filter((line) => !line.startsWith('| BE-07 |')),
    );
    await expect.poll(() => cell('BE-07', 'Notes'), waiting).toBe('needs a | sign');
  });

  it('shows what another program writes, and leaves the focus where it is', async () => {
    await row('FE-03').locator('th').focus();
    const focused = () => frame.evaluate(() => document.activeElement?.textContent);
    expect(await focused()).toBe('FE-03');
    baton('edit', 'FE-04', '--column', 'Notes', 'from the command line');
    await expect.poll(() => cell('FE-04', 'Notes'), waiting).toBe('from the command line');
    expect(await focused()).toBe('FE-03');
  });

  it('starts a session from its row, after the active one was paused', async () => {
    await row('BE-04').getByRole('button', { name: 'Actions for BE-04' }).click();
    await frame.getByRole('menuitem', { name: 'Pause' }).click();
    await expect.poll(() => sample.row('BE-04')[1], waiting).toBe('⏸️ Paused');
    await expect.poll(() => cell('BE-04', 'State'), waiting).toContain('Paused');
    await row('FE-03').getByRole('button', { name: 'Actions for FE-03' }).click();
    await frame.getByRole('menuitem', { name: 'Start', exact: true }).click();
    await expect.poll(() => sample.row('FE-03')[1], waiting).toBe('🔄 Active');
    await window.tab('SESSION.md').waitFor(waiting);
  });

  it('is there again after the window was reloaded, as it was left', async () => {
    // SESSION.md opened in front of it.
    await tab().click();
    frame = await dashboardFrame(window);
    await expect.poll(() => frame.getByRole('tab', { name: /^Sessions/ }).getAttribute('aria-selected')).toBe('true');
    await frame.getByPlaceholder('Search ID, title, notes…').fill('fare');
    await expect.poll(ids).toHaveLength(2);
    // In a browser VS Code keeps which editors are open some seconds later, when it is idle, and not when the page is left.
    await window.page.waitForTimeout(15_000);
    await window.reload();
    frame = await dashboardFrame(window, 120_000);
    await expect.poll(ids, waiting).toHaveLength(2);
    await expect.poll(() => frame.getByPlaceholder('Search ID, title, notes…').inputValue()).toBe('fare');
    await frame.getByPlaceholder('Search ID, title, notes…').fill('');
    await expect.poll(() => cell('FE-03', 'State'), waiting).toContain('Active');
  }, 240_000);

  it('shows a task list and a question that come meanwhile', async () => {
    baton(
      'tasks',
      'create',
      'Move the bookings',
      '--id',
      'move',
      '--task',
      'schema: Schema',
      '--task',
      'data: Data after schema',
    );
    baton('tasks', 'set', 'move', 'schema', 'complete');
    baton('ask', 'Which harbour first?', '--option', 'North', '--option', 'South');
    await showSection(frame, 'Task Lists');
    await frame.getByText('Move the bookings').first().waitFor(waiting);
    await showSection(frame, 'Inbox');
    await frame.getByText('Which harbour first?').first().waitFor(waiting);
  });

  it.each(Object.keys(themes) as ThemeKind[])(
    'can be read by everyone: %s',
    async (kind) => {
      await window.setTheme(kind);
      for (const section of [...dashboardSections, 'Inbox'] as const) {
        await showSection(frame, section);
        await frame.evaluate(axe);
        const found = await frame.evaluate(async () => {
          const { violations } = await Reflect.get(globalThis, 'axe').run(document, {
            // The parts of a page that VS Code has around the webview.
            rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
          });
          return violations.map((one: { id: string; nodes: { html: string }[] }) => [one.id, one.nodes[0]?.html]);
        });
        expect(found, `${kind}, ${section}`).toEqual([]);
        await window.restPointer();
        await window.screenshot(`dashboard-${section.toLowerCase().replace(' ', '-')}-${kind}`);
      }
    },
    240_000,
  );

  it('kept to its content security policy all the time', async () => {
    expect(violations).toEqual([]);
    // That would have been seen.
    await frame.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red">planted</p>'));
    await expect.poll(() => violations.length, waiting).toBeGreaterThan(0);
  });
});

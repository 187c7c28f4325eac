/**
 * What each part looks like, in the kinds of theme that VS Code has, and the pictures of the README: they are made by
 * `npm run pictures`, which keeps those whose name begins with `readme-` in media/readme, and puts those whose name begins with
 * `recording-` together.
 */
import { execFileSync } from 'node:child_process';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dashboardFrame, showSection } from '../support/dashboardPage.ts';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type ThemeKind, themes, type VscodeWindow } from '../support/vscodeWindow.ts';

const extension = 'baton.baton-session-orchestrator';
const statusBarItem = `${extension}.baton.activeSession`;
const progressFile = 'docs/progress/HARBOUR_PROGRESS.md';

/** Nothing in the editor that is not the file. */
const plainEditor = {
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  '[markdown]': { 'editor.wordWrap': 'off' },
};

describe('the pictures', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({
      path: sample.path,
      vsix: [inject('vsix')],
      viewport: { width: 1280, height: 930 },
      settings: plainEditor,
    });
    await window.setTheme('dark');
  });

  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });

  stopAtFirstFailure(() => window);

  it('whole window: trees, table with lenses, status bar', async () => {
    await window.openContainer('Baton');
    await window.collapseView('Task Lists');
    await window.row(/^BE-04/, 'Current Session').waitFor();
    await window.fitView('Current Session');
    await window.row(/^BE-04, .*active/, 'Sessions').waitFor();
    // All of the tree, each row in its place: groups may come in any order while the window opens.
    await expect
      .poll(async () => (await window.rowLabels('Sessions')).map((label) => label.split(/[ ,]/)[0]), {
        timeout: 10_000,
      })
      .toEqual(
        'Harbour harbour-backend Week Week BE-03 BE-04 BE-05 Week BE-06 BE-07 harbour-frontend Week Week FE-02 FE-03 Week FE-04 FE-05 FE-06'.split(
          ' ',
        ),
      );
    await window.widenSideBar(120);
    await window.openFile(progressFile);
    await window
      .codeLens(/^Complete$/)
      .first()
      .waitFor();
    await window.page.locator('.statusbar-item', { hasText: 'Activating' }).waitFor({ state: 'detached' });
    await window.restPointer();
    await window.screenshot('readme-window');
    const editor = await window.page.locator('.editor-instance .monaco-editor').first().boundingBox();
    if (editor === null) throw new Error('The editor is not shown');
    await window.screenshot('readme-code-lenses', { ...editor, y: editor.y + 357, width: 800, height: 300 });
  });

  it.each(Object.keys(themes) as ThemeKind[])('whole window in %s', async (kind) => {
    await window.setTheme(kind);
    await window.command('Baton: What Can Be Done Now');
    await window.quickInput('BE-04 is active');
    await window.screenshot(`theme-${kind}-menu`);
    await window.page.keyboard.press('Escape');
    await window.restPointer();
    expect(await window.screenshot(`theme-${kind}`)).toMatch(/\.png$/);
  });

  it('the active session, with all that is known of it', async () => {
    await window.setTheme('dark');
    await window.command('Baton: Verify Session');
    await window.modal().filter({ hasText: 'node --check backend/src/seats.js' }).waitFor();
    await window.screenshot('readme-approval', window.modal());
    await window.answerModal('Run Once');
    await window.row(/^Verification, 3 of 3 done/, 'Current Session').waitFor();
    await window.closeTerminals();
    await window.clearNotifications();
    await window.collapseView('Sessions');
    for (const group of [/^Checkpoints, 1/, /^Notes, /, /^Plan, /]) await window.expandRow(group, 'Current Session');
    await window.restPointer();
    await window.screenshot('readme-current-session', window.view('Current Session'));
    await window.expandView('Sessions');
  });

  it('what can be done now, from the status bar', async () => {
    await window.clickStatusBarItem(statusBarItem);
    await window.screenshot('readme-actions', await window.quickInput('BE-04 is active'));
    await window.page.keyboard.press('Escape');
  });

  it('which session to start', async () => {
    await window.command('Baton: Pause Session');
    await window.row(/^BE-04, .*paused/, 'Sessions').waitFor();
    await window.command('Baton: Start Session');
    await window.screenshot('start', await window.quickInput('Start Session'));
    await window.page.keyboard.press('Escape');
  });

  it('a task list that is half done', async () => {
    const baton = (...args: readonly string[]) =>
      execFileSync(process.execPath, [window.extensionFile(extension, 'dist/cli.cjs'), ...args], { cwd: sample.path });
    const tasks = [
      'schema: Migrate the schema',
      'application: Migrate the application after schema',
      'reports: Move the reports after schema',
      'data: Validate what was moved after application, reports',
    ];
    baton('tasks', 'create', 'Move the bookings', '--id', 'move', ...tasks.flatMap((task) => ['--task', task]));
    baton('tasks', 'set', 'move', 'schema', 'complete');
    baton('tasks', 'set', 'move', 'application', 'in_progress');
    await window.collapseView('Current Session');
    await window.collapseView('Sessions');
    await window.expandView('Task Lists');
    await window.row(/^application, .*in progress/, 'Task Lists').waitFor();
    await window.restPointer();
    const view = await window.view('Task Lists').boundingBox();
    if (view === null) throw new Error('The view is not shown');
    await window.screenshot('readme-task-lists', { ...view, height: 150 });
  });
});

describe('the pictures of the dashboard, changes and problems', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;
  let frame: Frame;
  const waiting = { timeout: 60_000 };

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({
      path: sample.path,
      vsix: [inject('vsix')],
      viewport: { width: 1280, height: 790 },
      settings: plainEditor,
    });
    await window.setTheme('dark');
  });

  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });

  stopAtFirstFailure(() => window);

  function baton(...args: readonly string[]): void {
    const cli = window.extensionFile(extension, 'dist/cli.cjs');
    execFileSync(process.execPath, [cli, ...args], { cwd: sample.path });
  }

  /** Calm enough for a picture: nothing starts, nothing hovers. */
  async function settle(): Promise<void> {
    await window.page.locator('.statusbar-item', { hasText: 'Activating' }).waitFor({ state: 'detached' });
    await window.restPointer();
  }

  it('the dashboard, part by part', async () => {
    await window.openContainer('Baton');
    await window.row(/^BE-04, .*active/, 'Sessions').waitFor(waiting);
    await window.viewAction('Sessions', 'Open Dashboard');
    frame = await dashboardFrame(window, 60_000);
    await frame.getByText('Seat Reservations').first().waitFor(waiting);
    for (const section of ['Overview', 'Sessions', 'Timeline'] as const) {
      await showSection(frame, section);
      await settle();
      const part = await window.page.locator('.part.editor').boundingBox();
      if (part === null) throw new Error('The dashboard is not shown');
      const height = section === 'Timeline' ? 400 : part.height;
      await window.screenshot(`readme-dashboard-${section.toLowerCase()}`, { ...part, height });
    }
    await window.command('View: Close All Editors');
  });

  it('what the active session changed', async () => {
    await window.openContainer('Source Control');
    await window.page.getByText('Changes of BE-04').first().waitFor(waiting);
    await window.command('Baton: Show Changes of Session');
    await window.page.getByRole('tab', { name: /^BE-04 since [0-9a-f]{7}/ }).waitFor(waiting);
    await window.page.locator('.multiDiffEntry').first().waitFor(waiting);
    // VS Code's own, where its packages lack the TypeScript server.
    await window
      .notification(/tsserver/)
      .waitFor({ timeout: 10_000 })
      .catch(() => {});
    await window.clearNotifications();
    await settle();
    await window.screenshot('readme-changes');
    await window.command('View: Close All Editors');
  });

  it('verification commands with results beside them', async () => {
    const commands = sample.read('docs/sessions/SESSION.md').split('\n').indexOf('## Verification Commands') + 1;
    await window.openFile('docs/sessions/SESSION.md');
    await window.goToLine(commands + 4);
    await window.openContainer('Testing');
    const session = window.page.getByRole('treeitem', { name: /BE-04: Seat Reservations/ }).first();
    await session.waitFor(waiting);
    await window.expandRow(/BE-04: Seat Reservations/);
    await window.command('Test: Run All Tests');
    await window.modal().filter({ hasText: 'node --check backend/src/seats.js' }).waitFor(waiting);
    await window.answerModal('Run Once');
    await window.page
      .getByRole('treeitem', { name: /BE-04: Seat Reservations.*Passed/i })
      .first()
      .waitFor(waiting);
    await window.clearNotifications();
    await settle();
    await window.screenshot('readme-testing');
    await window.command('View: Close All Editors');
  });

  it('a problem and its quick fixes', async () => {
    const before = sample.read(progressFile);
    sample.write(progressFile, before.replace(/(\| BE-07 \|)[^|]*\|/, '$1 Pnding |'));
    await window.openContainer('Baton');
    await window.openFile(progressFile);
    await window.goToLine(sample.rowLine('BE-07'));
    for (let step = 0; step < 12; step++) await window.page.keyboard.press('ArrowRight');
    await window.page.locator('.squiggly-warning').first().waitFor(waiting);
    await window.command('Problems: Focus on Problems View');
    await window.page.locator('.markers-panel .monaco-list-row').nth(1).waitFor(waiting);
    await window.page
      .locator('.editor-instance .view-line', { hasText: 'Pnding' })
      .click({ position: { x: 90, y: 8 } });
    await window.page.keyboard.press('Control+.');
    await window.page.locator('.action-widget .monaco-list-row').nth(1).waitFor(waiting);
    await window.screenshot('readme-problems');
    await window.page.keyboard.press('Escape');
    sample.write(progressFile, before);
    await window.command('View: Close All Editors');
    await window.command('View: Hide Panel');
  });

  /** Frames of the recording, `recording-<number>-<milliseconds shown>`: `npm run pictures` puts them together. */
  it('a session from its start to a checkpoint, with the dashboard beside it', async () => {
    let count = 0;
    const keep = async (shownMs: number): Promise<void> => {
      count += 1;
      await window.screenshot(`recording-${String(count).padStart(2, '0')}-${shownMs}`);
    };
    // Else a message tells that work of the session before is left out.
    sample.git('checkout', '--', 'backend');
    baton('pause', '-m', 'FE-03 first');
    await window.writeSettings({ 'baton.notifications.nextStep': false });
    await window.collapseView('Task Lists');
    await window.row(/^FE-03, Fare Picker/, 'Sessions').waitFor(waiting);
    await window.openFile(progressFile);
    await window.viewAction('Sessions', 'Open Dashboard');
    frame = await dashboardFrame(window, 60_000);
    await showSection(frame, 'Overview');
    await frame.getByText('What is next').first().waitFor(waiting);
    await settle();
    await keep(1500);
    await window.row(/^FE-03, Fare Picker/, 'Sessions').hover();
    await keep(1000);
    await window.rowAction(/^FE-03/, /Start/, 'Sessions');
    await frame.getByText('0 of 3 checked').waitFor(waiting);
    await window.tab('SESSION.md').waitFor(waiting);
    await window.row(/^Checklist, 0 of 3 done/, 'Current Session').waitFor(waiting);
    await keep(1800);
    sample.workOnFarePicker('sum');
    await window.tick(/^The sum equals/, 'Current Session');
    await frame.getByText('1 of 3 checked').waitFor(waiting);
    await keep(1200);
    await window.tick(/^At least one passenger/, 'Current Session');
    await frame.getByText('2 of 3 checked').waitFor(waiting);
    await keep(1500);
    await window.command('Baton: Checkpoint');
    await window.quickInput('Checkpoint');
    await keep(1000);
    await window.type('the sum is right', { enter: false });
    await keep(1200);
    await window.accept();
    await frame.getByText(/1 checkpoint\b/).waitFor(waiting);
    await window.row(/^Checkpoints, 1/, 'Current Session').waitFor(waiting);
    await expect.poll(() => sample.subjects(1), waiting).toEqual(['WIP: [FE-03] checkpoint 1 - the sum is right']);
    await window.notification(/Committing/).waitFor({ state: 'hidden', ...waiting });
    await settle();
    await keep(2500);
  });
});

describe('the picture of Restricted Mode', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({
      path: sample.path,
      vsix: [inject('vsix')],
      trusted: false,
      viewport: { width: 1000, height: 670 },
      settings: { 'editor.minimap.enabled': false },
    });
    await window.setTheme('dark');
  });

  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });

  it('views, and a refusal', async () => {
    await window.openContainer('Baton');
    await window.collapseView('Task Lists');
    await window.row(/^BE-04, .*active/, 'Sessions').waitFor();
    await window.widenSideBar(60);
    await window.openFile('docs/progress/HARBOUR_PROGRESS.md');
    await window.command('Baton: Verify Session');
    await window.notification(/In Restricted Mode Baton runs nothing/).waitFor();
    await window.restPointer();
    await window.screenshot('readme-restricted');
  });
});

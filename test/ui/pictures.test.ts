/**
 * What each part looks like, in the kinds of theme that VS Code has, and the pictures of the README: they are made by
 * `npm run pictures`, which keeps those whose name begins with `readme-` in media/readme.
 */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type ThemeKind, themes, type VscodeWindow } from '../support/vscodeWindow.ts';

const extension = 'baton.baton-session-orchestrator';
const statusBarItem = `${extension}.baton.activeSession`;
const progressFile = 'docs/progress/HARBOUR_PROGRESS.md';

describe('the pictures', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({
      path: sample.path,
      vsix: [inject('vsix')],
      viewport: { width: 1280, height: 900 },
      settings: {
        'editor.minimap.enabled': false,
        'editor.stickyScroll.enabled': false,
        '[markdown]': { 'editor.wordWrap': 'off' },
      },
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
    await window.growView('Current Session', 60);
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
    await window.screenshot('readme-start', await window.quickInput('Start Session'));
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

describe('the picture of Restricted Mode', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({
      path: sample.path,
      vsix: [inject('vsix')],
      trusted: false,
      viewport: { width: 1000, height: 640 },
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

/** Agents in worktrees as a person follows them in a window: dispatched, asked, answered, looked at and merged. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { quickSupervisor, writeSmallAgent } from '../support/smallAgent.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type ThemeKind, themes, type VscodeWindow } from '../support/vscodeWindow.ts';

const extension = 'baton.baton-session-orchestrator';
const waiting = { timeout: 60_000 };

describe('agents in a window', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;
  let config: string;

  beforeAll(async () => {
    sample = await createSampleFolder();
    config = mkdtempSync(join(tmpdir(), 'baton-agents-'));
    writeSmallAgent(config);
    const env = { BATON_CONFIG_HOME: config, ...quickSupervisor };
    const viewport = { width: 1400, height: 1300 };
    // Selecting the active session after a reload would open the view of sessions again, and the rows below would have no room.
    const settings = { 'baton.sessions.revealActive': false };
    window = await openWindow({ path: sample.path, vsix: [inject('vsix')], viewport, env, settings });
    await window.setTheme('dark');
    const tasks = [
      'ask-fares: Fares for Groups',
      'later-fares: Print the Fares after ask-fares',
      'broken-map: Harbour Map',
      'slow-tides: Tide Tables',
    ];
    baton('tasks', 'create', 'Harbour', '--id', 'harbour', ...tasks.flatMap((one) => ['--task', one]));
    sample.git('add', 'docs/tasks');
    sample.git('commit', '-qm', 'docs: tasks for agents');
  }, 180_000);

  afterAll(async () => {
    await window?.close();
    sample?.remove();
    rmSync(config, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  stopAtFirstFailure(() => window);

  /** Runs the command line that came with the installed extension, as an agent would. */
  function baton(...args: readonly string[]): string {
    const env = { ...process.env, BATON_CONFIG_HOME: config, ...quickSupervisor };
    return execFileSync(process.execPath, [window.extensionFile(extension, 'dist/cli.cjs'), ...args], {
      cwd: sample.path,
      env,
      encoding: 'utf8',
    });
  }

  const row = (name: RegExp) => window.row(name, 'Agents');

  it('has a view for them that begins collapsed and says what it is for', async () => {
    await window.openContainer('Baton');
    await window.row(/^ask-fares, Fares for Groups, ready/, 'Task Lists').waitFor(waiting);
    const header = window.view('Agents').locator('.pane-header');
    await header.waitFor(waiting);
    expect(await header.getAttribute('aria-expanded')).toBe('false');
    await window.collapseView('Sessions');
    await window.collapseView('Current Session');
    await window.expandView('Agents');
    await window.widenSideBar(200);
    await window.welcome('Agents').getByRole('button', { name: 'Dispatch Ready Work' }).waitFor();
  });

  it('dispatches from the menu of a task, after asking', async () => {
    await window.rowMenu(/^ask-fares, Fares for Groups, ready/, /^Dispatch Ready Work/, 'Task Lists');
    await window.modal().waitFor(waiting);
    expect(await window.modal().innerText()).toContain('Dispatch ask-fares to small?');
    await window.answerModal('Dispatch');
    await row(/^ask-fares, Fares for Groups, waiting/).waitFor(waiting);
    await row(/^question, Which port does ask-fares take\?, blocks · ask-fares$/).waitFor(waiting);
    await window.notification('An agent asks: Which port does ask-fares take?').waitFor(waiting);
    const item = window.statusBarItem(`${extension}.baton.activeSession`);
    await expect.poll(() => item.getAttribute('aria-label'), waiting).toContain('1 thing needs you');
    await window.clearNotifications();
    await window.collapseView('Task Lists');
  });

  it('offers what is ready, and holds the rest with the reason', async () => {
    await window.viewAction('Agents', /^Dispatch Ready Work/);
    await window.quickInput('Dispatch to small');
    const labels = await window.pickLabels();
    const about = (id: string) => labels.find((label) => label.includes(`${id} `) || label.startsWith(`${id},`)) ?? '';
    expect(about('slow-tides')).toContain('Tide Tables');
    expect(about('ask-fares')).toContain('an agent has it (waiting)');
    await window.screenshot('agents-dispatch');
    await window.tickPick('slow-tides');
    await window.tickPick('broken-map');
    await window.accept();
    await window.modal().waitFor(waiting);
    await window.answerModal('Dispatch');
    await row(/^slow-tides, Tide Tables, running, .*still at slow-tides/).waitFor(waiting);
    await row(/^broken-map, Harbour Map, failed/).waitFor(waiting);
  });

  it.each(Object.keys(themes) as ThemeKind[])('can be seen: %s', async (kind) => {
    await window.setTheme(kind);
    await window.expandRow(/^ask-fares, Fares for Groups, waiting/, 'Agents');
    await window.restPointer();
    await window.screenshot(`agents-${kind}`);
    if (kind === 'dark') {
      const box = await window.view('Agents').boundingBox();
      if (box === null) throw new Error('The view is not shown');
      await window.screenshot('readme-agents', { ...box, height: 302 });
    }
    if (kind === 'high-contrast-light') await window.setTheme('dark');
  });

  it('goes on while the window is reloaded, and is all there again', async () => {
    await window.reload();
    await row(/^slow-tides, Tide Tables, running, .*still at slow-tides/).waitFor(waiting);
    // Views may come back open, and rows without room are not drawn.
    await window.collapseView('Sessions');
    await row(/^broken-map, Harbour Map, failed/).waitFor(waiting);
    const { history } = JSON.parse(baton('--json', 'isolated', 'status', 'slow-tides')).data.session;
    expect(history.map(({ status }: { readonly status: string }) => status)).toEqual([
      'queued',
      'preparing',
      'running',
    ]);
  }, 180_000);

  it('answers with a number key', async () => {
    await window.clickRow(/^question, Which port does ask-fares take\?, blocks/, 'Agents');
    await window.quickInput('Which port does ask-fares take?');
    await window.screenshot('agents-question');
    await window.page.keyboard.press('2');
    await row(/^ask-fares, Fares for Groups, approved, .*Wrote ask-fares/).waitFor(waiting);
  });

  it('follows the log of one that works, and stops it from the keyboard', async () => {
    await window.rowAction(/^slow-tides, Tide Tables, running/, /^Follow Log/, 'Agents');
    const terminal = window.page.locator('.terminal-wrapper.active .xterm-screen');
    await terminal.waitFor(waiting);
    await window.page
      .locator('.terminal-tabs-entry, .single-terminal-tab')
      .filter({ hasText: 'Log: slow-tides' })
      .first()
      .waitFor(waiting);
    await window.screenshot('agents-log');
    await window.closeTerminals();
    await window.focusRow(/^slow-tides, Tide Tables, running/, 'Agents');
    await window.keyboardMenu(/^Stop Agent/);
    await row(/^slow-tides, Tide Tables, stopped/).waitFor(waiting);
  });

  it('shows the changes, and merges from the row', async () => {
    await window.rowMenu(/^ask-fares, Fares for Groups, approved/, /^Show Changes/, 'Agents');
    await window.page.locator('.tabs-container .tab').filter({ hasText: 'ask-fares on baton/' }).waitFor(waiting);
    await window.rowAction(/^ask-fares, Fares for Groups, approved/, /^Merge Work/, 'Agents');
    await window.notification('Merged: ask-fares. Now ready: later-fares').waitFor(waiting);
    expect(sample.read('ask-fares.txt')).toBe('ask-fares 9090\n');
    expect(sample.subjects(3).join('\n')).toContain('Merge ask-fares: Fares for Groups');
    await expect.poll(() => sample.read('docs/tasks/harbour.md'), waiting).toMatch(/\| ask-fares \| COMPLETE \|/);
    await window.clearNotifications();
  });

  it('puts one away after saying what is in it, and Undo brings it back', async () => {
    await window.rowMenu(/^slow-tides, Tide Tables, stopped/, /^Move Worktree to Trash/, 'Agents');
    await window.modal().waitFor(waiting);
    expect(await window.modal().innerText()).toContain('Move the worktree of slow-tides to the trash?');
    await window.screenshot('agents-remove');
    await window.answerModal('Move to Trash');
    await row(/^slow-tides, /).waitFor({ ...waiting, state: 'hidden' });
    await window.answerNotification('slow-tides is in the trash', 'Undo');
    await row(/^slow-tides, Tide Tables, stopped/).waitFor(waiting);
  });
});

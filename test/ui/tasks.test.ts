/** Task lists as a person works on them in a window: by clicks, by dragging and by the keyboard. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type VscodeWindow } from '../support/vscodeWindow.ts';

const extension = 'baton.baton-session-orchestrator';
const listFile = 'docs/tasks/boarding.md';

describe('task lists in a window', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({ path: sample.path, vsix: [inject('vsix')], viewport: { width: 1400, height: 1500 } });
    await window.setTheme('dark');
  });

  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });

  stopAtFirstFailure(() => window);

  const task = (name: RegExp) => window.row(name, 'Task Lists');

  /** IDs of the tasks, in the order of their rows. */
  const ids = () =>
    [...sample.read(listFile).matchAll(/^\| (\S+) \| (?:PENDING|IN_PROGRESS|COMPLETE) \|/gm)].map(([, id]) => id);

  /** Waits until file and view have the tasks in this order: what is clicked while rows move is another row. */
  async function waitForOrder(...wanted: readonly string[]): Promise<void> {
    await expect.poll(ids, { timeout: 15_000 }).toEqual(wanted);
    const shown = async () =>
      (await window.rowLabels('Task Lists')).slice(1, 1 + wanted.length).map((label) => label.split(',')[0]);
    await expect.poll(shown, { timeout: 15_000 }).toEqual(wanted);
  }

  const statusOf = (id: string) => new RegExp(`^\\| ${id} \\| (\\w+) \\|`, 'm').exec(sample.read(listFile))?.[1];

  /** Runs the command line that came with the installed extension, as an agent would. */
  function baton(...args: readonly string[]): void {
    execFileSync(process.execPath, [window.extensionFile(extension, 'dist/cli.cjs'), ...args], { cwd: sample.path });
  }

  it('begins with a list that is typed in', async () => {
    await window.openContainer('Baton');
    await window.collapseView('Sessions');
    await window.pressWelcome('Task Lists', 'New Task List');
    await window.pick('Titles');
    await window.quickInput('New Task List');
    await window.type('Typed in', { enter: true });
    await window.quickInput('Typed in: task 1');
    await window.type('First of all', { enter: true });
    await window.quickInput('Typed in: task 2');
    await window.type('second: Then this after first-of-all', { enter: true });
    await window.quickInput('Typed in: task 3');
    await window.accept();
    await task(/^first-of-all, First of all, ready, critical path$/).waitFor();
    await task(/^second, Then this, waiting, waits for first-of-all, critical path$/).waitFor();
    await window.clearNotifications();
  });

  it('shows a list that an agent makes', async () => {
    const tasks = [
      'gate: Open the gate',
      'scan: Scan tickets after gate',
      'count: Count passengers after scan',
      'signs: Paint signs',
    ];
    baton('tasks', 'create', 'Boarding', '--id', 'boarding', ...tasks.flatMap((one) => ['--task', one]));
    await task(/^Boarding, boarding, 0 of 4 tasks complete/).waitFor();
    expect(ids()).toEqual(['gate', 'scan', 'count', 'signs']);
  });

  it('starts a task by its inline action', async () => {
    await window.rowAction(/^gate, /, /^Start Task/, 'Task Lists');
    await task(/^gate, Open the gate, in progress, critical path$/).waitFor();
    expect(statusOf('gate')).toBe('IN_PROGRESS');
    await window.screenshot('tasks-01-in-progress');
  });

  it('completes a task by its box', async () => {
    await window.tick(/^gate, /, 'Task Lists');
    await task(/^gate, Open the gate, complete$/).waitFor();
    await task(/^scan, Scan tickets, ready, critical path$/).waitFor();
    expect(statusOf('gate')).toBe('COMPLETE');
    await expect.poll(() => window.checkbox(/^gate, /, 'Task Lists').getAttribute('aria-checked')).toBe('true');
  });

  it('asks before a box does what the list forbids, and puts it back on no', async () => {
    await window.tick(/^count, /, 'Task Lists');
    await window.answerModal('Cancel');
    await expect.poll(() => window.checkbox(/^count, /, 'Task Lists').getAttribute('aria-checked')).toBe('false');
    expect(statusOf('count')).toBe('PENDING');
  });

  it('reorders by dragging', async () => {
    await task(/^signs, /).dragTo(task(/^scan, /));
    await waitForOrder('gate', 'signs', 'scan', 'count');
    await window.screenshot('tasks-02-dragged');
  });

  it('undoes that by the button above', async () => {
    await window.viewAction('Task Lists', /^Undo Change of Task/);
    await waitForOrder('gate', 'scan', 'count', 'signs');
  });

  it('reorders by the keyboard, and stays on the task', async () => {
    await window.clickRow(/^signs, /, 'Task Lists');
    await window.tab('boarding.md').waitFor();
    await window.page.keyboard.press('Alt+ArrowUp');
    await waitForOrder('gate', 'scan', 'signs', 'count');
    await window.page.keyboard.press('Alt+ArrowDown');
    await waitForOrder('gate', 'scan', 'count', 'signs');
    // What is drawn anew closes menus.
    await window.page.waitForTimeout(700);
  });

  it('moves to another list by the context menu', async () => {
    await window.rowMenu(/^signs, /, /^Move Task to List/, 'Task Lists');
    await waitForOrder('gate', 'scan', 'count');
    await window.answerNotification('signs moved to another list', 'Undo');
    await waitForOrder('gate', 'scan', 'count', 'signs');
    await window.page.waitForTimeout(700);
  });

  it('hands the list off, and shows the verdicts', async () => {
    await window.rowMenu(/^Boarding, /, 'Hand Off Task List', 'Task Lists');
    await window.pick('Write the handoff and end the session');
    await window.tab('boarding.md').waitFor();
    expect(sample.read(listFile)).toContain('## Handoff');
    await window.rowMenu(/^Boarding, /, 'Verify Task List', 'Task Lists');
    await window.tab('boarding-verify.md').waitFor();
    await expect
      .poll(() => window.page.locator('.editor-instance .view-lines').last().textContent())
      .toMatch(/Status.preservation/);
    await window.screenshot('tasks-03-verdicts');
  });
});

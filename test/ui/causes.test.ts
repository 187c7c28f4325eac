/** What the views say where there is nothing to show, and what they do where nothing may be run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type VscodeWindow } from '../support/vscodeWindow.ts';

const statusBarItem = 'baton.baton-session-orchestrator.baton.activeSession';

describe('a window without a folder', () => {
  let window: VscodeWindow;

  beforeAll(async () => {
    window = await openWindow({ vsix: [inject('vsix')] });
    await window.setTheme('dark');
  });
  afterAll(() => window?.close());

  it('offers to open one', async () => {
    await window.openContainer('Baton');
    await window.welcome('Sessions').filter({ hasText: 'plan and the progress table of a repository' }).waitFor();
    await window.welcome('Sessions').getByRole('button', { name: 'Open Folder' }).waitFor();
    await window.welcome('Current Session').filter({ hasText: 'No folder is open.' }).waitFor();
    expect(await window.statusBarItem(statusBarItem).count()).toBe(0);
    await window.screenshot('cause-no-folder');
  });
});

describe('a folder without a plan', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-ui-'));
  const project = join(folder, 'new project ü');
  let window: VscodeWindow;

  beforeAll(async () => {
    mkdirSync(project);
    writeFileSync(join(project, 'README.md'), '# New\n');
    window = await openWindow({ path: project, vsix: [inject('vsix')] });
    await window.setTheme('dark');
  });
  afterAll(async () => {
    await window?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  stopAtFirstFailure(() => window);

  it('offers to make a progress file', async () => {
    await window.openContainer('Baton');
    await window.welcome('Sessions').filter({ hasText: 'This folder has no plan' }).waitFor();
    await window.welcome('Current Session').filter({ hasText: 'There are no sessions yet.' }).waitFor();
    expect(await window.statusBarItem(statusBarItem).count()).toBe(0);
    await window.screenshot('cause-no-plan');
  });

  it('says so when a file appears that cannot be understood', async () => {
    mkdirSync(join(project, 'docs/progress'), { recursive: true });
    const file = join(project, 'docs/progress/NEW_PROGRESS.md');
    writeFileSync(file, '# New Progress\n\n<<<<<<< ours\n| Session | Status |\n|---|---|\n=======\n>>>>>>> theirs\n');
    await window
      .view('Sessions')
      .getByText(/NEW_PROGRESS\.md/)
      .first()
      .waitFor();
    await window.welcome('Current Session').filter({ hasText: 'Baton cannot understand them' }).waitFor();
    await window.screenshot('cause-unreadable');
    await window.pressWelcome('Current Session', 'Open the File');
    await window.tab('NEW_PROGRESS.md').waitFor();
  });

  it('shows the sessions as soon as there are some', async () => {
    const table = '| Session | Status | Notes |\n|---|---|---|\n| A-1 | ⬜ Pending | |\n| A-2 | ✅ Done | |\n';
    writeFileSync(join(project, 'docs/progress/NEW_PROGRESS.md'), `# New Progress\n\n${table}`);
    await window.row(/^A-1, ready/, 'Sessions').waitFor();
    await window.row(/^A-2, done/, 'Sessions').waitFor();
    await window.statusBarItem(statusBarItem).filter({ hasText: '1/2' }).waitFor();
  });
});

describe('a window in Restricted Mode', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({ path: sample.path, vsix: [inject('vsix')], trusted: false });
    await window.setTheme('dark');
  });
  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });
  stopAtFirstFailure(() => window);

  it('shows everything that needs no process', async () => {
    await window.openContainer('Baton');
    await window.collapseView('Task Lists');
    await window.growView('Current Session', 60);
    await window.row(/^BE-04, Seat Reservations, active/, 'Sessions').waitFor();
    await window.row(/^Checklist, 1 of 5 done/, 'Current Session').waitFor();
    await window.statusBarItem(statusBarItem).filter({ hasText: 'BE-04 1/5' }).waitFor();
    await window.screenshot('cause-restricted');
  });

  it('ticks and takes notes', async () => {
    await window.tick(/^Seats can be given back/, 'Current Session');
    await window.row(/^Checklist, 2 of 5 done/, 'Current Session').waitFor();
    expect(sample.read('docs/sessions/SESSION.md')).toContain('- [x] Seats can be given back');
    await window.command('Baton: Add Note');
    await window.quickInput('Note for the session');
    await window.type('read in Restricted Mode');
    await expect.poll(() => sample.read('docs/sessions/SESSION.md')).toContain('read in Restricted Mode');
  });

  it.each([
    ['Checkpoint', 'git'],
    ['Start Agent on This Session', 'an agent'],
  ])('refuses %s and says what it needs', async (command, need) => {
    const before = sample.git('rev-parse', 'HEAD');
    await window.rowMenu(/^BE-04/, command, 'Sessions');
    if (command === 'Checkpoint') await window.type('never');
    const refusal = window.notification(`In Restricted Mode Baton runs nothing, and this needs ${need}.`);
    await refusal.waitFor();
    await refusal.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await window.screenshot(`cause-restricted-${need.replace(/^an /, '')}`);
    await window.clearNotifications();
    expect(sample.git('rev-parse', 'HEAD')).toBe(before);
    expect(await window.page.locator('.part.panel', { hasText: 'Agent' }).isVisible()).toBe(false);
  });

  it('runs no verification', async () => {
    await window.command('Baton: Verify Session');
    await window.notification(/In Restricted Mode Baton runs nothing/).waitFor();
    expect(await window.modal().count()).toBe(0);
    await window.clearNotifications();
  });

  it('works in full once the folder is trusted', async () => {
    await window.trustFolder();
    await window.command('Baton: Checkpoint');
    await window.quickInput('Checkpoint');
    await window.type('trusted now');
    await expect
      .poll(() => sample.subjects(1), { timeout: 15_000 })
      .toEqual(['WIP: [BE-04] checkpoint 2 - trusted now']);
    await window.row(/^Checkpoints, 2/, 'Current Session').waitFor();
  });
});

/** The main job, as a person does it in a window: one session from its start to its end, with all that may come between. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type VscodeWindow } from '../support/vscodeWindow.ts';

const extension = 'baton.baton-session-orchestrator';
const sessionFile = 'docs/sessions/SESSION.md';
const progressFile = 'docs/progress/HARBOUR_PROGRESS.md';

describe('a session in a window', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;

  beforeAll(async () => {
    sample = await createSampleFolder();
    window = await openWindow({
      path: sample.path,
      vsix: [inject('vsix')],
      viewport: { width: 1400, height: 1500 },
    });
    await window.setTheme('dark');
  });

  afterAll(async () => {
    await window?.close();
    sample?.remove();
  });

  stopAtFirstFailure(() => window);

  const statusBar = () => window.statusBarItem(`${extension}.baton.activeSession`);
  const session = (name: RegExp) => window.row(name, 'Sessions');
  const current = (name: RegExp) => window.row(name, 'Current Session');

  /** Runs the command line that came with the installed extension, as an agent would. */
  function baton(...args: readonly string[]): string {
    const cli = window.extensionFile(extension, 'dist/cli.cjs');
    return execFileSync(process.execPath, [cli, ...args], { cwd: sample.path, encoding: 'utf8' });
  }

  /** Opens the progress file and shows the row of a session, with its lenses. */
  async function showRow(id: string): Promise<void> {
    await window.openFile(progressFile);
    await window.goToLine(sample.rowLine(id));
  }

  it('shows the state of the sample', async () => {
    await window.openContainer('Baton');
    await window.collapseView('Task Lists');
    await window.growView('Current Session', 160);
    await session(/^BE-04, Seat Reservations, active, started \d{4}-\d\d-\d\d \d\d:\d\d$/).waitFor();
    await session(/^BE-06, Booking Confirmations, waiting, waits for BE-04 \(active\)$/).waitFor();
    await session(/^Harbour Ferries, 5 of 13 sessions done$/).waitFor();
    await current(/^BE-04, Seat Reservations, active, 5\d min/).waitFor();
    await current(/^A group gets all its seats or none, done$/).waitFor();
    await statusBar()
      .filter({ hasText: /BE-04 1\/5 5\d min/ })
      .waitFor();
    await expect.poll(() => window.badge('Baton'), { timeout: 10_000 }).toContain('1');
    await window.screenshot('session-01-opened');
  });

  it('says more of a session where the pointer rests', async () => {
    const text = await window.hoverText(/^FE-05/, 'Sessions');
    expect(text).toContain('FE-05');
    expect(text).toMatch(/Depends on: .*BE-04 \(needs the seats\)/s);
    await window.screenshot('session-02-hover');
    await window.page.mouse.move(700, 300);
  });

  it('pauses a session by the context menu', async () => {
    await window.rowMenu(/^BE-04/, 'Pause Session', 'Sessions');
    await session(/^BE-04, .*paused/).waitFor();
    expect(sample.has(sessionFile)).toBe(false);
    expect(sample.read('docs/sessions/paused/BE-04.md')).toContain('Seat Reservations');
    expect(sample.row('BE-04')[1]).toBe('⏸️ Paused');
    await window.welcome('Current Session').filter({ hasText: 'No session is active' }).waitFor();
    await statusBar()
      .filter({ hasText: /^\s*5\/13\s*$/ })
      .waitFor();
    await window.screenshot('session-03-paused');
  });

  it('does not start what has to wait, and says why', async () => {
    await window.command('Baton: Start Session');
    await window.quickInput('Start Session');
    const labels = await window.pickLabels();
    expect(labels.find((label) => label.includes('FE-03'))).toMatch(
      /^FE-03, Fare Picker · ready, unblocks FE-05 · 50 min$/,
    );
    expect(labels.at(-1)).toMatch(/FE-05.*waits for BE-04 \(paused\), FE-03 \(pending\)/);
    await window.pick('FE-05');
    await window.quickInput('FE-05: waits for BE-04 (paused), FE-03 (pending)');
    await window.screenshot('session-04-blocked');
    await window.page.keyboard.press('Escape');
    expect(sample.has(sessionFile)).toBe(false);
  });

  it('starts a session from the tree', async () => {
    await window.rowAction(/^FE-03/, /Start/, 'Sessions');
    await session(/^FE-03, Fare Picker, active/).waitFor();
    await window.tab('SESSION.md').waitFor();
    expect(sample.row('FE-03')[1]).toBe('🔄 Active');
    expect(sample.row('FE-03')[2]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    const text = sample.read(sessionFile);
    expect(text).toContain('# Current Session: FE-03');
    expect(text).toContain('model: sonnet');
    expect(text).toContain('- [ ] At least one passenger must be chosen');
    await statusBar()
      .filter({ hasText: /FE-03 0\/3 [01] min/ })
      .waitFor();
    await window.notification('FE-03 is active. Model: sonnet.').waitFor();
    await window.screenshot('session-05-started');
    await window.clearNotifications();
  });

  it('ticks one item by the mouse and one by the keyboard', async () => {
    await window.tick(/^The sum equals/, 'Current Session');
    await current(/^Checklist, 1 of 3 done/).waitFor();
    await window.focusRow(/^At least one passenger/, 'Current Session');
    await window.keyboardMenu('Tick Checklist Items');
    await current(/^Checklist, 2 of 3 done/).waitFor();
    expect(sample.read(sessionFile).match(/^- \[x\] (?!(BE|FE)-).*/gm)).toEqual([
      '- [x] The sum equals that of the backend',
      '- [x] At least one passenger must be chosen',
    ]);
    await current(/^At least one passenger must be chosen, done$/).waitFor();
    await statusBar().filter({ hasText: 'FE-03 2/3' }).waitFor();
    await window.screenshot('session-06-ticked');
  });

  it('commits a checkpoint from the palette', async () => {
    sample.workOnFarePicker('sum');
    await window.command('Baton: Checkpoint');
    await window.quickInput('Checkpoint');
    await window.type('');
    await window.inputMessage().filter({ hasText: 'Say what was reached.' }).waitFor();
    await window.type('the sum is right, choosing is next');
    await current(/^Checkpoints, 1/).waitFor();
    expect(sample.git('log', '-1', '--format=%B').trim()).toBe(
      [
        'WIP: [FE-03] checkpoint 1 - the sum is right, choosing is next',
        '',
        'Completed:',
        '- The sum equals that of the backend',
        '- At least one passenger must be chosen',
        '',
        'Remaining:',
        '- Tests pass',
        '',
        'Session: FE-03 (checkpoint 1)',
      ].join('\n'),
    );
    // What lay about before the session began is not its work.
    expect(sample.git('status', '--porcelain')).toBe(' M backend/src/seats.js\n M backend/test/seats.test.js');
    await window.expandRow(/^Checkpoints, 1/, 'Current Session');
    await current(/^Checkpoint 1, the sum is right, choosing is next$/).waitFor();
    await window.screenshot('session-07-checkpoint');
    await window.clearNotifications();
  });

  it('asks before it runs the commands of the plan, and which files to commit', async () => {
    sample.workOnFarePicker('check');
    await showRow('FE-03');
    await window
      .codeLens(/^Complete$/)
      .first()
      .click();
    await window.quickInput('Complete FE-03');
    await window.screenshot('session-08-message');
    await window.accept();
    await window.modal().filter({ hasText: 'node --test frontend/test/picker.test.js' }).waitFor();
    await window.screenshot('session-09-approval');
    await window.answerModal('Run Once');
    await window.quickInput('Files to commit');
    expect((await window.pickLabels()).filter((label) => label.includes('changed before'))).toEqual([
      expect.stringMatching(/^backend\/src\/seats\.js, modified · was changed before the session started/),
      expect.stringMatching(/^backend\/test\/seats\.test\.js, modified · was changed before the session started/),
    ]);
    await window.screenshot('session-10-files');
    await window.accept();
  });

  it('completes it: work commit, record commit, row, cleared file', async () => {
    await session(/^FE-03, Fare Picker, done/).waitFor();
    await window.notification('FE-03 is done (verified 1/1).').waitFor();
    expect(sample.subjects(3)).toEqual([
      'chore(progress): record FE-03',
      'feat(picker): choose passengers and see the fare',
      'WIP: [FE-03] checkpoint 1 - the sum is right, choosing is next',
    ]);
    expect(sample.git('log', '-1', '--skip=1', '--format=%b').split('\n')).toEqual([
      'Verified together with 2 changed files that are not in this commit.',
      '',
      'Part of: Harbour Ferries Phase 2',
      'Verified: 1/1',
      'Session: FE-03',
    ]);
    const work = sample.git('show', '--name-only', '--format=', 'HEAD~1').split('\n');
    expect(work).toContain('frontend/test/picker.test.js');
    expect(work.filter((file) => file.startsWith('backend/'))).toEqual([]);
    expect(sample.git('log', '-1', '--format=%b').trim()).toBe('Session: FE-03 (record)');
    const [, status, , completed, commit] = sample.row('FE-03');
    expect(status).toBe('✅ Done');
    expect(completed).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    expect(sample.git('rev-parse', `${commit}^{commit}`)).toBe(sample.git('rev-parse', 'HEAD~1'));
    expect(sample.git('status', '--porcelain')).toBe(' M backend/src/seats.js\n M backend/test/seats.test.js');
    expect(sample.read(sessionFile)).not.toContain('baton: session/1');
    await statusBar()
      .filter({ hasText: /^\s*6\/13\s*$/ })
      .waitFor();
    await window.codeLens(/^Complete$/).waitFor({ state: 'detached' });
    await window.screenshot('session-11-done');
    await window.clearNotifications();
    await window.closeTerminals();
  });

  it('shows what the command line writes: tree, lens, status bar', async () => {
    await showRow('BE-07');
    await window
      .codeLens(/^Start$/)
      .first()
      .waitFor();
    baton('start', 'BE-07');
    await session(/^BE-07, .*active/).waitFor();
    await window.codeLens(/^Checkpoint$/).waitFor();
    await statusBar().filter({ hasText: 'BE-07 0/3' }).waitFor();
    await current(/^BE-07, Timetable as CSV, active/).waitFor();
    baton('note', 'The town wants semicolons');
    await current(/^Notes, 1/).waitFor();
    await window.screenshot('session-12-command-line');
  });

  it('is there again after the window was reloaded', async () => {
    await window.reload();
    await statusBar().filter({ hasText: 'BE-07 0/3' }).waitFor();
    await current(/^Rows are sorted, to do$/).waitFor();
    await session(/^BE-07, .*active/).waitFor();
    await showRow('BE-07');
    await window.codeLens(/^Checkpoint$/).waitFor();
  });

  it('starts the agent of the machine’s settings in a terminal', async () => {
    const heard = join(window.server.dataDir, 'heard.txt');
    const agent = join(window.server.dataDir, 'agent.sh');
    writeFileSync(
      agent,
      `#!/bin/sh\nprintf '%s\\n' "$PWD" "$@" > '${heard}.part'\nmv '${heard}.part' '${heard}'\necho 'Reading docs/sessions/SESSION.md'\nsleep 600\n`,
      { mode: 0o755 },
    );
    window.writeSettings({ 'baton.agents.command': agent });
    // The setting reaches the extension a moment after the file; until then the command would be `claude`.
    await window.page.waitForTimeout(1_000);
    await window.rowMenu(/^BE-07/, 'Start Agent on This Session', 'Sessions');
    await expect.poll(() => existsSync(heard), { timeout: 15_000 }).toBe(true);
    const [folder, ...args] = readFileSync(heard, 'utf8').trimEnd().split('\n');
    expect(folder).toBe(sample.path);
    expect(args).toEqual(['--model', 'haiku', expect.stringContaining('docs/sessions/SESSION.md')]);
    await window.page.locator('.part.panel', { hasText: 'Agent: BE-07' }).waitFor();
    await window.screenshot('session-13-agent');
    await window.closeTerminals();
  });

  it('pauses from the status bar', async () => {
    await window.clickStatusBarItem(`${extension}.baton.activeSession`);
    await window.quickInput('BE-07 is active');
    await window.screenshot('session-14-status-bar');
    await window.pick('Pause');
    await session(/^BE-07, .*paused/).waitFor();
    expect(sample.row('BE-07')[1]).toBe('⏸️ Paused');
  });

  it('resumes the one that is picked, from the welcome content', async () => {
    await window.pressWelcome('Current Session', 'Resume Session');
    await window.quickInput('Resume Session');
    await window.pick('BE-04');
    await current(/^BE-04, Seat Reservations, active/).waitFor();
    await session(/^BE-04, .*active/).waitFor();
    await window.page.locator('.tab.active[data-resource-name="SESSION.md"]').waitFor();
    expect(sample.row('BE-04')[1]).toBe('🔄 Active');
    expect(sample.read(sessionFile)).toContain('- [x] A group gets all its seats or none');
    expect(sample.has('docs/sessions/paused/BE-04.md')).toBe(false);
  });

  it('takes a note', async () => {
    await window.command('Baton: Add Note');
    await window.quickInput('Note for the session');
    await window.type('Ten minutes are enough');
    await expect.poll(() => sample.read(sessionFile)).toMatch(/^- \[\d\d:\d\d\] Ten minutes are enough$/m);
    await window.screenshot('session-15-note');
  });

  it('refuses to complete while a command fails, and goes on afterwards', async () => {
    const good = sample.read('backend/src/seats.js');
    sample.write('backend/src/seats.js', `${good}\nthrow new Error('broken on purpose');\n`);
    await window.viewAction('Current Session', 'Complete Session');
    await window.quickInput('Complete BE-04');
    await window.accept();
    await window.answerModal('Run, and Do Not Ask Again');
    await window.notification(/BE-04 is not verified \(2\/3\): node --test backend\/test\/seats\.test\.js/).waitFor();
    await session(/^BE-04, .*active/).waitFor();
    expect(sample.subjects(1)).toEqual(['chore(progress): record FE-03']);
    await window.row(/^node --test backend\/test\/seats\.test\.js, failed/, 'Current Session').waitFor();
    await window.screenshot('session-16-refused');
    sample.write('backend/src/seats.js', good);
    await window.clearNotifications();
  });

  it('runs approved commands without asking again, and commits all that is chosen', async () => {
    await window.rowAction(/^BE-04/, 'Complete Session', 'Sessions');
    await window.quickInput('Complete BE-04');
    await window.accept();
    await window.quickInput('Files to commit');
    await window.screenshot('session-17-files');
    for (const label of await window.pickLabels()) {
      const file = label.slice(0, label.indexOf(','));
      if (label.includes('changed before') && file.startsWith('backend/')) await window.tickPick(file);
    }
    await window.accept();
    await session(/^BE-04, .*done/).waitFor();
    expect(sample.git('log', '-1', '--skip=1', '--format=%b')).toContain('Verified: 3/3');
    expect(sample.git('status', '--porcelain')).toBe('');
    await session(/^BE-06, .*ready/).waitFor();
    await window.screenshot('session-18-done');
    await window.clearNotifications();
  });

  it('rolls a session back by the context menu, after showing what will be undone', async () => {
    // A section that is done is closed in a window that opens.
    await window.expandRow(/^Week 2 .*, 2 of 2 sessions done$/, 'Sessions');
    await window.rowMenu(/^FE-03/, 'Roll Back Session', 'Sessions');
    await window.modal().filter({ hasText: 'feat(picker): choose passengers and see the fare' }).waitFor();
    await window.screenshot('session-19-rollback');
    await window.answerModal('Roll Back');
    await session(/^FE-03, Fare Picker, retry/).waitFor();
    expect(sample.row('FE-03')[1]).toBe('🔁 Retry');
    expect(sample.has('frontend/src/picker.js')).toBe(false);
    expect(sample.has('backend/src/seats.js')).toBe(true);
    expect(sample.subjects(1)).toEqual(['revert: roll back FE-03']);
    expect(sample.git('status', '--porcelain')).toBe('');
    await window.screenshot('session-20-rolled-back');
  });

  it('filters the tree', async () => {
    await window.viewAction('Sessions', 'Filter Sessions');
    await window.quickInput('Sessions to show');
    for (const state of ['active', 'waiting', 'paused', 'blocked', 'failed', 'done', 'status not understood'])
      await window.tickPick(state);
    await window.screenshot('session-21-filter');
    await window.accept();
    const ids = async () => (await window.rowLabels('Sessions')).flatMap((label) => /^(?:BE|FE)-\d+/.exec(label) ?? []);
    await expect.poll(ids, { timeout: 10_000 }).toEqual(['BE-05', 'BE-06', 'FE-03']);
    await window.screenshot('session-22-filtered');
    await window.viewAction('Sessions', 'Clear Filter');
    await session(/^BE-03/).waitFor();
  });

  it('says why a file cannot be understood, and goes on with the others', async () => {
    const text = sample.read(progressFile);
    sample.write(progressFile, `${text}\n<<<<<<< ours\n- one\n=======\n- other\n>>>>>>> theirs\n`);
    await window
      .view('Sessions')
      .getByText(/HARBOUR_PROGRESS\.md/)
      .first()
      .waitFor();
    await window.screenshot('session-23-unreadable');
    sample.write(progressFile, text);
    await session(/^BE-04, .*done/).waitFor();
  });

  it('shows the changes of a session', async () => {
    await window.rowAction(/^BE-04/, /Show Changes/, 'Sessions');
    const title = new RegExp(`BE-04 from [0-9a-f]{7} to ${sample.row('BE-04')[4]}`);
    await window.page.locator('.tab.active', { hasText: title }).waitFor();
    await window.page.locator('.multiDiffEditor', { hasText: 'seats.js' }).waitFor();
    await window.screenshot('session-24-changes');
  });
});

/** A new user in a folder with nothing of Baton's: the walkthrough, and the plan that the wizard and a list give. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type ThemeKind, themes, type VscodeWindow } from '../support/vscodeWindow.ts';

describe('a new user', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-ui-'));
  const project = join(folder, 'town library');
  let window: VscodeWindow;

  beforeAll(async () => {
    mkdirSync(project);
    execFileSync('git', ['init', '--quiet', project]);
    writeFileSync(join(project, 'TODO.md'), '# TODO\n\n- [x] Roof\n- [ ] Lamps\n- [ ] Chairs after Lamps\n');
    window = await openWindow({ path: project, vsix: [inject('vsix')] });
    await window.setTheme('dark');
  });
  afterAll(async () => {
    await window?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  stopAtFirstFailure(() => window);

  const walkthrough = () => window.page.locator('.gettingStartedContainer');
  const step = (title: string) => walkthrough().locator('.getting-started-step').filter({ hasText: title });
  const isDone = (title: string) => step(title).locator('.codicon-getting-started-step-checked').first();

  it('opens the walkthrough from the empty view', async () => {
    await window.openContainer('Baton');
    await window.welcome('Sessions').getByRole('button', { name: 'New Implementation Plan' }).waitFor();
    await window.screenshot('first-empty');
    await window.welcome('Sessions').getByText('how Baton works').click();
    await step('Make a plan, or adopt yours').waitFor();
    expect(await walkthrough().locator('.getting-started-step').count()).toBe(5);
    expect(await isDone('Make a plan, or adopt yours').count()).toBe(0);
  });

  it.each(Object.keys(themes) as ThemeKind[])('has pictures in the colours of the theme: %s', async (kind) => {
    await window.setTheme(kind);
    await walkthrough().getByText('Start a session').first().click();
    await step('Start a session').and(window.page.locator('.expanded')).waitFor();
    await walkthrough().getByText('Make a plan, or adopt yours').first().click();
    await step('Make a plan, or adopt yours').and(window.page.locator('.expanded')).waitFor();
    const picture = window.page.frameLocator('.getting-started-media iframe').frameLocator('iframe').locator('svg');
    await picture
      .or(
        walkthrough().locator(
          '.getting-started-media svg, .getting-started-media webview, .getting-started-media iframe',
        ),
      )
      .first()
      .waitFor();
    await window.page.waitForTimeout(500);
    await window.screenshot(`walkthrough-${kind}`);
  });

  it('makes a plan with the wizard, and the step is done', async () => {
    await window.setTheme('dark');
    await step('Make a plan, or adopt yours').getByRole('button', { name: 'New Implementation Plan' }).click();
    await window.quickInput('New Implementation Plan (1/3): project');
    await window.type('Town library');
    await window.quickInput('New Implementation Plan (2/3): repositories');
    await window.type('');
    await window.quickInput('New Implementation Plan (3/3): session 1');
    await window.type('', { enter: true });
    await window.inputMessage().filter({ hasText: 'A plan has at least one session.' }).waitFor();
    await window.type('Catalogue');
    await window.quickInput('New Implementation Plan (3/3): session 2');
    await window.type('Loans after Catalogue');
    await window.quickInput('New Implementation Plan (3/3): session 3');
    await window.screenshot('wizard');
    await window.type('TL-01: Twice');
    await window.inputMessage().filter({ hasText: 'Two sessions have the ID TL-01' }).waitFor();
    await window.type('');
    await window.tab('TOWN_LIBRARY_PROMPTS.md').waitFor();
    await window.row(/^TL-02, Loans/, 'Sessions').waitFor();
    await window.screenshot('wizard-plan');
    await window.command('Baton: Get Started');
    await isDone('Make a plan, or adopt yours').waitFor();
    await window.screenshot('walkthrough-first-done');
    await window.clearNotifications();
  });

  it('makes a plan of a list, showing it first', async () => {
    await window.command('Baton: Plan from TODOs and Issues List');
    await window.quickInput('Plan from TODOs and Issues List: file');
    await window.pick('TODO.md');
    await window.quickInput('Plan from TODOs and Issues List: project');
    await window.type('Reading room');
    await window.modal().filter({ hasText: 'Make docs/READING_ROOM_PROMPTS.md with 2 sessions?' }).waitFor();
    await window.screenshot('list-preview');
    await window.answerModal('Make Plan');
    await window.row(/^RR-02, Chairs/, 'Sessions').waitFor();
    expect(readFileSync(join(project, 'docs/READING_ROOM_PROMPTS.md'), 'utf8')).toContain('## Session RR-02: Chairs');
  });

  it('ends further steps by what is done, from wherever', async () => {
    await window.clearNotifications();
    await window.rowAction(/^RR-01, Lamps/, /^Start/, 'Sessions');
    await window.row(/^RR-01, .*active/, 'Sessions').waitFor();
    await window.tab('SESSION.md').waitFor();
    await window.command('Baton: Get Started');
    await isDone('Start a session').waitFor();
    expect(await isDone('Checkpoint as you go').count()).toBe(0);
  });

  it('offers the files of Baton among the new ones', async () => {
    await window.command('Create: New File...');
    const labels = await window.pickLabels();
    for (const label of ['New Implementation Plan', 'Create Progress File', 'New Task List']) {
      expect(
        labels.some((one) => one.includes(label)),
        label,
      ).toBe(true);
    }
    await window.page.keyboard.press('Escape');
  });
});

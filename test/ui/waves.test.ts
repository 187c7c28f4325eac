/** Wave runs as a person follows them in a window: in the trees, on the board, and from a plan that is built in a few picks. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dashboardFrame, watchPolicies } from '../support/dashboardPage.ts';
import { createSampleFolder, type SampleFolder } from '../support/sampleFolder.ts';
import { quickSupervisor, writeSmallAgent } from '../support/smallAgent.ts';
import { stopAtFirstFailure } from '../support/steps.ts';
import { openWindow, type ThemeKind, themes, type VscodeWindow } from '../support/vscodeWindow.ts';
import { openWaveRecords, type WaveRecords } from '../support/waveRecords.ts';
import { harbourActivity, harbourRun } from '../support/waveRuns.ts';

const extension = 'baton.baton-session-orchestrator';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const waiting = { timeout: 60_000 };
const kinds = Object.keys(themes) as ThemeKind[];

describe('wave runs in a window', () => {
  let window: VscodeWindow;
  let sample: SampleFolder;
  let config: string;
  let records: WaveRecords;
  let violations: readonly string[];
  let frame: Frame;

  beforeAll(async () => {
    sample = await createSampleFolder();
    config = mkdtempSync(join(tmpdir(), 'baton-waves-'));
    writeSmallAgent(config);
    const env = { BATON_CONFIG_HOME: config, ...quickSupervisor };
    const viewport = { width: 1600, height: 1100 };
    const settings = { 'baton.sessions.revealActive': false };
    window = await openWindow({ path: sample.path, vsix: [inject('vsix')], viewport, env, settings });
    violations = watchPolicies(window);
    await window.setTheme('dark');
    records = await openWaveRecords(sample.path);
    await records.supervise();
  }, 180_000);

  afterAll(async () => {
    await window?.close();
    sample?.remove();
    rmSync(config, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  stopAtFirstFailure(() => window);

  it('shows waves with their agents while they work', async () => {
    const start = new Date(Date.now() - 25 * 60_000).toISOString();
    const run = harbourRun(sample.path, {}, start);
    const past = [1, 2, 3].map((days) => {
      const from = Date.now() - days * 86_400_000;
      const [startedAt, endedAt] = [from, from + days * 1_500_000].map((ms) => new Date(ms).toISOString());
      return { ...run, id: `past-${days}`, label: `main-${startedAt?.slice(0, 10)}-feature-1`, startedAt, endedAt };
    });
    for (const one of past)
      await records.write({
        ...run,
        ...one,
        startedAt: one.startedAt ?? start,
        endedAt: one.endedAt ?? start,
        status: 'closed',
      });
    await records.write(run);
    await records.act(run.id, 'w3-a1', harbourActivity);
    await window.openContainer('Baton');
    await window.collapseView('Sessions');
    await window.collapseView('Task Lists');
    await window.expandView('Agents');
    await window.widenSideBar(330);
    await window.row(/^wave run, Harbour fares, running, wave 3 of 5/, 'Current Session').waitFor(waiting);
    await window.row(/^Join groups and ferries, w3-a1, running, 5 of 15 turns, .*Edit src/, 'Agents').waitFor(waiting);
    await window.expandRow(/^Wave 2: Impl-Core, done/, 'Current Session');
    const item = window.statusBarItem(`${extension}.baton.activeSession`);
    await expect.poll(() => item.getAttribute('aria-label'), waiting).toContain('Harbour fares, running, wave 3 of 5');
    await window.restPointer();
    const view = await window.view('Current Session').boundingBox();
    if (view === null) throw new Error('The view is not shown');
    await window.screenshot('readme-waves-tree', { ...view, height: 312 });
  }, 120_000);

  it('pauses from the row, and the record has it', async () => {
    await window.rowAction(/^wave run, Harbour fares, running/, /^Pause Wave Run/, 'Current Session');
    await window.row(/^wave run, Harbour fares, running, pauses soon/, 'Current Session').waitFor(waiting);
    expect((await records.read('harbour-abc-000001')).request?.kind).toBe('pause');
    const { request: _, ...going } = await records.read('harbour-abc-000001');
    await records.write(going);
  });

  it('has a board, with the breaker’s evidence and a chart of past runs', async () => {
    await window.command('Baton: Open Dashboard');
    frame = await dashboardFrame(window);
    await frame.getByRole('tab', { name: /^Waves/ }).click();
    await frame.getByRole('group', { name: 'Waves of Harbour fares' }).waitFor(waiting);
    await frame.locator('.wave-finding-stop summary').click();
    await frame.getByText('Bash npm test').waitFor();
    await frame.getByRole('img', { name: 'Duration of the last 3 wave runs' }).waitFor();
  });

  it.each(kinds)('can be seen, and has nothing to find for axe: %s', async (kind) => {
    await window.setTheme(kind);
    await frame.evaluate(axe);
    const found = await frame.evaluate(async () => {
      const { violations: all } = await Reflect.get(globalThis, 'axe').run(document, {
        // The parts of a page that VS Code has around the webview.
        rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
      });
      return all.map((one: { id: string; nodes: { html: string }[] }) => [one.id, one.nodes[0]?.html]);
    });
    expect(found).toEqual([]);
    await window.restPointer();
    await window.screenshot(`waves-${kind}`);
    if (kind === 'dark') {
      await window.command('View: Toggle Primary Side Bar Visibility');
      const box = await window.page.locator('.part.editor').boundingBox();
      if (box === null) throw new Error('The editor is not shown');
      await window.screenshot('readme-waves-board', { ...box, height: 800 });
      await window.command('View: Toggle Primary Side Bar Visibility');
    }
    if (kind === 'high-contrast-light') await window.setTheme('dark');
  });

  it('kept to its content security policy, though the board is loaded late', () => {
    expect(violations).toEqual([]);
  });

  it('builds a plan of a session in three picks, and opens it to be edited', async () => {
    await window.command('Baton: New Wave Plan from Session');
    await window.quickInput('Wave Plan of BE-04 (1/3): Waves');
    await window.screenshot('waves-roles');
    await window.tickPick('Discovery');
    await window.accept();
    await window.quickInput('Wave Plan of BE-04 (2/3): Agents of Impl-Core');
    await window.pick('2');
    await window.quickInput('Wave Plan of BE-04 (3/3): Files');
    await window.tickPick('backend/src/fares.js');
    await window.tickPick('backend/src/seats.js');
    await window.screenshot('waves-files');
    await window.accept();
    await window.tab('BE-04.md').waitFor(waiting);
    const plan = sample.read('docs/waves/BE-04.md');
    expect(plan.match(/^### Wave .*/gm)).toEqual([
      '### Wave 1: Discovery (1 agent, read-only)',
      '### Wave 2: Impl-Core (2 agents, parallel)',
      '### Wave 3: Quality (1 agent)',
    ]);
    await window.screenshot('waves-plan');
  });

  it('shows waves and file scopes before anything starts', async () => {
    await window.answerNotification('docs/waves/BE-04.md can be edited before it is run.', 'Start Wave Run');
    await window.modal().waitFor(waiting);
    expect(await window.modal().innerText()).toMatch(/Start BE-04: Seat Reservations: \d waves, \d agents by small\?/);
    await window.screenshot('waves-start', window.modal());
    await window.answerModal('Cancel');
    await window.modal().waitFor({ ...waiting, state: 'hidden' });
  });
});

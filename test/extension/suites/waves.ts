import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { WaveRun } from '../../../src/core/model/waves/waveRun.ts';
import type { BatonExports } from '../../../src/extension/exports.ts';
import type { LateFeatures } from '../../../src/extension/lateFeatures.ts';
import { quickSupervisor, writeSmallAgent } from '../../support/smallAgent.ts';
import { openWaveRecords, type WaveRecords } from '../../support/waveRecords.ts';
import { foreignState, harbourActivity, harbourRun } from '../../support/waveRuns.ts';
import { openDashboard } from './dashboardPanel.ts';
import {
  activateBaton,
  closeEditors,
  drawTree,
  findItem,
  flatten,
  git,
  openFile,
  pathOf,
  readText,
  refusalOf,
  runBaton,
  waitFor,
  writeText,
} from './window.ts';

const limitMs = 60_000;
const stateFile = '.claude/STATE.md';

describe('wave runs', function () {
  this.timeout(120_000);
  let api: BatonExports;
  let late: LateFeatures;
  let config: string;
  let records: WaveRecords;
  let asked: vscode.Disposable;
  const questions: string[] = [];

  before(async () => {
    config = mkdtempSync(join(tmpdir(), 'baton-waves-'));
    writeSmallAgent(config);
    Object.assign(process.env, { BATON_CONFIG_HOME: config }, quickSupervisor);
    api = await activateBaton();
    late = await api.late;
    records = await openWaveRecords(pathOf(''));
    asked = api.answer({
      confirm: async ({ question, detail }) => {
        questions.push([question, ...detail].join('\n'));
        return true;
      },
      approveCommands: async () => 'once',
    });
  });

  after(async () => {
    asked?.dispose();
    await closeEditors();
    rmSync(config, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  const current = () => drawTree(api.currentTree);
  const agents = () => drawTree(late.agents.provider);

  async function line(draw: () => Promise<string[]>, pattern: RegExp, timeMs = limitMs): Promise<string> {
    return waitFor(`a row like ${pattern}`, async () => (await draw()).find((one) => pattern.test(one)), timeMs).catch(
      async (error: unknown) => {
        throw new Error(`${error instanceof Error ? error.message : error}\n${(await draw()).join('\n')}`);
      },
    );
  }

  it('shows a run of other tools from its STATE.md alone, and follows the file', async () => {
    assert.equal(api.contextKeys()['baton.hasWaveState'], false);
    mkdirSync(pathOf('.claude'));
    await writeText(stateFile, foreignState);
    await line(current, /^\.claude\/STATE\.md \| running · 2 of 5 waves done$/);
    const lines = await current();
    const from = lines.findIndex((one) => one.startsWith(stateFile));
    assert.deepEqual(lines.slice(from + 1, from + 6), [
      '  Which currency?',
      '  Wave 1: Discovery | done · agents ended: 1 of 1',
      '    explorer | w1-a1 · done',
      '  Wave 2: Impl-Core | failed · agents ended: 2 of 2',
      '    builder | w2-a1 · done',
    ]);
    assert.equal(api.contextKeys()['baton.hasWaveState'], true);
    assert.equal(api.contextKeys()['baton.hasWaveRun'], false);
    const root = await findItem(api.currentTree, stateFile);
    assert.equal(root.item.contextValue, 'waveRun state active openState');
    await writeText(stateFile, foreignState.replace('current-wave: 2', 'current-wave: 3'));
    await line(current, /3 of 5 waves done/);
  });

  it('has lenses in it, and answers an open question byte for byte', async () => {
    const editor = await openFile(stateFile);
    const lenses = late.waves.lenses.provideCodeLenses(editor.document);
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ['Answer'],
    );
    const before = await readText(stateFile);
    const argument = lenses[0]?.command?.arguments?.[0] ?? {};
    await runBaton(api, 'baton.answerStateQuestion', { ...argument, text: 'Crowns' });
    const after = await readText(stateFile);
    assert.match(after, /- \[x\] Which currency\?.* → Antwort: Crowns/);
    const others = (text: string) => text.split('\n').filter((one) => !/Which currency|^updated:/.test(one));
    assert.deepEqual(others(after), others(before));
    await waitFor('no question in the tree', async () => !(await current()).some((one) => /Which currency/.test(one)));
    await closeEditors();
    rmSync(pathOf(stateFile));
    await waitFor('no run', () => !api.contextKeys()['baton.hasWaveState']);
  });

  it('shows a run of Baton in both trees, with what its agents do now', async () => {
    await records.supervise();
    await records.write(harbourRun(pathOf('')));
    await records.act('harbour-abc-000001', 'w3-a1', harbourActivity);
    await line(current, /^Harbour fares \| running · wave 3 of 5/);
    await line(current, /Join groups and ferries \| w3-a1 · running · 5 of 15 turns · \$0\.04 · Edit src\/index\.ts/);
    const tree = (await current()).map((one) => one.trim());
    assert.ok(tree.some((one) => one.startsWith('Gate after Wave 2 | passed · 2 attempts · 41 of 41 tests passed')));
    assert.ok(tree.includes('Stopped: edits the same file over and over, src/print.ts (3 times)'));
    assert.ok(tree.includes('Changed outside its scope | src/tides.ts'));
    assert.deepEqual(
      (await agents()).map((one) => one.replace(/ · \d+ of.*/, '')),
      [
        'Wave 3: Impl-Polish | Harbour fares · running · agents at work · agents ended: 0 of 2',
        '  Join groups and ferries | w3-a1 · running',
        '  Seed the database of fares | w3-a2 · waiting · waits for db:test',
      ],
    );
    const { item } = await findItem(late.agents.provider, 'Join groups');
    assert.equal(item.contextValue, 'waveAgent running log stop');
    assert.equal(api.contextKeys()['baton.wavesRun'], true);
    assert.match(api.statusBarText() ?? '', /\$\(layers\) 3\/5/);
  });

  it('fires only the row whose agent moved', async () => {
    const fired: unknown[] = [];
    const listening = api.currentTree.onDidChangeTreeData?.((element) => fired.push(element));
    await records.act('harbour-abc-000001', 'w3-a1', { ...harbourActivity, line: 'Bash npm test' });
    await line(current, /w3-a1 .* · Bash npm test/);
    listening?.dispose();
    const moved = fired.flat() as { readonly agent?: string }[];
    assert.deepEqual([...new Set(moved.map((element) => element?.agent))], ['w3-a1']);
  });

  it('asks to pause, to stop an agent and to abort, and the record has it', async () => {
    const id = 'harbour-abc-000001';
    const { element } = await findItem(late.agents.provider, 'Join groups');
    await runBaton(api, 'baton.stopWaveAgent', element);
    assert.deepEqual((await records.read(id)).request?.agent, 'w3-a1');
    await runBaton(api, 'baton.pauseWaveRun', { id });
    assert.equal((await records.read(id)).request?.kind, 'pause');
    await line(current, /Harbour fares \| running · pauses soon/);
    await runBaton(api, 'baton.abortWaveRun', { id });
    assert.match(questions.at(-1) ?? '', /^Abort Harbour fares\?[\s\S]*Is stopped: w3-a1: Join groups and ferries/);
    assert.equal((await records.read(id)).request?.kind, 'abort');
    assert.equal(await refusalOf(api, 'baton.closeWaveRun', { id }), 'wrong-state');
    assert.equal(await refusalOf(api, 'baton.pauseWaveRun', { id: 'none' }), 'unknown-wave-run');
  });

  it('shows the log of an agent, and the changes since the wave began', async () => {
    const id = 'harbour-abc-000001';
    await records.log(id, 'w3-a1', 'reading src/index.ts\n');
    const name = await runBaton<string>(api, 'baton.showWaveAgentLog', { id, agent: 'w3-a1' });
    const terminal = vscode.window.terminals.find((one) => one.name === name);
    assert.ok(terminal && 'pty' in terminal.creationOptions);
    terminal.dispose();
    await writeText('wave.txt', 'of the third wave\n');
    const paths = await runBaton<readonly string[]>(api, 'baton.showWaveChanges', { id, wave: 3 });
    assert.ok(paths.includes('wave.txt'));
    await waitFor('the diffs', () =>
      vscode.window.tabGroups.all.some((group) => group.tabs.some(({ label }) => label.startsWith('Wave 3 of'))),
    );
    await closeEditors();
    rmSync(pathOf('wave.txt'));
  });

  it('tells once of an agent that went in circles, of a question, and of the end', async () => {
    const { notices } = late.agents;
    const before = notices.sent;
    const run = harbourRun(pathOf(''));
    const finding = run.agents[3]?.findings[0];
    assert.ok(finding);
    const stopped: WaveRun = {
      ...run,
      agents: run.agents.map((agent) =>
        agent.key === 'w3-a2' ? { ...agent, status: 'spiral', findings: [finding] } : agent,
      ),
    };
    await records.write(stopped);
    await waitFor('the notice of the breaker', () => notices.sent === before + 1);
    await records.ask({
      id: 'wave-scope-000001',
      kind: 'question',
      question: 'w3-a2 went in circles. How does it go on?',
      options: ['Narrow its task', 'Leave it out'],
      blocking: true,
      askedAt: '2026-11-20T10:25:00Z',
      wave: run.id,
      recommended: 'Narrow its task',
    });
    await waitFor('the notice of the question', () => notices.sent === before + 2);
    await line(agents, /w3-a2 went in circles\. How does it go on\? \| blocks · harbour/);
    await line(current, /w3-a2 went in circles\. How does it go on\? \| recommended: Narrow its task/);
    await runBaton(api, 'baton.answerQuestion', { id: 'wave-scope-000001', text: '1' });
    await records.write({ ...stopped, status: 'completed', wave: 5, step: 'record', endedAt: '2026-11-20T10:40:00Z' });
    await waitFor('the notice of the end', () => notices.sent === before + 3);
    await line(current, /^Harbour fares \| completed, to be closed/);
    assert.equal(api.contextKeys()['baton.wavesDone'], true);
    assert.equal(late.agents.surroundings.badge, 1);
  });

  it('has them on the board, and does from there what the commands do', async () => {
    await records.write(harbourRun(pathOf('')));
    const { panel, posted, stop } = await openDashboard(api);
    const run = await waitFor('the run on the board', () => {
      const message = posted.findLast(({ kind }) => kind === 'snapshot' || kind === 'change');
      const rest =
        message?.kind === 'snapshot' ? message.snapshot : message?.kind === 'change' ? message.rest : undefined;
      return rest?.waves?.find(({ status }) => status === 'active');
    });
    assert.deepEqual([run.id, run.waves.length], ['harbour-abc-000001', 5]);
    await panel.receive({ v: 1, kind: 'wave', verb: 'pause', run: run.id });
    assert.equal((await records.read(run.id)).request?.kind, 'pause');
    await panel.receive({ v: 1, kind: 'wave', verb: 'launch', run: run.id });
    stop();
    await closeEditors();
  });

  it('makes a plan of a session, opens it, and never writes over one without asking', async () => {
    const argument = { id: 'BE-06', roles: ['Discovery', 'Impl-Core'], agents: 2 };
    const path = await runBaton<string>(api, 'baton.newWavePlan', argument);
    assert.equal(path, 'docs/waves/BE-06.md');
    const text = await readText(path);
    assert.match(text, /^### Wave 1: Discovery \(1 agent, read-only\)$/m);
    assert.match(text, /^### Wave 2: Impl-Core \(/m);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, pathOf(path));
    await writeText(path, `${text}\nmine\n`);
    await runBaton(api, 'baton.newWavePlan', argument);
    assert.match(questions.at(-1) ?? '', /^Replace docs\/waves\/BE-06\.md\?/);
    assert.equal(await readText(path), text);
    await closeEditors();
  });

  it('carries out a plan with real agents, stops one, and closes', async () => {
    await records.write(harbourRun(pathOf(''), { status: 'closed' }));
    await records.leave();
    const plan = [
      '# Two files',
      '',
      '## Wave Plan (Session: feature, 2 waves, isolation: none)',
      '',
      '### Wave 1: Impl-Core (2 agents, parallel)',
      '',
      '- Agent 1: Write out/a.txt → out/a.txt → it is there',
      '- Agent 2: Slowly write out/b.txt → out/b.txt → never',
      '',
      '### Wave 2: Finalization (1 agent)',
      '',
      '- Agent 1: Write out/c.txt → out/c.txt → it is there',
      '',
    ].join('\n');
    mkdirSync(pathOf('.orchestrator'), { recursive: true });
    await writeText('.orchestrator/bootstrap.lock', 'version: 1\ntier: fast\n');
    await writeText('docs/waves/two.md', plan);
    await git('add', '-A');
    await git('commit', '-qm', 'docs: a wave plan');
    const run = await runBaton<WaveRun>(api, 'baton.startWaveRun', { plan: 'docs/waves/two.md', focus: 'brevity' });
    assert.match(
      questions.at(-1) ?? '',
      /^Start Two files: 2 waves, 3 agents by small\?\nWave 1: Impl-Core\n {3}w1-a1 .*→ out\/a\.txt/,
    );
    await line(agents, /w1-a2 · running .*still at w1-a2/);
    await line(current, /^Two files \| running · wave 1 of 2/);
    await runBaton(api, 'baton.stopWaveAgent', { id: run.id, agent: 'w1-a2' });
    await line(current, /w1-a2 · stopped/);
    await answerAll(run.id);
    await line(current, /^Two files \| completed, to be closed/);
    assert.equal(readFileSync(pathOf('out/a.txt'), 'utf8'), 'w1-a1\n');
    assert.equal(readFileSync(pathOf('out/c.txt'), 'utf8'), 'w2-a1\n');
    await runBaton(api, 'baton.closeWaveRun', { id: run.id });
    await waitFor(
      'no open run',
      async () => !(await flatten(api.currentTree)).some(({ item }) => item.label === 'Two files'),
    );
  });

  /** Goes on with what the coordinator recommends until the run is over. */
  async function answerAll(id: string): Promise<void> {
    await waitFor(
      'the end of the run',
      async () => {
        const run = await records.read(id);
        const { element } = (await findItem(late.agents.provider, 'w1-a2 ').catch(() => undefined)) ?? {};
        if (element?.kind === 'question') await runBaton(api, 'baton.answerQuestion', { ...element, text: '1' });
        return run.status === 'completed' || run.status === 'failed';
      },
      limitMs,
    );
  }
});

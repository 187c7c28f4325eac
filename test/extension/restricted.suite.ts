/** The sample project in a window that is not trusted: everything can be read and edited, and nothing is run. */
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { CreateTaskListResult } from '../../src/core/actions/tasks/createTaskList.ts';
import type { BatonExports } from '../../src/extension/exports.ts';
import { harbourRun } from '../support/waveRuns.ts';
import { keyOf, openDashboard } from './suites/dashboardPanel.ts';
import { recordProcesses } from './suites/processes.ts';
import { anyToken, releaseFile, releaseText, rowOf, writeLists } from './suites/tasksFiles.ts';
import {
  activateBaton,
  closeEditors,
  drawTree,
  findItem,
  openFile,
  pathOf,
  problemCode,
  progressFile,
  readText,
  refusalOf,
  replaceInFile,
  runBaton,
  sessionFile,
  waitFor,
} from './suites/window.ts';

describe('Baton in Restricted Mode', () => {
  let api: BatonExports;
  const processes = recordProcesses();
  before(async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    api = await activateBaton();
    // The first scan may have ended before this suite was loaded.
    await runBaton(api, 'baton.refreshViews');
  });
  after(() => processes.stop());

  it('shows sessions, the active session and the status bar', async () => {
    assert.equal((await drawTree(api.sessionsTree))[0], 'Harbour Ferries | 5/13');
    await vscode.commands.executeCommand('baton.currentSession.focus');
    const lines = await drawTree(api.currentTree);
    assert.ok(lines.includes('Checklist | 1/5'), lines.join('\n'));
    assert.ok(lines.some((line) => line.startsWith('  Checkpoint 1')));
    assert.match(api.statusBarText() ?? '', /BE-04 1\/5/);
  });

  it('says that nothing is run', () => {
    assert.match(api.sessionsSurroundings().message ?? '', /Restricted Mode/);
  });

  it('ticks items and writes notes', async () => {
    const { element } = await findItem(api.currentTree, 'Seats can be given back');
    await api.tick(element, true);
    assert.match(await readText(sessionFile), /- \[x\] Seats can be given back/);
    await runBaton(api, 'baton.addNote', { text: 'written in Restricted Mode' });
    assert.match(await readText(sessionFile), /written in Restricted Mode/);
  });

  it('shows what another program writes', async () => {
    await replaceInFile(progressFile, '| FE-03 | ⬜ Pending |', '| FE-03 | ❌ Blocked |');
    await waitFor('the tree', async () =>
      (await findItem(api.sessionsTree, 'FE-03')).item.contextValue?.includes('blocked'),
    );
  });

  it('checks files as they are typed, explains and completes, without asking git', async () => {
    const { document } = await openFile(progressFile);
    const of = (code: string) =>
      vscode.languages.getDiagnostics(document.uri).filter((one) => problemCode(one) === code);
    await waitFor('the problem', () => of('status-disagrees').length > 0, 30_000);
    assert.deepEqual(of('unknown-commit'), []);
    const at = document.getText().indexOf('| BE-05 |') + 3;
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(at),
    );
    const [, links] = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
    const trusted = links?.isTrusted as { readonly enabledCommands: readonly string[] } | undefined;
    assert.deepEqual(trusted?.enabledCommands, ['baton.openProgress', 'baton.openPlan']);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(at + 'E-05 | '.length),
    );
    assert.ok(items.some(({ label }) => label === '✅ Done'));
    await closeEditors();
  });

  it('shows the dashboard, writes notes there, and refuses what would run something', async () => {
    const { panel, posted, stop } = await openDashboard(api);
    const key = await keyOf(panel, 'BE-07');
    const snapshot = posted.find(({ kind }) => kind === 'snapshot');
    assert.ok(snapshot?.kind === 'snapshot' && !snapshot.trusted);
    const edit = {
      v: 1,
      kind: 'editCell',
      request: 1,
      key,
      column: 'Notes',
      was: '',
      text: 'written in the dashboard',
    };
    await panel.receive(edit);
    assert.match(await readText(progressFile), /\| BE-07 .*\| written in the dashboard \|/);
    for (const verb of ['start', 'startAgent', 'showChanges', 'rollback']) {
      const before = api.reportedErrors().length;
      await panel.receive({ v: 1, kind: 'run', verb, keys: [key] });
      assert.deepEqual(
        api
          .reportedErrors()
          .slice(before)
          .map(({ code }) => code),
        ['untrusted'],
      );
    }
    stop();
    await closeEditors();
  });

  it('opens files, has lenses and checks the files', async () => {
    const { document } = await openFile(progressFile);
    assert.ok(api.codeLenses(document).length > 0);
    await runBaton(api, 'baton.openPlan', { id: 'BE-06' });
    await closeEditors();
  });

  it('works on task lists, and starts no server and no command for agents', async () => {
    await writeLists();
    await runBaton(api, 'baton.refreshViews');
    const { element } = await waitFor('the lists', () => findItem(api.tasksTree, 'models'));
    await api.tickTasks([[element, true]]);
    assert.match(rowOf(await readText(releaseFile), 'models'), /COMPLETE/);
    await runBaton(api, 'baton.undoTaskChange');
    assert.equal(await readText(releaseFile), releaseText);
    const made = await runBaton<CreateTaskListResult>(api, 'baton.createTaskList', { title: 'Here', tasks: ['One'] });
    assert.equal(made.session, 1);
    await runBaton(api, 'baton.resumeTaskList', { list: 'release' });
    assert.deepEqual(await api.mcpServers.provideMcpServerDefinitions(anyToken()), []);
  });

  it('shows isolated sessions and questions, takes an answer, and starts nothing for it', async () => {
    const id = 'session-FE-03-mjvznquz-abc123';
    const at = new Date().toISOString();
    const worktree = pathOf('.worktrees/FE-03-abc123');
    const record = {
      ...{ baton: 'isolated/1', id, status: 'waiting', agent: 'claude', worktree, branch: 'baton/FE-03-abc123' },
      item: { source: 'session', id: 'FE-03', title: 'Fare Picker', files: [], unblocksCount: 0, prompt: '' },
      base: { branch: 'main', commit: '0'.repeat(40) },
      ...{ createdAt: at, startedAt: at, attempt: 1, history: [{ status: 'waiting', at }], mark: id },
    };
    const question = { id: 'which-fare-000001', kind: 'question', question: 'Which fare?', options: ['Adult'] };
    const item = { ...question, blocking: true, askedAt: at, isolated: id };
    await mkdir(pathOf(`.git/baton/isolated/${id}`), { recursive: true });
    await mkdir(pathOf('.git/baton/inbox'), { recursive: true });
    await writeFile(pathOf(`.git/baton/isolated/${id}/state.json`), JSON.stringify(record));
    await writeFile(pathOf('.git/baton/inbox/which-fare-000001.json'), JSON.stringify(item));
    const { agents } = await api.late;
    await agents.refresh();
    const lines = await drawTree(agents.provider);
    assert.deepEqual(lines.slice(0, 3), [
      'Needs You | 1',
      '  Which fare? | blocks · FE-03',
      'Waiting for an Answer | 1',
    ]);
    assert.match(lines[3] ?? '', /^ {2}FE-03 Fare Picker \| waiting/);
    assert.match(agents.surroundings.message ?? '', /Restricted Mode/);
    await runBaton(api, 'baton.answerQuestion', { id: 'which-fare-000001', text: '1' });
    const answer = await readText('.git/baton/inbox/answers/which-fare-000001.json');
    assert.equal(JSON.parse(answer).answer, 'Adult');
    for (const command of ['stopIsolated', 'approveIsolated', 'showIsolatedChanges', 'openWorktreeTerminal']) {
      assert.equal(await refusalOf(api, `baton.${command}`, { id, reason: 'never' }), 'untrusted');
    }
    await rm(pathOf(`.git/baton/isolated/${id}`), { recursive: true });
    await rm(pathOf('.git/baton/inbox'), { recursive: true });
    await agents.refresh();
  });

  it('shows wave runs, and starts and stops nothing of them', async () => {
    const run = harbourRun(pathOf(''));
    await mkdir(pathOf(`.git/baton/waves/${run.id}`), { recursive: true });
    await writeFile(pathOf(`.git/baton/waves/${run.id}/run.json`), JSON.stringify(run));
    const { agents } = await api.late;
    await agents.refresh();
    const lines = await drawTree(api.currentTree);
    assert.match(lines[0] ?? '', /^Harbour fares \| interrupted · wave 3 of 5/);
    assert.ok(lines.some((line) => line.includes('Gate after Wave 2 | passed')));
    const commands = ['resumeWaveRun', 'abortWaveRun', 'closeWaveRun', 'stopWaveAgent', 'showWaveChanges'];
    for (const command of commands) {
      assert.equal(await refusalOf(api, `baton.${command}`, { id: run.id, agent: 'w3-a1' }), 'untrusted');
    }
    await rm(pathOf('.git/baton/waves'), { recursive: true });
    await agents.refresh();
  });

  const refused: readonly (readonly [string, unknown])[] = [
    ['baton.dispatchWork', { id: 'FE-03' }],
    ['baton.dispatchWork', {}],
    ['baton.mergeApproved', {}],
    ['baton.startWaveRun', { id: 'FE-03' }],
    ['baton.resumeInterrupted', {}],
    ['baton.restoreIsolated', { id: 'session-x' }],
    ['baton.cleanUpAgents', {}],
    ['baton.startSession', { id: 'FE-03', force: true }],
    ['baton.checkpointSession', { message: 'never' }],
    ['baton.verifySession', {}],
    ['baton.completeSession', { message: 'feat: never', verify: false }],
    ['baton.pauseSession', {}],
    ['baton.resumeSession', { id: 'FE-06' }],
    ['baton.failSession', { reason: 'never' }],
    ['baton.rollbackSession', { id: 'BE-03' }],
    ['baton.recoverSession', {}],
    ['baton.initProject', { project: 'Never', repositories: ['x'] }],
    ['baton.showChanges', { id: 'BE-03' }],
    ['baton.showCheckpoint', { id: 'BE-04', checkpoint: 1 }],
    ['baton.startAgent', { id: 'BE-04' }],
    ['baton.verifyTaskList', { list: 'release' }],
    ['baton.connectAgents', { agents: ['claude'] }],
    ['baton.syncTaskList', { list: 'release' }],
  ];
  for (const [command, argument] of refused) {
    it(`refuses ${command}`, async () => {
      assert.equal(await refusalOf(api, command, argument), 'untrusted');
    });
  }

  it('has changed nothing but what was edited, and started no process', async () => {
    assert.match(await readText(sessionFile), /^session: BE-04$/m);
    assert.equal(vscode.window.terminals.length, 0);
    const late = await api.late;
    assert.deepEqual([late.sourceControls.groups, late.tests.items], [[], []]);
    assert.deepEqual(processes.started, []);
    const files = await vscode.workspace.findFiles(new vscode.RelativePattern(pathOf(''), 'docs/progress/*'));
    assert.equal(files.length, 1);
  });
});

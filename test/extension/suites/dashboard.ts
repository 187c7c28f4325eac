import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { BatonExports } from '../../../src/extension/exports.ts';
import type { HostMessage } from '../../../src/webview/protocol.ts';
import { keyOf, openDashboard, pageLimitMs } from './dashboardPanel.ts';
import {
  activateBaton,
  closeEditors,
  openFile,
  progressFile,
  readText,
  replaceInFile,
  runBaton,
  setSetting,
  typeAt,
  waitFor,
  writeText,
} from './window.ts';

const rowOf = async (id: string): Promise<string> =>
  (await readText(progressFile)).split('\n').find((line) => line.startsWith(`| ${id} |`)) ?? '';

describe('the dashboard', () => {
  let api: BatonExports;
  let original: string;
  before(async () => {
    api = await activateBaton();
    original = await readText(progressFile);
    await setSetting('files.autoSave', 'off');
    await setSetting('baton.files.saveDirtyEditors', 'never');
  });
  after(async () => {
    await setSetting('files.autoSave', undefined);
    await setSetting('baton.files.saveDirtyEditors', undefined);
  });
  afterEach(async () => {
    await closeEditors();
    await writeText(progressFile, original);
    await runBaton(api, 'baton.refreshViews');
  });

  it('opens once, tells its page everything, and closes', async () => {
    const { panel, stop } = await openDashboard(api);
    const messages: HostMessage[] = [];
    const subscription = panel.onDidPost((message) => messages.push(message));
    await panel.receive({ v: 1, kind: 'ready' });
    const [snapshot] = messages;
    assert.ok(snapshot?.kind === 'snapshot' && snapshot.trusted);
    assert.equal(snapshot.snapshot.sessions.length, 13);
    assert.equal(snapshot.snapshot.active?.id, 'BE-04');
    await runBaton(api, 'baton.openDashboard', { id: 'FE-03' });
    assert.deepEqual(messages.at(-1), { v: 1, kind: 'show', section: 'sessions', key: await keyOf(panel, 'FE-03') });
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    assert.equal(tabs.filter((label) => label.startsWith('Dashboard')).length, 1);
    subscription.dispose();
    stop();
    await closeEditors();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? '';
    await waitFor('the end', () => api.dashboard(folder) === undefined);
  });

  it('opens beside the editor, and is not covered by what is opened from it', async () => {
    await openFile(progressFile);
    const { stop } = await openDashboard(api);
    await waitFor('two groups', () => vscode.window.tabGroups.all.length === 2);
    await runBaton(api, 'baton.openSessionFile');
    const shown = await waitFor('SESSION.md', () => {
      const labels = vscode.window.tabGroups.all.map(({ activeTab }) => activeTab?.label ?? '');
      return labels.includes('SESSION.md') ? labels : undefined;
    });
    assert.equal(shown.length, 2);
    assert.match(shown[1] ?? '', /^Dashboard/);
    stop();
  });

  it('tells its page what another program changed, and that alone', async () => {
    const { panel, posted, stop } = await openDashboard(api);
    const key = await keyOf(panel, 'FE-03');
    await replaceInFile(progressFile, '| FE-03 | ⬜ Pending |', '| FE-03 | ❌ Blocked |');
    const change = await waitFor('the change', () => posted.find((message) => message.kind === 'change'), pageLimitMs);
    assert.ok(change.kind === 'change');
    const about = change.changed.map((session) => session.id);
    assert.ok(about.includes('FE-03') && about.length <= 2, `changed: ${about.join(', ')}`);
    assert.equal(change.changed.find((session) => session.key === key)?.state, 'blocked');
    assert.deepEqual([change.removed, change.order], [[], undefined]);
    stop();
  });

  it('writes a note through an editor with unsaved changes, and loses none of them', async () => {
    const { panel, posted, stop } = await openDashboard(api);
    const key = await keyOf(panel, 'BE-07');
    const editor = await openFile(progressFile);
    await typeAt(editor, new vscode.Position(editor.document.lineCount - 1, 0), 'typed by hand\n');
    const edit = { v: 1, kind: 'editCell', request: 7, key, column: 'Notes', was: '', text: 'a | b' };
    await panel.receive(edit);
    assert.deepEqual(posted.filter(({ kind }) => kind === 'cellResult').at(-1), {
      v: 1,
      kind: 'cellResult',
      request: 7,
    });
    assert.ok(editor.document.isDirty);
    assert.match(editor.document.getText(), /\| BE-07 .*\| a \\\| b \|/);
    assert.match(editor.document.getText(), /typed by hand/);
    assert.equal(await readText(progressFile), original);
    await editor.document.save();
    assert.match(await rowOf('BE-07'), /\| a \\\| b \|/);
    stop();
  });

  it('refuses an edit of a cell that says something else by now', async () => {
    const { panel, posted, stop } = await openDashboard(api);
    const key = await keyOf(panel, 'BE-07');
    await panel.receive({ v: 1, kind: 'editCell', request: 8, key, column: 'Notes', was: 'what I saw', text: 'x' });
    const answer = posted.filter(({ kind }) => kind === 'cellResult').at(-1);
    assert.ok(answer?.kind === 'cellResult' && answer.request === 8);
    assert.match(answer.message ?? '', /Notes of BE-07/);
    await panel.receive({ v: 1, kind: 'editCell', request: 9, key, column: 'Commit', was: '', text: 'x' });
    const kept = posted.filter(({ kind }) => kind === 'cellResult').at(-1);
    assert.ok(kept?.kind === 'cellResult' && kept.request === 9 && kept.message !== undefined);
    assert.equal(await readText(progressFile), original);
    stop();
  });

  it('corrects states, of several sessions after one question', async () => {
    const { panel, posted, stop } = await openDashboard(api);
    const keys = [await keyOf(panel, 'BE-07'), await keyOf(panel, 'FE-03')];
    const questions: string[] = [];
    const ask = (answer: boolean) =>
      api.answer({
        confirm: async ({ question }) => {
          questions.push(question);
          return answer;
        },
      });
    const refusing = ask(false);
    await panel.receive({ v: 1, kind: 'setStatus', request: 1, keys, status: 'blocked' });
    refusing.dispose();
    assert.equal(await readText(progressFile), original);
    const agreeing = ask(true);
    await panel.receive({ v: 1, kind: 'setStatus', request: 2, keys, status: 'blocked' });
    agreeing.dispose();
    assert.equal(questions.length, 2);
    for (const id of ['BE-07', 'FE-03']) assert.match(await rowOf(id), /⛔ Blocked/);
    await panel.receive({ v: 1, kind: 'setStatus', request: 3, keys: [await keyOf(panel, 'BE-04')], status: 'done' });
    const answer = posted.filter(({ kind }) => kind === 'cellResult').at(-1);
    assert.ok(answer?.kind === 'cellResult' && answer.message?.includes('BE-04') === true);
    stop();
  });

  it('ignores messages that are none of its page’s, and opens nothing but state files', async () => {
    const { panel, posted, stop } = await openDashboard(api);
    const before = [
      api.reportedErrors().length,
      posted.length,
      vscode.window.tabGroups.activeTabGroup.activeTab?.label,
    ];
    for (const message of [
      undefined,
      'ready',
      { v: 1, kind: 'eval', code: 'process.exit(1)' },
      { v: 2, kind: 'ready' },
      { v: 1, kind: 'run', verb: 'workbench.action.terminal.new', keys: ['x'] },
      { v: 1, kind: 'run', verb: 'start', keys: 'x' },
      { v: 1, kind: 'openFile', path: '../../../etc/passwd' },
      { v: 1, kind: 'openFile', path: '/etc/passwd' },
      { v: 1, kind: 'openFile', path: 'package.json' },
      { v: 1, kind: 'openTaskList', list: '../../x' },
      { v: 1, kind: '__proto__' },
    ]) {
      await panel.receive(message);
    }
    const after = [api.reportedErrors().length, posted.length, vscode.window.tabGroups.activeTabGroup.activeTab?.label];
    assert.deepEqual(after, before);
    // What is gone, or asks for what does not fit, is told to the person.
    await panel.receive({ v: 1, kind: 'run', verb: 'start', keys: ['gone'] });
    await panel.receive({ v: 1, kind: 'run', verb: 'pause', keys: [await keyOf(panel, 'FE-03')] });
    assert.deepEqual(
      api
        .reportedErrors()
        .slice(-2)
        .map(({ code }) => code),
      ['unknown-session', 'wrong-state'],
    );
    await panel.receive({ v: 1, kind: 'openFile', path: progressFile });
    await waitFor('the file', () => vscode.window.activeTextEditor?.document.uri.path.endsWith(progressFile));
    stop();
  });
});

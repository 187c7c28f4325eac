import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/contributions.ts';
import type { BatonExports } from '../../../src/extension/exports.ts';
import {
  activateBaton,
  drawTree,
  findItem,
  labelOf,
  openFile,
  pathOf,
  planFile,
  progressFile,
  replaceInFile,
  runBaton,
  sessionFile,
  waitFor,
  withSetting,
} from './window.ts';

describe('the window of a trusted folder', () => {
  let api: BatonExports;
  before(async () => {
    api = await activateBaton();
  });

  it('has every command', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.keys(commands).filter((id) => !known.has(id)),
      [],
    );
  });

  it('shows project, repositories, sections and sessions', async () => {
    const lines = await drawTree(api.sessionsTree);
    assert.equal(lines[0], 'Harbour Ferries | 5/13');
    const outline = lines.map((line) => line.replace(/ \|.*/, '').replace(/ \(.*/, ''));
    assert.deepEqual(outline.slice(0, 8), [
      'Harbour Ferries',
      '  harbour-backend',
      '    Week 1',
      '      BE-01  Timetable Format',
      '      BE-02  Next Departures',
      '    Week 2',
      '      BE-03  Fares and Concessions',
      '      BE-04  Seat Reservations',
    ]);
    assert.equal(outline.filter((line) => /^ {6}(BE|FE)-/.test(line)).length, 13);
  });

  it('says state, reason and time of a session, to the eye and to the screen reader', async () => {
    const { item: active } = await findItem(api.sessionsTree, 'BE-04');
    assert.match(String(active.description), /^5\d min$/);
    assert.match(active.accessibilityInformation?.label ?? '', /^BE-04, Seat Reservations, active, started /);
    assert.ok(active.iconPath instanceof vscode.ThemeIcon && active.iconPath.id === 'circle-filled');
    assert.match(active.contextValue ?? '', /^session active here plan prompt row/);
    const { item: waiting } = await findItem(api.sessionsTree, 'BE-06');
    assert.match(String(waiting.description), /^waits for /);
    const { item: done } = await findItem(api.sessionsTree, 'BE-01');
    assert.equal(done.resourceUri?.scheme, 'baton-session');
    assert.match(String(done.description), /(min|h)/);
    const ids = new Set((await drawTree(api.sessionsTree)).map((line) => line.trim()));
    assert.ok(ids.size > 13);
  });

  it('makes tooltips of text that is never rendered', async () => {
    const { element, item } = await findItem(api.sessionsTree, 'BE-04');
    const token = new vscode.CancellationTokenSource().token;
    const resolved = await api.sessionsTree.resolveTreeItem?.(item, element, token);
    assert.ok(resolved?.tooltip instanceof vscode.MarkdownString);
    assert.match(resolved.tooltip.value, /BE/);
    assert.ok(!resolved.tooltip.isTrusted);
    assert.ok(!resolved.tooltip.supportHtml);
  });

  it('sums up in the view’s description, and counts in the badge what needs a person', () => {
    const { description, badge, message } = api.sessionsSurroundings();
    assert.equal(description, '5/13 done');
    assert.equal(badge, 1);
    assert.equal(message, undefined);
  });

  it('shows the active session with checklist, commands, checkpoints, notes and plan', async () => {
    await vscode.commands.executeCommand('baton.currentSession.focus');
    await waitFor(
      'the checkpoint’s commit',
      async () => (await findItem(api.currentTree, 'Checkpoint 1')).item.command,
    );
    const lines = await drawTree(api.currentTree);
    assert.match(lines[0] ?? '', /^BE-04 {2}Seat Reservations \| 5\d min/);
    for (const line of [
      'Checklist | 1/5',
      '  A group gets all its seats or none',
      'Verification | 3',
      'Checkpoints | 1',
      '  Checkpoint 1 | reserving works, expiry is next',
      'Plan | ',
      '  Model | opus',
      '  Skill | test-first',
    ]) {
      assert.ok(
        lines.some((one) => one.startsWith(line)),
        `no line ${line} in\n${lines.join('\n')}`,
      );
    }
    const { item } = await findItem(api.currentTree, 'A group gets');
    assert.ok(
      typeof item.checkboxState === 'object' && item.checkboxState.state === vscode.TreeItemCheckboxState.Checked,
    );
  });

  it('shows session, progress and time in the status bar', () => {
    assert.match(api.statusBarText() ?? '', /^\$\(checklist\) BE-04 1\/5 5\d min$/);
  });

  it('hides the status bar item on request', async () => {
    await withSetting('baton.statusBar.shown', false, async () => {
      await waitFor('hidden', () => api.statusBarText() === undefined);
    });
    await waitFor('shown again', () => api.statusBarText() !== undefined);
  });

  it('sets the context keys', () => {
    const keys = api.contextKeys();
    assert.deepEqual(
      { ...keys, 'baton.stateFiles': keys['baton.stateFiles'].includes(pathOf(progressFile)) },
      {
        'baton.loaded': true,
        'baton.hasPlan': true,
        'baton.hasSessions': true,
        'baton.hasActiveSession': true,
        'baton.hasPausedSession': true,
        'baton.hasCheckpoint': true,
        'baton.didComplete': false,
        'baton.hasUnreadable': false,
        'baton.hasChecklist': true,
        'baton.interrupted': false,
        'baton.filtered': false,
        'baton.hasTaskLists': false,
        'baton.canUndoTask': false,
        'baton.hasAgents': false,
        'baton.hasApproved': false,
        'baton.agentsInterrupted': false,
        'baton.autopilotRuns': false,
        'baton.hasWaveRun': false,
        'baton.hasWaveState': false,
        'baton.wavesDone': false,
        'baton.wavesRest': false,
        'baton.wavesRun': false,
        'baton.stateFiles': true,
      },
    );
  });

  it('has lenses on the rows that are active or ready, and on plan headings', async () => {
    const { document } = await openFile(progressFile);
    const lenses = await waitFor('lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        100,
      );
      return found.length > 0 ? found : undefined;
    });
    const onRow = (id: string, all: readonly vscode.CodeLens[]) =>
      all
        .filter((lens) => document.lineAt(lens.range.start.line).text.startsWith(`| ${id} `))
        .map((lens) => lens.command?.title);
    assert.deepEqual(onRow('BE-04', lenses), ['Checkpoint', 'Verify', 'Complete', 'Show Changes', 'Open Prompt']);
    assert.deepEqual(onRow('BE-01', lenses), []);
    // A worktree carries one session at a time, and BE-04 is active.
    assert.deepEqual(onRow('BE-05', lenses), ['Open Prompt']);
    assert.deepEqual(onRow('BE-06', lenses), []);
    await withSetting('baton.codeLens.progressRows', 'all', async () => {
      await waitFor('lenses on done rows', () => onRow('BE-01', api.codeLenses(document)).includes('Show Changes'));
      assert.deepEqual(onRow('FE-06', api.codeLenses(document)), ['Open Prompt']);
    });
    await withSetting('baton.codeLens.progressRows', 'off', async () => {
      await waitFor('no lens', () => api.codeLenses(document).length === 0);
    });
    const plan = await openFile(planFile);
    const headings = api.codeLenses(plan.document).map((lens) => plan.document.lineAt(lens.range.start.line).text);
    assert.ok(headings.some((text) => /BE-04/.test(text)));
  });

  it('has lenses for what is typed and not saved', async () => {
    const editor = await openFile(progressFile);
    const row = editor.document
      .getText()
      .split('\n')
      .findIndex((line) => line.startsWith('| FE-03 '));
    const titles = () =>
      api
        .codeLenses(editor.document)
        .filter((lens) => lens.range.start.line === row)
        .map((lens) => lens.command?.title);
    assert.deepEqual(titles(), ['Open Prompt']);
    const cell = editor.document.lineAt(row).text.indexOf('⬜ Pending');
    await editor.edit((edit) => edit.replace(new vscode.Range(row, cell, row, cell + '⬜ Pending'.length), '✅ Done'));
    assert.deepEqual(titles(), []);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('filters by state, and says so', async () => {
    await runBaton(api, 'baton.filterSessions', { statuses: ['active', 'retry'] });
    const lines = await drawTree(api.sessionsTree);
    assert.deepEqual(
      lines.filter((line) => /(BE|FE)-\d/.test(line)).map((line) => line.trim().slice(0, 5)),
      ['BE-04', 'BE-05'],
    );
    assert.equal(api.contextKeys()['baton.filtered'], true);
    assert.equal(api.sessionsSurroundings().description, '5/13 done, filtered');
    await runBaton(api, 'baton.clearFilter');
    assert.equal(api.contextKeys()['baton.filtered'], false);
  });

  it('shows what another program writes, within a second of its doing so', async () => {
    await replaceInFile(progressFile, '| FE-03 | ⬜ Pending |', '| FE-03 | ❌ Blocked |');
    await waitFor(
      'the tree',
      async () => (await findItem(api.sessionsTree, 'FE-03')).item.contextValue?.includes('blocked'),
      1_500,
    );
    assert.equal(api.sessionsSurroundings().badge, 2);
    await replaceInFile(progressFile, '| FE-03 | ❌ Blocked |', '| FE-03 | ⬜ Pending |');
    await waitFor(
      'the tree',
      async () => (await findItem(api.sessionsTree, 'FE-03')).item.contextValue?.includes('ready'),
      1_500,
    );
  });

  it('fires the smallest elements for a change', async () => {
    const fired: unknown[] = [];
    const listener = api.sessionsTree.onDidChangeTreeData?.((element) => fired.push(element));
    await replaceInFile(
      progressFile,
      '| FE-03 | ⬜ Pending | — | — | — | |',
      '| FE-03 | ⬜ Pending | — | — | — | soon |',
    );
    // Groups that the tree draws again after it was drawn are fired alone.
    const elements = await waitFor('an event', () => fired.find((one) => Array.isArray(one)));
    listener?.dispose();
    assert.deepEqual(Array.isArray(elements) && elements.map((element) => element.id), ['FE-03']);
    await replaceInFile(
      progressFile,
      '| FE-03 | ⬜ Pending | — | — | — | soon |',
      '| FE-03 | ⬜ Pending | — | — | — | |',
    );
  });

  it('says why a table cannot be understood, and what would help', async () => {
    const path = 'docs/progress/BROKEN_PROGRESS.md';
    const uri = vscode.Uri.file(pathOf(path));
    await vscode.workspace.fs.writeFile(
      uri,
      Buffer.from('# Broken Progress\n\n<<<<<<< ours\n| Session | Status |\n|---|---|\n=======\n>>>>>>> theirs\n'),
    );
    const message = await waitFor('a message', () => api.sessionsSurroundings().message);
    assert.match(message, /BROKEN_PROGRESS\.md: .+\. “Baton: Check State Files”/s);
    await vscode.workspace.fs.delete(uri);
    await waitFor('no message', () => assert.equal(api.sessionsSurroundings().message, undefined) ?? true);
  });

  it('ticks in the file what is ticked in the tree', async () => {
    const { element } = await findItem(api.currentTree, 'Seats can be given back');
    await api.tick(element, true);
    await waitFor('the file', async () => /- \[x\] Seats can be given back/.test(await vscodeText(sessionFile)));
    await waitFor('the status bar', () => api.statusBarText()?.includes('2/5'));
    await runBaton(api, 'baton.toggleItem', { item: 2, checked: false });
    assert.match(await vscodeText(sessionFile), /- \[ \] Seats can be given back/);
  });

  it('reveals the active session', async () => {
    await runBaton(api, 'baton.revealSession', { id: 'BE-04' });
    const { element } = await findItem(api.sessionsTree, 'BE-04');
    const parent = await api.sessionsTree.getParent?.(element);
    assert.ok(parent);
    assert.match(labelOf(await api.sessionsTree.getTreeItem(parent)), /^Week 2/);
  });
});

async function vscodeText(file: string): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.file(pathOf(file)))).toString('utf8');
}

/** A folder with nothing of Baton's in it: plans are made, by the verbs and from lists. */
import assert from 'node:assert/strict';
import { mkdir, stat } from 'node:fs/promises';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { CreatePlanResult } from '../../src/core/actions/createPlan.ts';
import type { BatonExports } from '../../src/extension/exports.ts';
import {
  activateBaton,
  closeEditors,
  git,
  pathOf,
  readText,
  refusalOf,
  runBaton,
  waitFor,
  writeText,
} from './suites/window.ts';

describe('Baton in a folder without a plan', () => {
  let api: BatonExports;
  before(async () => {
    api = await activateBaton();
    await git('init', '--quiet');
    await mkdir(pathOf('notes'));
  });

  it('says nothing in the status bar', () => {
    assert.equal(api.statusBarText(), undefined);
    assert.equal(api.contextKeys()['baton.hasSessions'], false);
  });

  it('makes a plan with its progress file, opens it, and can start its first session', async () => {
    const result = await runBaton<CreatePlanResult>(api, 'baton.newPlan', {
      project: 'Town library',
      repositories: [],
      sessions: ['# Shelves', 'Catalogue', 'Loans after Catalogue'],
    });
    assert.deepEqual(
      result.sessions.map(({ id, dependencies }) => [id, ...dependencies]),
      [['TL-01'], ['TL-02', 'TL-01']],
    );
    assert.match(await readText('docs/TOWN_LIBRARY_PROMPTS.md'), /^## Session TL-02: Loans$/m);
    assert.match(await readText('docs/progress/TOWN_LIBRARY_PROGRESS.md'), /^\| TL-02 \| ⬜ Pending \|/m);
    assert.ok(vscode.window.activeTextEditor?.document.uri.path.endsWith('/docs/TOWN_LIBRARY_PROMPTS.md'));
    await waitFor('the sessions', () => api.contextKeys()['baton.hasSessions']);
    assert.equal(api.statusBarText(), '$(checklist) 0/2');
  });

  it('tells in the language status of a state file what is wrong with it, and of no other file', async () => {
    await waitFor('the status', () => api.languageStatus?.shown?.text === 'Baton: no problems');
    assert.equal(api.languageStatus?.shown?.detail, 'No session is active');
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    const at = editor.document.getText().indexOf('  - TL-01');
    assert.ok(at > 0);
    const from = editor.document.positionAt(at + '  - '.length);
    await editor.edit((edit) => edit.replace(new vscode.Range(from, from.translate(0, 5)), 'TL-99'));
    await waitFor('a problem', () => api.languageStatus?.shown?.text === 'Baton: 1 problem');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await writeText('README.md', '# Readme\n\n- [ ] nothing of ours\n');
    await vscode.window.showTextDocument(vscode.Uri.file(pathOf('README.md')));
    await waitFor('no status', () => api.languageStatus?.shown === undefined || undefined);
    await closeEditors();
  });

  it('refuses what is there already', async () => {
    const again = { project: 'Town Library', repositories: [], sessions: ['Other'] };
    assert.equal(await refusalOf(api, 'baton.newPlan', again), 'already-exists');
    assert.match(await readText('docs/TOWN_LIBRARY_PROMPTS.md'), /Loans/);
  });

  const list = { file: 'notes/TODO.md', unit: 'items', project: 'Reading room' };

  it('shows the plan that a list would give, and writes nothing where the person says no', async () => {
    await writeText('notes/TODO.md', '# TODO\n\n- [x] Roof\n- [ ] Lamps\n- [ ] Chairs (after Lamps)\n');
    const asked: {
      readonly question: string;
      readonly detail: readonly string[];
      readonly shown: string | undefined;
    }[] = [];
    const answering = api.answer({
      confirm: async ({ question, detail }) => {
        asked.push({ question, detail, shown: vscode.window.activeTextEditor?.document.getText() });
        return false;
      },
    });
    await runBaton(api, 'baton.planFromList', list);
    answering.dispose();
    assert.equal(asked[0]?.question, 'Make docs/READING_ROOM_PROMPTS.md with 2 sessions?');
    assert.deepEqual(asked[0]?.detail.slice(0, 4), [
      'RR-01  Lamps',
      'RR-02  Chairs ← RR-01',
      '',
      'Left out, because it is done: Roof',
    ]);
    assert.match(asked[0]?.shown ?? '', /^# Reading room Prompts\n[\s\S]*Source: notes\/TODO\.md:5/);
    await assert.rejects(stat(pathOf('docs/READING_ROOM_PROMPTS.md')));
  });

  it('makes it where the person says yes', async () => {
    const answering = api.answer({ confirm: async () => true });
    const result = await runBaton<CreatePlanResult>(api, 'baton.planFromList', list);
    answering.dispose();
    assert.deepEqual(result.done, ['Roof']);
    assert.match(await readText('docs/progress/READING_ROOM_PROGRESS.md'), /^\| RR-02 \|/m);
    await closeEditors();
  });

  it('says what a list needs that is none', async () => {
    await writeText('notes/empty.md', 'Just prose.\n');
    assert.equal(await refusalOf(api, 'baton.planFromList', { ...list, file: 'notes/empty.md' }), 'invalid-argument');
    assert.equal(await refusalOf(api, 'baton.planFromList', { ...list, file: 'notes/none.md' }), 'unreadable-file');
  });

  it('writes a report of a problem with versions, and with nothing of the repository', async () => {
    const text = await runBaton<string>(api, 'baton.reportIssue');
    assert.match(text, /^- Baton: \d+\.\d+\.\d+$/m);
    assert.match(text, new RegExp(`: ${vscode.version.replaceAll('.', '\\.')} \\(`));
    assert.doesNotMatch(text, /library|reading|TL-0|\/tmp/i);
    assert.equal(vscode.window.activeTextEditor?.document.getText(), text);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});

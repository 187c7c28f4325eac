import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { BatonExports } from '../../../src/extension/exports.ts';
import {
  activateBaton,
  closeEditors,
  openFile,
  readText,
  replaceInFile,
  runBaton,
  sessionFile,
  setSetting,
  typeAt,
  waitFor,
  withSetting,
  writeText,
} from './window.ts';

const open = '- [ ] Seats can be given back';
const ticked = '- [x] Seats can be given back';
const secondOpen = '- [ ] No module looks at the clock';
const secondTicked = '- [x] No module looks at the clock';

describe('a state file that is open in an editor', () => {
  let api: BatonExports;
  let original: string;
  before(async () => {
    api = await activateBaton();
    original = await readText(sessionFile);
    // On, as it is in a browser, every test would race with it; one test has it on.
    await setSetting('files.autoSave', 'off');
  });
  after(async () => {
    await setSetting('files.autoSave', undefined);
  });
  afterEach(async () => {
    await closeEditors();
    await writeText(sessionFile, original);
    await waitFor('the store', () => api.statusBarText()?.includes('1/5'));
  });

  it('keeps an outside edit of the same length when the unsaved editor is saved (test A)', async () => {
    const editor = await openFile(sessionFile);
    await typeAt(editor, new vscode.Position(editor.document.lineCount - 1, 0), 'typed by hand\n');
    await replaceInFile(sessionFile, open, ticked);
    assert.equal(await editor.document.save(), true);
    const text = await readText(sessionFile);
    assert.ok(text.includes('typed by hand'));
    assert.ok(text.includes(ticked), 'the outside edit was lost');
    assert.ok(editor.document.getText().includes(ticked));
  });

  it('keeps it also when auto save writes the editor by itself', async () => {
    await withSetting('files.autoSave', 'afterDelay', async () => {
      const editor = await openFile(sessionFile);
      await typeAt(editor, new vscode.Position(editor.document.lineCount - 1, 0), 'typed by hand\n');
      await replaceInFile(sessionFile, open, ticked);
      await waitFor('auto save', async () => (await readText(sessionFile)).includes('typed by hand'));
      assert.ok((await readText(sessionFile)).includes(ticked), 'the outside edit was lost');
    });
  });

  it('merges an outside edit of another length into the unsaved editor when Baton writes, and undo reaches what was typed (test B)', async () => {
    const editor = await openFile(sessionFile);
    await typeAt(editor, new vscode.Position(editor.document.lineCount - 1, 0), 'typed by hand\n');
    await replaceInFile(
      sessionFile,
      '- [x] A group gets all its seats or none',
      '- [x] A group gets all its seats or none, always',
    );
    await withSetting('baton.files.saveDirtyEditors', 'always', async () => {
      await runBaton(api, 'baton.toggleItem', { item: 2, checked: true });
    });
    const text = await readText(sessionFile);
    assert.ok(text.includes('typed by hand'), 'what was typed is lost');
    assert.ok(text.includes('none, always'), 'the outside edit was lost');
    assert.ok(text.includes(ticked), 'Baton’s own edit was lost');
    assert.equal(editor.document.isDirty, false);
    for (let step = 0; step < 10 && editor.document.getText().includes('typed by hand'); step += 1) {
      await vscode.commands.executeCommand('undo');
    }
    assert.ok(!editor.document.getText().includes('typed by hand'), 'undo does not reach the typed text');
  });

  it('merges an outside edit of the same length, too', async () => {
    const editor = await openFile(sessionFile);
    await typeAt(editor, new vscode.Position(editor.document.lineCount - 1, 0), 'typed by hand\n');
    await replaceInFile(sessionFile, secondOpen, secondTicked);
    await withSetting('baton.files.saveDirtyEditors', 'always', async () => {
      await runBaton(api, 'baton.toggleItem', { item: 2, checked: true });
    });
    const text = await readText(sessionFile);
    for (const part of ['typed by hand', ticked, secondTicked]) assert.ok(text.includes(part), `${part} is lost`);
  });

  it('leaves the edit unsaved in an unsaved editor unless the setting says to save', async () => {
    const editor = await openFile(sessionFile);
    await typeAt(editor, new vscode.Position(editor.document.lineCount - 1, 0), 'typed by hand\n');
    await runBaton(api, 'baton.toggleItem', { item: 2, checked: true });
    assert.equal(await readText(sessionFile), original);
    assert.equal(editor.document.isDirty, true);
    assert.ok(editor.document.getText().includes(ticked));
    assert.equal(await editor.document.save(), true);
    const text = await readText(sessionFile);
    assert.ok(text.includes(ticked) && text.includes('typed by hand'));
  });

  it('stops at an outside edit of the same line and overwrites neither', async () => {
    const editor = await openFile(sessionFile);
    const line = editor.document.getText().split('\n').indexOf(open);
    await typeAt(editor, new vscode.Position(line, open.length), ' by hand');
    await replaceInFile(sessionFile, open, `${open} from outside`);
    const before = api.reportedErrors().length;
    await vscode.commands.executeCommand('baton.toggleItem', { item: 0, checked: false });
    assert.equal(api.reportedErrors().slice(before).at(-1)?.code, 'conflict');
    assert.ok((await readText(sessionFile)).includes(`${open} from outside`));
    assert.ok(editor.document.getText().includes(`${open} by hand`));
    assert.ok(
      vscode.window.tabGroups.all.some((group) =>
        group.tabs.some((tab) => tab.input instanceof vscode.TabInputTextDiff),
      ),
    );
  });

  it('is edited and saved in a clean editor, where undo takes the edit back', async () => {
    const editor = await openFile(sessionFile);
    await runBaton(api, 'baton.toggleItem', { item: 2, checked: true });
    assert.equal(editor.document.isDirty, false);
    assert.ok(editor.document.getText().includes(ticked));
    assert.equal(await readText(sessionFile), original.replace(open, ticked));
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('undo');
    assert.ok(editor.document.getText().includes(open));
  });

  it('keeps every byte beside the edit: CRLF with a BOM, and mixed line endings', async () => {
    const crlf = `\uFEFF${original.replace(/\n/g, '\r\n')}`;
    const mixed = original.replace(/\n/, '\r\n');
    for (const text of [crlf, mixed]) {
      await writeText(sessionFile, text);
      await waitFor('the store', async () => api.statusBarText()?.includes('1/5'));
      const { document } = await openFile(sessionFile);
      await runBaton(api, 'baton.toggleItem', { item: 2, checked: true });
      assert.equal(await readText(sessionFile), text.replace(open, ticked));
      await waitFor('the editor', () => document.getText().includes(ticked));
      assert.equal(document.isDirty, false);
      await closeEditors();
    }
  });

  it('keeps its bytes although saving would reformat them', async () => {
    const spaces = original.replace('# Current Session', '# Current Session   ').replace(/\n+$/, '');
    await writeText(sessionFile, spaces);
    await withSetting('files.trimTrailingWhitespace', true, async () => {
      await openFile(sessionFile);
      await runBaton(api, 'baton.toggleItem', { item: 2, checked: true });
      assert.equal(await readText(sessionFile), spaces.replace(open, ticked));
    });
  });

  it('is saved before a command that commits, when the person agrees, and the command is refused when not', async () => {
    const editor = await openFile(sessionFile);
    await typeAt(editor, new vscode.Position(editor.document.lineCount - 1, 0), 'typed by hand\n');
    const asked: (readonly string[])[] = [];
    const refusing = api.answer({
      saveEditors: async (files) => {
        asked.push(files);
        return false;
      },
    });
    const before = api.reportedErrors().length;
    await vscode.commands.executeCommand('baton.checkpointSession', { message: 'never made' });
    refusing.dispose();
    assert.deepEqual(asked, [[sessionFile]]);
    assert.equal(api.reportedErrors().slice(before).at(-1)?.code, 'conflict');
    assert.equal(editor.document.isDirty, true);
  });
});

import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { BatonExports } from '../../../src/extension/exports.ts';
import {
  activateBaton,
  closeEditors,
  openFile,
  pathOf,
  planFile,
  problemCode,
  progressFile,
  readText,
  runBaton,
  sessionFile,
  setSetting,
  typeAt,
  waitFor,
  withSetting,
  writeText,
} from './window.ts';

/** Long enough for a machine that does ten other things. */
const limitMs = 30_000;

const problemsOf = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Baton');

const codesOf = (uri: vscode.Uri): string[] => problemsOf(uri).map(problemCode);

function waitForCode(uri: vscode.Uri, code: string, isThere = true): Promise<boolean> {
  return waitFor(
    `${code} ${isThere ? 'in' : 'gone from'} ${uri.path} (${codesOf(uri).join()})`,
    () => codesOf(uri).includes(code) === isThere,
    limitMs,
  );
}

async function fixesAt(uri: vscode.Uri, range: vscode.Range, kind?: string): Promise<vscode.CodeAction[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    kind,
    50,
  );
  return found.filter((action) => action instanceof vscode.CodeAction);
}

async function replaceText(editor: vscode.TextEditor, from: string, to: string): Promise<void> {
  const at = editor.document.getText().indexOf(from);
  assert.ok(at >= 0, `${from} is not in ${editor.document.uri.path}`);
  const { document } = editor;
  const range = new vscode.Range(document.positionAt(at), document.positionAt(at + from.length));
  assert.ok(await editor.edit((edit) => edit.replace(range, to)), 'the editor refused the edit');
}

describe('problems in the editor', function () {
  this.timeout(90_000);

  let api: BatonExports;
  before(async () => {
    // A browser's window saves by itself.
    await setSetting('files.autoSave', 'off');
    api = await activateBaton();
  });

  afterEach(closeEditors);

  it('are found while typing, on the text that is not saved, and go when it is mended', async () => {
    const editor = await openFile(progressFile);
    const { uri } = editor.document;
    const saved = await readText(progressFile);
    await replaceText(editor, '| BE-06 | ⬜ Pending |', '| BE-06 | 🦭 Sealed |');
    await waitForCode(uri, 'unknown-status');
    const [sealed] = problemsOf(uri).filter((one) => problemCode(one) === 'unknown-status');
    assert.equal(editor.document.getText(sealed?.range), '🦭 Sealed');
    assert.equal(await readText(progressFile), saved);
    await replaceText(editor, '🦭 Sealed', '⬜ Pending');
    await waitForCode(uri, 'unknown-status', false);
  });

  it('are mended by a quick fix that is undone as one step', async () => {
    const editor = await openFile(progressFile);
    const { document } = editor;
    await replaceText(editor, '| BE-06 | ⬜ Pending |', '| BE-06 | 🦭 Sealed |');
    await waitForCode(document.uri, 'unknown-status');
    const broken = document.getText();
    const sealed = problemsOf(document.uri).find((one) => problemCode(one) === 'unknown-status');
    assert.ok(sealed);
    const fixes = await fixesAt(document.uri, sealed.range, vscode.CodeActionKind.QuickFix.value);
    const titles = fixes.map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => title.startsWith('Set to')),
      [
        'Set to ⬜ Pending',
        'Set to 🔄 Active',
        'Set to ⏸️ Paused',
        'Set to ⛔ Blocked',
        'Set to ✅ Done',
        'Set to ❌ Failed',
        'Set to 🔁 Retry',
      ],
    );
    const done = fixes.find(({ title }) => title === 'Set to ✅ Done');
    assert.ok(done?.edit);
    await vscode.workspace.applyEdit(done.edit);
    assert.ok(document.getText().includes('| BE-06 | ✅ Done |'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    await waitFor('one undo to take it back', () => document.getText() === broken, limitMs);
  });

  it('are mended all at once where they have one safe meaning', async () => {
    const editor = await openFile(progressFile);
    const { document } = editor;
    await replaceText(editor, '| BE-06 | ⬜ Pending | — | — | — | |', '| BE-06 | ⬜ Pending |');
    await replaceText(editor, '| BE-07 | ⬜ Pending |', '| BE-07 | ✅ Pending |');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const [action] = await fixesAt(document.uri, whole, 'source.fixAll.baton');
    assert.ok(action?.edit, 'no source.fixAll.baton');
    await vscode.workspace.applyEdit(action.edit);
    assert.ok(document.getText().includes('| BE-07 | ⬜ Pending |'), document.getText());
    assert.ok(document.getText().includes('| BE-06 | ⬜ Pending | — | — | — | — |'), document.getText());
  });

  it('name the other place, and go there', async () => {
    const editor = await openFile(progressFile);
    const { document } = editor;
    const line = document.getText().slice(0, document.getText().indexOf('| BE-07 |')).split('\n').length - 1;
    await typeAt(editor, new vscode.Position(line + 1, 0), '| BE-07 | ⬜ Pending | — | — | — | |\n');
    await waitForCode(document.uri, 'duplicate-id');
    const twice = problemsOf(document.uri).find((one) => problemCode(one) === 'duplicate-id');
    assert.ok(twice);
    assert.equal(twice.relatedInformation?.[0]?.location.range.start.line, line);
    const fixes = await fixesAt(document.uri, twice.range, vscode.CodeActionKind.QuickFix.value);
    const there = fixes.find(({ title }) => title === `Go to line ${line + 1}`);
    assert.ok(there?.command, fixes.map(({ title }) => title).join());
    await vscode.commands.executeCommand(there.command.command, ...(there.command.arguments ?? []));
    await waitFor('the cursor there', () => vscode.window.activeTextEditor?.selection.start.line === line, limitMs);
  });

  it('offer the nearest IDs for a dependency that nobody has', async () => {
    const editor = await openFile(planFile);
    const { document } = editor;
    await replaceText(editor, 'dependencies: none', 'dependencies: BE-0Z');
    await waitForCode(document.uri, 'unknown-dependency');
    const unknown = problemsOf(document.uri).find((one) => problemCode(one) === 'unknown-dependency');
    assert.ok(unknown);
    assert.equal(document.getText(unknown.range), 'BE-0Z');
    const fixes = await fixesAt(document.uri, unknown.range, vscode.CodeActionKind.QuickFix.value);
    assert.deepEqual(
      fixes.map(({ title }) => title).filter((title) => title.startsWith('Replace by')),
      ['Replace by BE-01', 'Replace by BE-02', 'Replace by BE-03'],
    );
  });

  it('are shown of files that no editor has, and go when the file is gone', async () => {
    const file = 'docs/progress/EXTRA_PROGRESS.md';
    const uri = vscode.Uri.file(pathOf(file));
    await writeText(file, '# Extra Progress\r\n\r\n| Session | Status |\r\n|---|---|\r\n| EX-01 | Sealed |\r\n');
    await runBaton(api, 'baton.refreshViews');
    await waitForCode(uri, 'unknown-status');
    const [found] = problemsOf(uri);
    assert.deepEqual([found?.range.start.line, found?.range.start.character], [4, 10]);
    await rm(pathOf(file));
    await runBaton(api, 'baton.refreshViews');
    await waitFor('no problems of the file', () => problemsOf(uri).length === 0, limitMs);
  });

  it('are those of "Check State Files"', async () => {
    await writeText(
      'docs/progress/EXTRA_PROGRESS.md',
      '# Extra Progress\n\n| Session | Status |\n|---|---|\n| EX-01 | Sealed |\n| EX-01 | Done | x |\n',
    );
    await runBaton(api, 'baton.refreshViews');
    const uri = vscode.Uri.file(pathOf('docs/progress/EXTRA_PROGRESS.md'));
    try {
      await waitForCode(uri, 'unknown-status');
      const seen = () =>
        vscode.languages
          .getDiagnostics()
          .flatMap(([file, all]) =>
            all
              .filter(({ source }) => source === 'Baton')
              .map((one) => `${file.path}:${one.range.start.line} ${problemCode(one)} ${one.message}`),
          )
          .sort();
      const live = seen();
      const result = await runBaton<{ problems: { diagnostics: unknown[] }[] }>(api, 'baton.checkFiles');
      assert.equal(live.length, result.problems.flatMap(({ diagnostics }) => diagnostics).length);
      assert.deepEqual(seen(), live);
    } finally {
      await rm(pathOf('docs/progress/EXTRA_PROGRESS.md'));
      await runBaton(api, 'baton.refreshViews');
    }
  });

  it('are found in STATE.md, and mended there', async () => {
    const file = '.claude/STATE.md';
    await mkdir(pathOf('.claude'), { recursive: true });
    await writeText(file, '---\nschema-version: 1\nstatus: busy\ncurrent-wave: 3\ntotal-waves: 2\n---\n');
    await runBaton(api, 'baton.refreshViews');
    const uri = vscode.Uri.file(pathOf(file));
    try {
      await waitForCode(uri, 'wave-numbers');
      const { document } = await openFile(file);
      const busy = problemsOf(uri).find((one) => problemCode(one) === 'unknown-status');
      assert.ok(busy);
      const fixes = await fixesAt(uri, busy.range, vscode.CodeActionKind.QuickFix.value);
      const paused = fixes.find(({ title }) => title === 'Set to paused');
      assert.ok(paused?.edit, fixes.map(({ title }) => title).join());
      await vscode.workspace.applyEdit(paused.edit);
      await waitForCode(uri, 'unknown-status', false);
      assert.match(document.getText(), /^status: paused$/m);
    } finally {
      await closeEditors();
      await rm(pathOf('.claude'), { recursive: true });
      await runBaton(api, 'baton.refreshViews');
    }
  });

  it('are found in a document with a wave plan, wherever it is, and go when it is mended', async () => {
    const path = 'docs/waves for later.md';
    await writeText(path, '### Wave 1: Impl-Kern (1 agent)\n\n- Agent 1: Parse → src/a.ts → it parses\n');
    try {
      const editor = await openFile(path);
      const { uri } = editor.document;
      await waitForCode(uri, 'wave-plan');
      const [problem] = problemsOf(uri);
      assert.match(problem?.message ?? '', /Impl-Kern/);
      assert.equal(problem?.range.start.line, 0);
      await replaceText(editor, 'Impl-Kern', 'Impl-Core');
      await waitForCode(uri, 'wave-plan', false);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    } finally {
      await rm(pathOf(path), { force: true });
    }
  });

  it('say which commits git does not know', async () => {
    const editor = await openFile(progressFile);
    const { uri } = editor.document;
    await replaceText(editor, '| BE-06 | ⬜ Pending | — | — | — |', '| BE-06 | ✅ Done | — | — | 0badc0ffee |');
    await waitForCode(uri, 'unknown-commit');
    const unknown = problemsOf(uri).find((one) => problemCode(one) === 'unknown-commit');
    assert.equal(editor.document.getText(unknown?.range), '0badc0ffee');
  });

  it('are found in an untitled document that is a plan, and in no other one', async () => {
    const plan = await vscode.workspace.openTextDocument({
      language: 'markdown',
      content: '# Own Prompts\n\n## Session ZZ-01: One\n\n### Metadata\n\n```yaml\ndependencies: ZZ-09\n```\n',
    });
    const readme = await vscode.workspace.openTextDocument({
      language: 'markdown',
      content: '# About\n\n| Session | Colour |\n|---|---|\n| a | b |\n\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n',
    });
    await vscode.window.showTextDocument(plan);
    await waitForCode(plan.uri, 'unknown-dependency');
    assert.deepEqual(codesOf(readme.uri), []);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await waitFor('no problems of the closed document', () => problemsOf(plan.uri).length === 0, limitMs);
  });

  it('can be switched off and on without a reload', async () => {
    const editor = await openFile(progressFile);
    const { uri } = editor.document;
    await replaceText(editor, '| BE-06 | ⬜ Pending |', '| BE-06 | 🦭 Sealed |');
    await waitForCode(uri, 'unknown-status');
    await withSetting('baton.diagnostics.enabled', false, async () => {
      await waitFor('no problems', () => problemsOf(uri).length === 0, limitMs);
    });
    await waitForCode(uri, 'unknown-status');
  });

  it('are no exception for any broken text', async () => {
    const editor = await openFile(sessionFile);
    const before = api.reportedErrors().length;
    for (const text of ['---\nbaton: [\n', '```yaml\n| a |\n', '\u0000\uFFFF|||', '<<<<<<<\n=======\n>>>>>>>\n']) {
      await typeAt(editor, new vscode.Position(0, 0), text);
      await new Promise((done) => setTimeout(done, 400));
    }
    await waitForCode(editor.document.uri, 'merge-markers');
    assert.equal(api.reportedErrors().length, before);
  });
});

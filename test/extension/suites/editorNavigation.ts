import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { BatonExports } from '../../../src/extension/exports.ts';
import {
  activateBaton,
  closeEditors,
  openFile,
  pathOf,
  planFile,
  progressFile,
  readText,
  runBaton,
  sessionFile,
  typeAt,
  waitFor,
  withSetting,
} from './window.ts';

const pausedFile = 'docs/sessions/paused/FE-06.md';
const longMs = 20_000;

/** The place behind the first letter of the nth occurrence of a text. */
function placeOf(document: vscode.TextDocument, text: string, into = 1): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `no ${text} in ${document.uri.path}`);
  return document.positionAt(at + into);
}

const relative = (uri: vscode.Uri): string => vscode.workspace.asRelativePath(uri, false);

async function ask<T>(what: string, command: string, ...args: unknown[]): Promise<T[]> {
  return waitFor(
    what,
    async () => {
      const found = await vscode.commands.executeCommand<T[]>(command, ...args);
      return found !== undefined && found.length > 0 ? found : undefined;
    },
    longMs,
  );
}

function renameAt(document: vscode.TextDocument, at: vscode.Position, to: string): Thenable<vscode.WorkspaceEdit> {
  return vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', document.uri, at, to);
}

/** VS Code asks a person about edits that need confirmation; here they are taken, or left. */
function withoutMentions(edit: vscode.WorkspaceEdit): vscode.WorkspaceEdit {
  const result = new vscode.WorkspaceEdit();
  for (const [uri, edits] of edit.entries()) result.set(uri, edits);
  return result;
}

describe('editors of state files', () => {
  let api: BatonExports;
  before(async function () {
    this.timeout(60_000);
    api = await activateBaton();
  });
  afterEach(closeEditors);

  it('go from an ID to the heading of its session', async function () {
    this.timeout(60_000);
    const { document } = await openFile(progressFile);
    const links = await ask<vscode.LocationLink>(
      'the definition',
      'vscode.executeDefinitionProvider',
      document.uri,
      placeOf(document, 'BE-05 |'),
    );
    const [link] = links;
    assert.ok(link);
    assert.equal(relative(link.targetUri), planFile);
    const plan = await vscode.workspace.openTextDocument(link.targetUri);
    assert.equal(plan.lineAt(link.targetRange.start.line).text.slice(0, 16), '## Session BE-05');
    assert.equal(plan.getText(link.targetRange), 'BE-05');
  });

  it('find every place of a session, in files that are not saved too', async function () {
    this.timeout(60_000);
    const editor = await openFile(sessionFile);
    await typeAt(editor, new vscode.Position(editor.document.lineCount, 0), '\n- [10:00] As BE-05 needs it\n');
    const { document } = await openFile(progressFile);
    const at = placeOf(document, 'BE-05 |');
    const found = await ask<vscode.Location>('references', 'vscode.executeReferenceProvider', document.uri, at);
    const files = new Set(found.map(({ uri }) => relative(uri)));
    assert.deepEqual([...files].sort(), [planFile, progressFile, sessionFile].sort());
    for (const { uri, range } of found) {
      assert.equal((await vscode.workspace.openTextDocument(uri)).getText(range), 'BE-05');
    }
  });

  it('say why something cannot be renamed', async function () {
    this.timeout(60_000);
    const { document } = await openFile(progressFile);
    const refused = async (text: string, to: string): Promise<string> => {
      try {
        await renameAt(document, placeOf(document, text), to);
        return 'nothing was refused';
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    };
    assert.match(await refused('BE-05 |', 'BE-04'), /There is a session BE-04 already/);
    assert.match(await refused('BE-05 |', 'two words'), /cannot be the ID of a session/);
    await assert.rejects(
      async () => vscode.commands.executeCommand('vscode.prepareRename', document.uri, placeOf(document, 'Retry')),
      /Only the IDs of sessions and tasks|can't be renamed|cannot be renamed/,
    );
    const prepared = await vscode.commands.executeCommand<{ placeholder: string }>(
      'vscode.prepareRename',
      document.uri,
      placeOf(document, 'BE-05 |'),
    );
    assert.equal(prepared.placeholder, 'BE-05');
  });

  it('rename a session over four files, as one step', async function () {
    this.timeout(90_000);
    const paths = [planFile, progressFile, sessionFile, pausedFile];
    const blocked = await readText(pausedFile);
    await writeFile(pathOf(pausedFile), `${blocked.trimEnd()}\n\n- FE-03: its words are needed\n`);
    await runBaton(api, 'baton.refreshViews');
    const before = await Promise.all(paths.map((path) => readText(path)));
    const { document } = await openFile(progressFile);
    const edit = await renameAt(document, placeOf(document, 'FE-03 |'), 'FE-33');
    const touched = edit.entries().map(([uri]) => relative(uri));
    assert.deepEqual([...new Set(touched)].sort(), [...paths].sort());
    assert.ok(await vscode.workspace.applyEdit(withoutMentions(edit)));
    const documents = await Promise.all(
      paths.map((path) => vscode.workspace.openTextDocument(vscode.Uri.file(pathOf(path)))),
    );
    for (const one of documents) assert.ok(one.getText().includes('FE-33'), `${one.uri.path} has no FE-33`);
    assert.ok(!document.getText().includes('FE-03 |'));
    // What was typed and not saved is what the next provider reads.
    const links = await ask<vscode.LocationLink>(
      'the definition after the rename',
      'vscode.executeDefinitionProvider',
      document.uri,
      placeOf(document, 'FE-33 |'),
    );
    assert.equal(relative(links[0]?.targetUri ?? document.uri), planFile);
    const back = await renameAt(document, placeOf(document, 'FE-33 |'), 'FE-03');
    const touchedBack = new Set(back.entries().map(([uri]) => relative(uri)));
    assert.deepEqual([...touchedBack].sort(), [...paths].sort());
    assert.ok(await vscode.workspace.applyEdit(withoutMentions(back)));
    const plain = (text: string): string => text.replace(/\r\n/g, '\n');
    // VS Code saves by itself, and closes what no editor shows: a document that was closed no longer follows its file.
    for (const [index, path] of paths.entries()) {
      const now = await vscode.workspace.openTextDocument(vscode.Uri.file(pathOf(path)));
      assert.equal(plain(now.getText()), plain(before[index] ?? ''), path);
    }
    await writeFile(pathOf(pausedFile), blocked);
  });

  it('rename the file of a paused session with it', async function () {
    this.timeout(60_000);
    const { document } = await openFile(progressFile);
    const edit = await renameAt(document, placeOf(document, 'FE-06 |'), 'FE-66');
    assert.ok(await vscode.workspace.applyEdit(withoutMentions(edit)));
    assert.ok(document.getText().includes('| FE-66 |'));
    assert.ok(edit.entries().some(([uri]) => relative(uri) === pausedFile));
    assert.equal(edit.size, edit.entries().length);
  });

  it('link commits to the command that shows them, and files to themselves', async function () {
    this.timeout(60_000);
    const { document } = await openFile(progressFile);
    const links = await ask<vscode.DocumentLink>('links', 'vscode.executeLinkProvider', document.uri);
    const commit = links.find(({ target }) => target?.scheme === 'command');
    assert.equal(commit?.target?.path, 'baton.showChanges');
    const [argument] = JSON.parse(decodeURIComponent(commit?.target?.query ?? '[]'));
    assert.equal(argument.commit, document.getText(commit?.range));
    assert.equal(argument.id, 'BE-01');
    const plan = (await openFile(planFile)).document;
    const files = await waitFor('links of the plan', async () => {
      const all = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', plan.uri);
      return all.some(({ target }) => target?.scheme === 'file') ? all : undefined;
    });
    for (const { target } of files) if (target?.scheme === 'file') await vscode.workspace.fs.stat(target);
  });

  it('offer sessions and tasks of all folders as symbols', async function () {
    this.timeout(60_000);
    const symbols = await ask<vscode.SymbolInformation>('symbols', 'vscode.executeWorkspaceSymbolProvider', 'BE-03');
    const own = symbols.filter(({ name }) => name.startsWith('BE-03 '));
    assert.deepEqual(
      own.map(({ containerName, location }) => [containerName, relative(location.uri)]),
      [['Harbour Ferries', planFile]],
    );
  });

  it('fold frontmatter, tables and what is done', async function () {
    this.timeout(60_000);
    const { document } = await openFile(sessionFile);
    const folds = await waitFor('folds', async () => {
      const all = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
        'vscode.executeFoldingRangeProvider',
        document.uri,
      );
      return all.some(({ start }) => start === 0) ? all : undefined;
    });
    assert.equal(document.lineAt(folds.find(({ start }) => start === 0)?.end ?? 0).text, '---');
    const plan = (await openFile(planFile)).document;
    const regions = await waitFor('regions', async () => {
      const all = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
        'vscode.executeFoldingRangeProvider',
        plan.uri,
      );
      const found = all.filter(({ kind }) => kind === vscode.FoldingRangeKind.Region);
      return found.length > 0 ? found : undefined;
    });
    assert.ok(regions.some(({ start }) => plan.lineAt(start).text.includes('BE-01')));
    assert.ok(!regions.some(({ start }) => plan.lineAt(start).text.includes('BE-04')));
  });

  it('tell how long the active session goes on, where that is wanted', async function () {
    this.timeout(60_000);
    const { document } = await openFile(progressFile);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = () =>
      vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, whole);
    assert.deepEqual(await hints(), []);
    await withSetting('baton.editor.elapsedTime', true, async () => {
      const [hint] = await ask<vscode.InlayHint>('hints', 'vscode.executeInlayHintProvider', document.uri, whole);
      assert.match(String(hint?.label), /^\d+ (?:min|h)/);
      assert.match(document.lineAt(hint?.position.line ?? 0).text, /^\| BE-04 /);
    });
  });

  it('offer the row that a session lacks, tables made even, and XML as markdown, in untitled documents too', async function () {
    this.timeout(60_000);
    const actionsAt = async (document: vscode.TextDocument, at: vscode.Position): Promise<vscode.CodeAction[]> =>
      (await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(at, at),
      )) ?? [];
    const editor = await openFile(progressFile);
    const row = editor.document.lineAt(placeOf(editor.document, '| BE-07 ').line);
    await editor.edit((change) => change.delete(row.rangeIncludingLineBreak));
    const plan = (await openFile(planFile)).document;
    const add = await waitFor('the action', async () =>
      (await actionsAt(plan, placeOf(plan, '## Session BE-07', 4))).find(({ title }) => title.startsWith('Add row')),
    );
    assert.equal(add.title, 'Add row for BE-07 to HARBOUR_PROGRESS.md');
    assert.ok(add.edit && (await vscode.workspace.applyEdit(add.edit)));
    assert.match(editor.document.getText(), /^\| BE-07 \| ⬜ Pending \|/m);
    await editor.document.save();

    const untitled = await vscode.workspace.openTextDocument({
      language: 'markdown',
      content: '# X Prompts\n\n<session id="XX-1" title="One">\n  <objective>Do it.</objective>\n</session>\n',
    });
    await vscode.window.showTextDocument(untitled);
    const convert = await waitFor('the conversion', async () =>
      (await actionsAt(untitled, new vscode.Position(3, 4))).find(({ title }) => title.startsWith('Convert XML')),
    );
    assert.ok(convert.edit && (await vscode.workspace.applyEdit(convert.edit)));
    assert.match(untitled.getText(), /^## Session XX-1: One$/m);
  });

  it('leave other markdown alone', async function () {
    this.timeout(60_000);
    const file = 'docs/notes.md';
    await writeFile(pathOf(file), 'BE-05 is next.\n');
    const { document } = await openFile(file);
    const at = new vscode.Position(0, 2);
    for (const command of ['vscode.executeDefinitionProvider', 'vscode.executeReferenceProvider']) {
      const found = await vscode.commands.executeCommand<unknown[]>(command, document.uri, at);
      assert.deepEqual(found, []);
    }
  });

  after(closeEditors);
});

import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { releaseFile, writeLists } from './tasksFiles.ts';
import {
  activateBaton,
  closeEditors,
  openFile,
  planFile,
  progressFile,
  runBaton,
  sessionFile,
  setSetting,
  waitFor,
} from './window.ts';

const limitMs = 30_000;

function positionOf(document: vscode.TextDocument, text: string, shift = 0): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `${text} is not in ${document.uri.path}`);
  return document.positionAt(at + shift);
}

async function hoverTexts(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.MarkdownString[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
}

const plain = (texts: readonly vscode.MarkdownString[]): string =>
  texts.map(({ value }) => value.replaceAll('&nbsp;', ' ').replaceAll('\\', '')).join('\n');

async function itemsAt(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
  );
  // Words of the document and snippets are offered too.
  const { Text, Snippet } = vscode.CompletionItemKind;
  return items.filter(({ kind }) => kind !== Text && kind !== Snippet);
}

describe('help in the editor', function () {
  this.timeout(90_000);

  before(async () => {
    // A browser's window saves by itself.
    await setSetting('files.autoSave', 'off');
    const api = await activateBaton();
    await writeLists();
    await runBaton(api, 'baton.refreshViews');
  });

  afterEach(closeEditors);

  it('tells of a session what the files say, and trusts only links of its own', async () => {
    const { document } = await openFile(progressFile);
    const texts = await waitFor('a hover', async () => {
      const found = await hoverTexts(document, positionOf(document, '| BE-05 |', 3));
      return found.length > 0 ? found : undefined;
    });
    const [facts, links] = texts;
    assert.match(plain([facts as vscode.MarkdownString]), /BE-05.*Delay Announcements/);
    assert.match(plain(texts), /State: retry/);
    assert.match(plain(texts), /Depends on: .*BE-0\d \((?:done|active|pending)/);
    assert.ok(!facts?.isTrusted, 'text of a file is trusted');
    const trusted = links?.isTrusted as { readonly enabledCommands: readonly string[] } | undefined;
    assert.deepEqual(trusted?.enabledCommands.slice(0, 2), ['baton.openProgress', 'baton.openPlan']);
    const [, target] = /\]\(command:baton\.openPlan\?([^)]*)\)/.exec(links?.value ?? '') ?? [];
    await vscode.commands.executeCommand('baton.openPlan', ...JSON.parse(decodeURIComponent(target ?? '')));
    await waitFor('the plan', () => vscode.window.activeTextEditor?.document.uri.path.endsWith(planFile), limitMs);
  });

  it('tells it in plans, SESSION.md and on unsaved text too', async () => {
    const plan = (await openFile(planFile)).document;
    assert.match(plain(await hoverTexts(plan, positionOf(plan, 'Session BE-02', 9))), /State: done/);
    const session = (await openFile(sessionFile)).document;
    assert.match(plain(await hoverTexts(session, positionOf(session, 'BE-04', 1))), /State: active/);
    const editor = await openFile(progressFile);
    const row = positionOf(editor.document, '| BE-06 | ⬜ Pending |');
    const cell = new vscode.Range(row.translate(0, 10), row.translate(0, 19));
    assert.equal(editor.document.getText(cell), '⬜ Pending');
    assert.ok(await editor.edit((edit) => edit.replace(cell, '⛔ Blocked')));
    assert.match(plain(await hoverTexts(editor.document, row.translate(0, 3))), /State: blocked/);
    assert.match(plain(await hoverTexts(editor.document, row.translate(0, 14))), /cannot go on/);
  });

  it('offers the states in a cell with their meaning, and replaces exactly the cell', async () => {
    const { document } = await openFile(progressFile);
    const position = positionOf(document, '| BE-06 | ⬜ Pending |', 14);
    const items = await itemsAt(document, position);
    const done = items.find(({ label }) => label === '✅ Done');
    assert.ok(done, items.map(({ label }) => String(label)).join());
    assert.match(String(done.documentation), /finished/);
    const range = done.range instanceof vscode.Range ? done.range : done.range?.replacing;
    assert.equal(range && document.getText(range), '⬜ Pending');
  });

  it('offers it when it is asked for with the keyboard, although a whole state stands there', async () => {
    const editor = await openFile(progressFile);
    const { document } = editor;
    const position = positionOf(document, '| BE-06 | ⬜ Pending |', '| BE-06 | ⬜ Pending'.length);
    editor.selection = new vscode.Selection(position, position);
    await waitFor(
      'the chosen state in the cell',
      async () => {
        await vscode.commands.executeCommand('editor.action.triggerSuggest');
        await new Promise((done) => setTimeout(done, 500));
        await vscode.commands.executeCommand('selectNextSuggestion');
        await vscode.commands.executeCommand('acceptSelectedSuggestion');
        return /\| BE-06 \| 🔄 Active \|/.test(document.getText());
      },
      limitMs,
    );
  });

  it('offers sessions, keys and task lists in a plan, tasks in a list, and nothing in prose', async () => {
    const plan = (await openFile(planFile)).document;
    const labels = async (document: vscode.TextDocument, position: vscode.Position) =>
      (await itemsAt(document, position)).map(({ label }) => (typeof label === 'string' ? label : label.label));
    const dependency = await labels(plan, positionOf(plan, 'dependencies: none', 'dependencies: none'.length));
    assert.ok(dependency.includes('BE-02') && !dependency.includes('BE-01'), dependency.join());
    assert.deepEqual(await labels(plan, positionOf(plan, 'The plan of the ferry', 5)), []);
    const list = (await openFile(releaseFile)).document;
    const status = positionOf(list, '| docs |');
    const cell = list.lineAt(status.line).text.indexOf('PENDING');
    assert.deepEqual(await labels(list, new vscode.Position(status.line, cell + 2)), [
      'PENDING',
      'IN_PROGRESS',
      'COMPLETE',
    ]);
  });

  it('helps in an untitled document', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'markdown',
      content:
        '# Own Prompts\n\n## Session ZZ-01: One\n\n### Metadata\n\n```yaml\ndependencies: \n```\n\n## Session ZZ-02: Two\n',
    });
    await vscode.window.showTextDocument(document);
    const items = await itemsAt(document, positionOf(document, 'dependencies: ', 'dependencies: '.length));
    assert.deepEqual(
      items.map(({ label }) => label),
      ['ZZ-02'],
    );
    assert.match(plain(await hoverTexts(document, positionOf(document, 'ZZ-01', 2))), /One/);
  });
});

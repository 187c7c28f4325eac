import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { BatonExports } from '../../../src/extension/exports.ts';
import { releaseFile, releaseText, rowOf, writeLists } from './tasksFiles.ts';
import {
  activateBaton,
  closeEditors,
  findItem,
  openFile,
  readText,
  runBaton,
  typeAt,
  waitFor,
  withSetting,
} from './window.ts';

describe('the editor of a task list', () => {
  let api: BatonExports;
  before(async () => {
    api = await activateBaton();
  });

  beforeEach(async () => {
    await closeEditors();
    await writeLists();
    await runBaton(api, 'baton.refreshViews');
    await waitFor('the lists', () => findItem(api.tasksTree, 'routes'));
  });

  afterEach(closeEditors);

  const lineOf = (document: vscode.TextDocument, task: string): number => {
    const line = document
      .getText()
      .split(/\r?\n/)
      .findIndex((text) => text.startsWith(`| ${task} |`));
    assert.ok(line >= 0, `no row of ${task}`);
    return line;
  };

  it('has lenses on the rows that are in progress or ready, and on the heading', async () => {
    const { document } = await openFile(releaseFile);
    const lenses = await waitFor('lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        100,
      );
      return found.length > 0 ? found : undefined;
    });
    const on = (line: number, all: readonly vscode.CodeLens[] = lenses) =>
      all.filter(({ range }) => range.start.line === line).map(({ command }) => command?.title);
    assert.deepEqual(on(lineOf(document, 'models')), ['Complete', 'Back to PENDING']);
    assert.deepEqual(on(lineOf(document, 'docs')), ['Start', 'Complete']);
    assert.deepEqual(on(lineOf(document, 'routes')), []);
    assert.deepEqual(on(document.getText().split(/\r?\n/).indexOf('# Release')), ['Hand Off', 'Verify', 'New Task']);
    await withSetting('baton.codeLens.taskRows', 'all', async () => {
      assert.deepEqual(on(lineOf(document, 'schema'), api.taskCodeLenses(document)), [
        'Back to PENDING',
        'Show in Task Lists',
      ]);
    });
    await withSetting('baton.codeLens.taskRows', 'off', async () => {
      assert.deepEqual(api.taskCodeLenses(document), []);
    });
  });

  it('follows what is typed and not saved', async () => {
    const editor = await openFile(releaseFile);
    const line = lineOf(editor.document, 'docs');
    const at = editor.document.lineAt(line).text.indexOf('PENDING');
    await editor.edit((edit) => edit.replace(new vscode.Range(line, at, line, at + 7), 'IN_PROGRESS'));
    const titles = api
      .taskCodeLenses(editor.document)
      .filter(({ range }) => range.start.line === line)
      .map(({ command }) => command?.title);
    assert.deepEqual(titles, ['Complete', 'Back to PENDING']);
  });

  it('explains a row in a hover that trusts nothing', async () => {
    const { document } = await openFile(releaseFile);
    const textAt = async (task: string) => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        new vscode.Position(lineOf(document, task), 4),
      );
      const parts = hovers.flatMap(({ contents }) => contents).filter((part) => part instanceof vscode.MarkdownString);
      for (const part of parts) assert.ok(!part.isTrusted && !part.supportHtml);
      return parts.map(({ value }) => value).join('\n');
    };
    assert.match(await textAt('routes'), /waiting[\s\S]*○[\s\S]*models/);
    assert.match(await textAt('models'), /routes[\s\S]*Robin/);
    assert.ok(!(await textAt('docs')).includes('](command:'));
  });

  it('completes states with their meaning, and replaces exactly the cell', async () => {
    const { document } = await openFile(releaseFile);
    const line = lineOf(document, 'docs');
    const at = document.lineAt(line).text.indexOf('PENDING');
    const items = await complete(document, new vscode.Position(line, at + 3));
    assert.deepEqual(items.map(labelOf), ['PENDING', 'IN_PROGRESS', 'COMPLETE']);
    assert.ok(items.every(({ documentation }) => String(documentation).length > 20));
    assert.deepEqual(rangeOf(items[0]), new vscode.Range(line, at, line, at + 7));
  });

  it('completes tasks in After and sessions in Session', async () => {
    const { document } = await openFile(releaseFile);
    const line = lineOf(document, 'docs');
    const text = document.lineAt(line).text;
    const after = text.lastIndexOf('schema');
    const items = await complete(document, new vscode.Position(line, after + 6));
    assert.deepEqual(items.map(labelOf).sort(), ['left', 'models', 'right', 'routes', 'schema']);
    assert.deepEqual(rangeOf(items[0]), new vscode.Range(line, after, line, after + 6));
    const sessions = await complete(document, new vscode.Position(line, after + 10));
    assert.deepEqual(sessions.map(labelOf), ['1']);
    assert.match(String(sessions[0]?.detail), /Robin/);
  });

  it('completes nothing outside the tables', async () => {
    const { document } = await openFile(releaseFile);
    assert.deepEqual(await complete(document, new vscode.Position(2, 6)), []);
  });

  it('lets the editor undo what a command did in it', async () => {
    const editor = await openFile(releaseFile);
    await runBaton(api, 'baton.startTask', { list: 'release', task: 'docs' });
    await waitFor('the editor', () => rowOf(editor.document.getText(), 'docs').includes('IN_PROGRESS'));
    assert.match(rowOf(await readText(releaseFile), 'docs'), /IN_PROGRESS/);
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('undo');
    await waitFor('the row', () => rowOf(editor.document.getText(), 'docs') === rowOf(releaseText, 'docs'));
  });

  it('keeps what is typed when a box is ticked', async () => {
    const editor = await openFile(releaseFile);
    await typeAt(editor, new vscode.Position(lineOf(editor.document, 'schema') - 3, 0), 'A note of mine.\n\n');
    await withSetting('baton.files.saveDirtyEditors', 'never', async () => {
      await api.tickTasks([[(await findItem(api.tasksTree, 'models')).element, true]]);
    });
    assert.match(editor.document.getText(), /A note of mine\./);
    assert.match(rowOf(editor.document.getText(), 'models'), /COMPLETE/);
    assert.equal(await readText(releaseFile), releaseText);
  });
});

/** Baton's own completions at a position: VS Code adds words of the text. */
async function complete(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
  );
  return list.items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text && kind !== undefined);
}

function labelOf({ label }: vscode.CompletionItem): string {
  return typeof label === 'string' ? label : label.label;
}

function rangeOf(item: vscode.CompletionItem | undefined): vscode.Range | undefined {
  return item?.range instanceof vscode.Range ? item.range : item?.range?.replacing;
}

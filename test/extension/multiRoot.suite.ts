/** Two folders: the first holds the sample project, the second nothing, until a test puts a project there. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { BatonExports } from '../../src/extension/exports.ts';
import {
  activateBaton,
  closeEditors,
  drawTree,
  findItem,
  pathOf,
  problemCode,
  readText,
  refusalOf,
  replaceInFile,
  runBaton,
  sessionFile,
  setSetting,
  typeAt,
  waitFor,
} from './suites/window.ts';

const plan = `# Second Prompts

## Session BE-04: Something Else

### Prompt

Do it.
`;

const session = `# Current Session: BE-04

> **Loaded from:** docs/SECOND_PROMPTS.md
> **Started:** 2026-01-02 09:00

---

## Verification Checklist

- [ ] It is done

---

## Session Notes

_Add notes during execution here_
`;

describe('Baton in a workspace of two folders', () => {
  let api: BatonExports;
  let folders: readonly string[];
  before(async () => {
    // A browser's window saves by itself.
    await setSetting('files.autoSave', 'off');
    api = await activateBaton();
    folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString());
    assert.equal(folders.length, 2);
  });

  it('shows the only project without its folder', async () => {
    assert.equal((await drawTree(api.sessionsTree))[0], 'Harbour Ferries | 5/13');
  });

  it('shows folders when both have a project', async () => {
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(pathOf('docs/sessions', 1)));
    await vscode.workspace.fs.writeFile(vscode.Uri.file(pathOf('docs/SECOND_PROMPTS.md', 1)), Buffer.from(plan));
    await vscode.workspace.fs.writeFile(vscode.Uri.file(pathOf(sessionFile, 1)), Buffer.from(session));
    await runBaton(api, 'baton.refreshViews');
    const lines = await drawTree(api.sessionsTree);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith(' ')).map((line) => line.replace(/ \|.*/, '')),
      ['first', 'second'],
    );
    assert.ok(
      lines.some((line) => line.startsWith('    BE-04  Something Else')),
      lines.join('\n'),
    );
  });

  it('shows both active sessions, each below its own element', async () => {
    const lines = await waitFor('both sessions', async () => {
      const drawn = await drawTree(api.currentTree);
      return drawn.filter((line) => line.startsWith('BE-04')).length === 2 ? drawn : undefined;
    });
    assert.ok(lines.includes('    It is done'), lines.join('\n'));
  });

  it('ticks in the folder of the element', async () => {
    const first = await readText(sessionFile);
    const { element } = await findItem(api.currentTree, 'It is done');
    await api.tick(element, true);
    assert.match(await readText(sessionFile, 1), /- \[x\] It is done/);
    assert.equal(await readText(sessionFile), first);
  });

  it('fails closed where an ID is in both, and takes the folder', async () => {
    assert.equal(await refusalOf(api, 'baton.openPlan', { id: 'BE-04' }), 'ambiguous-session');
    await runBaton(api, 'baton.openPlan', { id: 'BE-04', folder: folders[1] });
    assert.ok(vscode.window.activeTextEditor?.document.uri.path.endsWith('SECOND_PROMPTS.md'));
  });

  it('shows the session of the file in front in the status bar', async () => {
    assert.match(api.statusBarText() ?? '', /BE-04 1\/1/);
    await vscode.window.showTextDocument(vscode.Uri.file(pathOf('README.md')));
    await waitFor('the status bar', () => /BE-04 1\/5/.test(api.statusBarText() ?? ''));
  });

  it('follows changes in each folder', async () => {
    await replaceInFile('docs/progress/HARBOUR_PROGRESS.md', '| FE-03 | ⬜ Pending |', '| FE-03 | ❌ Blocked |');
    await waitFor('the tree', async () =>
      (await findItem(api.sessionsTree, 'FE-03')).item.contextValue?.includes('blocked'),
    );
  });

  it('checks and completes each folder by itself', async () => {
    const uri = vscode.Uri.file(pathOf('docs/SECOND_PROMPTS.md', 1));
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const metadata = '\n### Metadata\n\n```yaml\ndependencies: BE-01\n```\n\n## Session XX-01: Another\n';
    await typeAt(editor, document.positionAt(document.getText().length), metadata);
    const codes = () => vscode.languages.getDiagnostics(uri).map(problemCode);
    // The other folder has a BE-01.
    await waitFor('the problem', () => codes().includes('unknown-dependency'), 30_000);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      document.positionAt(document.getText().indexOf('dependencies: BE') + 'dependencies: BE'.length),
    );
    const sessions = items.filter(({ kind }) => kind === vscode.CompletionItemKind.Reference);
    assert.deepEqual(
      sessions.map(({ label }) => label),
      ['XX-01'],
    );
    await closeEditors();
  });

  it('counts an untitled document to no folder', async () => {
    const content = '# Own Prompts\n\n## Session ZZ-01: One\n\n### Metadata\n\n```yaml\ndependencies: BE-04\n```\n';
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
    const codes = () => vscode.languages.getDiagnostics(document.uri).map(problemCode);
    await waitFor('the problem', () => codes().includes('unknown-dependency'), 30_000);
  });
});

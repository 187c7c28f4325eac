import assert from 'node:assert/strict';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { ChangesResult } from '../../../src/core/actions/changes.ts';
import type { BatonExports } from '../../../src/extension/exports.ts';
import type { LateFeatures } from '../../../src/extension/lateFeatures.ts';
import {
  activateBaton,
  closeEditors,
  git,
  pathOf,
  readText,
  refusalOf,
  replaceInFile,
  runBaton,
  sessionFile,
  setSetting,
  waitFor,
  writeText,
} from './window.ts';

const slow = 18_000;

describe('what a session has changed', () => {
  let api: BatonExports;
  before(async () => {
    api = await activateBaton();
    await closeEditors();
  });

  const tabLabel = () => vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '';

  /** Texts of the commit's side of all diffs that are open. */
  const revisions = () => vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'baton-git');

  it('is shown in one editor, from the start to the working tree, with every kind of file', async () => {
    await mkdir(pathOf('Größe & Co'));
    await writeText('Größe & Co/neu "ä".txt', 'eins\nzwei\n');
    await writeFile(pathOf('picture.bin'), new Uint8Array([0, 255, 0, 1]));
    await rename(pathOf('frontend/src/countdown.js'), pathOf('frontend/src/zähler start.js'));
    const result = await runBaton<ChangesResult>(api, 'baton.showChanges', { id: 'BE-04' });
    const kinds = Object.fromEntries(result.files.map(({ path, kind }) => [path, kind]));
    assert.equal(kinds['Größe & Co/neu "ä".txt'], 'added');
    assert.equal(kinds['frontend/src/zähler start.js'], 'renamed');
    assert.equal(result.files.find(({ path }) => path === 'picture.bin')?.binary, true);
    assert.ok(result.files.at(-1)?.stateFile, 'state files are not last');
    await waitFor('the editor', () => /^BE-04 since [0-9a-f]{7}/.test(tabLabel()), slow);
    const before = await git('show', `${result.range.from}:frontend/src/countdown.js`);
    await waitFor(
      'the old side of what was renamed',
      () =>
        revisions().find(
          ({ uri, getText }) => uri.path === '/frontend/src/countdown.js' && getText().trim() === before,
        ),
      slow,
    );
    await closeEditors();
    await rename(pathOf('frontend/src/zähler start.js'), pathOf('frontend/src/countdown.js'));
    await rm(pathOf('picture.bin'));
  }).timeout(60_000);

  it('is shown of a session that is done, of one checkpoint, and of a commit', async () => {
    const done = await runBaton<ChangesResult>(api, 'baton.showChanges', { id: 'BE-03' });
    assert.ok(done.range.to !== undefined && done.files.length > 0);
    await waitFor('the editor', () => /^BE-03 from .* to /.test(tabLabel()), slow);
    const one = await runBaton<ChangesResult>(api, 'baton.showCheckpoint', { id: 'BE-04', checkpoint: 1 });
    assert.equal(one.range.commits.length, 1);
    await waitFor('the checkpoint', () => tabLabel().startsWith('BE-04 checkpoint 1'), slow);
    const hash = one.range.to ?? '';
    await runBaton(api, 'baton.showChanges', { id: 'BE-04', commit: hash });
    await waitFor('the commit', () => tabLabel().startsWith(`BE-04 ${hash.slice(0, 7)}`), slow);
    await closeEditors();
  }).timeout(60_000);

  it('is refused where nothing is known, with the next step', async () => {
    assert.equal(await refusalOf(api, 'baton.showChanges', { id: 'BE-06' }), 'wrong-state');
    assert.equal(await refusalOf(api, 'baton.showCheckpoint', { id: 'BE-04', checkpoint: 99 }), 'unknown-checkpoint');
  });

  it('gives no document of another folder', async () => {
    const head = await git('rev-parse', 'HEAD');
    const uri = (folder: string, path: string) =>
      vscode.Uri.from({ scheme: 'baton-git', path, query: JSON.stringify({ folder, repository: '', hash: head }) });
    await assert.rejects(async () => vscode.workspace.openTextDocument(uri('file:///etc', '/passwd')));
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? '';
    const own = await vscode.workspace.openTextDocument(uri(folder, '/package.json'));
    assert.equal(own.getText().trim(), await git('show', `${head}:package.json`));
  });
});

describe('the group in source control', () => {
  let late: LateFeatures;
  before(async () => {
    late = await (await activateBaton()).late;
  });

  const shown = () => late.sourceControls.groups;
  const files = () =>
    (shown()[0]?.files ?? []).map(({ resourceUri }) =>
      resourceUri.fsPath.slice(pathOf('').replace(/\/$/, '').length + 1),
    );

  it('lists the files of the active session without its state files, and follows them', async () => {
    await waitFor('the group', () => shown()[0]?.label === 'Changes of BE-04', slow);
    await waitFor('the file', () => files().includes('Größe & Co/neu "ä".txt'), slow);
    assert.ok(!files().some((path) => path.startsWith('docs/sessions') || path.startsWith('docs/progress')));
    await writeText('later file.txt', 'x\n');
    await waitFor('the new file', () => files().includes('later file.txt'), slow);
    const state = shown()[0]?.files.find(({ resourceUri }) => resourceUri.path.endsWith('/later file.txt'));
    assert.equal(state?.kind, 'added');
    assert.equal(state?.command?.command, 'vscode.open');
    await rm(pathOf('later file.txt'));
    await waitFor('its end', () => !files().includes('later file.txt'), slow);
    await rm(pathOf('Größe & Co'), { recursive: true });
    await waitFor('the end of the other', () => !files().some((path) => path.startsWith('Größe')), slow);
  }).timeout(60_000);

  it('opens the diff against the start of the session', async () => {
    await replaceInFile('package.json', '{', '{\n');
    const state = await waitFor(
      'the file',
      () => shown()[0]?.files.find(({ resourceUri }) => resourceUri.path.endsWith('/package.json')),
      slow,
    );
    assert.equal(state.kind, 'modified');
    const { command, arguments: args = [] } = state.command ?? assert.fail('no command');
    await vscode.commands.executeCommand(command, ...args);
    const tab = await waitFor('the diff', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff ? input : undefined;
    });
    assert.equal(tab.original.scheme, 'baton-git');
    await closeEditors();
    await git('checkout', '--', 'package.json');
  }).timeout(60_000);

  it('goes with the setting and comes back', async () => {
    await setSetting('baton.scm.shown', false);
    await waitFor('its end', () => shown().length === 0, slow);
    await setSetting('baton.scm.shown', undefined);
    await waitFor('the group', () => shown().length === 1, slow);
  }).timeout(60_000);
});

describe('the verification commands as tests', () => {
  let api: BatonExports;
  let late: LateFeatures;
  before(async () => {
    api = await activateBaton();
    late = await api.late;
  });

  const session = () => waitFor('the session', () => late.tests.items[0], slow);
  const commandsOf = async () => {
    const found: vscode.TestItem[] = [];
    (await session()).children.forEach((item) => void found.push(item));
    return found;
  };
  const token = () => new vscode.CancellationTokenSource().token;
  const receiptText = async () => {
    const folder = pathOf('.git/baton/receipts');
    const { readdir, readFile } = await import('node:fs/promises');
    const names = await readdir(folder).catch(() => []);
    return (await Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')))).join('\n');
  };

  it('stand where the commands stand in SESSION.md', async () => {
    await replaceCommands('echo first ä\n# The second\nsh -c "exit 3"\n');
    const found = await waitFor('both', async () => {
      const items = await commandsOf();
      return items.length === 2 ? items : undefined;
    });
    const document = await vscode.workspace.openTextDocument(pathOf(sessionFile));
    assert.deepEqual(
      found.map(({ range }) => document.getText(range).split('\n').at(-1)),
      ['echo first ä', 'sh -c "exit 3"'],
    );
    assert.equal(found[1]?.label, 'The second');
    assert.match((await session()).label, /^BE-04: Seat Reservations/);
  });

  it('run one by one without a receipt, after approval', async () => {
    const [first] = await commandsOf();
    const before = await receiptText();
    const refusing = api.answer({ approveCommands: async () => undefined });
    await late.tests.run([first ?? assert.fail()], token());
    refusing.dispose();
    assert.equal(api.reportedErrors().at(-1)?.code, 'approval-required');
    const asked: (readonly string[])[] = [];
    const answering = api.answer({
      approveCommands: async ({ commands }) => {
        asked.push(commands);
        return 'once';
      },
    });
    await late.tests.run([first ?? assert.fail()], token());
    answering.dispose();
    assert.deepEqual(asked, [['echo first ä']]);
    assert.equal(late.tests.results.get('echo first ä'), 'passed');
    assert.equal(await receiptText(), before);
  });

  it('run together as a verification, with its receipt', async () => {
    const answering = api.answer({ approveCommands: async () => 'once' });
    await late.tests.run(undefined, token());
    answering.dispose();
    assert.equal(late.tests.results.get('sh -c "exit 3"'), 'failed');
    assert.match(await receiptText(), /echo first ä/);
  });

  it('show what a verification elsewhere found', async () => {
    await replaceCommands('echo elsewhere\n');
    await waitFor('the command', async () => (await commandsOf())[0]?.label === 'echo elsewhere');
    const answering = api.answer({ approveCommands: async () => 'once' });
    await runBaton(api, 'baton.verifySession');
    answering.dispose();
    assert.match(await receiptText(), /echo elsewhere/);
    await waitFor('the result', () => late.tests.results.get('echo elsewhere') === 'passed', slow);
  });

  it('are cancelled, and the command ends', async () => {
    await replaceCommands('sleep 60\n');
    await waitFor('the command', async () => (await commandsOf())[0]?.label === 'sleep 60');
    const answering = api.answer({ approveCommands: async () => 'once' });
    const source = new vscode.CancellationTokenSource();
    setTimeout(() => source.cancel(), 1_000);
    await late.tests.run(undefined, source.token);
    answering.dispose();
    assert.equal(late.tests.results.has('sleep 60'), false);
  });

  it('go with the setting', async () => {
    await setSetting('baton.testing.shown', false);
    await waitFor('their end', () => late.tests.items.length === 0, slow);
    await setSetting('baton.testing.shown', undefined);
    await session();
  });

  /** Gives SESSION.md other verification commands. */
  async function replaceCommands(lines: string): Promise<void> {
    const text = await readText(sessionFile);
    const fence = /(## Verification Commands[\s\S]*?```(?:bash|sh)\n)([\s\S]*?)(```)/.exec(text);
    assert.ok(fence, 'SESSION.md has no commands');
    await replaceInFile(sessionFile, fence[0], `${fence[1]}${lines}${fence[3]}`);
  }
});

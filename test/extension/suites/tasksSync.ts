import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { SyncTaskListResult } from '../../../src/core/actions/tasks/syncTaskList.ts';
import type { BatonExports } from '../../../src/extension/exports.ts';
import { laterText, rowOf } from './tasksFiles.ts';
import {
  activateBaton,
  closeEditors,
  openFile,
  pathOf,
  readText,
  refusalOf,
  replaceInFile,
  runBaton,
  typeAt,
  waitFor,
  withSetting,
  writeText,
} from './window.ts';

const file = 'docs/tasks/mirrored.md';

describe("Claude Code's own tasks", () => {
  let api: BatonExports;
  let config: string;

  before(async () => {
    api = await activateBaton();
    config = await mkdtemp(join(tmpdir(), 'baton-claude-'));
    // The window's extensions and this suite are one process, and nothing has asked for the store yet.
    process.env['CLAUDE_CONFIG_DIR'] = config;
    await writeText(file, laterText.replace('id: later', 'id: mirrored').replace('"Later"', '"Mirrored"'));
    await runBaton(api, 'baton.refreshViews');
  });

  afterEach(closeEditors);

  after(async () => {
    await rm(pathOf(file));
    await rm(config, { recursive: true, force: true });
    delete process.env['CLAUDE_CONFIG_DIR'];
  });

  const taskFile = (number: number): string => join(config, 'tasks/mirrored', `${number}.json`);
  const task = async (number: number): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(taskFile(number), 'utf8'));
  const change = async (number: number, fields: object): Promise<void> =>
    writeFile(taskFile(number), JSON.stringify({ ...(await task(number)), ...fields }, null, 2));

  it('are left alone until a list is linked', async () => {
    await replaceInFile(file, 'Polish', 'Polish it');
    await runBaton(api, 'baton.refreshViews');
    assert.equal(existsSync(join(config, 'tasks')), false);
  });

  it('are linked by the command', async () => {
    const result = await runBaton<SyncTaskListResult>(api, 'baton.syncTaskList', { list: 'mirrored' });
    assert.equal(result.isNew, true);
    assert.equal((await task(1))['subject'], 'Polish it');
  });

  it('follow the file, and the file follows them', async () => {
    await replaceInFile(file, '| polish | PENDING', '| polish | IN_PROGRESS');
    await waitFor('the state in the store', async () => (await task(1))['status'] === 'in_progress');
    await change(1, { status: 'completed' });
    await waitFor('the state in the list', async () => rowOf(await readText(file), 'polish').includes('| COMPLETE |'));
    const made = { id: '2', subject: 'Ship', description: 'd', status: 'pending', blocks: [], blockedBy: [] };
    await writeFile(taskFile(2), JSON.stringify(made, null, 2));
    await waitFor('the new row', async () => rowOf(await readText(file), 'ship').includes('| Ship |'));
    await waitFor('our ID there', async () => JSON.stringify((await task(2))['metadata']) === '{"baton":"ship"}');
  });

  it('wait while the list has unsaved changes, and nothing of them is lost', async () => {
    const editor = await openFile(file);
    const end = editor.document.positionAt(editor.document.getText().length);
    await typeAt(editor, end, '\nA line that is being typed');
    await change(2, { status: 'in_progress' });
    await new Promise((done) => setTimeout(done, 600));
    assert.ok(rowOf(await readText(file), 'ship').includes('| PENDING |'));
    assert.ok(editor.document.getText().endsWith('being typed'));
    assert.ok(await editor.document.save());
    await waitFor('the state in the list', async () => rowOf(await readText(file), 'ship').includes('| IN_PROGRESS |'));
    assert.ok((await readText(file)).includes('A line that is being typed'));
  });

  it('are not written while the setting says so', async () => {
    await withSetting('baton.agents.syncClaudeTasks', false, async () => {
      await replaceInFile(file, '| ship | IN_PROGRESS', '| ship | COMPLETE');
      await runBaton(api, 'baton.refreshViews');
      await new Promise((done) => setTimeout(done, 600));
      assert.equal((await task(2))['status'], 'in_progress');
    });
    await waitFor('the state in the store', async () => (await task(2))['status'] === 'completed');
  });

  it('keep what both changed until a side is chosen', async () => {
    await withSetting('baton.agents.syncClaudeTasks', false, async () => {
      await replaceInFile(file, '| Ship |', '| Ship today |');
      await change(2, { subject: 'Ship tomorrow' });
      await runBaton(api, 'baton.refreshViews');
      assert.equal(await refusalOf(api, 'baton.syncTaskList', { list: 'mirrored' }), 'conflict');
      assert.equal((await task(2))['subject'], 'Ship tomorrow');
      await runBaton(api, 'baton.syncTaskList', { list: 'mirrored', prefer: 'claude' });
      assert.ok(rowOf(await readText(file), 'ship').includes('| Ship tomorrow |'));
    });
  });

  it('stay in the list when the store drops them', async () => {
    for (const name of await readdir(join(config, 'tasks/mirrored'))) {
      if (name.endsWith('.json')) await rm(join(config, 'tasks/mirrored', name));
    }
    const result = await runBaton<SyncTaskListResult>(api, 'baton.syncTaskList', { list: 'mirrored' });
    assert.deepEqual(result.rescued.toSorted(), ['polish', 'ship']);
    assert.ok(rowOf(await readText(file), 'polish').includes('| COMPLETE |'));
  });

  it('are named to an agent that is started on a session with a list', async () => {
    const out = join(config, 'environment.txt');
    const script = join(config, 'agent.sh');
    await writeFile(script, `#!/bin/sh\necho "$CLAUDE_CODE_TASK_LIST_ID $CLAUDE_CODE_ENABLE_TODO_TOOLS" > '${out}'\n`, {
      mode: 0o755,
    });
    const sessionFile = 'docs/sessions/SESSION.md';
    const text = await readText(sessionFile);
    await writeText(sessionFile, text.replace(/^(session: .*)$/m, '$1\ntask_list: mirrored'));
    await runBaton(api, 'baton.refreshViews');
    try {
      await withSetting('baton.agents.command', script, async () => {
        await runBaton(api, 'baton.startAgent');
        await waitFor('the agent', async () => (await readFile(out, 'utf8')).trim() === 'mirrored 1');
      });
    } finally {
      for (const terminal of vscode.window.terminals) terminal.dispose();
      await writeText(sessionFile, text);
    }
  });
});

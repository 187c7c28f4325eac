import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { BatonExports } from '../../../src/extension/exports.ts';
import { anyToken, releaseFile, writeLists } from './tasksFiles.ts';
import {
  activateBaton,
  closeEditors,
  openFile,
  pathOf,
  runBaton,
  typeAt,
  waitFor,
  withSetting,
  writeText,
} from './window.ts';

describe('what agents get of the window', () => {
  let api: BatonExports;
  before(async () => {
    api = await activateBaton();
    await writeLists();
    await runBaton(api, 'baton.refreshViews');
  });

  afterEach(closeEditors);

  const servers = async () =>
    (await api.mcpServers.provideMcpServerDefinitions(anyToken())) as vscode.McpStdioServerDefinition[];

  it('is an MCP server that answers', async () => {
    const [server, second] = await servers();
    assert.ok(server !== undefined && second === undefined);
    assert.equal(server.label, 'baton');
    assert.equal(server.cwd?.fsPath, pathOf('').replace(/\/$/, ''));
    const tools = await listTools(server);
    assert.ok(tools.includes('get_task_list'), tools.join(', '));
  });

  it('is no second server where .mcp.json has one', async () => {
    const fired = new Promise<void>((done) => {
      const listener = api.mcpServers.onDidChangeMcpServerDefinitions?.(() => {
        listener?.dispose();
        done();
      });
    });
    await writeText('.mcp.json', '{"mcpServers": {"other": {"command": "x"}}}');
    assert.equal((await servers()).length, 1);
    await fired;
    await writeText('.mcp.json', '{"mcpServers": {"baton": {"type": "stdio", "command": "baton", "args": ["mcp"]}}}');
    assert.deepEqual(await servers(), []);
    await writeText('.mcp.json', '{"mcpServers": {"baton": {');
    assert.deepEqual(await servers(), []);
    await rm(pathOf('.mcp.json'));
    assert.equal((await servers()).length, 1);
  });

  it('is a tool that reads what is not saved, with its problems', async () => {
    const editor = await openFile(releaseFile);
    const line = editor.document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('| docs |'));
    await typeAt(editor, new vscode.Position(line, 0), '| typed | ODD | Typed and not saved | — | — | — |\n');
    const list = await invoke('baton_readOpenFile', {});
    assert.deepEqual(list['open'], [{ path: releaseFile, folder: 'sample', unsaved: true }]);
    const read = await invoke('baton_readOpenFile', { path: releaseFile });
    assert.equal(read['unsaved'], true);
    assert.match(String(read['text']), /Typed and not saved/);
    const problems = read['problems'] as { line: number; code: string }[];
    assert.ok(
      problems.some((one) => one.line === line + 1 && one.code === 'unknown-status'),
      JSON.stringify(problems),
    );
    assert.ok(problems.some(({ code }) => code === 'cyclic-dependency'));
  });

  it('is a tool that shows a task or a session', async () => {
    assert.deepEqual(await invoke('baton_reveal', { list: 'release', task: 'routes' }), { shown: 'release/routes' });
    assert.deepEqual(await invoke('baton_reveal', { session: 'BE-04' }), { shown: 'BE-04' });
    assert.deepEqual(await invoke('baton_reveal', { dashboard: true }), { shown: 'dashboard' });
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? '';
    assert.ok(api.dashboard(folder));
    await closeEditors();
  });

  const refused: readonly (readonly [string, object, RegExp])[] = [
    ['baton_readOpenFile', { path: 7 }, /path: /],
    ['baton_readOpenFile', { path: 'x', extra: 1 }, /extra/],
    ['baton_readOpenFile', { path: '../../etc/passwd' }, /No editor has/],
    ['baton_reveal', {}, /Give either/],
    ['baton_reveal', { session: 'BE-04', list: 'release' }, /Give either/],
    ['baton_reveal', { list: 'release', task: 'nothing' }, /There is no task/],
    ['baton_reveal', { list: 'release', dashboard: true }, /"dashboard" goes with/],
    ['baton_reveal', { session: 'NO-99' }, /NO-99/],
  ];
  for (const [tool, input, reason] of refused) {
    it(`refuses ${tool} with ${JSON.stringify(input)}`, async () => {
      await assert.rejects(invoke(tool, input), reason);
    });
  }

  it('is the command baton in terminals, unless switched off', async () => {
    const out = join(tmpdir(), `baton-path-${process.pid}.txt`);
    const run = async (command: string): Promise<string> => {
      await rm(out, { force: true });
      const terminal = vscode.window.createTerminal({
        shellPath: '/bin/sh',
        shellArgs: ['-c', `{ ${command}; } > "${out}" 2>&1; echo end >> "${out}"; sleep 5`],
      });
      try {
        return await waitFor('the terminal', async () => {
          const text = await readFile(out, 'utf8').catch(() => '');
          return text.endsWith('end\n') ? text : undefined;
        });
      } finally {
        terminal.dispose();
      }
    };
    const text = await waitFor('baton on the PATH', async () => {
      const said = await run('command -v baton && baton --json tasks show release');
      return said.includes('"ok":true') ? said : undefined;
    });
    assert.match(text, /globalStorage/);
    await withSetting('baton.agents.terminalPath', false, async () => {
      await waitFor('no baton of ours', async () => !(await run('command -v baton')).includes('globalStorage'));
    });
    await rm(out, { force: true });
  });

  it('is connected only with what the person agreed to, file by file', async () => {
    const asked: string[] = [];
    const answering = api.answer({
      confirm: async ({ question }) => {
        asked.push(question);
        return question.includes('.mcp.json');
      },
    });
    const connect = (options: object) =>
      runBaton<{ written: string[]; planned: string[] }>(api, 'baton.connectAgents', {
        agents: ['claude'],
        ...options,
      });
    const { written, planned } = await connect({});
    assert.deepEqual(written, ['.mcp.json']);
    assert.equal(asked.length, planned.length);
    assert.ok(planned.includes('.claude/skills/baton/SKILL.md'), planned.join(', '));
    await assert.rejects(readFile(pathOf('.claude/skills/baton/SKILL.md')));
    assert.match(await readFile(pathOf('.mcp.json'), 'utf8'), /"baton"/);
    assert.ok(
      vscode.window.tabGroups.all.some(({ tabs }) =>
        tabs.some(({ input }) => input instanceof vscode.TabInputTextDiff),
      ),
    );
    assert.deepEqual(await servers(), []);
    assert.ok(!(await connect({})).planned.includes('.mcp.json'));
    const gone = await connect({ remove: true });
    assert.ok(gone.written.includes('.mcp.json'));
    await assert.rejects(readFile(pathOf('.mcp.json')));
    answering.dispose();
  });
});

/** Calls a tool as a model does. */
async function invoke(name: string, input: object): Promise<Record<string, unknown>> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, anyToken());
  const [part] = result.content;
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  return JSON.parse(part.value);
}

/** Starts a server as VS Code would, and asks it for its tools. */
async function listTools(server: vscode.McpStdioServerDefinition): Promise<string[]> {
  const child = spawn(server.command, server.args, {
    cwd: server.cwd?.fsPath,
    env: { ...process.env, ...(server.env as Record<string, string>) },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString('utf8');
    });
    const clientInfo = { name: 'suite', version: '1' };
    const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/list' });
    const answer = await waitFor('the tools', () => text.split('\n').find((line) => line.includes('"id":2')));
    const { result }: { result: { tools: { name: string }[] } } = JSON.parse(answer);
    return result.tools.map(({ name }) => name);
  } finally {
    child.kill();
  }
}

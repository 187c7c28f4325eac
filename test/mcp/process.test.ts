import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileApprovals } from '../../src/platform/fileApprovals.ts';
import { bundle, CliProject, collectOutcome, nodePath, waitFor } from '../cli/support/cliProject.ts';
import { planOf, progressOf, progressPath, sessionPath, shopFiles } from '../cli/support/shop.ts';
import { McpClient } from './support/mcpClient.ts';

describe('the process', () => {
  let project: CliProject;

  beforeEach(() => {
    project = new CliProject(shopFiles);
  });
  afterEach(() => project.dispose());

  const start = (id: number, method: string, params: unknown) =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
  const hello = start(1, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  });
  const callTool = (id: number, name: string, input: unknown) => start(id, 'tools/call', { name, arguments: input });

  function spawnServer(args: readonly string[] = [bundle, 'mcp']): ChildProcess {
    return spawn(nodePath, args, { cwd: project.root, env: project.environment, stdio: ['pipe', 'pipe', 'pipe'] });
  }

  it('writes nothing but the protocol to stdout, whatever runs meanwhile', async () => {
    const command = 'echo out; echo err >&2';
    project.dispose();
    project = new CliProject({
      'docs/SHOP_PROMPTS.md': planOf([{ id: 'BE-01', title: 'Print', commands: [command] }]),
      [progressPath]: progressOf(['BE-01']),
    });
    await createFileApprovals(project.root, project.environment.BATON_CONFIG_HOME).approve([command]);
    const server = spawnServer();
    const ended = collectOutcome(server);
    let answers = 0;
    server.stdout?.on('data', (chunk: string) => {
      answers += chunk.split('\n').length - 1;
    });
    server.stdin?.write(hello);
    server.stdin?.write('no JSON at all\n');
    server.stdin?.write(callTool(2, 'start_session', { id: 'BE-01' }));
    server.stdin?.write(callTool(3, 'complete_session', { message: 'feat: print' }));
    await waitFor(() => answers >= 3);
    server.stdin?.end();
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    const messages = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(messages.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
    expect(messages.find(({ id }) => id === 3).result.structuredContent).toMatchObject({ verified: 'verified 1/1' });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s', async (signal) => {
    const server = spawnServer();
    const ended = collectOutcome(server);
    server.stdin?.write(hello);
    await new Promise((done) => server.stdout?.once('data', done));
    server.kill(signal);
    expect((await ended).signal).toBe(null);
  });

  it('can be started without the command line, as VS Code does', async () => {
    const server = spawnServer([resolve(bundle, '../mcp.cjs'), '--tools', 'all']);
    const ended = collectOutcome(server);
    server.stdin?.write(hello);
    server.stdin?.write(start(2, 'tools/list', {}));
    let seen = '';
    server.stdout?.on('data', (chunk: string) => {
      seen += chunk;
    });
    await waitFor(() => seen.includes('rollback_session'));
    server.stdin?.end();
    expect((await ended).code).toBe(0);
  });

  it('refuses flags and folders that are not there', async () => {
    expect(await project.json(['mcp', '--root', 'no such folder'])).toMatchObject({
      code: 2,
      error: { code: 'invalid-argument' },
    });
    expect(await project.json(['mcp', '--tools', 'some'])).toMatchObject({
      code: 2,
      error: { code: 'invalid-argument' },
    });
  });

  it('finds the project by --root, CLAUDE_PROJECT_DIR and the current folder, in this order', async () => {
    const other = new CliProject(shopFiles);
    const third = new CliProject(shopFiles);
    try {
      const at = async (args: readonly string[], environment: Record<string, string>) => {
        const mcp = await McpClient.connect(project, { args, environment });
        await mcp.ok('start_session', { id: 'BE-02' });
        await mcp.close();
      };
      await at(['--root', other.root], { CLAUDE_PROJECT_DIR: third.root });
      expect([other.has(sessionPath), third.has(sessionPath), project.has(sessionPath)]).toEqual([true, false, false]);
      await at([], { CLAUDE_PROJECT_DIR: third.root });
      expect([third.has(sessionPath), project.has(sessionPath)]).toEqual([true, false]);
      await at([], {});
      expect(project.has(sessionPath)).toBe(true);
    } finally {
      other.dispose();
      third.dispose();
    }
  });

  it('takes the one of several roots that has state files, and none where they cannot be understood', async () => {
    const empty = join(project.environment.HOME ?? '', 'empty');
    mkdirSync(empty);
    const roots = [
      pathToFileURL(join(empty, 'gone')).href,
      pathToFileURL(empty).href,
      pathToFileURL(project.root).href,
    ];
    const mcp = await McpClient.connect(project, { roots, cwd: empty });
    await mcp.ok('start_session', { id: 'BE-02' });
    expect(project.has(sessionPath)).toBe(true);
    await mcp.close();
    const lost = await McpClient.connect(project, { roots: ['https://example.org/x'] });
    expect((await lost.ok('get_session')).data.session.id).toBe('BE-02');
    await lost.close();
  });

  it('asks again when the client says that its roots have changed', async () => {
    const other = new CliProject({ ...shopFiles, 'docs/sessions/.keep': '' });
    const roots = [pathToFileURL(project.root).href];
    const mcp = await McpClient.connect(project, { roots });
    try {
      await mcp.ok('get_session');
      roots[0] = pathToFileURL(other.root).href;
      await mcp.client.sendRootsListChanged();
      await mcp.ok('start_session', { id: 'BE-02' });
      expect([project.has(sessionPath), other.has(sessionPath)]).toEqual([false, true]);
    } finally {
      await mcp.close();
      other.dispose();
    }
  });

  it('tells a client that asks for it how long work goes on', async () => {
    const mcp = await McpClient.connect(project);
    try {
      await mcp.ok('start_session', { id: 'BE-02' });
      project.write('src/products.txt', 'one\n');
      const told: string[] = [];
      await mcp.client.callTool(
        { name: 'checkpoint_session', arguments: { message: 'one' } },
        { onprogress: ({ message }) => told.push(message ?? '') },
      );
      expect(told.join('\n')).toContain('Committing checkpoint 1 of BE-02');
    } finally {
      await mcp.close();
    }
  });
});

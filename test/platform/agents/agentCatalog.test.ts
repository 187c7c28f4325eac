import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAgentCatalog } from '../../../src/platform/agents/agentCatalog.ts';
import { type AgentRun, bypassesPermissions, prepareAgent } from '../../../src/platform/agents/agentDefinition.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

function catalogOf(yaml?: string) {
  const folder = temporaryFolder();
  if (yaml !== undefined) writeFileSync(join(folder, 'agents.yaml'), yaml);
  return { folder, catalog: createAgentCatalog(folder) };
}

const run: AgentRun = {
  prompt: 'Do it.',
  newSession: '11111111-2222-4333-8444-555555555555',
  worktree: '/w',
  mcpConfig: '/c.json',
  mcpCommand: ['/node', '/cli.cjs', 'mcp'],
  mcpEnvironment: { BATON_SESSION_ID: 'session-a', BATON_OUTBOX: '/w ü/.baton' },
};

describe('agents', () => {
  it('are Claude Code, Codex and Copilot unless more are configured', async () => {
    const { catalog } = catalogOf();
    expect(await catalog.names()).toEqual(['claude', 'codex', 'copilot']);
    expect(await catalog.defaultName()).toBe('claude');
    for (const name of await catalog.names()) expect(bypassesPermissions(await catalog.find(name))).toBe(false);
    await expect(catalog.find('aider')).rejects.toMatchObject({ code: 'agent-missing' });
  });

  it('are changed and added by the user’s file', async () => {
    const { catalog, folder } = catalogOf(
      'default: mine\nagents:\n  claude:\n    args: [--dangerously-skip-permissions]\n  mine:\n    command: PROGRAM\n    args: [--task, "{prompt}", --in, "{worktree}"]\n    env: {LEVEL: 3}\n'.replace(
        'PROGRAM',
        join(temporaryFolder(), 'tool'),
      ),
    );
    expect(folder).not.toBe('');
    expect(await catalog.defaultName()).toBe('mine');
    const mine = await catalog.find('mine');
    expect(prepareAgent(mine, run)).toMatchObject({ args: ['--task', 'Do it.', '--in', '/w'], env: { LEVEL: '3' } });
    expect(prepareAgent(mine, run).input).toBeUndefined();
    await expect(catalog.require('mine')).rejects.toMatchObject({ code: 'agent-missing' });
    writeFileSync(mine.command, '#!/bin/sh\n');
    await expect(catalog.require('mine')).rejects.toMatchObject({ code: 'agent-missing' });
    chmodSync(mine.command, 0o755);
    await catalog.require('mine');
    const claude = await catalog.find('claude');
    expect(bypassesPermissions(claude)).toBe(true);
    expect(claude.args).toEqual(expect.arrayContaining(['stream-json', '--dangerously-skip-permissions']));
  });

  it.each([
    ['agents: [claude]', '`agents` must map'],
    ['default: nobody', '`default` names no agent'],
    ['agents: {mine: {args: [x]}}', 'has no command'],
    ['agents: {mine: {command: x, stream: video}}', 'stream must be'],
    ['agents: {mine: {command: x, args: x}}', 'must be a list of texts'],
    ['agents: {mine: {command: ./tool}}', 'must be a program’s name or its full path'.replace('’', "'")],
    ['agents: {"a b": {command: x}}', 'cannot be the name'],
    ['agents: {a', 'cannot be used'],
    ['agents: &a {b: *a}', 'cannot be used'],
  ])('are not guessed from a broken file: %s', async (yaml, why) => {
    await expect(catalogOf(yaml).catalog.names()).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining(why),
    });
  });
});

describe('the call', () => {
  it('of Claude Code begins a session of a known ID, and continues it', async () => {
    const claude = await catalogOf().catalog.find('claude');
    const first = prepareAgent(claude, { ...run, model: 'opus' });
    expect(first.args.join(' ')).toContain('--mcp-config /c.json --strict-mcp-config');
    expect(first.args.join(' ')).toContain(`--model opus --session-id ${run.newSession}`);
    expect(first).toMatchObject({ input: 'Do it.', agentSession: run.newSession });
    const again = prepareAgent(claude, { ...run, resume: 'abc' });
    expect(again.args.slice(-2)).toEqual(['--resume', 'abc']);
    expect(again.args).not.toContain('--model');
    expect(again.args).not.toContain('--session-id');
  });

  it('of Codex has the server in its arguments and its prompt on standard input', async () => {
    const codex = await catalogOf().catalog.find('codex');
    expect(prepareAgent(codex, run).args).toEqual([
      'exec',
      '--json',
      '-s',
      'workspace-write',
      '-c',
      'mcp_servers.baton.command="/node"',
      '-c',
      'mcp_servers.baton.args=["/cli.cjs","mcp"]',
      '-c',
      'mcp_servers.baton.env={BATON_SESSION_ID="session-a", BATON_OUTBOX="/w ü/.baton"}',
      '-',
    ]);
    expect(prepareAgent(codex, { ...run, resume: 't-1' }).args.slice(0, 4)).toEqual([
      'exec',
      'resume',
      't-1',
      '--json',
    ]);
  });

  it('takes no model whose name could be an option', async () => {
    const claude = await catalogOf().catalog.find('claude');
    for (const model of ['--x', 'a b', '', '$(id)']) {
      expect(() => prepareAgent(claude, { ...run, model })).toThrow(
        expect.objectContaining({ code: 'invalid-argument' }),
      );
    }
  });
});

import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { CliProject } from '../cli/support/cliProject.ts';
import { quickSupervisor, writeSmallAgent } from '../support/smallAgent.ts';
import { McpClient } from './support/mcpClient.ts';

const plan = `# Shop

### Wave 1: Impl-Core (2 agents)
- Agent 1: Write src/a.ts → src/a.ts
- Agent 2: Slowly wait → src/slow.ts
`;

it('the tools about wave runs begin, show and steer one in agentic mode, and answer nothing for the person', async () => {
  const project = new CliProject({ 'docs/waves.md': plan, '.baton.yaml': 'mode: agentic\n' });
  writeSmallAgent(project.environment['BATON_CONFIG_HOME'] ?? '');
  const environment = { ...quickSupervisor, SO_SESSION_REGISTRY_DIR: join(project.root, '..', 'registry') };
  const mcp = await McpClient.connect(project, { args: ['--tools', 'all'], environment });
  const refusal = async (client: McpClient, name: string, input: Record<string, unknown> = {}) =>
    (await client.call(name, input)).data.error.code;
  const agents = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await mcp.ok('get_wave_run')).data.run.agents.map((one: { key: string; status: string }) => [
        one.key,
        one.status,
      ]),
    );
  try {
    expect(await refusal(mcp, 'get_wave_run')).toBe('unknown-wave-run');
    expect(await refusal(mcp, 'start_wave_run', { plan: 'docs/waves.md' })).toBe('bootstrap-missing');
    project.write('.orchestrator/bootstrap.lock', 'version: 1\ntier: fast\n');
    project.git('add', '-A');
    project.git('commit', '-qm', 'set up');
    const begun = await mcp.ok('start_wave_run', { plan: 'docs/waves.md', focus: 'the API' });
    expect(begun.data.run).toMatchObject({ status: 'queued', waves: 1 });
    await vi.waitFor(async () => expect(await agents()).toEqual({ 'w1-a1': 'done', 'w1-a2': 'running' }), {
      timeout: 60_000,
      interval: 200,
    });
    const worker = await McpClient.connect(project, {
      args: ['--tools', 'all'],
      environment: { ...environment, BATON_WAVE_RUN: begun.data.run.id, BATON_WAVE_AGENT: 'w1-a2' },
    });
    expect(await refusal(worker, 'steer_wave_run', { what: 'abort' })).toBe('not-agentic');
    await worker.close();
    await mcp.ok('steer_wave_run', { what: 'abort', why: 'enough' });
    await vi.waitFor(
      async () => expect((await mcp.ok('get_wave_run')).data.run).toMatchObject({ status: 'aborted', why: 'enough' }),
      { timeout: 60_000, interval: 200 },
    );
    expect(await agents()).toEqual({ 'w1-a1': 'done', 'w1-a2': 'stopped' });
  } finally {
    await mcp.close();
    project.dispose();
  }
});

import { describe, expect, it } from 'vitest';
import { approve, WorkerProject } from '../supervisor/support/workerProject.ts';
import { McpClient } from './support/mcpClient.ts';

describe('the tools about isolated sessions', () => {
  it('dispatch and merge in agentic mode, by the verdict of the review alone', async () => {
    const shop = new WorkerProject({
      workers: { 'A-01': `echo one > one.txt; ${approve}`, 'A-02': 'exit 3' },
    });
    const environment = { BATON_SUPERVISOR_SETTINGS: JSON.stringify({ pollMs: 50, idleMs: 400 }) };
    const mcp = await McpClient.connect(shop.project, { args: ['--tools', 'all'], environment });
    const refusal = async (client: McpClient, name: string, input: Record<string, unknown> = {}) =>
      (await client.call(name, input)).data.error.code;
    try {
      expect((await mcp.ok('list_isolated')).text).toBe('No isolated sessions.');
      const { data } = await mcp.ok('dispatch_work', { items: ['A-01', 'A-02'] });
      expect(data.dispatched.map(({ item }: { item: string }) => item)).toEqual(['A-01', 'A-02']);
      await shop.until('A-02', 'failed');
      await shop.until('A-01', 'approved');
      expect((await mcp.ok('list_isolated')).data.sessions).toMatchObject([
        { item: 'A-01', status: 'approved', review: { decision: 'approved' } },
        { item: 'A-02', status: 'failed' },
      ]);
      expect(await refusal(mcp, 'merge_isolated', { id: 'A-02' })).toBe('review-missing');
      expect(await refusal(mcp, 'merge_isolated', { id: 'A-01', override: 'because' })).toBe('invalid-argument');

      const worker = await McpClient.connect(shop.project, {
        args: ['--tools', 'all'],
        environment: { ...environment, BATON_SESSION_ID: shop.session('A-01').id },
      });
      expect(await refusal(worker, 'merge_isolated', { id: 'A-01' })).toBe('not-agentic');
      expect(await refusal(worker, 'dispatch_work', { ready: true })).toBe('not-agentic');
      await worker.close();

      shop.project.write('.baton.yaml', 'mode: collaborative\n');
      expect(await refusal(mcp, 'merge_isolated', { id: 'A-01' })).toBe('not-agentic');
      expect(await refusal(mcp, 'dispatch_work', { ready: true })).toBe('not-agentic');
      shop.project.write('.baton.yaml', 'mode: agentic\n');
      await mcp.ok('merge_isolated', { id: 'A-01' });
      expect(shop.project.git('ls-files')).toContain('one.txt');
    } finally {
      await mcp.close();
      await shop.dispose();
    }
  });
});

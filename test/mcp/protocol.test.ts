import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliProject } from '../cli/support/cliProject.ts';
import { shopFiles } from '../cli/support/shop.ts';
import { McpClient, type McpOptions, protocolVersions } from './support/mcpClient.ts';

describe('the protocol', () => {
  let project: CliProject;
  const clients: McpClient[] = [];

  beforeEach(() => {
    project = new CliProject(shopFiles);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    project.dispose();
  });

  async function connect(options: McpOptions = {}): Promise<McpClient> {
    const client = await McpClient.connect(project, options);
    clients.push(client);
    return client;
  }

  it.each(protocolVersions)('is spoken in version %s', async (version) => {
    const client = await connect({ version });
    expect(client.client.getNegotiatedProtocolVersion()).toBe(version);
    expect(client.client.getServerVersion()).toMatchObject({ name: 'baton' });
    expect(client.client.getInstructions()).toContain('Baton');
    const { tools } = await client.client.listTools();
    expect(tools.map(({ name }) => name)).toContain('get_session');
    const { data, text } = await client.ok('get_session');
    expect(data.ready.map(({ id }: { id: string }) => id)).toEqual(['BE-02', 'FE-02']);
    expect(text).toContain('No session is active.');
    expect(client.stderr).toBe('');
  });

  it.each(protocolVersions)('honours the roots of the client in version %s', async (version) => {
    const other = new CliProject({ ...shopFiles, 'docs/sessions/.keep': '' });
    try {
      const client = await connect({ version, roots: [pathToFileURL(other.root).href] });
      await client.ok('start_session', { id: 'BE-02' });
      expect(other.has('docs/sessions/SESSION.md')).toBe(true);
      expect(project.has('docs/sessions/SESSION.md')).toBe(false);
    } finally {
      other.dispose();
    }
  });
});

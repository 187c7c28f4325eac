import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { bundle, type CliProject, nodePath } from '../../cli/support/cliProject.ts';

/** A protocol version that clients speak: the current one and the two before it. */
export const protocolVersions = ['2026-07-28', '2025-11-25', '2025-06-18'] as const;
export type ProtocolVersion = (typeof protocolVersions)[number];

export interface McpOptions {
  readonly version?: ProtocolVersion;
  /** Arguments behind `mcp`. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** `file:` URIs that the client gives as its roots; without it the client has no roots. */
  readonly roots?: readonly string[];
  /** Where the server is started, the project's root unless told. */
  readonly cwd?: string;
}

/** What a call gave back. */
export interface ToolOutcome {
  readonly isError: boolean;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into it and compare what they find.
  readonly data: any;
}

/** A real client with a real `baton mcp` of its own. */
export class McpClient {
  readonly client: Client;
  readonly #transport: StdioClientTransport;
  stderr = '';

  private constructor(client: Client, transport: StdioClientTransport) {
    this.client = client;
    this.#transport = transport;
    transport.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
  }

  static async connect(project: CliProject, options: McpOptions = {}): Promise<McpClient> {
    const { version = '2025-11-25', args = [], environment = {}, roots, cwd = project.root } = options;
    const transport = new StdioClientTransport({
      command: nodePath,
      args: [bundle, 'mcp', ...args],
      env: { ...project.environment, ...environment },
      cwd,
      stderr: 'pipe',
    });
    const client = new Client(
      { name: 'test', version: '1.0.0' },
      { ...negotiation(version), capabilities: roots === undefined ? {} : { roots: { listChanged: true } } },
    );
    if (roots !== undefined) {
      client.setRequestHandler('roots/list', async () => ({ roots: roots.map((uri) => ({ uri })) }));
    }
    const made = new McpClient(client, transport);
    await client.connect(transport);
    return made;
  }

  /** PID of the server. */
  get pid(): number {
    const { pid } = this.#transport;
    if (pid === null) throw new Error('the server does not run');
    return pid;
  }

  async call(name: string, input: Record<string, unknown> = {}, signal?: AbortSignal): Promise<ToolOutcome> {
    const result = await this.client.callTool({ name, arguments: input }, signal === undefined ? {} : { signal });
    const content = Array.isArray(result.content) ? result.content : [];
    const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
    return { isError: result.isError === true, text, data: result.structuredContent };
  }

  /** Calls a tool that must do what it is asked to. */
  async ok(name: string, input: Record<string, unknown> = {}): Promise<ToolOutcome> {
    const outcome = await this.call(name, input);
    if (outcome.isError) throw new Error(`${name} was refused: ${outcome.text}`);
    return outcome;
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

function negotiation(version: ProtocolVersion): ClientOptions {
  if (version === '2026-07-28') return { versionNegotiation: { mode: { pin: version } } };
  return { supportedProtocolVersions: [version] };
}

import * as vscode from 'vscode';
import type { Projects } from '../workspace/projects.ts';
import { trustGate } from '../workspace/trustGate.ts';

/** The server's name, the same as in `.mcp.json`: VS Code switches off the second one of a name. */
export const mcpServerName = 'baton';

const providerId = 'baton.mcp';

/**
 * Offers Baton's MCP server to the agents of this window, so that nothing has to be set up. Offers none while the folder is not trusted,
 * and none where a folder's `.mcp.json` has it already: that one serves every agent.
 */
export class McpServerProvider
  implements vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition>, vscode.Disposable
{
  readonly #projects: Projects;
  readonly #extension: vscode.Extension<unknown>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #owned: { dispose(): void }[];
  /** Undefined while nobody asked for a server: what was never told cannot change. */
  #watchers: vscode.Disposable[] | undefined;

  readonly onDidChangeMcpServerDefinitions = this.#changed.event;

  constructor(projects: Projects, extension: vscode.Extension<unknown>) {
    this.#projects = projects;
    this.#extension = extension;
    this.#owned = [
      this.#changed,
      trustGate.onDidGrant(() => this.#changed.fire()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        if (this.#watchers !== undefined) this.#watch();
        this.#changed.fire();
      }),
    ];
    // Forks of VS Code leave this out.
    if (typeof vscode.lm?.registerMcpServerDefinitionProvider === 'function') {
      this.#owned.push(vscode.lm.registerMcpServerDefinitionProvider(providerId, this));
    }
  }

  async provideMcpServerDefinitions(): Promise<vscode.McpStdioServerDefinition[]> {
    if (!trustGate.isTrusted) return [];
    if (this.#watchers === undefined) this.#watch();
    await this.#projects.load();
    const hosts = this.#projects.all.filter(({ isLocal }) => isLocal);
    const host = hosts.find(({ hasStateFiles }) => hasStateFiles) ?? hosts[0];
    if (host === undefined) return [];
    const configured = await Promise.all(
      hosts.map(({ folder }) => hasServer(vscode.Uri.joinPath(folder.uri, '.mcp.json'))),
    );
    if (configured.includes(true)) return [];
    const server = vscode.Uri.joinPath(this.#extension.extensionUri, 'dist', 'mcp.cjs').fsPath;
    const version: unknown = this.#extension.packageJSON?.version;
    const definition = new vscode.McpStdioServerDefinition(
      mcpServerName,
      process.execPath,
      [server],
      // On a remote host that is Node already.
      process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' },
      typeof version === 'string' ? version : undefined,
    );
    definition.cwd = host.folder.uri;
    return [definition];
  }

  dispose(): void {
    for (const one of [...(this.#watchers ?? []), ...this.#owned]) one.dispose();
  }

  #watch(): void {
    for (const watcher of this.#watchers ?? []) watcher.dispose();
    this.#watchers = (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '.mcp.json'));
      const fire = () => this.#changed.fire();
      return [watcher, watcher.onDidCreate(fire), watcher.onDidChange(fire), watcher.onDidDelete(fire)];
    });
  }
}

/** Whether the file sets up a server of our name. One that cannot be read as JSON counts when it names it. */
async function hasServer(uri: vscode.Uri): Promise<boolean> {
  const bytes = await Promise.resolve(vscode.workspace.fs.readFile(uri)).catch(() => undefined);
  if (bytes === undefined) return false;
  const text = new TextDecoder().decode(bytes);
  try {
    const { mcpServers }: { readonly mcpServers?: unknown } = Object(JSON.parse(text));
    return typeof mcpServers === 'object' && mcpServers !== null && Object.hasOwn(mcpServers, mcpServerName);
  } catch {
    return new RegExp(`"${mcpServerName}"\\s*:`).test(text);
  }
}

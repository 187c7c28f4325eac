import type * as vscode from 'vscode';
import type { Logger } from '../../core/ports/logger.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Prompt } from '../../core/ports/prompt.ts';
import type { StateFiles } from '../../core/ports/stateFiles.ts';
import { findGitLocation } from '../../platform/gitDir.ts';
import { createNodePorts } from '../../platform/nodePorts.ts';
import { createNodeOwners } from '../../platform/owners.ts';
import type { OpenFiles } from './openFiles.ts';
import { ProjectHost } from './projectHost.ts';
import { trustGate } from './trustGate.ts';

export interface HostParts {
  readonly prompt: Prompt;
  readonly logger: Logger;
  readonly open: OpenFiles;
}

/** Makes the host of a workspace folder: the ports on Node, with VS Code's own write path and the gate of Restricted Mode. */
export async function createHost(folder: vscode.WorkspaceFolder, parts: HostParts): Promise<ProjectHost> {
  if (folder.uri.scheme !== 'file') {
    const { createVirtualPorts } = await import('./virtualPorts.ts');
    return new ProjectHost(folder, await createVirtualPorts(folder, parts), parts.logger);
  }
  const root = folder.uri.fsPath;
  const ports = await createNodePorts({
    root,
    prompt: parts.prompt,
    logger: parts.logger,
    override: (own) => ({
      ...trustGate.guard(own),
      stateFiles: createLateWriter(folder, own, parts.open),
      owners: createNodeOwners({ mayStartProcesses: trustGate.isTrusted }),
    }),
  });
  const host = new ProjectHost(folder, ports, parts.logger);
  const location = await findGitLocation(root);
  if (location !== undefined) host.watchHead(location.gitDir);
  return host;
}

/** The write path of the window, loaded with the first write. */
function createLateWriter(folder: vscode.WorkspaceFolder, own: Ports, open: OpenFiles): StateFiles {
  let loading: Promise<StateFiles> | undefined;
  const load = () => {
    loading ??= import('./createWriter.ts').then(({ createWriter }) => createWriter(folder, own, open));
    return loading;
  };
  return {
    update: async (...given) => (await load()).update(...given),
    move: async (...given) => (await load()).move(...given),
    remove: async (...given) => (await load()).remove(...given),
    assertWritable: async (...given) => (await load()).assertWritable(...given),
  };
}

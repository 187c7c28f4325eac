import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import type { FileSystem } from '../../core/ports/fileSystem.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Prompt } from '../../core/ports/prompt.ts';
import { systemClock } from '../../platform/systemClock.ts';

/**
 * Ports of a folder that is not on this machine's disk (a virtual workspace): files are read through VS Code, and everything else is
 * refused, because there is neither git nor a lock that other writers would see.
 */
export async function createVirtualPorts(
  folder: vscode.WorkspaceFolder,
  parts: { readonly prompt: Prompt; readonly logger: Logger },
): Promise<Ports> {
  const { grayMatterFrontmatter } = await import('../../platform/grayMatterFrontmatter.ts');
  const refuse = async (): Promise<never> => {
    throw new BatonError(
      'read-only',
      vscode.l10n.t('{0} is not on this machine: Baton can only show it.', folder.name),
      {
        hint: vscode.l10n.t('Clone the repository and open the folder.'),
      },
    );
  };
  const none = async (): Promise<undefined> => undefined;
  return {
    files: createVirtualFiles(folder),
    stateFiles: { update: refuse, move: refuse, remove: refuse, assertWritable: refuse },
    frontmatter: grayMatterFrontmatter,
    git: none,
    localState: {
      read: none,
      write: refuse,
      create: refuse,
      update: refuse,
      moveFolder: refuse,
      remove: refuse,
      list: async () => [],
      locate: (key) => key,
      worktreeKey: 'virtual',
      keyPart: (text) => encodeURIComponent(text),
    },
    owners: { self: { pid: 0, startTime: '', bootId: '', host: '' }, stateOf: async () => 'unknown' },
    commands: { run: refuse },
    approvals: { isApproved: async () => false, approve: refuse },
    claims: { claim: refuse, read: async () => undefined, release: refuse, list: async () => [] },
    prompt: parts.prompt,
    clock: systemClock,
    logger: parts.logger,
    orchestrator: refuse,
  };
}

function createVirtualFiles(folder: vscode.WorkspaceFolder): FileSystem {
  const uriOf = (path: string) => vscode.Uri.joinPath(folder.uri, path);
  return {
    async readText(path) {
      const bytes = await readBytes(uriOf(path));
      if (bytes === undefined) return undefined;
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch (error) {
        throw new BatonError('unreadable-file', vscode.l10n.t('{0} is not UTF-8.', path), { cause: error });
      }
    },
    async stat(path) {
      try {
        const found = await vscode.workspace.fs.stat(uriOf(path));
        const isFolder = (found.type & vscode.FileType.Directory) !== 0;
        return { kind: isFolder ? 'folder' : 'file', size: found.size, modifiedAt: found.mtime };
      } catch {
        return undefined;
      }
    },
    realPath: async (path) => path,
    async findFiles(globs) {
      const found = await Promise.all(
        globs.map((glob) =>
          vscode.workspace.findFiles(new vscode.RelativePattern(folder, glob), '**/{.git,node_modules,.worktrees}/**'),
        ),
      );
      const prefix = folder.uri.path.endsWith('/') ? folder.uri.path : `${folder.uri.path}/`;
      return [...new Set(found.flat().map((uri) => uri.path.slice(prefix.length)))].sort();
    },
  };
}

async function readBytes(uri: vscode.Uri): Promise<Uint8Array | undefined> {
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw new BatonError('unreadable-file', String(error), { cause: error });
  }
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { VaultFile, VaultFolder } from '../core/model/waves/vault.ts';
import type { OrchestratorFiles } from '../core/ports/orchestratorFiles.ts';

const baselinePath = '.orchestrator/metrics/vault-sync-baseline.json';

/** The root of these files as a vault; `.git`, `.obsidian`, `node_modules` and whatever is hidden are no part of it. */
export function openVaultFolder(files: OrchestratorFiles): VaultFolder {
  const { root } = files;
  return {
    path: root,
    async read() {
      const isFolder = await stat(root).then(
        (found) => found.isDirectory(),
        () => false,
      );
      return isFolder ? await readFolder(root, '') : undefined;
    },
    readBaseline: () => files.readText(baselinePath),
    writeBaseline: (text) => files.replace(baselinePath, text),
  };
}

async function readFolder(root: string, folder: string): Promise<readonly VaultFile[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const found: VaultFile[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}${entry.name}`;
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) found.push(...(await readFolder(root, `${path}/`)));
    else if (entry.isFile() && entry.name.endsWith('.md')) found.push(await readOne(root, path));
  }
  return found;
}

async function readOne(root: string, path: string): Promise<VaultFile> {
  return await readFile(join(root, path), 'utf8').then(
    (text) => ({ path, text }),
    (error: unknown) => ({ path, problem: error instanceof Error ? error.message : String(error) }),
  );
}

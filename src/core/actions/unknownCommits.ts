import { commitHashes } from '../checks/unknownCommit.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Ports } from '../ports/ports.ts';
import { folderOf } from '../store/lookup.ts';
import { askGit } from './askGit.ts';

/** Asks git which of the hashes that tables name it does not know: one call for each repository. Where git may not be asked, none is unknown. */
export async function askUnknownCommits(ports: Pick<Ports, 'git'>, workspace: Workspace): Promise<readonly string[]> {
  const unknown: string[] = [];
  for (const [folder, hashes] of groupCommits(workspace)) {
    const found = await askGit(async () => (await ports.git(folder))?.unknownCommits([...hashes]));
    unknown.push(...(found ?? []));
  }
  return unknown;
}

/** The hashes that the tables name, by the folder of the session's repository. */
export function groupCommits(workspace: Workspace): ReadonlyMap<string, ReadonlySet<string>> {
  const byFolder = new Map<string, Set<string>>();
  for (const { entry, hash } of commitHashes(workspace)) {
    const folder = folderOf(workspace, entry);
    byFolder.set(folder, (byFolder.get(folder) ?? new Set()).add(hash));
  }
  return byFolder;
}

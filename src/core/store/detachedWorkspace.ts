import type { BatonConfig } from '../model/config.ts';
import type { FileRole } from '../model/fileRole.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Ports } from '../ports/ports.ts';
import { parseFileState, snapshotFiles } from './fileState.ts';
import { joinWorkspace } from './joinWorkspace.ts';

/** The snapshot of a single text that belongs to no project. */
export function detachedWorkspace(
  { path, text, role }: { readonly path: string; readonly text: string; readonly role: FileRole },
  config: BatonConfig,
  ports: Pick<Ports, 'frontmatter' | 'logger'>,
): Workspace {
  const file = parseFileState(path, text, [role], ports);
  return joinWorkspace({ ...snapshotFiles(new Map([[path, file]]), undefined), config });
}

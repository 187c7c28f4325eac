import type { FileRole } from '../../../src/core/model/fileRole.ts';
import type { Workspace } from '../../../src/core/model/workspace.ts';
import type { WorkspaceStore } from '../../../src/core/store/workspaceStore.ts';
import { createMemoryProject } from '../../support/memoryFileSystem.ts';
import { storeOf } from '../../support/workspaceOf.ts';

/** Where the cursor stands in a text. */
export const cursor = '█';

/** A text without its cursor, and where that was. */
export function splitCursor(text: string): { readonly text: string; readonly offset: number } {
  const offset = text.indexOf(cursor);
  if (offset < 0) throw new Error(`no cursor in ${JSON.stringify(text)}`);
  return { text: text.replace(cursor, ''), offset };
}

/** A place in one of a project's files. */
export interface CursorPlace {
  readonly store: WorkspaceStore;
  readonly workspace: Workspace;
  readonly path: string;
  readonly role: FileRole;
  readonly text: string;
  readonly offset: number;
}

/** Loads files in memory, of which exactly one has a cursor. */
export async function placeIn(files: Readonly<Record<string, string>>): Promise<CursorPlace> {
  const [path] = Object.keys(files).filter((one) => files[one]?.includes(cursor));
  if (path === undefined) throw new Error('no file has a cursor');
  const { text, offset } = splitCursor(files[path] ?? '');
  const store = storeOf(createMemoryProject({ ...files, [path]: text }));
  const workspace = await store.load();
  const role = store.rolesOf(path)[0];
  if (role === undefined) throw new Error(`${path} has no role`);
  return { store, workspace, path, role, text, offset };
}

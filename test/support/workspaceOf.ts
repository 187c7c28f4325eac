import type { Workspace } from '../../src/core/model/workspace.ts';
import type { Logger } from '../../src/core/ports/logger.ts';
import { WorkspaceStore } from '../../src/core/store/workspaceStore.ts';
import { grayMatterFrontmatter } from '../../src/platform/grayMatterFrontmatter.ts';
import { createMemoryProject, type MemoryProject } from './memoryFileSystem.ts';

/** A logger that keeps what it was told. */
export interface KeptLog extends Logger {
  readonly errors: string[];
}

/** Keeps errors, so that a test can say that there were none. */
export function createKeptLog(): KeptLog {
  const errors: string[] = [];
  return { errors, info() {}, warn() {}, error: (message) => void errors.push(message) };
}

/** A store over files in memory, read by the real parsers. */
export function storeOf(project: MemoryProject, logger: Logger = createKeptLog()): WorkspaceStore {
  return new WorkspaceStore({ files: project.files, frontmatter: grayMatterFrontmatter, logger });
}

/** The workspace of files given as `{path: text}`. */
export async function workspaceOf(files: Readonly<Record<string, string>>): Promise<Workspace> {
  return storeOf(createMemoryProject(files)).load();
}

import { resolve } from 'node:path';
import { listSessions } from '../core/actions/listSessions.ts';
import type { Logger } from '../core/ports/logger.ts';
import { WorkspaceStore } from '../core/store/workspaceStore.ts';
import { hasDispatchedItems } from '../platform/dispatchedItems.ts';
import { grayMatterFrontmatter } from '../platform/grayMatterFrontmatter.ts';
import { createNodeFileSystem } from '../platform/nodeFileSystem.ts';
import { createProjectFolder } from '../platform/projectFolder.ts';
import { findProjectRoot } from '../platform/projectRoot.ts';
import { optimiseCode } from '../platform/shortRun.ts';
import { isFolder } from '../platform/taskFilesNow.ts';
import { formatJson } from './json.ts';
import { Output } from './output.ts';
import type { QuickProcess, SessionsRequest } from './quickRead.ts';
import { printFound, toSessionsData } from './sessionsOutput.ts';

/**
 * Answers `sessions` with the store alone: the rest of the command line takes as long to load as thousands of sessions to read. Prints what
 * the verb prints, or nothing.
 *
 * @returns false where something went wrong: the command line does it then, and words the refusal
 */
export async function answerSessions(request: SessionsRequest, process: QuickProcess): Promise<boolean> {
  optimiseCode(false);
  const text = await tryAnswer(request, process).catch(() => undefined);
  if (text !== undefined) process.stdout.write(text);
  else optimiseCode(true);
  return text !== undefined;
}

async function tryAnswer(
  { json, ready, cwd = '.' }: SessionsRequest,
  process: QuickProcess,
): Promise<string | undefined> {
  const folder = resolve(process.cwd, cwd);
  if (!isFolder(folder)) return undefined;
  const root = await findProjectRoot(folder);
  // What agents have is in records, which this does not read.
  if (ready && (await hasDispatchedItems(root))) return undefined;
  const files = createNodeFileSystem(createProjectFolder(root));
  const store = new WorkspaceStore({ files, frontmatter: grayMatterFrontmatter, logger: refusing });
  const options = ready ? { ready } : {};
  const { sessions, dispatched } = await listSessions({ store }, options);
  if (json) {
    const data = { ...toSessionsData(sessions), ...(ready && { dispatched }), warnings: [] };
    return formatJson({ ok: true, data });
  }
  const pieces: string[] = [];
  const { isTTY, columns } = process.stdout;
  const out = new Output({ isTTY, columns, write: (text) => pieces.push(text) }, process.environment);
  printFound(out, sessions, options, store.workspace);
  return pieces.join('');
}

/** What is worth a line of the log is for the command line to say. */
const refusing: Logger = {
  info() {},
  warn() {},
  error(message) {
    throw new Error(message);
  },
};

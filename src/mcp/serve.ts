import process from 'node:process';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { BatonError } from '../core/errors.ts';
import type { Logger } from '../core/ports/logger.ts';
import { Projects } from './projects.ts';
import { createServer } from './server.ts';
import { chooseTools } from './tools/chooseTools.ts';

export interface ServeOptions {
  /** The folder to work in where the client names no root; else that of `CLAUDE_PROJECT_DIR`, else the current one. */
  readonly root?: string | undefined;
  /** More than the default set. */
  readonly allTools?: boolean;
  /** Ends the server in good order. */
  readonly signal: AbortSignal;
}

/**
 * Serves the Model Context Protocol on stdin and stdout until the client closes its end. What runs then is cancelled; what a verb has
 * begun to write is finished, or recovered by the next verb.
 *
 * @throws BatonError `invalid-argument` where `root` is no folder
 */
export async function serve({ root, allTools = false, signal }: ServeOptions): Promise<void> {
  // stdout carries the protocol alone, whatever a package may want to say.
  for (const level of ['log', 'info', 'debug'] as const) console[level] = console.error;
  const fallback = root === undefined ? (process.env.CLAUDE_PROJECT_DIR ?? process.cwd()) : enter(root);
  const projects = new Projects(fallback, stderrLogger);
  const options = { projects, logger: stderrLogger, tools: chooseTools(allTools) };
  const closed = new Promise<void>((done) => {
    for (const event of ['end', 'close'] as const) process.stdin.once(event, () => done());
  });
  const handle = serveStdio(({ era }) => createServer(options, era), {
    onerror: (error) => stderrLogger.warn(error.message),
  });
  if (process.stdin.isTTY) {
    process.stderr.write(
      'baton mcp speaks the Model Context Protocol on stdin and stdout, for agents. Ctrl-C ends it.\n',
    );
  }
  const aborted = new Promise<void>((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
  await Promise.race([closed, aborted]);
  await handle.close();
}

/** Makes the folder the current one, so that it need not be found again when somebody moves. */
function enter(root: string): string {
  try {
    process.chdir(root);
  } catch (error) {
    throw new BatonError('invalid-argument', `--root ${root}: there is no such folder, or it cannot be entered`, {
      hint: 'Name an existing folder of the project.',
      cause: error,
    });
  }
  return process.cwd();
}

const stderrLogger: Logger = {
  info: () => undefined,
  warn: (message) => void process.stderr.write(`baton mcp: ${message}\n`),
  error: (message, error) => {
    const detail = error instanceof Error ? `\n${error.stack ?? error.message}` : '';
    process.stderr.write(`baton mcp: ${message}${detail}\n`);
  },
};

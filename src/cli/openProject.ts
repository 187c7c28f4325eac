import process from 'node:process';
import type { ActionContext } from '../core/actions/context.ts';
import type { Cancellation } from '../core/base/cancellation.ts';
import type { Disposable } from '../core/base/disposable.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Prompt } from '../core/ports/prompt.ts';
import { WorkspaceStore } from '../core/store/workspaceStore.ts';
import { createNodePorts } from '../platform/nodePorts.ts';
import { findProjectRoot } from '../platform/projectRoot.ts';

/** What the command line adds to the ports on Node. */
export interface OpenProjectOptions {
  readonly prompt: Prompt;
  readonly logger: Logger;
  readonly cancellation: Cancellation;
  readonly report: (message: string) => void;
  readonly yes: boolean;
}

/** A project that a verb works on. */
export interface OpenProject extends Disposable {
  readonly root: string;
  readonly context: ActionContext;
}

/** Wires everything that an action needs, for the project of the current folder. Nothing is read before an action asks. */
export async function openProject({ prompt, logger, ...rest }: OpenProjectOptions): Promise<OpenProject> {
  const root = await findProjectRoot(process.cwd());
  const ports = await createNodePorts({ root, prompt, logger });
  const store = new WorkspaceStore(ports);
  return { root, context: { ports, store, ...rest }, dispose: () => store.dispose() };
}

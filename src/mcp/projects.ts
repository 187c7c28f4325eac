import { fileURLToPath } from 'node:url';
import type { ActionContext } from '../core/actions/context.ts';
import { neverCancelled } from '../core/base/cancellation.ts';
import { BatonError } from '../core/errors.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Prompt } from '../core/ports/prompt.ts';
import { WorkspaceStore } from '../core/store/workspaceStore.ts';
import { createNodePorts } from '../platform/nodePorts.ts';
import { findProjectRoot } from '../platform/projectRoot.ts';

/** A project that calls work on. */
export interface Project {
  /** Absolute path of its root. */
  readonly root: string;
  readonly context: ActionContext;
  /** Lets calls that change something go one by one: two of one client would otherwise refuse each other. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** An agent is nobody who can approve: every question stays unanswered, and the action refuses with the next step. */
const nobody: Prompt = {
  approveCommands: async () => undefined,
  chooseFiles: async () => undefined,
  confirm: async () => undefined,
};

/** Any of these at a root tells a project of Baton's from some other folder that the client has open. */
const marks: readonly string[] = ['.baton.yaml', 'docs/sessions', 'docs/progress', 'docs/tasks'];

/** Opens projects, each once. */
export class Projects {
  readonly #logger: Logger;
  readonly #fallback: string;
  readonly #open = new Map<string, Promise<Project>>();

  /** @param fallback the folder to work in where the client names no root */
  constructor(fallback: string, logger: Logger) {
    this.#fallback = fallback;
    this.#logger = logger;
  }

  /**
   * The project of the first of the client's roots that has state files, else of the first one, else of the fallback.
   *
   * @param roots `file:` URIs; others are not for us
   */
  async choose(roots: readonly string[]): Promise<Project> {
    const folders = roots.flatMap((uri) => toFolder(uri) ?? []);
    const candidates: Project[] = [];
    for (const folder of folders.length > 0 ? folders : [this.#fallback]) candidates.push(await this.#at(folder));
    for (const project of candidates) if (await hasMark(project)) return project;
    const [first] = candidates;
    if (first === undefined) throw new BatonError('no-project', 'There is no folder to work in');
    return first;
  }

  async #at(folder: string): Promise<Project> {
    const root = await findProjectRoot(folder);
    const known = this.#open.get(root) ?? openProject(root, this.#logger);
    this.#open.set(root, known);
    return known;
  }
}

async function openProject(root: string, logger: Logger): Promise<Project> {
  const ports = await createNodePorts({ root, prompt: nobody, logger });
  const store = new WorkspaceStore(ports);
  let last: Promise<unknown> = Promise.resolve();
  return {
    root,
    context: { ports, store, cancellation: neverCancelled, report: () => undefined },
    inTurn(work) {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

async function hasMark({ context }: Project): Promise<boolean> {
  for (const mark of marks) if (await context.ports.files.stat(mark)) return true;
  return false;
}

function toFolder(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

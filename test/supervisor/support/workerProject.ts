import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IsolatedSession, readIsolatedSession } from '../../../src/core/model/isolated.ts';
import { planOf, planPath, progressOf, progressPath } from '../../cli/support/shop.ts';
import { SupervisedProject } from './supervisedProject.ts';

export interface WorkerProjectOptions {
  /** By the ID of the item: what its worker does, a shell script that runs in the worktree with its prompt on standard input. */
  readonly workers: Readonly<Record<string, string>>;
  /** Lines for `.baton.yaml`. */
  readonly config?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  /** How what the workers say is read. */
  readonly stream?: 'plain' | 'claude';
  readonly staleMs?: number;
}

/** The end of a script whose work is done. */
export const approve = `echo '{"decision": "approved", "summary": "done", "reviewedBy": "peer"}' > .baton/review.json`;

/** A repository whose agents are small programs: each item of its plan has a shell script of its own. */
export class WorkerProject extends SupervisedProject {
  constructor({ workers, config = '', files = {}, dependencies = {}, stream, staleMs }: WorkerProjectOptions) {
    const ids = Object.keys(workers);
    const sessions = ids.map((id) => ({ id, title: `Title of ${id}`, dependencies: dependencies[id] ?? [] }));
    super({
      files: {
        '.baton.yaml': `mode: agentic\n${config}`,
        [planPath]: planOf(sessions),
        [progressPath]: progressOf(ids),
        'src/main.txt': 'one\n',
        ...files,
      },
      scripts: workers,
      start: 'item="${BATON_SESSION_ID#session-}"; . "$0/${item%-*-*}.sh"',
      ...(stream !== undefined && { stream }),
      ...(staleMs !== undefined && { staleMs }),
    });
  }

  /** As the record on disk says; looked for in the archive too. */
  sessions(): readonly IsolatedSession[] {
    const folder = join(this.root, '.git/baton/isolated');
    const folders = [folder, join(folder, 'archive')].filter((one) => existsSync(one));
    const files = folders.flatMap((one) => readdirSync(one).map((name) => join(one, name, 'state.json')));
    return files.flatMap((file) => {
      try {
        return readIsolatedSession(JSON.parse(readFileSync(file, 'utf8'))) ?? [];
      } catch {
        return [];
      }
    });
  }

  session(item: string): IsolatedSession {
    const found = this.sessions().find((one) => one.item.id === item);
    if (found === undefined) throw new Error(`no session of ${item}: ${this.log()}`);
    return found;
  }

  /** Waits until the session of an item is in a state; one that failed instead is said at once. */
  async until(item: string, ...statuses: readonly string[]): Promise<IsolatedSession> {
    const show = () => this.session(item);
    await this.wait(
      `${item} to be ${statuses}`,
      () => {
        const { status } = this.session(item);
        if (status === 'failed' && !statuses.includes(status))
          throw new Error(`${item} failed: ${JSON.stringify(show(), null, 1)}`);
        return statuses.includes(status);
      },
      show,
    );
    return this.session(item);
  }

  /** A text below the records of a session. */
  record(item: string, name: string): string {
    return readFileSync(join(this.root, '.git/baton/isolated', this.session(item).id, name), 'utf8');
  }

  /** A file of the session's worktree. */
  work(item: string, path: string): string {
    return readFileSync(join(this.session(item).worktree, path), 'utf8');
  }
}

import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { defaultConfig } from '../model/config.ts';
import type { Workspace, WorkspaceChange } from '../model/workspace.ts';
import type { ProjectPath } from '../ports/fileSystem.ts';
import type { Ports } from '../ports/ports.ts';

/** The one place where the state of a project lives: an immutable snapshot of its state files, and an event when it changes. */
export class WorkspaceStore implements Disposable {
  readonly #ports: Pick<Ports, 'files' | 'frontmatter' | 'logger'>;
  readonly #changed = new Emitter<WorkspaceChange>();
  #workspace: Workspace | undefined;

  readonly onDidChange: Event<WorkspaceChange> = this.#changed.event;

  constructor(ports: Pick<Ports, 'files' | 'frontmatter' | 'logger'>) {
    this.#ports = ports;
  }

  get workspace(): Workspace | undefined {
    return this.#workspace;
  }

  async load(): Promise<Workspace> {
    this.#ports.logger.info('loading');
    this.#workspace = {
      config: defaultConfig,
      plans: [],
      progress: [],
      paused: [],
      projects: [],
      sessions: [],
      problems: [],
      unreadable: [],
    };
    return this.#workspace;
  }

  async refresh(_paths?: readonly ProjectPath[]): Promise<Workspace> {
    return this.load();
  }

  isStateFile(path: ProjectPath): boolean {
    return path === '.baton.yaml';
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

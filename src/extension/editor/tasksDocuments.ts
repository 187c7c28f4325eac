import * as vscode from 'vscode';
import { type ReadTaskList, readTaskList } from '../../core/formats/taskList.ts';
import type { TaskListEntry } from '../../core/model/taskList.ts';
import { joinTaskList } from '../../core/store/joinTaskList.ts';
import { taskListGlobs } from '../../core/store/loadTaskLists.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';

/** A task list as its editor has it, saved or not. */
export interface TaskDocument {
  readonly host: ProjectHost;
  readonly path: string;
  readonly read: ReadTaskList;
  readonly entry: TaskListEntry;
}

/** Reads the task list in a document; undefined where it is none. */
export function readTaskDocument(projects: Projects, document: vscode.TextDocument): TaskDocument | undefined {
  const host = projects.find(document.uri);
  const path = host?.pathOf(document.uri);
  if (host === undefined || path === undefined || host.workspace === undefined) return undefined;
  const read = readTaskList(document.getText(), path, host.ports.frontmatter);
  return read.isTaskList ? { host, path, read, entry: joinTaskList(read.list) } : undefined;
}

/** Keeps language features registered for the folders of task lists, and for nothing else: never for all markdown. */
export class TaskDocumentFeatures implements vscode.Disposable {
  readonly #projects: Projects;
  readonly #register: (selector: vscode.DocumentSelector) => vscode.Disposable[];
  readonly #listener: { dispose(): void };
  #registered: vscode.Disposable[] = [];
  #selector = '';

  constructor(projects: Projects, register: (selector: vscode.DocumentSelector) => vscode.Disposable[]) {
    this.#projects = projects;
    this.#register = register;
    this.#listener = projects.onDidChange(() => this.#update());
  }

  dispose(): void {
    this.#listener.dispose();
    for (const one of this.#registered) one.dispose();
  }

  #update(): void {
    const filters = this.#projects.all.flatMap(({ folder, workspace }) =>
      workspace === undefined
        ? []
        : taskListGlobs(workspace.config).map((glob) => ({
            language: 'markdown',
            pattern: new vscode.RelativePattern(folder, glob.replace(/[[\]{}?]/g, '?')),
          })),
    );
    const selector = JSON.stringify(filters.map(({ pattern }) => [pattern.baseUri.toString(), pattern.pattern]));
    if (selector === this.#selector) return;
    this.#selector = selector;
    for (const one of this.#registered) one.dispose();
    this.#registered = filters.length === 0 ? [] : this.#register(filters);
  }
}

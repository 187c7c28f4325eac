import * as vscode from 'vscode';
import { taskTooltip } from '../views/taskLists/taskText.ts';
import type { Projects } from '../workspace/projects.ts';
import { readTaskDocument } from './tasksDocuments.ts';

/** Says on a row of a task list what follows from it: why it waits, what it unblocks, who changed it. Never trusted: its text is the file's. */
export class TaskHover implements vscode.HoverProvider {
  readonly #projects: Projects;

  constructor(projects: Projects) {
    this.#projects = projects;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const found = readTaskDocument(this.#projects, document);
    const task = found?.entry.tasks.find(({ line }) => line === position.line);
    if (found === undefined || task === undefined) return undefined;
    return new vscode.Hover(taskTooltip(task, found.entry), document.lineAt(position.line).range);
  }
}

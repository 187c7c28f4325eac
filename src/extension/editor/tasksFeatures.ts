import * as vscode from 'vscode';
import type { Projects } from '../workspace/projects.ts';
import { TaskCodeLenses } from './tasksCodeLenses.ts';
import { completionTriggers, TaskCompletion } from './tasksCompletion.ts';
import { TaskDocumentFeatures } from './tasksDocuments.ts';
import { TaskHover } from './tasksHover.ts';

/** What editors of task lists offer: code lenses, hover and completion. */
export class TaskEditorFeatures implements vscode.Disposable {
  readonly lenses: TaskCodeLenses;
  readonly #documents: TaskDocumentFeatures;

  constructor(projects: Projects) {
    this.lenses = new TaskCodeLenses(projects);
    this.#documents = new TaskDocumentFeatures(projects, (selector) => [
      vscode.languages.registerCodeLensProvider(selector, this.lenses),
      vscode.languages.registerHoverProvider(selector, new TaskHover(projects)),
      vscode.languages.registerCompletionItemProvider(selector, new TaskCompletion(projects), ...completionTriggers),
    ]);
  }

  dispose(): void {
    this.#documents.dispose();
    this.lenses.dispose();
  }
}

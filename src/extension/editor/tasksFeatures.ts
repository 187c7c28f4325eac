import * as vscode from 'vscode';
import type { Projects } from '../workspace/projects.ts';
import { TaskCodeLenses } from './tasksCodeLenses.ts';
import { TaskDocumentFeatures } from './tasksDocuments.ts';

/** What editors of task lists offer: code lenses. Hover and completion are with those of the other state files, in `languageFeatures.ts`. */
export class TaskEditorFeatures implements vscode.Disposable {
  readonly lenses: TaskCodeLenses;
  readonly #documents: TaskDocumentFeatures;

  constructor(projects: Projects) {
    this.lenses = new TaskCodeLenses(projects);
    this.#documents = new TaskDocumentFeatures(projects, (selector) => [
      vscode.languages.registerCodeLensProvider(selector, this.lenses),
    ]);
  }

  dispose(): void {
    this.#documents.dispose();
    this.lenses.dispose();
  }
}

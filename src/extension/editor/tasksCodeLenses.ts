import * as vscode from 'vscode';
import type { TaskEntry } from '../../core/model/taskList.ts';
import { commandLink, onDidChangeSetting, readSetting } from '../registration.ts';
import { shownTask } from '../views/taskLists/model.ts';
import type { Projects } from '../workspace/projects.ts';
import { readTaskDocument, type TaskDocument } from './tasksDocuments.ts';

/** Code lenses on the rows of task lists and on their headings, made from the document's own text, saved or not. */
export class TaskCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #projects: Projects;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #owned: { dispose(): void }[];

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(projects: Projects) {
    this.#projects = projects;
    this.#owned = [
      this.#changed,
      projects.onDidChange(() => this.#changed.fire()),
      onDidChangeSetting(['baton.codeLens.taskRows'], () => this.#changed.fire()),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const shown = readSetting('baton.codeLens.taskRows', document.uri);
    const found = shown === 'off' ? undefined : readTaskDocument(this.#projects, document);
    if (found === undefined || found.entry.list.archived) return [];
    const rows = found.entry.tasks.flatMap((task) => {
      const state = shownTask(task);
      if (shown === 'activeAndReady' && state !== 'ready' && state !== 'inProgress') return [];
      const range = new vscode.Range(task.line, 0, task.line, 0);
      return rowCommands(found, task).map((command) => new vscode.CodeLens(range, command));
    });
    return [...headLenses(found), ...rows];
  }

  dispose(): void {
    for (const one of this.#owned) one.dispose();
  }
}

/** What can be done with the list, above its title. */
function headLenses({ host, path, entry, read }: TaskDocument): vscode.CodeLens[] {
  const heading = read.outline.headings.find(({ level }) => level === 1);
  if (heading === undefined) return [];
  const line = read.outline.lines.lineAt(heading.range.start);
  const target = { folder: host.id, list: path };
  const first =
    entry.openSession === undefined
      ? commandLink('baton.resumeTaskList', vscode.l10n.t('Resume'), target)
      : commandLink('baton.handOffTaskList', vscode.l10n.t('Hand Off'), target);
  const commands = [
    first,
    commandLink('baton.verifyTaskList', vscode.l10n.t('Verify'), target),
    commandLink('baton.addTask', vscode.l10n.t('New Task'), target),
  ];
  return commands.map((command) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command));
}

/** What can be done with a row in its state. */
function rowCommands({ host, path }: TaskDocument, task: TaskEntry): vscode.Command[] {
  const target = { folder: host.id, list: path, task: task.id };
  const complete = commandLink('baton.completeTask', vscode.l10n.t('Complete'), target);
  const reveal = commandLink('baton.revealTask', vscode.l10n.t('Show in Task Lists'), target);
  switch (shownTask(task)) {
    case 'ready':
      return [commandLink('baton.startTask', vscode.l10n.t('Start'), target), complete];
    case 'inProgress':
      return [complete, commandLink('baton.reopenTask', vscode.l10n.t('Back to PENDING'), target)];
    case 'complete':
      return [commandLink('baton.reopenTask', vscode.l10n.t('Back to PENDING'), target), reveal];
    default:
      return [reveal];
  }
}

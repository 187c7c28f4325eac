import * as vscode from 'vscode';
import { runCommand } from '../../registration.ts';
import { planDrop, type TaskElement, type TaskTree } from './model.ts';

/** The type of what is dragged from the view: VS Code derives it from the view's ID. */
export const taskMimeType = 'application/vnd.code.tree.baton.tasklists';

/** Drags tasks to another place in their list, and to other lists. Every drop has a command that does the same. */
export class TaskDragAndDrop implements vscode.TreeDragAndDropController<TaskElement> {
  readonly dragMimeTypes = [taskMimeType, 'text/plain'];
  readonly dropMimeTypes = [taskMimeType];
  readonly #tree: () => TaskTree;

  /** @param tree the tree as it is shown */
  constructor(tree: () => TaskTree) {
    this.#tree = tree;
  }

  handleDrag(elements: readonly TaskElement[], data: vscode.DataTransfer): void {
    const tasks = elements.filter(({ kind }) => kind === 'task');
    if (tasks.length === 0) return;
    data.set(taskMimeType, new vscode.DataTransferItem(tasks.map(({ nodeId }) => nodeId)));
    data.set('text/plain', new vscode.DataTransferItem(tasks.map(({ task }) => task ?? '').join('\n')));
  }

  async handleDrop(target: TaskElement | undefined, data: vscode.DataTransfer): Promise<void> {
    const dragged: unknown = data.get(taskMimeType)?.value;
    if (target === undefined || !isTextList(dragged)) return;
    const moves = planDrop(this.#tree(), dragged, target.nodeId);
    if (moves !== undefined && moves.length > 0) await runCommand('baton.moveTasks', { folder: target.folder, moves });
  }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

import type * as vscode from 'vscode';
import type { Services } from './services.ts';
import { registerTaskEditCommands } from './tasksEdit.ts';
import { registerTaskListCommands } from './tasksLists.ts';
import { moveTasks, registerTaskMoveCommands } from './tasksMove.ts';
import { registerTaskOpenCommands } from './tasksOpen.ts';
import { registerListSessionCommands } from './tasksSessions.ts';
import { registerTaskStateCommands, tickTasks } from './tasksState.ts';

/** The commands about task lists, and what gestures in their tree do. */
export function registerTaskCommands(services: Services): vscode.Disposable[] {
  services.taskLists.connect({
    tick: (items) => tickTasks(services, items),
    move: (folder, moves) => moveTasks(services, folder, moves),
  });
  return [
    ...registerTaskStateCommands(services),
    ...registerTaskEditCommands(services),
    ...registerTaskMoveCommands(services),
    ...registerTaskListCommands(services),
    ...registerTaskOpenCommands(services),
    ...registerListSessionCommands(services),
  ];
}

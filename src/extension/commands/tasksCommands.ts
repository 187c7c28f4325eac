import type * as vscode from 'vscode';
import type { Services } from './services.ts';
import { registerTaskEditCommands } from './tasksEdit.ts';
import { registerTaskListCommands } from './tasksLists.ts';
import { registerTaskMoveCommands } from './tasksMove.ts';
import { registerTaskOpenCommands } from './tasksOpen.ts';
import { registerListSessionCommands } from './tasksSessions.ts';
import { registerTaskStateCommands } from './tasksState.ts';

/** The commands about task lists; gestures in their tree call them too. */
export function registerTaskCommands(services: Services): vscode.Disposable[] {
  return [
    ...registerTaskStateCommands(services),
    ...registerTaskEditCommands(services),
    ...registerTaskMoveCommands(services),
    ...registerTaskListCommands(services),
    ...registerTaskOpenCommands(services),
    ...registerListSessionCommands(services),
  ];
}

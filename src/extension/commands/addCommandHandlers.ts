import type * as vscode from 'vscode';
import { registerAgentCommands } from '../agents/agentCommands.ts';
import { registerConnectCommand } from '../agents/connect.ts';
import { registerTaskSyncCommand } from '../agents/taskSyncCommand.ts';
import { registerAdoptCommand } from './adoptCommand.ts';
import { registerCleanUpCommand } from './cleanUpCommand.ts';
import { registerDashboardCommand } from './dashboardCommand.ts';
import { registerDispatchCommand } from './dispatchCommand.ts';
import { registerHelpCommands } from './helpCommands.ts';
import { registerIsolatedCommands } from './isolatedCommands.ts';
import { registerNoteCommands } from './noteCommands.ts';
import { registerOpenCommands } from './openCommands.ts';
import { registerPlanCommands } from './planCommands.ts';
import { registerProjectCommands } from './projectCommands.ts';
import { registerRollbackCommand } from './rollbackCommand.ts';
import type { Services } from './services.ts';
import { registerSessionCommands } from './sessionCommands.ts';
import { registerTaskCommands } from './tasksCommands.ts';
import { registerViewCommands } from './viewCommands.ts';
import { registerWaveCommands } from './waveCommands.ts';
import { registerWorkCommands } from './workCommands.ts';

/** What the commands do. Loaded when the first one is called: the verbs behind them are most of the extension. */
export function addCommandHandlers(services: Services): vscode.Disposable[] {
  return [
    ...registerSessionCommands(services),
    ...registerWorkCommands(services),
    ...registerRollbackCommand(services),
    ...registerNoteCommands(services),
    ...registerOpenCommands(services),
    ...registerViewCommands(services),
    ...registerDashboardCommand(services),
    ...registerProjectCommands(services),
    ...registerPlanCommands(services),
    ...registerHelpCommands(services),
    ...registerAgentCommands(services),
    ...registerTaskCommands(services),
    ...registerConnectCommand(services),
    ...registerTaskSyncCommand(services),
    ...registerDispatchCommand(services),
    ...registerIsolatedCommands(services),
    ...registerWaveCommands(services),
    ...registerAdoptCommand(services),
    ...registerCleanUpCommand(services),
  ];
}

import * as vscode from 'vscode';
import type { ActionContext } from '../../core/actions/context.ts';
import { views } from '../contributions.ts';
import { localized } from '../localized.ts';
import { runCommand } from '../registration.ts';
import { toCancellation } from '../workspace/cancellation.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { trustGate } from '../workspace/trustGate.ts';
import { notify } from './notify.ts';
import { announce } from './runVerb.ts';
import type { Services } from './services.ts';
import { type FileChange, recordChanges } from './tasksUndo.ts';

export interface TaskVerbOptions {
  /** What is done: the log's line, and what Undo takes back. */
  readonly title: string;
  /** Offers to take it back in a notification: for what is not seen where it was done. */
  readonly offersUndo?: boolean;
}

/**
 * Runs an action about task lists. They need no git, so that they work in Restricted Mode; what was written is remembered for Undo.
 * Warnings go to the log, the first that is for here also to the status bar: a tick must not raise notifications.
 */
export async function runTaskVerb<T extends { readonly warnings: readonly string[] }>(
  services: Services,
  host: ProjectHost,
  options: TaskVerbOptions,
  act: (context: ActionContext) => Promise<T>,
): Promise<T> {
  const files: FileChange[] = [];
  services.log.info(`${options.title} (${host.folder.name})`);
  try {
    const result = await vscode.window.withProgress({ location: { viewId: views.taskLists } }, (_progress, token) =>
      act(createTaskContext(host, files, token)),
    );
    for (const warning of result.warnings) services.log.info(warning);
    // Those that name the command line speak to people who are there.
    const warning = result.warnings.find((text) => !text.includes('`baton '));
    announce(warning === undefined ? options.title : localized(warning));
    return result;
  } finally {
    const change = { host, label: options.title, files };
    services.taskUndo.add(change);
    await services.taskLists.refreshClaims(host);
    if (options.offersUndo === true && files.length > 0) void offerUndo(services, options.title);
  }
}

function createTaskContext(host: ProjectHost, files: FileChange[], token: vscode.CancellationToken): ActionContext {
  const context = host.createContext({ cancellation: toCancellation(token) });
  const { ports } = context;
  return {
    ...context,
    ports: {
      ...ports,
      stateFiles: recordChanges(ports.stateFiles, files),
      // Git tells these verbs only where HEAD is.
      git: trustGate.isTrusted ? ports.git : async () => undefined,
    },
  };
}

async function offerUndo(services: Services, title: string): Promise<void> {
  const change = services.taskUndo.next;
  const undo = vscode.l10n.t('Undo');
  const chosen = await notify('undo', title, undo);
  if (chosen === undo && services.taskUndo.next === change) await runCommand('baton.undoTaskChange');
}

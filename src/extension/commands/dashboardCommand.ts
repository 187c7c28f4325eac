import type * as vscode from 'vscode';
import { findSession } from '../../core/store/lookup.ts';
import { registerCommand } from '../registration.ts';
import { selectHost } from './selectHost.ts';
import type { Services } from './services.ts';

/** Opens a folder's dashboard, and shows a session there where the argument names one. */
export function registerDashboardCommand(services: Services): vscode.Disposable[] {
  return [
    registerCommand('baton.openDashboard', async (argument) => {
      const host = await selectHost(services.projects, argument);
      if (host === undefined) return;
      const { workspace } = host;
      const id = typeof argument?.id === 'string' ? argument.id : undefined;
      const scope = argument?.project === undefined ? {} : { project: argument.project };
      const entry = id === undefined || workspace === undefined ? undefined : findSession(workspace, id, scope);
      await services.dashboards.open(host, entry === undefined ? {} : { key: entry.key });
    }),
  ];
}

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DashboardPanel } from '../../../src/extension/dashboard/panel.ts';
import type { BatonExports } from '../../../src/extension/exports.ts';
import type { HostMessage } from '../../../src/webview/protocol.ts';
import { runBaton, waitFor } from './window.ts';

/** What a page on a busy machine may take. */
export const pageLimitMs = 60_000;

/** Opens the dashboard, waits until its page has asked for its data, and keeps what the page is told. */
export async function openDashboard(api: BatonExports): Promise<{
  readonly panel: DashboardPanel;
  readonly posted: readonly HostMessage[];
  readonly stop: () => void;
}> {
  await runBaton(api, 'baton.openDashboard');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? '';
  const panel = await waitFor('the panel', () => api.dashboard(folder));
  const posted: HostMessage[] = [];
  const subscription = panel.onDidPost((message) => posted.push(message));
  await waitFor('the page', () => panel.isShown, pageLimitMs);
  return { panel, posted, stop: () => subscription.dispose() };
}

/** Key of a session of the sample. */
export async function keyOf(panel: DashboardPanel, id: string): Promise<string> {
  let key: string | undefined;
  const subscription = panel.onDidPost((message) => {
    if (message.kind === 'snapshot') key = message.snapshot.sessions.find((session) => session.id === id)?.key;
  });
  await panel.receive({ v: 1, kind: 'ready' });
  subscription.dispose();
  assert.ok(key, `the snapshot has no ${id}`);
  return key;
}

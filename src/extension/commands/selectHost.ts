import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import type { Projects } from '../workspace/projects.ts';

/**
 * Finds the folder that a command is about: the one that its argument names, else the only one that fits, else the one of the file in
 * front, else the one that the person picks.
 *
 * @param fits which folders come into question; where none does, those with state files do, and the action says what is missing
 * @returns undefined where the person picked none
 * @throws BatonError `no-project` in a window without a folder
 */
export async function selectHost(
  projects: Projects,
  argument: { readonly folder?: string } | undefined,
  fits: (host: ProjectHost) => boolean = (host) => host.hasStateFiles,
): Promise<ProjectHost | undefined> {
  await projects.load();
  if (typeof argument?.folder === 'string') return projects.get(argument.folder);
  const candidates =
    [projects.all.filter(fits), projects.withFiles, projects.all].find((hosts) => hosts.length > 0) ?? [];
  const [only, second] = candidates;
  if (only === undefined) {
    throw new BatonError('no-project', vscode.l10n.t('No folder is open.'), {
      hint: vscode.l10n.t('Open the folder of the repository first.'),
    });
  }
  if (second === undefined) return only;
  const inFront = projects.find(activeUri());
  if (inFront !== undefined && candidates.includes(inFront)) return inFront;
  const items = candidates.map((host) => ({ label: host.folder.name, description: describeHost(host), host }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Folder'), matchOnDescription: true });
  return chosen?.host;
}

/** Whether a session is active in the folder. */
export function hasActiveSession(host: ProjectHost): boolean {
  return host.workspace?.sessionFile?.kind === 'session';
}

/** Whether sessions are paused in the folder. */
export function hasPausedSession(host: ProjectHost): boolean {
  return (host.workspace?.paused.length ?? 0) > 0;
}

/** The file in front, also where a preview shows it and no text editor is active (vscode#326966). */
export function activeUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  if (input instanceof vscode.TabInputTextDiff) return input.modified;
  return vscode.window.activeTextEditor?.document.uri;
}

function describeHost(host: ProjectHost): string {
  const file = host.workspace?.sessionFile;
  if (file?.kind === 'session' && file.id !== undefined) return vscode.l10n.t('{0} is active', file.id);
  const total = host.workspace?.sessions.length ?? 0;
  return vscode.l10n.t('{0} sessions', total);
}

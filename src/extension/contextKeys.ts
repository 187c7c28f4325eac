import type * as vscode from 'vscode';
import { pendingJournal } from '../core/effects/journal.ts';
import { setContext } from './registration.ts';
import { findHidingProblems } from './views/problems.ts';
import type { ProjectHost } from './workspace/projectHost.ts';
import type { Projects } from './workspace/projects.ts';

/** Keeps the context keys true, from which menus, views and welcome texts take what is possible. */
export function followContext(projects: Projects): vscode.Disposable {
  const doneAtFirst = new Map<string, number>();
  return projects.onDidChange(() => {
    update(projects);
    updateCompleted(projects, doneAtFirst);
    void updateInterrupted(projects);
  });
}

function update(projects: Projects): void {
  const workspaces = projects.all.flatMap(({ workspace }) => workspace ?? []);
  const some = (test: (workspace: (typeof workspaces)[number]) => boolean) => workspaces.some(test);
  setContext('baton.loaded', projects.isLoaded);
  setContext(
    'baton.hasPlan',
    some(({ plans, progress }) => plans.length + progress.length > 0),
  );
  setContext(
    'baton.hasSessions',
    some(({ sessions }) => sessions.length > 0),
  );
  setContext(
    'baton.hasActiveSession',
    some(({ sessionFile }) => sessionFile?.kind === 'session'),
  );
  setContext(
    'baton.hasPausedSession',
    some(({ paused }) => paused.length > 0),
  );
  setContext(
    'baton.hasUnreadable',
    some(
      (workspace) =>
        workspace.unreadable.length > 0 ||
        (workspace.sessions.length === 0 && findHidingProblems(workspace).length > 0),
    ),
  );
  setContext(
    'baton.hasChecklist',
    some(({ sessionFile }) => sessionFile?.kind === 'session' && sessionFile.checklist.length > 0),
  );
  setContext(
    'baton.hasCheckpoint',
    some(({ sessionFile }) => sessionFile?.kind === 'session' && sessionFile.checkpoints > 0),
  );
  setContext('baton.stateFiles', projects.all.flatMap(stateFilesOf));
}

/** Sessions that were done before the window opened are nothing that the person did here. */
function updateCompleted(projects: Projects, doneAtFirst: Map<string, number>): void {
  for (const { id, workspace } of projects.all) {
    if (workspace === undefined) continue;
    const done = workspace.sessions.filter(({ status }) => status === 'done').length;
    const before = doneAtFirst.get(id);
    if (before === undefined || done < before) doneAtFirst.set(id, done);
    else if (done > before) setContext('baton.didComplete', true);
  }
}

/** Absolute paths, as the `resourcePath` of menus has them. */
function stateFilesOf(host: ProjectHost): string[] {
  const { workspace } = host;
  if (workspace === undefined) return [];
  const files = [...workspace.plans, ...workspace.progress, ...workspace.paused];
  const lists = workspace.taskLists.map(({ list }) => list);
  return [...files, ...lists]
    .map(({ path }) => path)
    .concat(workspace.config.sessionFile)
    .map((path) => host.uriOf(path).fsPath);
}

async function updateInterrupted(projects: Projects): Promise<void> {
  const journals = await Promise.all(projects.all.map((host) => pendingJournal(host.ports).catch(() => undefined)));
  setContext(
    'baton.interrupted',
    journals.some((journal) => journal?.ownerState === 'dead'),
  );
}

import type * as vscode from 'vscode';
import { fileTimeOf } from '../../core/base/localTime.ts';
import type { OpenFiles } from './openFiles.ts';
import type { Projects } from './projects.ts';
import { guardSaves } from './saveGuard.ts';

/** Guards the saving of every state file of the window. */
export function guardStateFiles(projects: Projects, open: OpenFiles): vscode.Disposable {
  return guardSaves(open, (document) => {
    const host = projects.find(document.uri);
    const path = host?.pathOf(document.uri);
    if (host === undefined || path === undefined || !host.isLocal || !host.store.isStateFile(path)) return undefined;
    return {
      read: () => host.ports.files.readText(path),
      keep: async (text) => {
        const key = `kept/${host.ports.localState.keyPart(path)}/${fileTimeOf(host.ports.clock.now())}`;
        await host.ports.localState.write(key, { path, text });
        return host.ports.localState.locate(key);
      },
    };
  });
}

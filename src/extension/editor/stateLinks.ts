import * as vscode from 'vscode';
import { findLinks } from '../../core/language/documentLinks.ts';
import { commandLink } from '../registration.ts';
import { toRange } from './ranges.ts';
import type { StateDocument } from './stateDocuments.ts';

/** Links of a state file: commits run Baton's command that shows them, files open. What is not there is no link. */
export async function provideLinks(file: StateDocument): Promise<vscode.DocumentLink[]> {
  const { host } = file;
  const exists = new Map<string, Promise<boolean>>();
  const isThere = (path: string): Promise<boolean> => {
    const known =
      exists.get(path) ??
      host.ports.files.stat(path).then(
        (stat) => stat !== undefined,
        () => false,
      );
    exists.set(path, known);
    return known;
  };
  const links = findLinks(file.workspace, file.path).map(async ({ range, target }) => {
    const link = new vscode.DocumentLink(toRange(file.document, range));
    if (target.kind === 'commit') {
      const { hash, session, project } = target;
      link.target = commandUri(
        commandLink('baton.showChanges', '', { folder: host.id, id: session, project, commit: hash }),
      );
      link.tooltip = vscode.l10n.t('Show the changes of {0}', hash);
      return link;
    }
    for (const path of target.paths) {
      if (!(await isThere(path))) continue;
      link.target = host.uriOf(path);
      return link;
    }
    return undefined;
  });
  return (await Promise.all(links)).filter((link) => link !== undefined);
}

/** A command as the target of a link: VS Code runs those that an extension provides, and none that a file's text holds. */
function commandUri({ command, arguments: given }: vscode.Command): vscode.Uri {
  return vscode.Uri.parse(`command:${command}?${encodeURIComponent(JSON.stringify(given ?? []))}`);
}

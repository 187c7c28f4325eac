import * as vscode from 'vscode';
import { idPlacesOf } from '../../core/language/idPlaces.ts';
import { findSymbols } from '../../core/language/stateSymbols.ts';
import type { Projects } from '../workspace/projects.ts';
import { createRangeFinder } from './ranges.ts';
import type { StateDocuments } from './stateDocuments.ts';

/** Sessions and tasks of all folders as the workspace's symbols (`#BE-03`), unsaved texts included. */
export async function provideSymbols(
  projects: Projects,
  documents: StateDocuments,
  query: string,
): Promise<vscode.SymbolInformation[]> {
  const hosts = projects.withFiles;
  const found = await Promise.all(
    hosts.map(async (host) => {
      const workspace = await documents.overlayOf(host);
      if (workspace === undefined) return [];
      const places = idPlacesOf(workspace);
      const finders = new Map<string, ReturnType<typeof createRangeFinder>>();
      return findSymbols(workspace, query).map(({ kind, name, container, path, range }) => {
        const finder = finders.get(path) ?? createRangeFinder(places.textOf(path) ?? '');
        finders.set(path, finder);
        const where = hosts.length > 1 ? `${container} (${host.folder.name})` : container;
        const symbol = kind === 'session' ? vscode.SymbolKind.Event : vscode.SymbolKind.Boolean;
        return new vscode.SymbolInformation(name, symbol, where, new vscode.Location(host.uriOf(path), finder(range)));
      });
    }),
  );
  return found.flat();
}

import * as vscode from 'vscode';
import { type IdPlace, type IdPlaces, idPlacesOf } from '../../core/language/idPlaces.ts';
import { createRangeFinder } from './ranges.ts';
import type { StateDocument } from './stateDocuments.ts';

/** From an ID to the heading of its session in the plan, else to its row; from a dependency of a task to that task's row. */
export function provideDefinition(file: StateDocument, position: vscode.Position): vscode.LocationLink[] | undefined {
  const places = idPlacesOf(file.workspace);
  const place = places.placeAt(file.path, file.document.offsetAt(position));
  if (place === undefined) return undefined;
  const origin = new vscode.Range(
    file.document.positionAt(place.range.start),
    file.document.positionAt(place.range.end),
  );
  const targets = place.subjects.flatMap((subject) => places.definitionsOf(subject));
  return locate(file, places, targets).map(({ uri, range }) => ({
    originSelectionRange: origin,
    targetUri: uri,
    targetRange: range,
    targetSelectionRange: range,
  }));
}

/** Every place that means the session or task under the cursor, prose included. */
export function provideReferences(
  file: StateDocument,
  position: vscode.Position,
  { includeDeclaration }: vscode.ReferenceContext,
): vscode.Location[] | undefined {
  const places = idPlacesOf(file.workspace);
  const place = places.placeAt(file.path, file.document.offsetAt(position));
  if (place === undefined) return undefined;
  const found = place.subjects.flatMap((subject) => {
    const own = includeDeclaration ? [] : places.definitionsOf(subject);
    return places
      .placesOf(subject)
      .filter((one) => !own.some(({ path, range }) => path === one.path && range.start === one.range.start));
  });
  return locate(file, places, found);
}

/** Where a path of the snapshot is: the document itself where it has no file yet. */
export function uriOf({ host, path, document }: StateDocument, wanted: string): vscode.Uri {
  return wanted === path ? document.uri : host.uriOf(wanted);
}

function locate(file: StateDocument, places: IdPlaces, found: readonly IdPlace[]): vscode.Location[] {
  const finders = new Map<string, ReturnType<typeof createRangeFinder>>();
  return found.map(({ path, range }) => {
    const finder = finders.get(path) ?? createRangeFinder(places.textOf(path) ?? '');
    finders.set(path, finder);
    return new vscode.Location(uriOf(file, path), finder(range));
  });
}

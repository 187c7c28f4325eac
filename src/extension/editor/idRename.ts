import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import { minuteStamp } from '../../core/formats/taskListEdits.ts';
import { findRenamable, type PlannedRename, planRename } from '../../core/language/renameId.ts';
import { localized } from '../localized.ts';
import { uriOf } from './idNavigation.ts';
import { createRangeFinder, toRange } from './ranges.ts';
import type { StateDocument } from './stateDocuments.ts';

/** Why something cannot be renamed; VS Code shows it beside the cursor. */
export interface Refusal {
  readonly refusal: string;
}

/** The ID that a rename would be of. */
export function prepareRename(
  file: StateDocument,
  position: vscode.Position,
): { readonly range: vscode.Range; readonly placeholder: string } | Refusal {
  try {
    const { place, subject } = findRenamable(file.workspace, file.path, file.document.offsetAt(position));
    if (place.role === 'span') {
      return { refusal: vscode.l10n.t('{0} is meant here without standing here. Rename it in its row.', subject.id) };
    }
    return { range: toRange(file.document, place.range), placeholder: subject.id };
  } catch (error) {
    return refusalOf(error);
  }
}

/** One edit over all files; what only prose says is left to the person, in VS Code's preview. */
export async function provideRename(
  file: StateDocument,
  position: vscode.Position,
  newName: string,
): Promise<vscode.WorkspaceEdit | Refusal> {
  try {
    const { subject } = findRenamable(file.workspace, file.path, file.document.offsetAt(position));
    const { store, ports } = file.host;
    const planned = await planRename(file.workspace, subject, newName.trim(), {
      reread: (texts) => store.overlay(texts.filter(({ path }) => !path.startsWith('untitled:'))),
      stamp: minuteStamp(ports.clock.now()),
    });
    return toWorkspaceEdit(file, planned);
  } catch (error) {
    return refusalOf(error);
  }
}

function toWorkspaceEdit(file: StateDocument, { files, moves }: PlannedRename): vscode.WorkspaceEdit {
  const result = new vscode.WorkspaceEdit();
  const hasMentions = files.some(({ mentions }) => mentions.length > 0);
  const certain = { needsConfirmation: false, label: vscode.l10n.t('IDs') };
  const unsure = { needsConfirmation: true, label: vscode.l10n.t('Mentioned in text') };
  for (const { path, text, edits, mentions } of files) {
    const uri = uriOf(file, path);
    const rangeOf = createRangeFinder(text);
    for (const edit of edits) {
      if (hasMentions) result.replace(uri, rangeOf(edit), edit.newText, certain);
      else result.replace(uri, rangeOf(edit), edit.newText);
    }
    for (const edit of mentions) result.replace(uri, rangeOf(edit), edit.newText, unsure);
  }
  for (const { from, to } of moves) result.renameFile(file.host.uriOf(from), file.host.uriOf(to), { overwrite: false });
  return result;
}

function refusalOf(error: unknown): Refusal {
  if (!BatonError.is(error)) throw error;
  const hint = error.hint === undefined ? '' : ` ${localized(error.hint)}`;
  return { refusal: `${localized(error.message).replace(/[.:]?$/, '.')}${hint}` };
}

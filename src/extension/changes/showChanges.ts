import * as vscode from 'vscode';
import { type ChangedFile, type ChangesResult, changes } from '../../core/actions/changes.ts';
import type { RangeOptions, SessionRange } from '../../core/actions/sessionRange.ts';
import type { FileDifference } from '../../core/ports/git.ts';
import { localized } from '../localized.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { revisionUri } from './revisionDocuments.ts';

/** More diffs than this in one editor help nobody, and each is a document. */
const mostFiles = 300;

/** What `vscode.changes` takes for a file: its name, and both sides; a side that is not there is undefined. */
type FileSides = [file: vscode.Uri, before: vscode.Uri | undefined, after: vscode.Uri | undefined];

/**
 * Shows what a session changed in VS Code's editor for several diffs. Git is asked by Baton's own port, so that it works also where the
 * built-in git extension is off.
 */
export async function showChanges(host: ProjectHost, options: RangeOptions): Promise<ChangesResult> {
  const result = await changes(host.createContext(), options);
  const title = titleOf(result.range, options);
  if (result.files.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} has changed no files.', result.range.target.id));
    return result;
  }
  const files = result.files.slice(0, mostFiles);
  await vscode.commands.executeCommand(
    'vscode.changes',
    title,
    files.map((file) => sidesOf(host, result.range, file)),
  );
  const notes = [...result.warnings.map(localized), ...describeLeftOut(result, files)];
  if (notes.length > 0) void vscode.window.showInformationMessage(notes.join('\n'));
  return result;
}

/** Both sides of a changed file: as the range's start has it, and as its end has it. */
export function sidesOf(host: ProjectHost, { place, from, to }: SessionRange, file: FileDifference): FileSides {
  const { work, folder: repository } = place;
  const uri = vscode.Uri.file(`${work.topLevel}/${file.path}`);
  const binary = file.binary === true;
  const revision = (path: string, hash: string) => revisionUri({ folder: host.id, repository, path, hash, binary });
  const before = file.kind === 'added' ? undefined : revision(file.from ?? file.path, from);
  if (file.kind === 'deleted') return [uri, before, undefined];
  // What is binary on disk cannot be shown as text either.
  const here = binary ? revisionUri({ folder: host.id, repository, path: file.path, hash: nowMark, binary }) : uri;
  return [uri, before, to === undefined ? here : revision(file.path, to)];
}

/** Stands for the working tree where only a document's name counts. */
export const nowMark = '0'.repeat(40);

function titleOf({ target: { id }, from, to }: SessionRange, options: RangeOptions): string {
  if (options.checkpoint !== undefined) return vscode.l10n.t('{0} checkpoint {1}', id, options.checkpoint);
  if (options.commit !== undefined) return `${id} ${(to ?? options.commit).slice(0, 7)}`;
  const start = from.slice(0, 7);
  return to === undefined
    ? vscode.l10n.t('{0} since {1}', id, start)
    : vscode.l10n.t('{0} from {1} to {2}', id, start, to.slice(0, 7));
}

function describeLeftOut({ files, leftOut, range }: ChangesResult, shown: readonly ChangedFile[]): string[] {
  const notes: string[] = [];
  if (files.length > shown.length) {
    notes.push(vscode.l10n.t('The first {0} of {1} files are shown.', shown.length, files.length));
  }
  if (leftOut.length > 0) {
    const { id } = range.target;
    notes.push(vscode.l10n.t('Left out, changed before {0} started: {1}', id, leftOut.join(', ')));
  }
  return notes;
}

import * as vscode from 'vscode';
import { BatonError } from '../../core/errors.ts';
import type { ApprovalAnswer, FileChoice, Prompt } from '../../core/ports/prompt.ts';
import { localized } from '../localized.ts';

/** `Prompt.approveCommands` by a modal dialog that shows every line. */
export async function approveCommands(
  request: Parameters<Prompt['approveCommands']>[0],
): Promise<ApprovalAnswer | undefined> {
  const { commands, purpose, folder } = request;
  const always = vscode.l10n.t('Run, and Do Not Ask Again');
  const once = vscode.l10n.t('Run Once');
  const where =
    folder === '' ? vscode.l10n.t('In the folder of the project:') : vscode.l10n.t('In {0}:', visible(folder));
  const detail = [
    where,
    '',
    ...commands.map((command, index) => `${index + 1}. ${visible(command)}`),
    '',
    vscode.l10n.t('These lines come from a file of this repository. Run them only if you would type them yourself.'),
  ].join('\n');
  const message = vscode.l10n.t('Run these commands for {0}?', localized(purpose));
  // The first button is the one that Enter presses: consent that lasts takes a choice.
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, once, always);
  if (answer === always) return 'approve';
  return answer === once ? 'once' : 'refuse';
}

/** Makes characters visible that a dialog would hide or reorder, so that what is approved is what is seen. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (one) =>
    one === '\n' ? '\n   ' : `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

interface FileItem extends vscode.QuickPickItem {
  readonly path: string;
}

/** `Prompt.chooseFiles` by a list with boxes. */
export async function chooseFiles({ purpose, files }: FileChoice): Promise<readonly string[] | undefined> {
  const items = files.map(
    (file): FileItem => ({
      path: file.path,
      label: file.path,
      description: file.before
        ? vscode.l10n.t('{0} · was changed before the session started', file.kind)
        : file.stateFile
          ? vscode.l10n.t('{0} · state file, always committed', file.kind)
          : file.kind,
      picked: file.stateFile || !file.before,
    }),
  );
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: capitalize(localized(purpose)),
    placeHolder: vscode.l10n.t('Files to commit'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  // Undefined would say that nobody can be asked, and the action would choose by itself.
  if (chosen === undefined) throw new BatonError('cancelled', 'No files were chosen');
  const paths = new Set(chosen.map((item) => item.path));
  return files.filter((file) => file.stateFile || paths.has(file.path)).map((file) => file.path);
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Prompt.confirm` by a modal dialog. */
export async function confirm(request: Parameters<Prompt['confirm']>[0]): Promise<boolean | undefined> {
  const options = { modal: true, detail: request.detail.map((line) => visible(localized(line))).join('\n') };
  const yes = localized(request.yes);
  const answer = await vscode.window.showWarningMessage(localized(request.question), options, yes);
  return answer === yes;
}

/** `WindowPrompt.saveEditors` by a modal dialog. */
export async function saveEditors(files: readonly string[]): Promise<boolean> {
  const save = vscode.l10n.t('Save and Continue');
  const message =
    files.length === 1
      ? vscode.l10n.t('{0} has unsaved changes.', files[0] ?? '')
      : vscode.l10n.t('{0} files have unsaved changes.', files.length);
  const detail = [...files, '', vscode.l10n.t('Baton works with what is saved.')].join('\n');
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, save);
  return answer === save;
}

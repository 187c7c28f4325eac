import * as vscode from 'vscode';
import { editsBetween } from '../../core/base/editsBetween.ts';
import { mergeTexts } from '../../core/base/merge.ts';
import type { TextEdit } from '../../core/base/textEdit.ts';
import { BatonError } from '../../core/errors.ts';
import type { FileChange } from './tasksUndo.ts';

/**
 * The edits that take a change out of the text as it is now.
 *
 * @throws BatonError `conflict` where the same lines were changed since
 */
export function planRevert({ path, before, after }: FileChange, text: string | undefined): TextEdit[] {
  const merged = text === undefined ? undefined : mergeTexts(after, text, before);
  if (text !== undefined && merged?.ok === true) return editsBetween(text, merged.text);
  throw new BatonError('conflict', vscode.l10n.t('{0} was changed in the same lines since.', path), {
    hint: vscode.l10n.t('Nothing was undone. Look at the rows and change them by hand.'),
    data: { path },
  });
}

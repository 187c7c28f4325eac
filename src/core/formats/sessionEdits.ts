import type { TextEdit } from '../base/textEdit.ts';
import { planFrontmatterEdits } from '../markdown/frontmatter.ts';
import type { SessionFile } from '../model/sessionFile.ts';

/**
 * Sets the number of checkpoints in a SESSION.md that Baton wrote; nothing in one of another form, which has no place for it.
 *
 * @throws BatonError `unreadable-file` where the frontmatter is broken
 */
export function planCheckpointCount(file: SessionFile, checkpoints: number): TextEdit[] {
  return file.byBaton ? planFrontmatterEdits(file.text, { checkpoints: String(checkpoints) }) : [];
}

/**
 * Sets the state in a SESSION.md that Baton wrote; nothing in one of another form, whose folder says whether it is paused.
 *
 * @throws BatonError `unreadable-file` where the frontmatter is broken
 */
export function planSessionStatus(file: SessionFile, status: 'active' | 'paused'): TextEdit[] {
  return file.byBaton ? planFrontmatterEdits(file.text, { status }) : [];
}

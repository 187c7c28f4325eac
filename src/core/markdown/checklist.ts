import type { TextEdit } from '../base/textEdit.ts';
import type { ChecklistItem } from '../model/checklist.ts';

/** Ticks or unticks a check box; nothing where it is so already. Only the character between the brackets changes. */
export function planSetChecked(item: ChecklistItem, checked: boolean): TextEdit[] {
  return item.checked === checked ? [] : [{ ...item.boxRange, newText: checked ? 'x' : ' ' }];
}

import type { TextEdit } from '../base/textEdit.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

/** The safe fixes that do not touch one another; the others get their turn in the next round. */
export function joinFixes(diagnostics: readonly Diagnostic[]): { edits: readonly TextEdit[]; count: number } {
  const edits: TextEdit[] = [];
  let count = 0;
  for (const { fix } of diagnostics) {
    if (!fix?.safe || fix.edits.length === 0) continue;
    if (fix.edits.some((edit) => edits.some((other) => edit.start <= other.end && other.start <= edit.end))) continue;
    edits.push(...fix.edits);
    count++;
  }
  return { edits, count };
}

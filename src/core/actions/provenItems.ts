import type { ChecklistItem } from '../model/checklist.ts';
import type { Receipt, ReceiptCommand } from '../model/receipt.ts';

/** What may stand behind a command's label in an item that says no more than that the command passes. */
const passing =
  /^(?:\s*[:–—-])?\s*(?:(?:is|are|all|now|still)\s+)*(?:pass(?:es|ed|ing)?|succeed(?:s|ed)?|ok|clean|green|runs?|works?|done)(?:\s+without (?:errors?|warnings?))?$/;

/**
 * Finds the unticked checklist items that a verification proves: those that name commands in code spans, all of which passed, and those
 * that say a passed command's label, alone or with `passes`, `is clean` and the like. Prose stays with the person.
 */
export function findProvenItems(checklist: readonly ChecklistItem[], receipt: Receipt): readonly ChecklistItem[] {
  return checklist.filter((item) => !item.checked && isProven(item.text, receipt.commands));
}

function isProven(text: string, commands: readonly ReceiptCommand[]): boolean {
  const named = [...text.matchAll(/(`+)\s*(.+?)\s*\1/g)].map((match) => match[2] ?? '');
  const known = named.flatMap((span) => {
    const command = commands.find((candidate) => isSameCommand(candidate.command, span));
    return command ? [command] : [];
  });
  if (known.length > 0) return known.length === named.length && known.every(isPassed);
  const plain = normalize(text);
  return commands.some((command) => isPassed(command) && command.label !== undefined && says(plain, command.label));
}

function isPassed({ exitCode }: ReceiptCommand): boolean {
  return exitCode === 0;
}

/** A span may leave out the `cd` and variables that were put before the command. */
function isSameCommand(command: string, span: string): boolean {
  const [wanted, given] = [span, command].map((text) => text.replace(/\s+/g, ' ').trim());
  if (wanted === undefined || given === undefined || wanted === '') return false;
  return given === wanted || given.endsWith(` && ${wanted}`);
}

function says(item: string, label: string): boolean {
  const wanted = normalize(label);
  if (wanted === '' || !item.startsWith(wanted)) return false;
  const rest = item.slice(wanted.length);
  return rest === '' || passing.test(rest);
}

function normalize(text: string): string {
  return text
    .replace(/[*_`~]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[.!:]+$/, '')
    .trim()
    .toLowerCase();
}

import * as vscode from 'vscode';
import { templateOf } from '../core/base/phrase.ts';

/**
 * Says a text of the core in the language of the window: errors and their hints, problems, warnings, progress. What the core did not make
 * with `phrase` and the bundle does not list stays as it is.
 */
export function localized(message: string): string {
  const known = templateOf(message);
  if (known === undefined || known.values.length === 0) return vscode.l10n.t(message);
  const { template, values } = known;
  return vscode.l10n.t(template, ...values.map((value) => (isText(value, message) ? localized(value) : value)));
}

/** A value is a text itself where the core made it so, or where it is a sentence: a name that the bundle happens to have stays. */
function isText(value: string, whole: string): boolean {
  return value !== whole && (templateOf(value) !== undefined || /\S\s+\S+\s+\S/.test(value));
}

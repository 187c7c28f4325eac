import { phrase } from '../../base/phrase.ts';
import { createLineIndex } from '../../markdown/lines.ts';
import type { TaskListEntry } from '../../model/taskList.ts';
import type { FileProblems } from '../../model/workspace.ts';

const mostWarnings = 10;

/** What is wrong with a list's file, one line each; the first ones where it is much. */
export function problemWarnings({ list, problems }: TaskListEntry, files: readonly FileProblems[]): readonly string[] {
  const own = files.find(({ path }) => path === list.path)?.diagnostics ?? [];
  const all = [...own, ...problems].filter(({ severity }) => severity !== 'info');
  if (all.length === 0) return [];
  const lines = createLineIndex(list.text);
  const shown = all
    .slice(0, mostWarnings)
    .map(({ range, message }) => phrase`${list.path}:${lines.lineAt(range.start) + 1}: ${message}`);
  const rest = all.length - shown.length;
  return rest > 0 ? [...shown, phrase`${list.path} has ${rest} more problems: \`baton check\` lists them.`] : shown;
}

import type { Workspace } from '../core/model/workspace.ts';
import type { Output } from './output.ts';
import { printNextStep } from './sessionTable.ts';
import { plainText } from './text.ts';

/** Says why there are no sessions, and what would help: a file that is there but not understood is named. */
export function explainNone(out: Output, workspace: Workspace | undefined): void {
  const plans = workspace?.plans.map(({ path }) => plainText(path)) ?? [];
  const tables = workspace?.progress.map(({ path }) => plainText(path)) ?? [];
  if (plans.length > 0) {
    out.wrapped(`No session is defined in ${plans.join(', ')}.`);
    out.line('A session begins with a heading such as "## Session BE-01: Title".');
  }
  if (tables.length > 0) out.wrapped(`No table with a row per session is in ${tables.join(', ')}.`);
  if (tables.length > 0) {
    printNextStep(out, 'baton check', 'why not');
  } else if (plans.length === 0) {
    out.line('There are no sessions yet: no plan (docs/*_PROMPTS.md) and no progress file was found.');
    printNextStep(out, 'baton init <project> --plan <file>');
  }
}

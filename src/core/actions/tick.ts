import { phrase } from '../base/phrase.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import type { ChecklistItem } from '../model/checklist.ts';
import { type OpenSession, requireActive } from './activeSession.ts';
import { beginVerb } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { unsavedWarnings } from './stateCommit.ts';

export interface TickOptions {
  /** Index among the session's checklist items, from 0, or the item's text. */
  readonly item: number | string;
  readonly checked: boolean;
}

export interface TickResult {
  readonly session: string;
  readonly text: string;
  readonly checked: boolean;
  readonly checklist: { readonly done: number; readonly total: number };
  readonly warnings: readonly string[];
}

/**
 * Ticks or unticks a checklist item of the active session.
 *
 * @throws BatonError `no-active-session`, `invalid-argument` where no item, or more than one, is meant
 */
export async function tick(context: ActionContext, options: TickOptions): Promise<TickResult> {
  const { workspace, warnings } = await beginVerb(context);
  const session = requireActive(workspace, warnings);
  const item = chooseItem(session, options.item);
  const outcome = await runEffects(context, 'tick', session.id, [
    {
      kind: 'edit',
      path: session.file.path,
      edits: [{ kind: 'set-checked', text: item.text, checked: options.checked }],
    },
  ]);
  const after = (await context.store.refresh()).sessionFile?.checklist ?? [];
  return {
    session: session.id,
    text: item.text,
    checked: options.checked,
    checklist: { done: after.filter(({ checked }) => checked).length, total: after.length },
    warnings: [...warnings, ...unsavedWarnings(outcome)],
  };
}

function chooseItem({ id, file }: OpenSession, wanted: number | string): ChecklistItem {
  const { checklist } = file;
  const text = typeof wanted === 'string' ? wanted.trim().toLowerCase() : '';
  const exact =
    typeof wanted === 'number'
      ? checklist.filter((_, at) => at === wanted)
      : checklist.filter((item) => item.text.trim().toLowerCase() === text);
  const found =
    exact.length > 0 || text === '' ? exact : checklist.filter((item) => item.text.toLowerCase().includes(text));
  const [only] = found;
  // Items with the very same text are ticked together: nothing tells them apart.
  if (only && found.every((item) => item.text === only.text)) return only;
  const items = checklist.map((item, at) => `${at + 1}. ${item.text}`);
  const shown = typeof wanted === 'number' ? phrase`number ${wanted + 1}` : `"${wanted}"`;
  throw new BatonError(
    'invalid-argument',
    found.length > 1
      ? phrase`${shown} may mean ${found.length} items of ${id}`
      : phrase`${id} has no checklist item ${shown}`,
    {
      hint: items.length > 0 ? phrase`Its items: ${items.join('; ')}.` : 'Its SESSION.md has no checklist.',
      data: { items: checklist.map((item) => item.text) },
    },
  );
}

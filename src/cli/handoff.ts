import type { HandoffReading } from '../core/actions/tasks/resumeTaskList.ts';
import type { Output } from './output.ts';
import { harmlessText, plainText } from './text.ts';

/** What `--json` shows of a handoff; null where there is none. */
export function toHandoffView(handoff: HandoffReading | undefined) {
  if (handoff === undefined) return null;
  return { text: handoff.text, fresh: handoff.fresh, staleness: handoff.staleness ?? null };
}

/** Prints what the session before left, and says what has changed since. */
export function printHandoff(out: Output, { text, staleness }: HandoffReading): void {
  out.line(out.paint('title', 'Handoff:'));
  if (staleness !== undefined) out.wrapped(`not fresh: ${plainText(staleness)}`, { label: '  ', tone: 'warn' });
  for (const line of text.split(/\r\n|\n|\r/)) out.line(`  ${harmlessText(line)}`);
}

import type { ActionContext } from './context.ts';
import { type ActiveStatus, type StatusResult, status } from './status.ts';

/** What an agent needs to know at its beginning, before it has read any file. */
export interface AgentBrief {
  /** Undefined where Baton has nothing to say here. */
  readonly text?: string;
  /** The session that is active. */
  readonly session?: string;
  /** Changed files of its repository, state files left out. */
  readonly changedFiles: number;
}

/** So many items and notes are told; the file has the rest. */
const mostItems = 12;
const mostNotes = 5;
const longestLine = 240;

/** Says in a few lines where things stand and how to go on. Changes nothing. */
export async function briefAgent(context: ActionContext): Promise<AgentBrief> {
  const found = await status(context);
  const { active, ready, paused, interrupted } = found;
  const lines = active ? describeActive(active) : describeIdle(found);
  if (interrupted) {
    lines.push(
      `${interrupted.verb} of ${interrupted.session ?? 'a session'} is half done: run \`baton recover\` first.`,
    );
  }
  if (lines.length === 0) return { changedFiles: 0 };
  if (active && paused.length > 0) lines.push(`Paused: ${paused.join(', ')}.`);
  if (!active && ready.length > 0) lines.push('Ask before you start one.');
  return {
    text: lines.join('\n'),
    ...(active && { session: active.id }),
    changedFiles: active?.dirtyCount ?? 0,
  };
}

function describeActive({ id, entry, sessionFile, checklist, checkpoints, dirtyCount }: ActiveStatus): string[] {
  const title = entry?.title ?? sessionFile.title;
  const open = sessionFile.checklist.filter(({ checked }) => !checked);
  const lines = [
    `Baton session ${id}${title === undefined ? '' : ` (${shorten(title)})`} is active; its prompt, checklist and notes are in ${sessionFile.path}.`,
    `Checklist ${checklist.done}/${checklist.total}, ${checkpoints} checkpoints, ${dirtyCount ?? 0} changed files not committed.`,
  ];
  if (open.length > 0) lines.push('Open:', ...open.slice(0, mostItems).map(({ text }) => `- ${shorten(text)}`));
  if (open.length > mostItems) lines.push(`- and ${open.length - mostItems} more`);
  const notes = sessionFile.notes.slice(-mostNotes);
  if (notes.length > 0) lines.push('Last notes:', ...notes.map((note) => shorten(note)));
  lines.push(
    'Go on with it unless you are told otherwise; note decisions, make checkpoints, and complete it when it is done.',
  );
  return lines;
}

function describeIdle({ ready, paused }: StatusResult): string[] {
  const lines: string[] = [];
  if (ready.length > 0) lines.push(`No Baton session is active. Ready: ${ready.join(', ')}.`);
  if (paused.length > 0) lines.push(`Paused: ${paused.join(', ')}; \`baton resume ${paused[0]}\` takes it up again.`);
  return lines;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
}

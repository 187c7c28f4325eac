import type { TaskListEntry } from '../model/taskList.ts';
import type { ActionContext } from './context.ts';
import { type ActiveStatus, type StatusResult, status } from './status.ts';
import { openSessionHere, readListSession } from './tasks/listSession.ts';
import { readTaskLists } from './tasks/readLists.ts';
import { readHandoffOf } from './tasks/resumeTaskList.ts';

/** What an agent needs to know at its beginning, before it has read any file. */
export interface AgentBrief {
  /** Undefined where Baton has nothing to say here. */
  readonly text?: string;
  /** The session that is active. */
  readonly session?: string;
  /** ID of the task list whose session is open in this worktree. */
  readonly openList?: string;
}

/** So many items, notes and lists are told; the files have the rest. */
const mostItems = 12;
const mostNotes = 5;
const mostLists = 5;
const longestLine = 240;
/** At most 1,200 tokens, counted as four characters each. */
const longestText = 4_800;

/** Says in a few lines where things stand and how to go on. Changes nothing. */
export async function briefAgent(context: ActionContext): Promise<AgentBrief> {
  const found = await status(context);
  const { active, interrupted } = found;
  const lines = active ? describeActive(active) : describeIdle(found);
  if (interrupted) {
    lines.push(
      `${interrupted.verb} of ${interrupted.session ?? 'a session'} is half done: run \`baton recover\` first.`,
    );
  }
  const lists = await describeLists(context);
  lines.push(...lists.lines);
  if (!active && found.ready.length > 0) lines.push('Ask before you start a session.');
  const text = lines.join('\n');
  return {
    ...(text !== '' && { text: text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text }),
    ...(active && { session: active.id }),
    ...(lists.open !== undefined && { openList: lists.open }),
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

/** The lists that are not finished, and the handoff of the one that this worktree works on, else of the only one. */
async function describeLists(context: ActionContext): Promise<{ readonly lines: string[]; readonly open?: string }> {
  const { lists, config } = await readTaskLists(context);
  const unfinished = lists.filter(({ list, counts }) => !list.archived && counts.complete < counts.total);
  const [first] = unfinished;
  if (first === undefined) return { lines: [] };
  const open = await findOpen(context, unfinished);
  const shown = open ?? (unfinished.length === 1 ? first : undefined);
  const lines = ['Task lists that are not finished (go on with one by resume_task_list, never make it anew):'];
  lines.push(...unfinished.slice(0, mostLists).map(describeList));
  if (unfinished.length > mostLists) lines.push(`- and ${unfinished.length - mostLists} more`);
  const handoff = shown && (await readHandoffOf(context, shown.list, config));
  if (shown && handoff) {
    const stale = handoff.staleness === undefined ? '' : ` (not fresh: ${shorten(handoff.staleness)})`;
    lines.push(`Handoff of ${shown.list.id}${stale}:`, handoff.text.trim());
  }
  return { lines, ...(open && { open: open.list.id }) };
}

async function findOpen({ ports }: ActionContext, lists: readonly TaskListEntry[]): Promise<TaskListEntry | undefined> {
  for (const entry of lists) {
    if (openSessionHere(entry.list, await readListSession(ports, entry.list.id))) return entry;
  }
  return undefined;
}

function describeList(entry: TaskListEntry): string {
  const { list, counts, tasks } = entry;
  const begun = tasks.find(({ status: state }) => state === 'IN_PROGRESS');
  const next = begun ?? entry.ready[0];
  const then = next === undefined ? '' : `, next ${next.id}`;
  return `- ${list.id}: ${shorten(list.title)} (${counts.complete}/${counts.total} complete${then})`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
}

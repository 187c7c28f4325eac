import type { SessionEntry } from '../core/model/workspace.ts';
import type { Output, Tone } from './output.ts';
import { countOf, displayWidth, plainText } from './text.ts';

const tones: Record<SessionEntry['status'] | 'ready' | 'waiting', Tone> = {
  pending: 'quiet',
  waiting: 'quiet',
  ready: 'command',
  active: 'busy',
  paused: 'warn',
  blocked: 'bad',
  done: 'good',
  failed: 'bad',
  retry: 'warn',
};

/** The word for a session's state: a pending one is ready or waiting. A cell that was not understood is shown as it stands. */
export function describeStatus(entry: SessionEntry): string {
  if (entry.statusUnknown) return `? ${plainText(entry.row?.status.raw ?? '')}`.trim();
  if (entry.status !== 'pending') return entry.status;
  if (entry.ready) return 'ready';
  return entry.waitingFor.length > 0 ? 'waiting' : 'pending';
}

/** The state in its colour. */
export function paintStatus(out: Output, entry: SessionEntry): (text: string) => string {
  const word = describeStatus(entry);
  return (text) => out.paint(Object.hasOwn(tones, word) ? tones[word as keyof typeof tones] : 'warn', text);
}

/** What else one wants to know of a session at a glance, by its state. */
function describeDetails(entry: SessionEntry): string {
  const waits = entry.waitingFor.length > 0 ? `waits for ${entry.waitingFor.join(', ')}` : '';
  const unblocks = entry.unblocks.length > 0 ? `unblocks ${countOf(entry.unblocks.length, 'session')}` : '';
  switch (entry.status) {
    case 'done':
      return [entry.completed, entry.commit].filter((part) => part !== undefined).join('  ');
    case 'active':
      return [entry.activeHere ? 'here' : '', entry.started === undefined ? '' : `since ${entry.started}`]
        .join(' ')
        .trim();
    case 'paused':
    case 'blocked':
      return entry.notes ?? waits;
    case 'pending':
    case 'failed':
    case 'retry':
      return waits || unblocks;
  }
}

/** Prints sessions under a heading for each project, repository and section that they belong to, in the order given. */
export function printSessions(out: Output, sessions: readonly SessionEntry[]): void {
  const rows = layOutRows(out, sessions);
  let last: string | undefined;
  sessions.forEach((entry, index) => {
    const heading = describePlace(entry);
    if (heading !== last) {
      if (last !== undefined) out.line();
      out.line(out.paint('title', heading));
      last = heading;
    }
    for (const line of rows[index] ?? []) out.line(line);
  });
}

/** `Shop · backend · Week 1` */
export function describePlace({ project, repository = '', section = '' }: SessionEntry): string {
  return [project, repository, section]
    .map(plainText)
    .filter((part) => part !== '')
    .join(' · ');
}

/** IDs wider than this leave no room for titles beside them: titles then have lines of their own. */
const widestIdBesideTitle = 26;

/** What state and details need beside an ID: else that has a line of its own, since one that is broken cannot be copied. */
const leastBesideId = 36;

/** One table for all, so that its columns stay where they are from heading to heading. */
function layOutRows(out: Output, sessions: readonly SessionEntry[]): readonly (readonly string[])[] {
  const cells = sessions.map((entry) => {
    const id = plainText(entry.id);
    const title = plainText(entry.title);
    const quiet = (text: string) => out.paint('quiet', text);
    return {
      id: { text: id },
      status: { text: describeStatus(entry), paint: paintStatus(out, entry) },
      // A table without titles gives the ID for one: once is enough.
      title: { text: title === id ? '' : title },
      details: { text: plainText(describeDetails(entry)), paint: quiet },
    };
  });
  const grows = { grows: true };
  if (cells.every(({ id }) => displayWidth(id.text) <= widestIdBesideTitle)) {
    const rows = cells.map(({ id, status, title, details }) => [id, status, title, details]);
    return out.layOut([{}, grows, grows, grows], rows, 2);
  }
  const titles = out.layOut(
    [grows],
    cells.map(({ title }) => [title]),
    4,
  );
  const withTitle = (lines: readonly string[], index: number) => [
    ...lines,
    ...(titles[index] ?? []).filter((line) => line.trim() !== ''),
  ];
  const widest = Math.max(...cells.map(({ id }) => displayWidth(id.text)));
  if (widest + leastBesideId <= out.columns) {
    const rows = cells.map(({ id, status, details }) => [id, status, details]);
    return out.layOut([{}, grows, grows], rows, 2).map(withTitle);
  }
  const rows = cells.map(({ status, details }) => [status, details]);
  return out
    .layOut([grows, grows], rows, 4)
    .map((lines, index) => withTitle([`  ${cells[index]?.id.text ?? ''}`, ...lines], index));
}

/** So many ready sessions are named; "baton sessions --ready" has all. */
const mostNext = 5;

/** Prints what can be started next, and how. */
export function printNext(out: Output, next: readonly SessionEntry[]): void {
  const [first] = next;
  if (first === undefined) return;
  const named = next.slice(0, mostNext).map(({ id, title }) => (title === id ? id : `${id} (${title})`));
  const more = next.length > mostNext ? [`${next.length - mostNext} more`] : [];
  out.wrapped([...named, ...more].map(plainText).join(', '), { label: 'Ready now: ' });
  printNextStep(out, `baton start ${quoteArgument(first.id)}`);
}

/** Prints the one command that comes next. */
export function printNextStep(out: Output, command: string, purpose?: string): void {
  out.line(`Next: ${out.paint('command', command)}${purpose === undefined ? '' : `  (${purpose})`}`);
}

/** `baton complete`, with the commit message that the plan proposes, else with the form that it should have. */
export function completeCommand(entry: SessionEntry | undefined): string {
  const proposed = plainText(entry?.plan?.commitMessage?.split('\n', 1)[0] ?? '');
  return proposed === ''
    ? 'baton complete -m "type(scope): what was done"'
    : `baton complete -m ${quoteArgument(proposed)}`;
}

/** Quotes an argument where a shell would read it as something else. */
export function quoteArgument(argument: string): string {
  const text = plainText(argument);
  if (/^[\p{L}\p{N}_./:@%+=-]+$/u.test(text) && !text.startsWith('-')) return text;
  return `${text.startsWith('-') ? '-- ' : ''}'${text.replaceAll("'", "'\\''")}'`;
}

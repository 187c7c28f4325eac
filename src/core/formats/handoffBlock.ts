import { revisionOf } from '../base/revision.ts';

/** What a handoff says of itself, to tell later whether it still holds. */
export interface HandoffMark {
  /** Number of the list's session, or ID of the plan's session. */
  readonly session: string;
  /** ISO 8601 with zone. */
  readonly made: string;
  /** HEAD when it was made. */
  readonly head?: string;
  /** Tree of the working copy then, state files left out. */
  readonly tree?: string;
  /** Names the states of the tasks then. */
  readonly states?: string;
}

/** A part of a handoff: a line, or a heading with items of which the first ones are kept where space is short. */
export interface HandoffPart {
  readonly label: string;
  readonly text?: string;
  readonly items?: readonly string[];
}

/** A handoff is at most this long: 1,200 tokens, counted as three characters each, fewer than any tokenizer takes for such text. */
export const longestHandoff = 3_600;

const beginning = '<!-- baton:handoff';
const ending = '<!-- /baton:handoff -->';
/** Stands in the section until there is a handoff. */
const placeholder = /^Nothing has been handed off yet\.$/;

/** The lines of a generated handoff, its marks around them. Lists are shortened until it fits; nothing is cut within a line. */
export function handoffLines(mark: HandoffMark, parts: readonly HandoffPart[]): readonly string[] {
  for (const most of [40, 25, 15, 10, 6, 4, 2, 1]) {
    const body = parts.flatMap((part) => partLines(part, most));
    const lines = [markLine(mark, body), ...body, ending];
    if (lines.join('\n').length <= longestHandoff) return lines;
  }
  const body = parts.flatMap((part) => partLines(part, 0)).map((line) => clip(line, 200));
  return [markLine(mark, body.slice(0, 12)), ...body.slice(0, 12), ending];
}

function partLines({ label, text, items = [] }: HandoffPart, most: number): string[] {
  if (text === undefined && items.length === 0) return [];
  const shown = items.slice(0, most).map((item) => `  - ${clip(harmless(item), 160)}`);
  const rest = items.length - shown.length;
  const head = `- **${label}:**${text === undefined ? '' : ` ${clip(harmless(text), 400)}`}`;
  return [head, ...shown, ...(rest > 0 ? [`  - and ${rest} more`] : [])];
}

/** One line that cannot end the block or begin another structure. */
function harmless(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/<!--|-->/g, (mark) => mark.replace(/-/g, '‑'));
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function markLine({ session, made, head, tree, states }: HandoffMark, body: readonly string[]): string {
  const values = { session: encodeURIComponent(session), made, head, tree, states, lines: body.map(nameOf).join('.') };
  const pairs = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return `${beginning} ${pairs.join(' ')} -->`;
}

/** Names a generated line, so that a line which somebody wrote in between is told from it. */
function nameOf(line: string): string {
  return revisionOf(line.trim()).slice(0, 5);
}

/** What is in a handoff section: the mark of the generated part, that part's lines, and what people wrote. */
export interface ReadHandoff {
  readonly mark?: HandoffMark;
  readonly lines: readonly string[];
  /** Before and behind the generated part; what was written into it counts as behind. */
  readonly before: readonly string[];
  readonly behind: readonly string[];
}

/** Reads the body of a handoff section. */
export function readHandoffBody(body: string): ReadHandoff {
  const all = body.split(/\r\n|\n|\r/);
  const start = all.findIndex((line) => line.trim().startsWith(beginning));
  const end = all.findIndex((line, index) => index > start && line.trim() === ending);
  if (start < 0 || end < 0) {
    const own = all.filter((line) => !placeholder.test(line.trim()));
    return { lines: [], before: [], behind: trimBlank(own) };
  }
  const { mark, names } = readMark(all[start] ?? '');
  const inside = all.slice(start + 1, end);
  const isGenerated = (line: string): boolean => names.has(nameOf(line));
  return {
    ...(mark && { mark }),
    lines: inside.filter(isGenerated),
    before: trimBlank(all.slice(0, start)),
    behind: trimBlank([...inside.filter((line) => line.trim() !== '' && !isGenerated(line)), ...all.slice(end + 1)]),
  };
}

function readMark(line: string): { readonly mark?: HandoffMark; readonly names: ReadonlySet<string> } {
  const values = new Map(
    line
      .split(/\s+/)
      .map((pair) => /^([a-z]+)=(.*)$/.exec(pair))
      .flatMap((pair): [string, string][] => (pair?.[1] === undefined ? [] : [[pair[1], pair[2] ?? '']])),
  );
  const [session, made] = [values.get('session'), values.get('made')];
  const names = new Set((values.get('lines') ?? '').split('.'));
  if (session === undefined || made === undefined) return { names };
  const optional = Object.fromEntries(
    ['head', 'tree', 'states'].flatMap((key) => (values.has(key) ? [[key, values.get(key) ?? '']] : [])),
  );
  return { mark: { session: decode(session), made, ...optional }, names };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The body of the section with a new generated part; what people wrote stays, before and behind it. */
export function joinHandoffBody(old: string, lines: readonly string[]): string {
  const { before, behind } = readHandoffBody(old);
  const groups = [before, lines, behind].filter((group) => group.length > 0);
  return groups.map((group) => group.join('\n')).join('\n\n');
}

/** The items of a part of a generated handoff, by its label. */
export function itemsOf(lines: readonly string[], label: string): readonly string[] {
  const at = lines.findIndex((line) => line.startsWith(`- **${label}:**`));
  if (at < 0) return [];
  const items: string[] = [];
  for (const line of lines.slice(at + 1)) {
    const item = /^ {2}- (.*)$/.exec(line)?.[1];
    if (item === undefined) break;
    items.push(item);
  }
  return items;
}

function trimBlank(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}

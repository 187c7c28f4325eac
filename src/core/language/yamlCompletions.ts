import { type CalendarTime, isoTimeOf } from '../base/localTime.ts';
import type { Range } from '../base/range.ts';
import { createLineIndex, type LineIndex } from '../markdown/lines.ts';
import type { Workspace } from '../model/workspace.ts';
import { type Completion, type Completions, idSeparators, sessionItems, tokenAt } from './completions.ts';
import { type CompletionContext, ownSessions } from './progressCompletions.ts';

/** Where in a block of `key: value` lines an offset is. */
interface YamlPlace {
  /** Undefined where a key is to be written. */
  readonly key: string | undefined;
  /** The value without white space around and without its comment; of a list item that item. */
  readonly value: Range;
  /** The keys that the block has at the same level. */
  readonly keys: readonly string[];
  readonly isItem: boolean;
}

/** What can stand in a block of YAML: its keys, and what their values may be. */
export interface YamlVocabulary {
  readonly keys: readonly string[];
  readonly values: (key: string, context: YamlContext) => YamlValues | undefined;
}

export interface YamlContext extends CompletionContext {
  readonly now: CalendarTime;
  /** ID of the session whose metadata it is. */
  readonly own?: string;
}

/** What a value may be; `isList`: several, divided by commas. */
export interface YamlValues {
  readonly items: readonly Completion[];
  readonly isList?: boolean;
}

/** Completes keys and values in `block` of a text. Never throws. */
export function completeYaml(
  text: string,
  block: Range,
  offset: number,
  { vocabulary, context }: { readonly vocabulary: YamlVocabulary; readonly context: YamlContext },
): Completions | undefined {
  const place = placeIn(text, createLineIndex(text), block, offset);
  if (place === undefined) return undefined;
  if (place.key === undefined) {
    const missing = vocabulary.keys.filter((key) => !place.keys.includes(key));
    const colon = text[place.value.end] === ':' ? '' : ': ';
    const items = missing.map((key): Completion => ({ kind: 'key', newText: `${key}${colon}` }));
    return { range: place.value, replacesWhole: false, items };
  }
  const values = vocabulary.values(place.key, context);
  if (values === undefined) return undefined;
  const said = text.slice(place.value.start, place.value.end);
  if (!values.isList || /^(?:none|\[\s*\])$/i.test(said)) {
    return {
      range: place.value,
      replacesWhole: said === '' || isKnown(values.items, said) || said === 'none',
      items: values.items,
    };
  }
  const range = tokenAt(text, place.value, offset, idSeparators);
  const current = text.slice(range.start, range.end);
  const named = new Set(said.split(idSeparators));
  const items = values.items.filter(({ newText }) => newText === current || !named.has(newText));
  return { range, replacesWhole: false, items };
}

function isKnown(items: readonly Completion[], text: string): boolean {
  return items.some(({ newText }) => newText === text);
}

const keyLine = /^([ \t]*)([A-Za-z_][\w-]*):(?:[ \t]+|$)/;

function placeIn(text: string, lines: LineIndex, block: Range, offset: number): YamlPlace | undefined {
  if (offset < block.start || offset > block.end) return undefined;
  const line = lines.lineAt(offset);
  const { start, end } = lines.rangeOf(line);
  const whole = text.slice(start, end);
  const first = lines.lineAt(block.start);
  const keys: string[] = [];
  for (let at = first; at <= lines.lineAt(block.end); at++) {
    const found = keyLine.exec(slice(text, lines.rangeOf(at)));
    if (found?.[2] !== undefined && found[1] === '' && at !== line) keys.push(found[2]);
  }
  const key = keyLine.exec(whole);
  if (key?.[2] !== undefined) {
    const from = start + key[0].length;
    return offset < from ? undefined : { key: key[2], value: valueRange(text, from, end, offset), keys, isItem: false };
  }
  const item = /^[ \t]*-[ \t]+/.exec(whole);
  if (item !== null) {
    const from = start + item[0].length;
    const owner = ownerOf(text, lines, first, line);
    if (owner === undefined || offset < from) return undefined;
    return { key: owner, value: valueRange(text, from, end, offset), keys, isItem: true };
  }
  // Only at the beginning of a line stands a key.
  return /^[\w-]*$/.test(whole) ? { key: undefined, value: { start, end }, keys, isItem: false } : undefined;
}

/** The key above a list's item. */
function ownerOf(text: string, lines: LineIndex, first: number, line: number): string | undefined {
  for (let at = line - 1; at >= first; at--) {
    const above = slice(text, lines.rangeOf(at));
    const key = keyLine.exec(above);
    if (key !== null) return above.slice(key[0].length).trim() === '' ? key[2] : undefined;
    if (!/^[ \t]*(?:-[ \t]|#|$)/.test(above)) return undefined;
  }
  return undefined;
}

function valueRange(text: string, from: number, end: number, offset: number): Range {
  const raw = text
    .slice(from, end)
    .replace(/(?:^|[ \t]+)#.*$/, '')
    .trimEnd();
  return raw === '' || offset > from + raw.length
    ? { start: offset, end: offset }
    : { start: from, end: from + raw.length };
}

function slice(text: string, { start, end }: Range): string {
  return text.slice(start, end);
}

const values = (...texts: readonly string[]): YamlValues => ({
  items: texts.map((newText): Completion => ({ kind: 'value', newText })),
});

const lists = ({ taskLists }: Workspace): YamlValues => ({
  items: taskLists
    .filter(({ list }) => !list.archived)
    .map((list): Completion => ({ kind: 'list', newText: list.list.id, list })),
});

function repositories({ projects, config }: Workspace): YamlValues {
  return values(...new Set([...projects.flatMap((one) => one.repositories), ...Object.keys(config.repositories)]));
}

function sharedValues(key: string, context: YamlContext): YamlValues | undefined {
  switch (key) {
    case 'model':
      return { items: context.models.map((newText): Completion => ({ kind: 'model', newText })) };
    case 'task_list':
    case 'tasklist':
    case 'task_list_id':
      return lists(context.workspace);
    case 'repository':
    case 'repo':
      return repositories(context.workspace);
    case 'started_at':
    case 'created_at':
    case 'updated':
      return { items: [{ kind: 'time', newText: isoTimeOf(context.now) }] };
    default:
      return undefined;
  }
}

/** The metadata and configuration of a plan's session (formats.md §2.2, §2.4a). */
export const planVocabulary: YamlVocabulary = {
  keys: [
    'session_id',
    'phase',
    'week',
    'track',
    'repository',
    'working_directory',
    'execution',
    'estimated_time',
    'dependencies',
    'parallel_with',
    'task_list',
    'model',
    'thinking_mode',
    'max_thinking_tokens',
    'temperature',
    'skills',
    'sub_agents',
    'files',
    'reference_files',
    'commit',
  ],
  values: (key, context) => {
    if (/^(?:dependencies|dependency|depends_on|depends|requires|after|parallel_with|parallel)$/.test(key)) {
      return { items: sessionItems(ownSessions(context), (id) => id === context.own), isList: true };
    }
    if (key === 'thinking_mode' || key === 'thinking') return values('standard', 'extended', 'ultrathink');
    if (key === 'execution')
      return values('🖥️ CLI', '💻 VS Code', '🌐 Web', '⚡ Quick', '🔧 Medium', '🏗️ Heavy', '🧠 Ultrathink');
    return sharedValues(key, context);
  },
};

/** The frontmatter of SESSION.md. */
export const sessionVocabulary: YamlVocabulary = {
  keys: [
    'baton',
    'session',
    'title',
    'project',
    'repository',
    'plan',
    'status',
    'started_at',
    'start_ref',
    'checkpoints',
    'task_list',
  ],
  values: (key, context) => {
    const { workspace } = context;
    if (key === 'baton') return values('session/1');
    if (key === 'status') return values('active', 'paused');
    if (key === 'session') return { items: sessionItems(workspace.sessions, () => false) };
    if (key === 'project') return values(...new Set(workspace.projects.map(({ name }) => name)));
    if (key === 'plan')
      return { items: workspace.plans.map(({ path }): Completion => ({ kind: 'plan', newText: path })) };
    return sharedValues(key, context);
  },
};

/** The frontmatter of a task list. */
export const taskListVocabulary: YamlVocabulary = {
  keys: ['baton', 'id', 'title', 'created_at', 'session', 'from'],
  values: (key, context) => {
    if (key === 'baton') return values('tasks/1');
    if (key === 'from') return lists(context.workspace);
    return sharedValues(key, context);
  },
};

/** The frontmatter of STATE.md (formats.md §1.2). */
export const stateVocabulary: YamlVocabulary = {
  keys: [
    'schema-version',
    'session-type',
    'branch',
    'issues',
    'started_at',
    'status',
    'current-wave',
    'total-waves',
    'updated',
    'session',
    'session-start-ref',
    'docs-tasks',
    'mission-status',
  ],
  values: (key, context) => {
    if (key === 'status') return values('active', 'paused', 'completed', 'idle');
    if (key === 'session-type') return values('feature', 'deep', 'housekeeping', 'none');
    if (key === 'schema-version') return values('1');
    return sharedValues(key, context);
  },
};

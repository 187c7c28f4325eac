import type { Range } from '../base/range.ts';
import type { ExecutionMode, ModelSettings, PlanDependency, PlanSession, SubAgent } from '../model/plan.ts';
import type { MetadataEntry, MetadataValue } from './metadataYaml.ts';

type MetadataFields = Pick<
  PlanSession,
  | 'phase'
  | 'week'
  | 'track'
  | 'repository'
  | 'workingDirectory'
  | 'execution'
  | 'estimate'
  | 'dependencies'
  | 'parallelWith'
  | 'taskList'
  | 'modelSettings'
  | 'skills'
  | 'subAgents'
  | 'referenceFiles'
  | 'files'
  | 'commitMessage'
>;

/** What the metadata of one session says, while it is collected; the first value of each key stays. */
export type MetadataDraft = { -readonly [K in keyof MetadataFields]?: MetadataFields[K] };

/** What reading metadata needs to know of the plan. */
export interface MetadataContext {
  readonly text: string;
  /** Every session ID of the plan: only these and texts shaped like an ID are dependencies. */
  readonly knownIds: ReadonlySet<string>;
}

type Field = (draft: MetadataDraft, value: MetadataValue, context: MetadataContext) => void;

/** A field that is one text. */
function text(
  key: 'phase' | 'week' | 'track' | 'repository' | 'workingDirectory' | 'estimate' | 'taskList' | 'commitMessage',
): Field {
  return (draft, value) => {
    const said = scalarOf(value);
    draft[key] ??= nothing.test(said) ? undefined : said;
  };
}

function model(key: keyof ModelSettings): Field {
  return (draft, value) => {
    const said = filled(scalarOf(value));
    if (said !== undefined && draft.modelSettings?.[key] === undefined) {
      draft.modelSettings = { ...draft.modelSettings, [key]: said };
    }
  };
}

function list(key: 'parallelWith' | 'skills' | 'referenceFiles' | 'files'): Field {
  return (draft, value, context) => {
    if (key === 'parallelWith') draft[key] ??= readDependencies(value, context).map(({ id }) => id);
    else draft[key] ??= namesOf(value);
  };
}

const nested: Field = (draft, value, context) => {
  if (value.kind === 'map') applyMetadata(draft, value.entries, context);
};

const dependencies: Field = (draft, value, context) => {
  draft.dependencies ??= readDependencies(value, context);
};

const execution: Field = (draft, value) => {
  const found = readExecution(textsOf(value).join(' '));
  draft.execution = [...new Set([...(draft.execution ?? []), ...found])];
};

const ultrathink: Field = (draft, value, context) => {
  if (/^(?:true|yes|on)$/i.test(scalarOf(value))) {
    model('thinkingMode')(draft, { kind: 'scalar', text: 'ultrathink', range: { start: 0, end: 0 } }, context);
  }
};

/** Keys as people write them, in lower case with `_` between words. */
const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ...alias(['phase'], text('phase')),
  ...alias(['week'], text('week')),
  ...alias(['track'], text('track')),
  ...alias(['repository', 'repo'], text('repository')),
  ...alias(['working_directory', 'working_dir', 'directory', 'cwd'], text('workingDirectory')),
  ...alias(['estimated_time', 'estimate', 'estimated_duration', 'duration', 'time', 'time_estimate'], text('estimate')),
  ...alias(['task_list', 'tasklist', 'task_list_id'], text('taskList')),
  ...alias(['commit', 'commit_message', 'git_commit'], text('commitMessage')),
  ...alias(['execution', 'execution_mode', 'mode', 'size'], execution),
  ...alias(['dependencies', 'dependency', 'depends_on', 'depends', 'requires', 'after'], dependencies),
  ...alias(['parallel_with', 'parallel', 'can_run_in_parallel_with'], list('parallelWith')),
  ...alias(['model'], model('model')),
  ...alias(['thinking_mode', 'thinking'], model('thinkingMode')),
  ...alias(['max_thinking_tokens', 'thinking_tokens'], model('maxThinkingTokens')),
  ...alias(['temperature'], model('temperature')),
  ...alias(['ultrathink'], ultrathink),
  ...alias(['skills', 'required_skills', 'skills_registry'], list('skills')),
  ...alias(['files', 'files_to_modify', 'files_to_create'], list('files')),
  ...alias(['reference_files', 'references'], list('referenceFiles')),
  ...alias(['sub_agents', 'subagents', 'agents'], (draft, value) => {
    draft.subAgents ??= readSubAgents(value);
  }),
  ...alias(
    ['metadata', 'session', 'system', 'system_configuration', 'system_config', 'config', 'model_config'],
    nested,
  ),
]);

function alias(keys: readonly string[], field: Field): [string, Field][] {
  return keys.map((key) => [key, field]);
}

/** Takes what `entries` say into `draft`; keys that mean nothing to Baton are passed over. */
export function applyMetadata(draft: MetadataDraft, entries: readonly MetadataEntry[], context: MetadataContext): void {
  for (const { key, value } of entries) fieldOf(key)?.(draft, value, context);
}

/** Tells whether a key belongs to a session's metadata; by this a section is known to be one of a session. */
export function isMetadataKey(key: string): boolean {
  return fieldOf(key) !== undefined || fieldKey(key) === 'session_id';
}

function fieldOf(key: string): Field | undefined {
  return fields.get(key) ?? fields.get(fieldKey(key));
}

function fieldKey(key: string): string {
  return key
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** A longer text names no dependencies that a person wrote; it only costs time. */
const maxTextLength = 5_000;

const nothing = /^(?:none|n\/a|nothing|null|no|~|[-—–]+|\[\]|tbd)?(?:$|[\s(,.;])/i;

/**
 * Reads dependencies: nothing, one ID, several with commas, a list, with reasons in parentheses or behind a dash. A text that is neither an
 * ID of the plan nor shaped like one (`Pre-Implementation Setup`) is a note for people and no dependency.
 */
export function readDependencies(value: MetadataValue, context: MetadataContext): PlanDependency[] {
  if (value.kind === 'scalar')
    return nothing.test(value.text) ? [] : readDependencyText(value.text, value.range, context);
  if (value.kind === 'list') return joinTorn(value.items).flatMap((item) => readDependencies(item, context));
  const id = value.entries.find(({ key }) => /^(?:id|session|session_id)$/i.test(key))?.value;
  const reason = value.entries.find(({ key }) => /^(?:reason|why|note)$/i.test(key))?.value;
  if (id) {
    const why = reason === undefined ? undefined : filled(scalarOf(reason));
    return readDependencies(id, context).map((read) => (why ? { ...read, reason: why } : read));
  }
  return value.entries.flatMap(({ key, keyRange, value: inner }) => {
    if (!isId(key, context)) return readDependencies(inner, context);
    const why = filled(scalarOf(inner));
    return [{ id: key, range: keyRange, ...(why && { reason: why }) }];
  });
}

/** A flow list splits `BE-02 (schema, data)` at its comma: puts the pieces together again. */
function joinTorn(items: readonly MetadataValue[]): MetadataValue[] {
  const joined: MetadataValue[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    const isTorn = last?.kind === 'scalar' && last.text.includes('(') && !last.text.includes(')');
    if (isTorn && item.kind === 'scalar') {
      const range = { start: last.range.start, end: item.range.end };
      joined[joined.length - 1] = { kind: 'scalar', text: `${last.text}, ${item.text}`, range };
    } else joined.push(item);
  }
  return joined;
}

function readDependencyText(said: string, range: Range, context: MetadataContext): PlanDependency[] {
  const whole = said.slice(0, maxTextLength);
  const found: PlanDependency[] = [];
  let from = range.start;
  // Split at separators outside parentheses.
  for (const piece of whole.split(/(?:\s*[,;]\s*|\s+(?:[+&]|and)\s+|\r?\n)(?![^(]*\))/)) {
    const match = /^(?:sessions?\s+)?[`*_"'[]*([^\s|`"',;()\]]+?)[:`*"'\],;]*(?=\s|\(|$)([\s\S]*)$/i.exec(piece.trim());
    const id = match?.[1] ?? '';
    const rest = (match?.[2] ?? '').trim();
    if (id === '' || nothing.test(piece.trim())) continue;
    const explained =
      /^\(([\s\S]*)\)?$/.exec(rest)?.[1]?.replace(/\)\s*$/, '') ?? /^[-—–:→]+\s*([\s\S]*)$/.exec(rest)?.[1];
    const isPlain =
      rest === '' || explained !== undefined || /^(?:is |must be )?(?:complete|completed|done|merged)\b/i.test(rest);
    if (!context.knownIds.has(id) && !(isPlain && isId(id, context))) continue;
    const at = context.text.slice(from, range.end).indexOf(id);
    if (at < 0) continue;
    const start = from + at;
    from = start + id.length;
    const reason = filled((explained ?? rest).trim());
    found.push({ id, range: { start, end: from }, ...(reason && { reason }) });
  }
  return found;
}

function isId(id: string, context: MetadataContext): boolean {
  return context.knownIds.has(id) || (/\p{N}/u.test(id) && /^[\p{L}\p{N}][^\s|]*$/u.test(id));
}

const executionSigns: readonly (readonly [RegExp, ExecutionMode])[] = [
  [/🖥|\bcli\b|\bterminal\b/iu, 'cli'],
  [/📝|\bvs ?code\b|\bide\b/iu, 'vscode'],
  [/🌐|claude\.ai|\bweb\b/iu, 'web'],
  [/⚡|\bquick\b/iu, 'quick'],
  [/🔨|\bmedium\b/iu, 'medium'],
  [/🏗|\bheavy\b/iu, 'heavy'],
  [/🧠|\bultra-?think\b|\bextended thinking\b/iu, 'ultrathink'],
  [/🤖|\bsub-?agents?\b/iu, 'subagents'],
  [/🔧|\bconfig(?:uration)?\b/iu, 'config'],
];

/** The execution modes that icons and words in `said` name, in the order of the model. */
export function readExecution(said: string): ExecutionMode[] {
  return executionSigns.filter(([sign]) => sign.test(said)).map(([, mode]) => mode);
}

/** Minutes of an estimate such as `45 minutes`, `1.5h`, `1h 30m`; of a span such as `1-2 hours` the longer one. */
export function estimateMinutes(estimate: string): number | undefined {
  const pattern =
    /(\d+(?:[.,]\d+)?)(?:\s*(?:-|–|—|to|bis)\s*(\d+(?:[.,]\d+)?))?\s*(days?|d|hours?|hrs?|h|minutes?|mins?|min|m)(?![a-z])/gi;
  let total: number | undefined;
  for (const [, low, high, unit = ''] of estimate.slice(0, 200).matchAll(pattern)) {
    const amount = Number((high ?? low ?? '').replace(',', '.'));
    const factor = /^d/i.test(unit) ? 8 * 60 : /^h/i.test(unit) ? 60 : 1;
    total = (total ?? 0) + amount * factor;
    // `90 minutes (1.5 hours)` says the same twice.
    if (/\(/.test(estimate)) break;
  }
  return total === undefined ? undefined : Math.round(total);
}

function readSubAgents(value: MetadataValue): SubAgent[] {
  if (value.kind === 'scalar') return nothing.test(value.text) ? [] : [emptyAgent(value.text)];
  if (value.kind === 'map') {
    const named = value.entries.some(({ key }) => fieldKey(key) === 'name');
    if (named) return [agentOf(value.entries, undefined)];
    return value.entries.flatMap(({ key, value: inner }) =>
      inner.kind === 'map' ? [agentOf(inner.entries, key)] : readSubAgents(inner),
    );
  }
  return value.items.flatMap((item) => readSubAgents(item));
}

function emptyAgent(name: string): SubAgent {
  return { name, responsibilities: [], files: [], constraints: [] };
}

function agentOf(entries: readonly MetadataEntry[], fallbackName: string | undefined): SubAgent {
  const valueNamed = (name: string) => entries.find(({ key }) => fieldKey(key) === name)?.value;
  const textOf = (name: string) => {
    const value = valueNamed(name);
    return value === undefined ? undefined : filled(scalarOf(value));
  };
  const namesIn = (name: string) => {
    const value = valueNamed(name);
    return value === undefined ? [] : namesOf(value);
  };
  const role = textOf('role');
  const agentModel = textOf('model');
  return {
    name: textOf('name') ?? fallbackName ?? 'unnamed',
    ...(role && { role }),
    ...(agentModel && { model: agentModel }),
    responsibilities: namesIn('responsibilities'),
    files: namesIn('files'),
    constraints: namesIn('constraints'),
  };
}

/** The names in a list: scalars as they are, of maps the `name`, else their keys. */
function namesOf(value: MetadataValue): string[] {
  if (value.kind === 'scalar') {
    return nothing.test(value.text) ? [] : value.text.split(/\s*,\s*/).filter((name) => name !== '');
  }
  if (value.kind === 'list') {
    return value.items.flatMap((item) =>
      item.kind === 'scalar' ? [item.text].filter((name) => name !== '') : namesOf(item),
    );
  }
  const name = value.entries.find(({ key }) => /^(?:name|skill|id|path|file)$/i.test(key))?.value;
  if (name) return [scalarOf(name)].filter((said) => said !== '');
  const lists = value.entries.filter(({ value: inner }) => inner.kind === 'list');
  if (lists.length > 0) return lists.flatMap(({ value: inner }) => namesOf(inner));
  return value.entries.map(({ key }) => key);
}

function textsOf(value: MetadataValue): string[] {
  if (value.kind === 'scalar') return [value.text];
  return value.kind === 'list'
    ? value.items.flatMap(textsOf)
    : value.entries.flatMap(({ value: inner }) => textsOf(inner));
}

function scalarOf(value: MetadataValue): string {
  return value.kind === 'scalar' ? value.text : textsOf(value).join(', ');
}

function filled(said: string): string | undefined {
  return said === '' ? undefined : said;
}

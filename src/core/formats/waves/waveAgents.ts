import type { Range } from '../../base/range.ts';
import { fieldOfLine, plainValue, type WaveLine } from './waveLines.ts';

/** An agent of a wave as its lines say it, before IDs, roles and dependencies are made out. */
export interface RawAgent {
  /** What stands behind `Agent`: a number or a name; undefined where it has neither. */
  readonly name?: string;
  /** By the keys of `agentFields`. */
  readonly fields: ReadonlyMap<AgentField, string>;
  /** The line that begins it. */
  readonly range: Range;
}

export type AgentField =
  | 'id'
  | 'task'
  | 'files'
  | 'reads'
  | 'acceptance'
  | 'tools'
  | 'dependencies'
  | 'isolation'
  | 'maxTurns'
  | 'mission'
  | 'resources'
  | 'planFile'
  | 'steps'
  | 'role'
  | 'model'
  | 'collisionRisk';

const agentFields: ReadonlyMap<string, AgentField> = new Map([
  ['id', 'id'],
  ['task', 'task'],
  ['description', 'task'],
  ['files', 'files'],
  ['file', 'files'],
  ['file scope', 'files'],
  ['files to read', 'reads'],
  ['reads', 'reads'],
  ['acceptance', 'acceptance'],
  ['acceptance criteria', 'acceptance'],
  ['done when', 'acceptance'],
  ['tools', 'tools'],
  ['tools needed', 'tools'],
  ['dependencies', 'dependencies'],
  ['depends on', 'dependencies'],
  ['isolation', 'isolation'],
  ['maxturns', 'maxTurns'],
  ['max turns', 'maxTurns'],
  ['mission', 'mission'],
  ['resources', 'resources'],
  ['plan', 'planFile'],
  ['plan file', 'planFile'],
  ['bite sized plan', 'planFile'],
  ['steps', 'steps'],
  ['agent', 'role'],
  ['agent type', 'role'],
  ['subagent type', 'role'],
  ['role', 'role'],
  ['model', 'model'],
  ['collision risk', 'collisionRisk'],
]);

/** Which of an agent's fields a key names, as `fieldOfLine` gives it. */
export function agentFieldOf(key: string): AgentField | undefined {
  return agentFields.get(key);
}

interface Draft {
  name?: string;
  range: Range;
  indent: number;
  bullet: boolean;
  fields: Map<AgentField, string>;
  /** The field that lines below go on with. */
  open?: { field: AgentField; indent: number };
}

/**
 * Reads the agents of one wave from its lines: `- Agent 1: task → files → acceptance`, `Impl-Core (Wave 2) Agent 1:` or `#### Agent 1`
 * with `Task:`, `Files:` and so on below, and any mixture. Lines that are neither are the writer's own.
 *
 * @param takesPlainTasks without any agent, list items are tasks: housekeeping
 */
export function readWaveAgents(lines: readonly WaveLine[], takesPlainTasks = false): readonly RawAgent[] {
  const drafts: Draft[] = [];
  for (const line of lines) {
    const draft = drafts.at(-1);
    const begun = beginAgent(line);
    const isBlank = line.raw.trim() === '';
    const isBelow = draft !== undefined && (isBlank || !draft.bullet || line.indent > draft.indent);
    if (begun !== undefined && !(isBelow && draft?.open !== undefined && line.indent > draft.open.indent))
      drafts.push(begun);
    else if (draft !== undefined && isBelow) continueAgent(draft, line);
    else if (draft !== undefined && line.text !== '') delete draft.open;
  }
  const agents = drafts.map(({ name, fields, range }) => ({
    ...(name !== undefined && { name }),
    fields: trimmed(fields),
    range,
  }));
  return agents.length > 0 || !takesPlainTasks ? agents : readPlainTasks(lines);
}

/** In front of an agent: heading marks, bold, `[Role] (Wave N)`. */
const agentLine =
  /^(?:#{3,6}[ \t]+)?(?:\*\*|__)?(?:\[?[\w+& -]{2,60}\]?[ \t]+\(wave[ \t]+\d+\)[ \t]+)?agent[ \t]+["']?([\w.-]+)["']?(?:\*\*|__)?[ \t]*(?:\(([^)]*)\)|\[([^\]]*)\])?[ \t]*(?:\*\*|__)?[ \t]*(?:[:—–]|-(?=[ \t])|$)(?:\*\*|__)?[ \t]*(.*)$/i;
const notNames = /^(?:count|type|types|registry|mapping|cap|assignment|briefs?)$/i;
/** An ID before the task of a line with arrows. */
const leadingId = /^(?:\*\*)?\[?([A-Za-z][\w.]*(?:-[\w.]+)*-?\d+)\]?(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]+(.*)$/;

function beginAgent(line: WaveLine): Draft | undefined {
  const match = agentLine.exec(line.text);
  const [, name = '', inBrackets, inSquares, rest = ''] = match ?? [];
  const draft = { range: line.range, indent: line.indent, bullet: line.bullet, fields: new Map<AgentField, string>() };
  if (match !== null && !notNames.test(name)) {
    const kind = (inBrackets ?? inSquares)?.trim();
    if (kind && /^[\w:.-]+$/.test(kind)) draft.fields.set('role', kind);
    readArrows(rest, draft.fields);
    return { ...draft, name };
  }
  if (!line.bullet || !arrow.test(line.text) || fieldOfLine(line.text)?.key.startsWith('file scope') === true)
    return undefined;
  const [, id, task = line.text] = leadingId.exec(line.text) ?? [];
  if (id === undefined && agentFieldOf(fieldOfLine(line.text)?.key ?? '') !== undefined) return undefined;
  readArrows(task, draft.fields);
  return { ...draft, ...(id !== undefined && { name: id }) };
}

const arrow = /[ \t](?:→|->|⇒|=>)[ \t]/;

/** `task → files → acceptance → subagent_type: kind`; what names its field may stand anywhere. */
function readArrows(text: string, fields: Map<AgentField, string>): void {
  const order: AgentField[] = ['task', 'files', 'acceptance'];
  for (const part of text.split(arrow)) {
    const value = part.trim();
    if (value === '') continue;
    const named = fieldOfLine(plainValue(value).replaceAll('subagent_type', 'subagent type'));
    const field = named === undefined ? undefined : agentFieldOf(named.key);
    if (named !== undefined && field !== undefined) set(fields, field, named.value);
    else set(fields, order.shift() ?? 'acceptance', value);
  }
}

function continueAgent(draft: Draft, line: WaveLine): void {
  const named = fieldOfLine(line.text);
  const field = named === undefined ? undefined : agentFieldOf(named.key);
  const { open } = draft;
  const isDeeper = open !== undefined && line.indent > open.indent;
  if (named !== undefined && field !== undefined && !isDeeper) {
    set(draft.fields, field, named.value);
    draft.open = { field, indent: line.indent };
  } else if (open !== undefined && (line.raw.trim() === '' || isDeeper)) {
    draft.fields.set(open.field, `${draft.fields.get(open.field) ?? ''}\n${line.raw}`);
  } else if (line.text !== '') delete draft.open;
}

function set(fields: Map<AgentField, string>, field: AgentField, value: string): void {
  const before = fields.get(field);
  // The line that begins an agent gives it a title; a task below says it whole.
  if (before === undefined || before === '' || field === 'task')
    fields.set(field, lists.includes(field) ? value : plainValue(value));
}

/** In these the marks of code part one entry from another. */
const lists: readonly AgentField[] = ['files', 'reads', 'tools', 'dependencies', 'resources', 'steps'];

/** Lines that continue a field, with as much indentation taken off as all of them have. */
function trimmed(fields: ReadonlyMap<AgentField, string>): ReadonlyMap<AgentField, string> {
  return new Map(
    [...fields].map(([field, value]) => {
      const [first = '', ...rest] = value.split('\n');
      const depth = Math.min(
        ...rest.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0),
      );
      return [field, [first, ...rest.map((line) => line.slice(Number.isFinite(depth) ? depth : 0))].join('\n').trim()];
    }),
  );
}

/** Keys of lines that speak of the whole wave. */
const waveKeys =
  /^(?:file scope overlap|isolation|max ?turns|enforcement|tasks|agents|wave|role|coordinator direct|goal|purpose|note|notes|gate|duration)$/;

/** A list of plain tasks, as the plan of a housekeeping session has it; those of a line `Tasks: […]` where there is one. */
function readPlainTasks(lines: readonly WaveLine[]): readonly RawAgent[] {
  const bullets = lines.filter(({ bullet, text }) => bullet && text !== '');
  const listed = bullets.flatMap(({ text, range }) => {
    const field = fieldOfLine(text);
    if (field?.key !== 'tasks') return [];
    return tasksIn(field.value).map((task): RawAgent => ({ fields: new Map([['task', task]]), range }));
  });
  if (listed.length > 0) return listed;
  const top = Math.min(...bullets.map(({ indent }) => indent));
  return bullets.flatMap(({ text, indent, range }): RawAgent[] => {
    const field = fieldOfLine(text);
    if (indent !== top || (field !== undefined && waveKeys.test(field.key))) return [];
    return [{ fields: new Map([['task', plainValue(text)]]), range }];
  });
}

function tasksIn(value: string): readonly string[] {
  const tasks = value.replace(/^\[(.*)\]$/, '$1').split(/[;,]/);
  return tasks.map((task) => task.trim()).filter((task) => task !== '');
}

/** What lines of a wave say of all its agents. */
export function readWaveFields(lines: readonly WaveLine[]): {
  readonly isolation?: string;
  readonly maxTurns?: string;
} {
  const fields = lines.flatMap(({ bullet, indent, text }) => (bullet && indent === 0 ? (fieldOfLine(text) ?? []) : []));
  const isolation = fields.find(({ key }) => key === 'isolation')?.value;
  const maxTurns = fields.find(({ key }) => key === 'max turns' || key === 'maxturns')?.value;
  return { ...(isolation !== undefined && { isolation }), ...(maxTurns !== undefined && { maxTurns }) };
}

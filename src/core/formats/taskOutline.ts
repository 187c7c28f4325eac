import { parseDocument } from 'yaml';
import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import { plainText } from '../markdown/inline.ts';
import { readTaskStatus, type TaskStatus } from '../model/taskList.ts';
import { readTaskSpecs, type TaskSpec } from './taskSpec.ts';

/** The tasks of an outline, and its title where it has one. */
export interface TaskOutline {
  readonly title?: string;
  readonly tasks: readonly TaskSpec[];
}

interface Item {
  readonly line?: string;
  readonly id?: string;
  readonly title?: string;
  readonly after?: readonly string[];
  readonly status?: TaskStatus;
  readonly children: Item[];
}

/**
 * Reads an outline of tasks. Markdown: list items (`- [x] ID: title after A`, `1. title`, nested ones); the first heading is the title, a
 * ticked box means COMPLETE. YAML: a list of titles, of `ID: title`, or of maps with `id`, `title`, `after`, `status`, `tasks`; or a map of
 * IDs; perhaps as `tasks:` beside a `title:`. A task that has others below it comes after them: it is complete when they are.
 *
 * @throws BatonError `invalid-argument` where there is no task in it, or a state that is not known
 */
export function readTaskOutline(text: string): TaskOutline {
  const source = text.replace(/^\uFEFF/, '');
  const read = isMarkdown(source) ? undefined : readYaml(source);
  const outline = read ?? readMarkdown(source);
  if (outline.items.length === 0) {
    throw new BatonError('invalid-argument', 'The outline has no tasks', {
      hint: 'Write a markdown list (`- [ ] title`) or a YAML list (`- title`).',
    });
  }
  const flat: { item: Item; childIds: number[] }[] = [];
  const collect = (items: readonly Item[]): number[] =>
    items.map((item) => {
      const childIds = collect(item.children);
      return flat.push({ item, childIds }) - 1;
    });
  collect(outline.items);
  const tasks = toSpecs(flat);
  return outline.title === undefined ? { tasks } : { title: outline.title, tasks };
}

function toSpecs(flat: readonly { readonly item: Item; readonly childIds: readonly number[] }[]): readonly TaskSpec[] {
  const known = flat.flatMap(({ item }) => (item.id === undefined ? [] : [item.id]));
  const lines = flat.flatMap(({ item }) => (item.line === undefined ? [] : [item.line]));
  const read = [...readTaskSpecs(lines, known)];
  const specs = flat.map(({ item }): TaskSpec => {
    const spec =
      item.line === undefined ? { title: item.title ?? item.id ?? '' } : (read.shift() ?? { title: item.line });
    return {
      ...spec,
      ...(item.id !== undefined && { id: item.id }),
      ...(item.after !== undefined && { after: item.after }),
      ...(item.status !== undefined && { status: item.status }),
    };
  });
  return specs.map((spec, index) => {
    const children = (flat[index]?.childIds ?? []).flatMap((child) => {
      const { id, title } = specs[child] ?? {};
      return id ?? title ?? [];
    });
    return children.length === 0 ? spec : { ...spec, after: [...(spec.after ?? []), ...children] };
  });
}

const itemPattern = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(\S.*)$/;

function isMarkdown(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  if (lines.some((line) => /^#{1,6}[ \t]+\S/.test(line) || /^\s*(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s/.test(line))) {
    return lines.some((line) => itemPattern.test(line)) || !lines.some((line) => /^[\w-]+:/.test(line));
  }
  const isMap = (line: string): boolean => /^\s*-\s+(?:id|title|name|task|status|after):(?:\s|$)/.test(line);
  return lines.every((line) => itemPattern.test(line)) && !lines.some(isMap);
}

function readMarkdown(text: string): { readonly title?: string; readonly items: readonly Item[] } {
  const root: Item = { children: [] };
  const open: { readonly indent: number; readonly item: Item }[] = [];
  let title: string | undefined;
  let fence: string | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence)))
      fence = fence === undefined ? mark : undefined;
    if (fence !== undefined || mark !== undefined) continue;
    title ??= /^#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line)?.[1];
    const [, space, rest] = itemPattern.exec(line) ?? [];
    if (space === undefined || rest === undefined) continue;
    const indent = space.replace(/\t/g, '    ').length;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const item = readItem(rest);
    (open.at(-1)?.item ?? root).children.push(item);
    open.push({ indent, item });
  }
  const plain = title === undefined ? '' : plainText(title);
  return { ...(plain !== '' && { title: plain }), items: root.children };
}

function readItem(text: string): Item {
  const [, box, content = text] = /^\[([ xX])\][ \t]+(.*)$/.exec(text) ?? [];
  const [, id, title] =
    /^(?:`([^`\s]+)`|\*\*([^*\s]+?):?\*\*|([a-z0-9]+(?:[-_.][a-z0-9]+)+))[ \t]+[-–—][ \t]+(.*)$/
      .exec(content)
      ?.filter((part) => part !== undefined) ?? [];
  const line = id !== undefined && title !== undefined ? `${id}: ${plainText(title)}` : plainText(content);
  return { line, ...(box !== undefined && box !== ' ' && { status: 'COMPLETE' as const }), children: [] };
}

function readYaml(text: string): { readonly title?: string; readonly items: readonly Item[] } | undefined {
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  const data: unknown = document.toJS({ maxAliasCount: 50 });
  if (Array.isArray(data)) return { items: data.map(readNode) };
  if (typeof data !== 'object' || data === null) return undefined;
  const { title, tasks, ...rest } = data as Record<string, unknown>;
  const items = tasks === undefined ? readMap(title === undefined ? rest : { ...rest }) : readChildren(tasks);
  return { ...(typeof title === 'string' && title.trim() !== '' && { title: title.trim() }), items };
}

function readChildren(value: unknown): Item[] {
  if (Array.isArray(value)) return value.map(readNode);
  return typeof value === 'object' && value !== null ? readMap(value as Record<string, unknown>) : [];
}

function readMap(map: Record<string, unknown>): Item[] {
  return Object.entries(map).map(([id, value]) => readEntry(id, value));
}

/** An entry `ID: title`, `ID: {…}` or `ID: [tasks below it]`. */
function readEntry(id: string, value: unknown): Item {
  const [, plainId, title] = /^(\S+)\s+(.*)$/.exec(id) ?? [];
  // A key of several words is a title.
  const head = plainId !== undefined && title !== undefined ? { title: id } : { id };
  if (typeof value === 'string')
    return value.trim() === '' ? { ...head, title: id, children: [] } : { ...head, ...specOf(id, value), children: [] };
  if (Array.isArray(value)) return { ...head, title: id, children: value.map(readNode) };
  return { title: id, ...readFields((value ?? {}) as Record<string, unknown>), ...head };
}

function specOf(id: string, value: string): Pick<Item, 'line'> {
  return { line: /\s/.test(id) ? `${id} ${value}` : `${id}: ${value}` };
}

function readNode(value: unknown): Item {
  if (typeof value === 'string') return { line: value, children: [] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BatonError('invalid-argument', 'The outline has an entry that is no task', {
      hint: 'Each entry is a title, `ID: title`, or a map with id, title, after, status.',
    });
  }
  const map = value as Record<string, unknown>;
  const keys = Object.keys(map);
  const isFields = keys.some((key) => /^(?:id|title|name|subject|task)$/i.test(key));
  const [only, second] = keys;
  if (!isFields && only !== undefined && second === undefined) return readEntry(only, map[only]);
  return readFields(map);
}

function readFields(map: Record<string, unknown>): Item {
  const fields = new Map(Object.entries(map).map(([key, value]) => [key.toLowerCase().replace(/[\s-]+/g, '_'), value]));
  const textOf = (...keys: readonly string[]): string | undefined => {
    const found = keys.map((key) => fields.get(key)).find((value) => typeof value === 'string' && value.trim() !== '');
    return typeof found === 'string' ? found.trim() : undefined;
  };
  const after = ['after', 'depends_on', 'dependencies', 'blocked_by']
    .map((key) => fields.get(key))
    .find((value) => value !== undefined);
  const status = textOf('status', 'state');
  const id = textOf('id');
  const title = textOf('title', 'name', 'subject', 'task', 'description');
  return {
    ...(id !== undefined && { id }),
    ...((title ?? id) !== undefined && { title: title ?? id }),
    ...(after !== undefined && { after: namesOf(after) }),
    ...(status !== undefined && { status: statusOf(status) }),
    children: readChildren(fields.get('tasks') ?? fields.get('subtasks') ?? fields.get('children')),
  };
}

function namesOf(value: unknown): readonly string[] {
  const names = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  return names.map((name) => String(name).trim()).filter((name) => name !== '' && !/^(?:none|null|~)$/i.test(name));
}

function statusOf(text: string): TaskStatus {
  const status = readTaskStatus(text);
  if (status !== undefined) return status;
  throw new BatonError('invalid-argument', phrase`"${text}" is no state of a task`, {
    hint: 'Write pending, in_progress or complete.',
  });
}

import type { AgentEvent } from '../../model/agentEvent.ts';
import { type Fields, isFields, listField, textField } from '../agents/fields.ts';

/** A change that a call makes to a file: one text for another, a whole new content, or what nobody says. */
export type EditStep =
  | { readonly kind: 'replace'; readonly before: string; readonly after: string }
  | { readonly kind: 'write'; readonly content: string }
  | { readonly kind: 'unknown' };

/** What a call of a tool is about, whatever agent made it. */
export interface ToolUse {
  /** `wait`: asks how something stands that was begun earlier, as often as it likes. */
  readonly kind: 'edit' | 'read' | 'shell' | 'wait' | 'other';
  /** Relative to the root where they are in it, `/` between parts. */
  readonly files: readonly string[];
  /** `<tool>:<primary args>` without what only pages through (formats.md §1.4). Long arguments are shortened to what tells them apart. */
  readonly key: string;
  /** Which part of a file is read; undefined where the whole is. */
  readonly page?: string;
  /** Of an edit, in their order, each with its file. */
  readonly steps: readonly { readonly file: string; readonly step: EditStep }[];
  /** Of a shell: its line. */
  readonly command?: string;
  /** In short, for people: `Edit src/a.ts`. */
  readonly shown: string;
}

type ToolCall = Extract<AgentEvent, { kind: 'toolCall' }>;

/** Names as Claude Code, Codex and Copilot have them, in lower case, without the prefix of a server. */
const kinds: ReadonlyMap<string, ToolUse['kind']> = new Map([
  ...named('edit', 'edit', 'multiedit', 'write', 'notebookedit', 'create', 'str_replace', 'str_replace_editor'),
  ...named('edit', 'str_replace_based_edit_tool', 'apply_patch', 'file_change', 'write_file', 'edit_file', 'insert'),
  ...named('read', 'read', 'grep', 'view', 'read_file', 'notebookread', 'grep_files'),
  ...named('shell', 'bash', 'shell', 'command_execution', 'exec_command', 'local_shell', 'powershell'),
  ...named('wait', 'bashoutput', 'taskoutput', 'agentoutputtool', 'wait', 'write_stdin', 'read_bash', 'sleep'),
]);

function named(kind: ToolUse['kind'], ...names: readonly string[]): readonly [string, ToolUse['kind']][] {
  return names.map((name) => [name, kind]);
}

/** Only these change while an agent pages (formats.md §1.4); `view_range` is Copilot's name for two of them. */
const pageKeys: ReadonlySet<string> = new Set([
  'offset',
  'limit',
  'start_line',
  'end_line',
  'number',
  'head_limit',
  'view_range',
]);

/** Says what a call is for, not what it does. */
const asideKeys: ReadonlySet<string> = new Set([
  'description',
  'timeout',
  'explanation',
  'run_in_background',
  'justification',
]);

/** Understands a call of a tool; every call has a meaning, be it `other`. */
export function readToolUse(call: ToolCall, root: string): ToolUse {
  const args = call.args ?? {};
  const name = call.name.slice(call.name.lastIndexOf('.') + 1).toLowerCase();
  const kind = kindOf(name, args);
  const command = kind === 'shell' ? commandOf(args, call.input) : undefined;
  const steps = kind === 'edit' ? readSteps(args, root) : [];
  const path = pathOf(args);
  const files =
    kind === 'edit' ? [...new Set(steps.map(({ file }) => file))] : path === undefined ? [] : [relativeTo(root, path)];
  const page = kind === 'read' ? pageOf(args) : undefined;
  const about = files.length > 0 ? files.slice(0, 3).join(', ') : (command ?? call.input);
  return {
    kind,
    files,
    key: `${name}:${command === undefined ? keyOf(args, call.input) : shorten(command.replace(/\s+/g, ' ').trim())}`,
    ...(page !== undefined && { page }),
    steps,
    ...(command !== undefined && { command }),
    shown: `${call.name} ${about.slice(0, 200)}${page === undefined ? '' : ` (${page})`}`.replace(/\s+/g, ' ').trim(),
  };
}

function kindOf(name: string, args: Fields): ToolUse['kind'] {
  // One tool of Copilot's that does both.
  if (args['command'] === 'view' && textField(args, 'path') !== undefined) return 'read';
  return kinds.get(name) ?? 'other';
}

function commandOf(args: Fields, input: string): string {
  const command = args['command'] ?? args['cmd'];
  if (Array.isArray(command)) return command.map(String).join(' ').slice(0, 4_000);
  return (typeof command === 'string' ? command : input).slice(0, 4_000);
}

function pathOf(args: Fields): string | undefined {
  return ['file_path', 'path', 'notebook_path', 'filePath', 'filename', 'file']
    .map((key) => textField(args, key))
    .find((path) => path !== undefined);
}

/** At most so many steps of one call are looked at. */
const mostSteps = 50;

function readSteps(args: Fields, root: string): ToolUse['steps'] {
  const changes = listField(args, 'changes').slice(0, mostSteps);
  if (changes.length > 0) {
    return changes.flatMap((change) => {
      const path = pathOf(change);
      return path === undefined ? [] : [{ file: relativeTo(root, path), step: { kind: 'unknown' as const } }];
    });
  }
  const path = pathOf(args);
  if (path === undefined) return [];
  const file = relativeTo(root, path);
  const several = listField(args, 'edits').slice(0, mostSteps);
  return (several.length > 0 ? several : [args]).map((edit) => ({ file, step: stepOf(edit) }));
}

function stepOf(edit: Fields): EditStep {
  const before = edit['old_string'] ?? edit['old_str'];
  const after = edit['new_string'] ?? edit['new_str'] ?? edit['new_source'];
  if (typeof before === 'string' && typeof after === 'string') return { kind: 'replace', before, after };
  const content = edit['content'] ?? edit['file_text'] ?? after;
  return typeof content === 'string' ? { kind: 'write', content } : { kind: 'unknown' };
}

function pageOf(args: Fields): string | undefined {
  const parts = [...pageKeys]
    .filter((key) => args[key] !== undefined && args[key] !== null)
    .map((key) => `${key} ${JSON.stringify(args[key])?.slice(0, 40)}`);
  return parts.length === 0 ? undefined : parts.join(', ');
}

function keyOf(args: Fields, input: string): string {
  const keys = Object.keys(args)
    .filter((key) => !pageKeys.has(key) && !asideKeys.has(key))
    .sort();
  if (keys.length === 0) return shorten(input);
  return shorten(keys.map((key) => `${key}=${valueText(args[key])}`).join('\u0000'));
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return shorten(value);
  return shorten(Array.isArray(value) || isFields(value) ? JSON.stringify(value) : String(value));
}

const longestKept = 400;
const longestHashed = 4_096;

/** A text, or where it is long its beginning, length and a number made of its beginning and end: the same for the same text. */
export function shorten(text: string): string {
  return text.length <= longestKept ? text : `${text.slice(0, 80)}…${text.length}#${numberOf(text)}`;
}

/** A number that tells texts apart well enough to compare what one agent does (FNV-1a); of a long text its beginning and end. */
export function numberOf(text: string): number {
  const half = longestHashed / 2;
  const sample = text.length <= longestHashed ? text : text.slice(0, half) + text.slice(-half);
  let hash = 0x811c9dc5;
  for (let at = 0; at < sample.length; at++) hash = Math.imul(hash ^ sample.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** A path as the project has it: relative to the root where it is below it. */
function relativeTo(root: string, path: string): string {
  const plain = path.replaceAll('\\', '/').slice(0, 1_000);
  const folder = root.replaceAll('\\', '/').replace(/\/+$/, '');
  const inside = folder !== '' && plain.startsWith(`${folder}/`) ? plain.slice(folder.length + 1) : plain;
  return inside.replace(/^(?:\.\/)+/, '');
}

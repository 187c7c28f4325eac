import { parse } from 'yaml';
import { phrase } from '../../base/phrase.ts';

/** What the frontmatter of a note may say. Kinds and states of a vault (formats.md §1.9). */
export const noteTypes: readonly string[] = [
  'note',
  'daily',
  'project',
  'person',
  'reference',
  'idea',
  'learning',
  'session',
  'peer-card',
  'board',
];
export const noteStatuses: readonly string[] = [
  'draft',
  'active',
  'verified',
  'archived',
  'production',
  'mvp',
  'idea',
  'maintenance',
  'planned',
  'paused',
  'dead',
];
export const requiredNoteFields: readonly string[] = ['id', 'type', 'created', 'updated'];

const slug = '[a-z0-9]+(?:-[a-z0-9]+)*';
export const notePatterns = {
  id: `^${slug}$`,
  tag: `^${slug}(?:/${slug})*$`,
  date: '^\\d{4}-\\d{2}-\\d{2}(?:T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:\\d{2})?)?$',
} as const;

/** A note as far as it is checked. */
export interface VaultNote {
  /** Undefined: it has no frontmatter, and is not checked. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The frontmatter is no YAML: why. */
  readonly unreadable?: string;
  /** It is YAML, but no list of fields. */
  readonly isOther?: boolean;
  /** What it links to, each once. */
  readonly links: readonly string[];
}

/** Reads a note. Never throws. */
export function readNote(text: string): VaultNote {
  const match = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(text);
  const links = linksIn(match === null ? text : text.slice(match[0].length));
  if (match === null) return { links };
  try {
    const value: unknown = parse(match[1] ?? '', { logLevel: 'error' }) ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) return { links, isOther: true };
    return { links, data: value as Record<string, unknown> };
  } catch (error) {
    return { links, unreadable: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error) };
  }
}

/** What is wrong with the fields of a note, each with its path. */
export function checkNote(data: Readonly<Record<string, unknown>>): readonly { path: string; message: string }[] {
  const problems: { path: string; message: string }[] = [];
  const problem = (path: string, message: string): void => void problems.push({ path, message });
  const text = (key: string, check: (value: string) => string | undefined): void => {
    const value = data[key];
    if (value === undefined) {
      if (requiredNoteFields.includes(key)) problem(key, phrase`"${key}" is missing`);
    } else if (typeof value !== 'string') problem(key, phrase`"${key}" is no text`);
    else {
      const wrong = check(value);
      if (wrong !== undefined) problem(key, wrong);
    }
  };
  const fits = (pattern: string, what: string) => (value: string) =>
    new RegExp(pattern).test(value) ? undefined : phrase`"${value}" is ${what}`;
  const among = (known: readonly string[]) => (value: string) =>
    known.includes(value) ? undefined : phrase`"${value}" is none of ${known.join(', ')}`;
  const long = (least: number, most: number) => (value: string) =>
    value.length < least || value.length > most ? phrase`it has ${least} to ${most} characters` : undefined;
  const date = fits(notePatterns.date, 'no ISO 8601 date');
  text('id', (value) => fits(notePatterns.id, 'not in kebab-case')(value) ?? long(2, 128)(value));
  text('type', among(noteTypes));
  text('created', date);
  text('updated', date);
  text('title', long(1, 200));
  text('status', among(noteStatuses));
  text('expires', date);
  text('source', () => undefined);
  text('source-repo', () => undefined);
  const list = (key: string, check: (value: string) => string | undefined): void => {
    const value = data[key];
    if (value === undefined) return;
    if (!Array.isArray(value)) problem(key, phrase`"${key}" is no list`);
    else {
      value.forEach((item: unknown, index) => {
        const wrong = typeof item === 'string' ? check(item) : 'it is no text';
        if (wrong !== undefined) problem(`${key}.${index}`, wrong);
      });
    }
  };
  list(
    'tags',
    (value) => fits(notePatterns.tag, 'no tag: kebab-case parts with "/" between')(value) ?? long(1, 64)(value),
  );
  list('sources', () => undefined);
  list('aliases', long(1, 200));
  return problems;
}

/** Targets of `[[wiki links]]` outside code, without anchor and alias. */
function linksIn(body: string): readonly string[] {
  const found = new Set<string>();
  for (const [, inner = ''] of withoutCode(body).matchAll(/\[\[([^\]]+)\]\]/g)) {
    const target = (/^(.*?)(?:\\?\||#|$)/.exec(inner)?.[1] ?? '').trim();
    if (target !== '') found.add(target);
  }
  return [...found];
}

/** Fenced blocks, indented ones and code in a line give way to nothing. */
function withoutCode(body: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  let isAfterBlank = true;
  let isIndented = false;
  for (const line of body.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) === true && line.trim() === mark) fence = undefined;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    const isBlank = line.trim() === '';
    isIndented = !isBlank && /^(?: {4}|\t)/.test(line) && (isAfterBlank || isIndented);
    isAfterBlank = isBlank;
    kept.push(isIndented ? '' : line.replace(/(`{1,2})[^`\n](?:[^\n]*?)\1(?!`)/g, ''));
  }
  return kept.join('\n');
}

import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import { isSessionId } from '../model/sessionId.ts';
import { slugOf } from '../model/slug.ts';

/** A session as somebody put it down, before it has an ID and before its dependencies are known to exist. */
export interface DraftEntry {
  readonly id?: string;
  /** Plain text, one line. */
  readonly title: string;
  /** What it comes after: IDs, numbers of entries, `#12` of issues, titles. */
  readonly after?: DraftDependencies;
  readonly phase?: string;
  readonly repository?: string;
  /** What must be true in the end. */
  readonly items: readonly string[];
  /** Markdown that says more than the title. */
  readonly details?: string;
  /** Further names by which others may mean it, `#12` say. */
  readonly names?: readonly string[];
  /** Where it comes from: addresses of issues, the line of a file. */
  readonly sources?: readonly string[];
}

/** Names behind a word such as `after`. They count only where all of them are found; else the words belong to the title. */
export interface DraftDependencies {
  readonly names: readonly string[];
  /** The title with those words. */
  readonly wholeTitle: string;
}

/** A session of a new plan. */
export interface NewSession {
  readonly id: string;
  readonly title: string;
  readonly dependencies: readonly string[];
  readonly phase?: string;
  readonly repository?: string;
  readonly items: readonly string[];
  readonly details?: string;
  readonly sources: readonly string[];
}

const dependencyWords =
  /^(.*?)[\s,;:–—-]*(?:\(\s*)?\b(?:after|depends\s+on|blocked\s+by|needs|requires)\b\s*:?\s+([^()]+?)\s*\)?\s*\.?$/iu;

/** Splits `Title after A, B` (also `depends on`, `blocked by`, `needs`, `requires`, in parentheses or not). */
export function readDependencyWords(text: string): { readonly title: string; readonly after?: DraftDependencies } {
  const [, title = '', said = ''] = dependencyWords.exec(text) ?? [];
  const names = said
    .split(/\s*[,;]\s*|\s+(?:and|&)\s+/i)
    .map((name) => name.replace(/^["'`“„«]+|["'`”“»]+$/gu, '').trim())
    .filter((name) => name !== '');
  if (title.trim() === '' || names.length === 0) return { title: text };
  return { title: title.trim(), after: { names, wholeTitle: text } };
}

/** Takes `BE-01` off `BE-01: Title`, `BE-01 – Title`. A word without a digit before a colon is part of the title. */
export function readDraftId(text: string): { readonly id?: string; readonly title: string } {
  const [, id = '', title = ''] = /^([^\s:]+)(?::\s+|\s+[–—-]\s+)(\S.*)$/u.exec(text) ?? [];
  const isId = isSessionId(id) && /\p{N}/u.test(id) && /^[\p{L}\p{N}]/u.test(id);
  return isId ? { id, title: title.trim() } : { title: text };
}

/**
 * Reads sessions from lines: `ID: TITLE @repository after A, B`, all but the title left out at will; `# NAME` begins a phase. Names are IDs,
 * numbers of lines, or titles.
 */
export function readSessionLines(lines: readonly string[], repositories: readonly string[]): readonly DraftEntry[] {
  let phase: string | undefined;
  return lines.flatMap((raw): DraftEntry[] => {
    const line = raw.replace(/\s+/g, ' ').trim();
    const heading = /^#+(?:\s+(.*))?$/.exec(line);
    if (heading !== null) phase = heading[1]?.trim() || undefined;
    if (line === '' || heading !== null) return [];
    const { id, title: rest } = readDraftId(line);
    const repository = repositories.find((name) =>
      new RegExp(`(?:^|\\s)@${escapePattern(name)}(?=\\s|$)`, 'i').test(rest),
    );
    const without =
      repository === undefined
        ? rest
        : rest.replace(new RegExp(`\\s*@${escapePattern(repository)}(?=\\s|$)`, 'i'), '').trim();
    const { title, after } = readDependencyWords(without);
    return [
      {
        title,
        items: [],
        ...(id !== undefined && { id }),
        ...(after && { after }),
        ...(phase !== undefined && { phase }),
        ...(repository !== undefined && { repository }),
      },
    ];
  });
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/**
 * Gives every entry its ID and finds what it comes after. IDs that are missing are made of the project's initials and a number that is free.
 *
 * @param taken IDs that other plans and tables have
 * @throws BatonError `invalid-argument` where there is no session or an ID is given twice, `already-exists` where one is taken,
 *   `cyclic-dependency`
 */
export function resolveDraft(
  entries: readonly DraftEntry[],
  project: string,
  taken: ReadonlySet<string>,
): readonly NewSession[] {
  if (entries.length === 0) {
    throw new BatonError('invalid-argument', 'The plan would have no session', {
      hint: 'Give at least one line such as "Models" or "BE-01: Models".',
    });
  }
  const ids = assignIds(entries, project, taken);
  const found = findableNames(entries, ids);
  const sessions = entries.map((entry, at): NewSession => {
    const id = ids[at] ?? '';
    const { title, dependencies } = resolveDependencies(entry, id, found);
    const { phase, repository, items, details, sources = [] } = entry;
    return {
      id,
      title,
      dependencies,
      items,
      sources,
      ...(phase !== undefined && { phase }),
      ...(repository !== undefined && { repository }),
      ...(details !== undefined && { details }),
    };
  });
  assertNoCycle(sessions);
  return sessions;
}

function assignIds(entries: readonly DraftEntry[], project: string, taken: ReadonlySet<string>): readonly string[] {
  const used = new Set<string>();
  for (const { id } of entries) {
    if (id === undefined) continue;
    if (used.has(id)) throw new BatonError('invalid-argument', phrase`Two sessions have the ID ${id}`);
    if (taken.has(id)) {
      throw new BatonError('already-exists', phrase`There is a session ${id} already`, {
        hint: 'Give another ID, or none: then one is made.',
        data: { id },
      });
    }
    used.add(id);
  }
  const prefix = prefixOf(project);
  let number = 0;
  return entries.map(({ id }) => {
    if (id !== undefined) return id;
    let made: string;
    do {
      number += 1;
      made = `${prefix}-${String(number).padStart(2, '0')}`;
    } while (used.has(made) || taken.has(made));
    used.add(made);
    return made;
  });
}

/** The initials of several words, the first letters of one. */
function prefixOf(project: string): string {
  const words = project.toUpperCase().match(/\p{L}[\p{L}\p{N}]*/gu) ?? [];
  const initials = words.length > 1 ? words.map((word) => [...word][0]).join('') : [...(words[0] ?? 'S')].join('');
  return [...initials].slice(0, 4).join('') || 'S';
}

/** Names in lower case with the ID that each means; a name that means two is none. */
function findableNames(
  entries: readonly DraftEntry[],
  ids: readonly string[],
): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  const add = (name: string, id: string): void => {
    const key = name.toLowerCase();
    found.set(key, found.has(key) && found.get(key) !== id ? undefined : id);
  };
  entries.forEach((entry, at) => {
    const id = ids[at] ?? '';
    for (const name of new Set([entry.title, slugOf(entry.title), ...(entry.names ?? [])]))
      if (name !== '') add(name, id);
  });
  // An ID or the number of a line means nothing else, whatever the titles are.
  ids.forEach((id, at) => {
    if (!found.has(String(at + 1))) found.set(String(at + 1), id);
  });
  for (const id of ids) found.set(id.toLowerCase(), id);
  return found;
}

function resolveDependencies(
  { title, after }: DraftEntry,
  own: string,
  found: ReadonlyMap<string, string | undefined>,
): { readonly title: string; readonly dependencies: readonly string[] } {
  if (after === undefined) return { title, dependencies: [] };
  const ids = after.names.map((name) => found.get(name.toLowerCase()));
  const dependencies = ids.flatMap((id) => id ?? []);
  if (dependencies.length < ids.length || dependencies.includes(own))
    return { title: after.wholeTitle, dependencies: [] };
  return { title, dependencies: [...new Set(dependencies)] };
}

function assertNoCycle(sessions: readonly NewSession[]): void {
  const waiting = new Map(sessions.map(({ id, dependencies }) => [id, dependencies]));
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const [id, dependencies] of [...waiting])
      if (!dependencies.some((one) => waiting.has(one))) waiting.delete(id);
  }
  if (waiting.size === 0) return;
  throw new BatonError(
    'cyclic-dependency',
    phrase`These sessions wait for each other: ${[...waiting.keys()].join(', ')}`,
    {
      hint: 'Take one of their dependencies away.',
    },
  );
}

import type { Enforcement } from '../../model/waves/wavePlan.ts';

/** The files of one agent, as `filescopes/wave-N.scopes.json` lists them. */
export interface ScopeRecord {
  readonly id: string;
  readonly files: readonly string[];
}

/** Two agents of a wave that may both write to a file. */
export interface ScopeOverlap {
  readonly first: string;
  readonly second: string;
  /** Entries of both that meet, those of the first before. */
  readonly entries: readonly string[];
}

/**
 * Tells whether a path lies in a scope (formats.md §1.5): `*` is anything within a part of the path, `**` any parts, an entry that ends
 * with `/` a folder with all in it. Everything else is taken as it stands, `?` and brackets too; names that begin with a dot are no exception.
 */
export function isInScope(path: string, scope: readonly string[]): boolean {
  const parts = path.split('/');
  return scope.some((entry) => matchesParts(parts, partsOf(entry)));
}

/** Every two of `records` that may both write to a file; entries of one agent may meet each other. */
export function findOverlaps(records: readonly ScopeRecord[]): readonly ScopeOverlap[] {
  const scopes = records.map(({ id, files }) => ({
    id,
    plain: new Set(files.filter(isPlain)),
    wild: files.filter((file) => !isPlain(file)),
  }));
  return scopes.flatMap((first, index) =>
    scopes.slice(index + 1).flatMap((second): ScopeOverlap[] => {
      const pairs: (readonly [string, string])[] = [
        ...[...first.plain].filter((one) => second.plain.has(one)).map((one) => [one, one] as const),
        ...pairsThatMeet(first.wild, [...second.plain, ...second.wild]),
        ...pairsThatMeet(second.wild, [...first.plain]).map(([other, one]) => [one, other] as const),
      ];
      const entries = [...new Set([...pairs.map(([one]) => one), ...pairs.map(([, other]) => other)])];
      return entries.length === 0 ? [] : [{ first: first.id, second: second.id, entries }];
    }),
  );
}

function isPlain(entry: string): boolean {
  return !entry.includes('*') && !entry.endsWith('/');
}

function pairsThatMeet(ones: readonly string[], others: readonly string[]): readonly (readonly [string, string])[] {
  return ones.flatMap((one) => others.filter((other) => canMeet(one, other)).map((other) => [one, other] as const));
}

/** Longer entries are no paths that anybody has; of them it is not worked out what they take in. */
const longestEntry = 1_000;

/** Tells whether there can be a path that both entries take in. */
export function canMeet(one: string, other: string): boolean {
  if (one === other || one.length > longestEntry || other.length > longestEntry) return true;
  return canBothBe(partsOf(one), partsOf(other), '**', (a, b) => canBothBe([...a], [...b], '*', (c, d) => c === d));
}

/** Tells whether two sequences can be the same one, where `wild` stands for any number of elements. */
function canBothBe(
  left: readonly string[],
  right: readonly string[],
  wild: string,
  fits: (a: string, b: string) => boolean,
): boolean {
  const known = new Map<number, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = i * (right.length + 1) + j;
    const seen = known.get(key) ?? meetAt(i, j);
    known.set(key, seen);
    return seen;
  };
  const meetAt = (i: number, j: number): boolean => {
    const a = left[i];
    const b = right[j];
    if (a === undefined && b === undefined) return true;
    if (a === wild) return meet(i + 1, j) || (b !== undefined && meet(i, j + 1));
    if (b === wild) return meet(i, j + 1) || (a !== undefined && meet(i + 1, j));
    return a !== undefined && b !== undefined && fits(a, b) && meet(i + 1, j + 1);
  };
  return meet(0, 0);
}

/** All entries of all records, each once, in their order. */
export function unionOf(scopes: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(scopes.flat())];
}

const testFolders = ['tests/**', 'test/**', '**/__tests__/**', '**/*.test.*', '**/*.spec.*'];

/** Endings of sources that have tests beside them or in `tests/`. */
const sourceEnding = /\.(?:[cm]?[jt]sx?)$/;

/**
 * Adds the tests of the sources that an agent of an implementation role may change: for `foo.mjs` all `foo*.test.mjs` at any depth of
 * `tests`. Globs, tests and files without tests are left as they are; of an empty scope nothing is made.
 */
export function withTestSiblings(files: readonly string[]): readonly string[] {
  const siblings = files.flatMap((file): readonly string[] => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    const ending = sourceEnding.exec(name)?.[0];
    if (ending === undefined || file.includes('*') || isInScope(file, testFolders)) return [];
    return [`tests/**/${name.slice(0, -ending.length)}*.test${ending}`];
  });
  return unionOf([files, siblings]);
}

/** At the end `**` is at least a name: a folder's entry takes in what is in it, not a file of its name. */
function partsOf(entry: string): readonly string[] {
  const parts = (entry.endsWith('/') ? `${entry}**` : entry).split('/');
  const single = parts.filter((part, index) => part !== '**' || parts[index - 1] !== '**');
  return single.at(-1) === '**' ? [...single, '*'] : single;
}

/** The last `**` is where matching goes on from when a later part does not fit: no more than parts times entries steps. */
function matchesParts(path: readonly string[], entry: readonly string[]): boolean {
  return matchesWild(
    path.length,
    entry.length,
    (at) => entry[at] === '**',
    (at, wild) => matchesPart(path[at] ?? '', entry[wild] ?? ''),
  );
}

function matchesPart(text: string, pattern: string): boolean {
  return matchesWild(
    text.length,
    pattern.length,
    (at) => pattern[at] === '*',
    (at, wild) => text[at] === pattern[wild],
  );
}

function matchesWild(
  length: number,
  patternLength: number,
  isWild: (at: number) => boolean,
  fits: (at: number, wild: number) => boolean,
): boolean {
  let at = 0;
  let wild = 0;
  let backTo: { at: number; wild: number } | undefined;
  while (at < length) {
    if (wild < patternLength && isWild(wild)) {
      backTo = { at, wild };
      wild += 1;
    } else if (wild < patternLength && fits(at, wild)) {
      at += 1;
      wild += 1;
    } else if (backTo !== undefined) {
      backTo.at += 1;
      at = backTo.at;
      wild = backTo.wild + 1;
    } else return false;
  }
  while (wild < patternLength && isWild(wild)) wild += 1;
  return wild === patternLength;
}

/** What `wave-scope.json` says of a wave. */
export interface WaveScope {
  readonly wave: number;
  readonly role: string;
  readonly enforcement: Enforcement;
  readonly allowedPaths: readonly string[];
  readonly blockedCommands: readonly string[];
}

/**
 * The text of `wave-scope.json`. It is bound to no session: agents have sessions of their own, and the reference takes a file that names
 * another one for somebody else's.
 */
export function scopeText({ wave, role, enforcement, allowedPaths, blockedCommands }: WaveScope): string {
  return jsonText({ wave, role, enforcement, allowedPaths, blockedCommands, gates: { 'path-guard': true } });
}

/** The text of an agent's own scope file. */
export function filesText(files: readonly string[]): string {
  return jsonText(files);
}

/** The text of `wave-N.scopes.json`. */
export function aggregateText(records: readonly ScopeRecord[]): string {
  return jsonText(records.map(({ id, files }) => ({ id, files })));
}

/** The folder of the agents' scope files, beside STATE.md. */
export function scopesFolder(stateFile: string | undefined): string {
  return `${stateFolder(stateFile)}/filescopes`;
}

/** Where `wave-scope.json` stands. */
export function waveScopePath(stateFile: string | undefined): string {
  return `${stateFolder(stateFile)}/wave-scope.json`;
}

/** Without a STATE.md the files are where Claude Code's tools look. */
function stateFolder(stateFile: string | undefined): string {
  const folder = stateFile?.slice(0, Math.max(0, stateFile.lastIndexOf('/')));
  return folder === undefined || folder === '' ? '.claude' : folder;
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

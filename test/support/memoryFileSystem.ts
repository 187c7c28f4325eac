import { compileGlob, isSkippedFolder } from '../../src/core/base/glob.ts';
import { revisionOf } from '../../src/core/base/revision.ts';
import { applyEdits } from '../../src/core/base/textEdit.ts';
import { BatonError } from '../../src/core/errors.ts';
import type { FileStat, FileSystem } from '../../src/core/ports/fileSystem.ts';
import type { LocalState } from '../../src/core/ports/localState.ts';
import type { EditPlanner, StateFiles, WriteOptions, WriteOutcome } from '../../src/core/ports/stateFiles.ts';
import { normalizeProjectPath } from '../../src/platform/projectPaths.ts';
import { assertKey, encodeKeyPart } from '../../src/platform/stateKeys.ts';

/** What is about to be changed; a test's hook sees it before it happens. */
export interface MemoryChange {
  readonly kind: 'update' | 'move' | 'remove' | 'record' | 'remove-record';
  /** Path, or key of a local record. */
  readonly path: string;
}

/** A project in memory: a second implementation of the file ports, for tests of the core. */
export interface MemoryProject {
  readonly files: FileSystem;
  readonly stateFiles: StateFiles;
  readonly localState: LocalState;
  /** Text of a file, undefined where there is none. */
  text(path: string): string | undefined;
  /** Writes a file as an outsider would: no plan, no lock. */
  set(path: string, text: string): void;
  delete(path: string): void;
  /** All files by path, sorted. */
  all(): Readonly<Record<string, string>>;
  /** All local records by key, sorted. */
  records(): Readonly<Record<string, unknown>>;
  /** Every change that was made through the ports, in order. */
  readonly changes: readonly MemoryChange[];
  /** Files that refuse writing with `read-only`. */
  readonly readOnly: Set<string>;
  /** Files that are there but are not UTF-8. */
  readonly unreadable: Set<string>;
  /**
   * Called before each change through the ports; what it throws is thrown to the caller, and nothing was changed (a "kill").
   * For an update it runs between plan and write: what it does with `set` makes the plan stale, as another writer would.
   */
  beforeChange: ((change: MemoryChange) => void) | undefined;
}

/** Makes a project in memory from `{path: text}`. */
export function createMemoryProject(initial: Readonly<Record<string, string>> = {}): MemoryProject {
  const disk = new Map<string, { text: string; modifiedAt: number }>();
  const records = new Map<string, string>();
  const changes: MemoryChange[] = [];
  let time = 1;
  const set = (path: string, text: string) => void disk.set(normalizeProjectPath(path), { text, modifiedAt: time++ });
  for (const [path, text] of Object.entries(initial)) set(path, text);

  const announce = (kind: MemoryChange['kind'], path: string): void => {
    project.beforeChange?.({ kind, path });
  };
  const project: MemoryProject = {
    files: memoryFiles(disk, (path) => project.unreadable.has(path)),
    stateFiles: {
      async update(path, plan, options = {}) {
        return updateInMemory({ disk, project, set, announce, changes }, normalizeProjectPath(path), plan, options);
      },
      async move(from, to) {
        const source = normalizeProjectPath(from);
        const target = normalizeProjectPath(to);
        announce('move', source);
        const file = disk.get(source);
        if (file === undefined) throw new BatonError('io-failed', `${source} is not there`);
        if (disk.has(target)) throw new BatonError('already-exists', `${target} is there already`);
        disk.delete(source);
        disk.set(target, file);
        changes.push({ kind: 'move', path: source });
      },
      async remove(path) {
        const target = normalizeProjectPath(path);
        announce('remove', target);
        if (disk.delete(target)) changes.push({ kind: 'remove', path: target });
      },
      async assertWritable(path) {
        const target = normalizeProjectPath(path);
        if (project.unreadable.has(target)) throw new BatonError('unreadable-file', `${target} is not UTF-8 text`);
        if (project.readOnly.has(target)) throw new BatonError('read-only', `${target} may not be written`);
      },
    },
    localState: memoryRecords(records, announce, changes),
    text: (path) => disk.get(normalizeProjectPath(path))?.text,
    set,
    delete: (path) => void disk.delete(normalizeProjectPath(path)),
    all: () => Object.fromEntries([...disk].sort(byKey).map(([path, file]) => [path, file.text])),
    records: () => Object.fromEntries([...records].sort(byKey).map(([key, json]) => [key, JSON.parse(json)])),
    changes,
    readOnly: new Set(),
    unreadable: new Set(),
    beforeChange: undefined,
  };
  return project;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function memoryFiles(
  disk: ReadonlyMap<string, { text: string; modifiedAt: number }>,
  isUnreadable: (path: string) => boolean,
): FileSystem {
  const statOf = (path: string): FileStat | undefined => {
    const file = disk.get(path);
    if (file) return { kind: 'file', size: Buffer.byteLength(file.text), modifiedAt: file.modifiedAt };
    const isFolder = path === '' || [...disk.keys()].some((other) => other.startsWith(`${path}/`));
    return isFolder ? { kind: 'folder', size: 0, modifiedAt: 0 } : undefined;
  };
  return {
    async readText(path) {
      const target = normalizeProjectPath(path);
      if (isUnreadable(target)) throw new BatonError('unreadable-file', `${target} is not UTF-8 text`);
      if (statOf(target)?.kind === 'folder') throw new BatonError('unreadable-file', `${target} is a folder`);
      return disk.get(target)?.text;
    },
    stat: async (path) => statOf(normalizeProjectPath(path)),
    realPath: async (path) => normalizeProjectPath(path),
    async findFiles(globs) {
      const compiled = globs.map(compileGlob);
      const found = [...disk.keys()].filter((path) =>
        compiled.some(({ base, matches }) => matches(path) && !below(path, base).some(isSkippedFolder)),
      );
      return found.sort();
    },
  };
}

/** Names of the folders between `base` and the file. */
function below(path: string, base: string): readonly string[] {
  const start = base === '' ? 0 : base.split('/').length;
  return path.split('/').slice(start, -1);
}

interface MemoryWriting {
  readonly disk: ReadonlyMap<string, { text: string; modifiedAt: number }>;
  readonly project: MemoryProject;
  readonly changes: MemoryChange[];
  set(path: string, text: string): void;
  announce(kind: MemoryChange['kind'], path: string): void;
}

function updateInMemory(on: MemoryWriting, path: string, plan: EditPlanner, options: WriteOptions): WriteOutcome {
  for (;;) {
    if (on.project.unreadable.has(path)) throw new BatonError('unreadable-file', `${path} is not UTF-8 text`);
    const before = on.disk.get(path)?.text;
    checkExpectations(path, before, options);
    const edits = plan(before);
    const after = applyEdits(before ?? '', edits);
    if (before === undefined ? edits.length === 0 : after === before)
      return { before, after, revision: revisionOf(after), changed: false };
    if (on.project.readOnly.has(path)) throw new BatonError('read-only', `${path} is read-only`);
    on.announce('update', path);
    if (on.disk.get(path)?.text !== before) continue;
    on.set(path, after);
    on.changes.push({ kind: 'update', path });
    return { before, after, revision: revisionOf(after), changed: true };
  }
}

function checkExpectations(path: string, before: string | undefined, options: WriteOptions): void {
  if (options.create && before !== undefined) throw new BatonError('already-exists', `${path} is there already`);
  if (options.expectedRevision === undefined) return;
  const revision = before === undefined ? undefined : revisionOf(before);
  if (revision === options.expectedRevision) return;
  throw new BatonError('conflict', `${path} has changed`, {
    data: { path, revision: revision ?? null, text: before ?? null },
  });
}

function memoryRecords(
  records: Map<string, string>,
  announce: (kind: MemoryChange['kind'], path: string) => void,
  changes: MemoryChange[],
): LocalState {
  const put = (key: string, value: unknown) => {
    announce('record', key);
    records.set(key, JSON.stringify(value));
    changes.push({ kind: 'record', path: key });
  };
  return {
    async read(key) {
      assertKey(key);
      const json = records.get(key);
      return json === undefined ? undefined : JSON.parse(json);
    },
    async write(key, value) {
      assertKey(key);
      put(key, value);
    },
    async create(key, value) {
      assertKey(key);
      if (records.has(key)) return false;
      put(key, value);
      return true;
    },
    async moveFolder(from, to) {
      for (const key of [...records.keys()].filter((one) => one.startsWith(`${from}/`))) {
        records.set(to + key.slice(from.length), records.get(key) ?? '');
        records.delete(key);
      }
    },
    async update(key, change) {
      assertKey(key);
      const json = records.get(key);
      const before: unknown = json === undefined ? undefined : JSON.parse(json);
      const after = change(before);
      if (after === undefined) return before;
      put(key, after);
      return after;
    },
    async remove(key) {
      assertKey(key);
      if (!records.has(key)) return;
      announce('remove-record', key);
      records.delete(key);
      changes.push({ kind: 'remove-record', path: key });
    },
    list: async (prefix) => [...records.keys()].filter((key) => key.startsWith(prefix)).sort(),
    locate: (key) => `/memory/baton/${key}`,
    worktreeKey: 'main',
    keyPart: encodeKeyPart,
  };
}

import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/core/effects/effect.ts';
import { journalKey, pendingJournal } from '../../../src/core/effects/journal.ts';
import { recoverJournal } from '../../../src/core/effects/recover.ts';
import { runEffects } from '../../../src/core/effects/runner.ts';
import { BatonError } from '../../../src/core/errors.ts';
import type { Commit, Git } from '../../../src/core/ports/git.ts';
import type { Owner } from '../../../src/core/ports/owner.ts';
import type { Ports } from '../../../src/core/ports/ports.ts';
import { WorkspaceStore } from '../../../src/core/store/workspaceStore.ts';
import { grayMatterFrontmatter } from '../../../src/platform/grayMatterFrontmatter.ts';
import { createMemoryProject, type MemoryProject } from '../../support/memoryFileSystem.ts';
import { progress, progressPath } from '../actions/support.ts';
import { fixedClock, nobody } from '../actions/verbs.ts';

const initial = { [progressPath]: progress, 'a.txt': 'a\n', 'b.txt': 'b\n' };
const self: Owner = { pid: 1, startTime: '1', bootId: 'boot', host: 'here' };

interface MemoryContext {
  readonly ports: Ports;
  readonly store: WorkspaceStore;
  readonly report: (message: string) => void;
  readonly project: MemoryProject;
  /** Commits that were made, in order. */
  readonly commits: Commit[];
  readonly logged: string[];
  /** What the next commit throws. */
  failCommit: BatonError | undefined;
  isSelfAlive: boolean;
}

/** Takes the write bits of the progress file away when the verb has begun. */
function protectLater({ project }: MemoryContext): void {
  project.beforeChange = ({ path }) => {
    if (path === 'a.txt') project.readOnly.add(progressPath);
  };
}

const unused = async (): Promise<never> => {
  throw new Error('effects do not use this');
};

/** Ports in memory, but for git, of which only what commits need is there. */
function createMemory(): MemoryContext {
  const project = createMemoryProject(initial);
  const commits: Commit[] = [];
  const logged: string[] = [];
  const head = () => commits.at(-1)?.hash;
  const git: Pick<Git, 'head' | 'commit' | 'log' | 'isLocked'> = {
    head: async () => ({ hash: head(), branch: 'main', operation: undefined }),
    isLocked: async () => false,
    log: async () => [...commits].reverse(),
    commit: async ({ message }) => {
      if (context.failCommit) throw context.failCommit;
      const parent = head();
      const hash = `${commits.length + 1}`.repeat(40);
      commits.push({ hash, parents: parent ? [parent] : [], date: '', author: '', message });
      return commits.at(-1) as Commit;
    },
  };
  const ports: Ports = {
    files: project.files,
    stateFiles: project.stateFiles,
    localState: project.localState,
    frontmatter: grayMatterFrontmatter,
    git: async () => git as Git,
    owners: { self, stateOf: async () => (context.isSelfAlive ? 'alive' : 'dead') },
    commands: { run: unused },
    claims: { claim: unused, read: unused, release: unused, list: unused },
    approvals: { isApproved: async () => false, approve: async () => undefined },
    prompt: nobody,
    clock: fixedClock,
    logger: { info() {}, warn: (message) => void logged.push(message), error: (message) => void logged.push(message) },
    orchestrator: unused,
  };
  const context: MemoryContext = {
    ports,
    store: new WorkspaceStore(ports),
    report: () => undefined,
    project,
    commits,
    logged,
    failCommit: undefined,
    isSelfAlive: true,
  };
  return context;
}

const replaceA: Effect = { kind: 'edit', path: 'a.txt', edits: [{ kind: 'replace', text: 'A\n' }] };
const createC: Effect = { kind: 'edit', path: 'c.txt', edits: [{ kind: 'replace', text: 'C\n' }], create: true };
const row: Effect = {
  kind: 'edit',
  path: progressPath,
  edits: [{ kind: 'update-row', id: 'A-01', cells: { status: '✅ Done', commit: { hashOf: 'work' } } }],
};
const commit: Effect = {
  kind: 'commit',
  name: 'work',
  folder: '',
  paths: ['a.txt'],
  message: 'feat: a\n\nSession: A-01\n',
};

describe('running effects', () => {
  test('applies all in order and leaves no journal', async () => {
    const memory = createMemory();
    const { hashes } = await runEffects(memory, 'complete', 'A-01', [
      replaceA,
      createC,
      { kind: 'move', from: 'b.txt', to: 'd/b.txt' },
      commit,
      row,
      { kind: 'record', key: 'sessions/main', value: { x: 1 } },
    ]);
    expect(hashes['work']?.hash).toBe('1'.repeat(40));
    expect(memory.project.text('a.txt')).toBe('A\n');
    expect(memory.project.text('d/b.txt')).toBe('b\n');
    expect(memory.project.text(progressPath)).toContain('| A-01 | ✅ Done | — | — | 1111111 |');
    expect(memory.project.records()).toEqual({ 'sessions/main': { x: 1 } });
  });

  test('a single edit needs no journal', async () => {
    const memory = createMemory();
    await runEffects(memory, 'note', undefined, [replaceA]);
    expect(memory.project.changes).toEqual([{ kind: 'update', path: 'a.txt' }]);
  });

  test('what was done before a failure is taken back, whatever kind it was', async () => {
    const memory = createMemory();
    protectLater(memory);
    await memory.ports.localState.write('kept', { old: true });
    const before = memory.project.all();
    const effects: readonly Effect[] = [
      replaceA,
      createC,
      { kind: 'move', from: 'b.txt', to: 'd/b.txt' },
      { kind: 'remove', path: 'd/b.txt' },
      { kind: 'record', key: 'kept', value: { old: false } },
      { kind: 'record', key: 'fresh', value: 1 },
      { kind: 'forget', key: 'kept' },
      row,
    ];
    await expect(runEffects(memory, 'complete', 'A-01', effects)).rejects.toMatchObject({ code: 'read-only' });
    expect(memory.project.all()).toEqual(before);
    expect(memory.project.records()).toEqual({ kept: { old: true } });
  });

  test.each([
    ['read-only', 'readOnly'],
    ['unreadable-file', 'unreadable'],
  ] as const)('a file that cannot be written behind the commit refuses before anything: %s', async (code, list) => {
    const memory = createMemory();
    memory.project[list].add(progressPath);
    await expect(runEffects(memory, 'complete', 'A-01', [replaceA, commit, row])).rejects.toMatchObject({ code });
    expect(memory.project.changes).toEqual([]);
    expect(memory.commits).toEqual([]);
    expect(await pendingJournal(memory.ports)).toBeUndefined();
  });

  test('what others wrote in between stays when it is taken back', async () => {
    const memory = createMemory();
    memory.failCommit = new BatonError('hook-failed', 'no');
    memory.project.beforeChange = ({ kind, path }) => {
      if (kind === 'record' && path.startsWith('journal/') && memory.project.text('a.txt') === 'A\n') {
        memory.project.set('a.txt', 'A\ntheirs\n');
      }
    };
    const base: Effect = { kind: 'edit', path: 'a.txt', edits: [{ kind: 'replace', text: 'A\n' }] };
    await expect(runEffects(memory, 'complete', 'A-01', [base, commit])).rejects.toMatchObject({ code: 'hook-failed' });
    expect(memory.project.text('a.txt')).toBe('a\ntheirs\n');
  });

  test('where others wrote over the very place, theirs is left and that is said', async () => {
    const memory = createMemory();
    memory.failCommit = new BatonError('hook-failed', 'no');
    memory.project.beforeChange = ({ kind, path }) => {
      if (kind === 'record' && path.startsWith('journal/') && memory.project.text('a.txt') === 'A\n') {
        memory.project.set('a.txt', 'theirs\n');
      }
    };
    await expect(runEffects(memory, 'complete', 'A-01', [replaceA, commit])).rejects.toMatchObject({
      code: 'hook-failed',
    });
    expect(memory.project.text('a.txt')).toBe('theirs\n');
    expect(memory.logged.join()).toContain('a.txt was changed in the same place since');
  });

  test('behind a commit nothing is taken back: the journal stays and is finished, by the same process too', async () => {
    const memory = createMemory();
    protectLater(memory);
    const error = await runEffects(memory, 'complete', 'A-01', [replaceA, commit, row]).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'read-only', data: { halfDone: true } });
    expect(memory.project.text('a.txt')).toBe('A\n');
    expect(await pendingJournal(memory.ports)).toMatchObject({ ownerState: 'dead', done: 2, total: 3 });
    memory.project.beforeChange = undefined;
    memory.project.readOnly.clear();
    expect(await recoverJournal(memory)).toMatchObject({ outcome: 'finished', steps: [`did: write ${progressPath}`] });
    expect(memory.project.text(progressPath)).toContain('✅ Done');
    expect(memory.commits).toHaveLength(1);
    expect(await pendingJournal(memory.ports)).toBeUndefined();
  });

  test('a verb in the middle of its work keeps others out', async () => {
    const memory = createMemory();
    let inner: unknown;
    const original = memory.project.stateFiles.update;
    const ports: Ports = {
      ...memory.ports,
      stateFiles: {
        ...memory.project.stateFiles,
        update: async (...args) => {
          inner ??= await runEffects(memory, 'pause', 'A-01', [createC, replaceA]).catch((reason: unknown) => reason);
          return original(...args);
        },
      },
    };
    await runEffects({ ...memory, ports }, 'complete', 'A-01', [replaceA, createC]);
    expect(inner).toMatchObject({ code: 'interrupted', data: { verb: 'complete', pid: 1 } });
    expect(memory.project.text('c.txt')).toBe('C\n');
  });

  test('a journal that says nothing keeps nobody out', async () => {
    const memory = createMemory();
    await memory.ports.localState.write(journalKey(memory.ports.localState), { half: 'a record' });
    await runEffects(memory, 'pause', 'A-01', [replaceA, createC]);
    expect(memory.project.text('c.txt')).toBe('C\n');
  });

  test('undoing goes on where undoing failed', async () => {
    const memory = createMemory();
    memory.failCommit = new BatonError('hook-failed', 'no');
    memory.project.beforeChange = ({ kind, path }) => {
      if (kind === 'update' && path === 'a.txt' && memory.project.text('a.txt') === 'A\n') {
        throw new BatonError('disk-full', 'full');
      }
    };
    const error = await runEffects(memory, 'complete', 'A-01', [replaceA, createC, commit]).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'hook-failed' });
    expect(await pendingJournal(memory.ports)).toMatchObject({ verb: 'complete', ownerState: 'dead' });
    memory.project.beforeChange = undefined;
    expect(await recoverJournal(memory)).toMatchObject({ outcome: 'undone' });
    expect(memory.project.all()).toEqual(initial);
  });
});

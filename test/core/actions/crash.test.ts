import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { recover } from '../../../src/core/actions/recover.ts';
import { status } from '../../../src/core/actions/status.ts';
import { pendingJournal } from '../../../src/core/effects/journal.ts';
import { bundleForNode, type NodeEnd, startNode } from '../../support/startNode.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { createProject, openProject, type TestProject } from './support.ts';
import { fixedClock, runVerb } from './verbs.ts';

/** Every commit has this date, so that the same commit has the same hash in every copy. */
const dates = { GIT_AUTHOR_DATE: '2026-01-02T09:00:00+01:00', GIT_COMMITTER_DATE: '2026-01-02T09:00:00+01:00' };

/** Everything that a verb may have changed. */
interface Snapshot {
  readonly head: string;
  readonly status: string;
  readonly files: Readonly<Record<string, string>>;
  readonly records: Readonly<Record<string, string>>;
}

function readFolder(root: string, skip: RegExp): Record<string, string> {
  if (!existsSync(root)) return {};
  const names = readdirSync(root, { recursive: true, withFileTypes: true });
  const paths = names
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return Object.fromEntries(
    paths
      .filter((path) => !skip.test(path))
      .sort()
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );
}

function takeSnapshot(root: string): Snapshot {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  return {
    head: git('rev-parse', 'HEAD'),
    status: git('status', '--porcelain', '--untracked-files=all'),
    files: readFolder(root, /^\.git\/|(?:^|\/)\.[^/]+\.tmp$/),
    // Receipts and logs are of use, and harmless, whatever becomes of the verb.
    records: readFolder(join(root, '.git/baton'), /^(?:receipts|logs|locks)\/|\.tmp$|\.lock$/),
  };
}

async function prepare(verbs: readonly string[], work: Readonly<Record<string, string>>): Promise<TestProject> {
  Object.assign(process.env, dates);
  const project = await createProject({ yes: true, override: () => ({ clock: fixedClock }) });
  const written = Object.entries(work);
  for (const verb of verbs) {
    await runVerb(project.context, verb);
    const next = written.shift();
    if (next) project.repository.write(...next);
  }
  return project;
}

function copyOf(project: TestProject): string {
  const root = join(temporaryFolder(), 'copy');
  cpSync(project.repository.root, root, { recursive: true, preserveTimestamps: true });
  return root;
}

async function runChild(bundle: string, root: string, verb: string, limit: number): Promise<NodeEnd> {
  return startNode(bundle, [root, verb, String(limit)], dates).ended;
}

/** Kills the verb behind each of its changes in turn; what recovering leaves must be what was before or what would be after. */
async function killEverywhere(project: TestProject, verb: string): Promise<{ before: number; after: number }> {
  const bundle = bundleForNode('test/core/actions/children/killedVerb.ts', temporaryFolder());
  const before = takeSnapshot(project.repository.root);
  const whole = copyOf(project);
  const end = await runChild(bundle, whole, verb, 0);
  expect(end.stderr).toBe('');
  const changes = Number(/changes (\d+)/.exec(end.stdout)?.[1]);
  expect(changes).toBeGreaterThan(3);
  const after = takeSnapshot(whole);
  expect(after).not.toEqual(before);
  const seen = { before: 0, after: 0 };
  for (let at = 1; at <= changes; at++) {
    const root = copyOf(project);
    const killed = await runChild(bundle, root, verb, at);
    expect(killed.signal).toBe('SIGKILL');
    const other = await openProject({ ...project.repository, root }, { override: () => ({ clock: fixedClock }) });
    const { interrupted } = await status(other.context);
    if (interrupted) {
      expect(interrupted).toMatchObject({ verb: verb.replace(/-.*/, ''), alive: false });
      await recover(other.context);
    }
    expect(await pendingJournal(other.ports)).toBeUndefined();
    const now = takeSnapshot(root);
    const isBefore = JSON.stringify(now) === JSON.stringify(before);
    if (!isBefore) expect({ at, ...now }).toEqual({ at, ...after });
    seen[isBefore ? 'before' : 'after']++;
    if (now.head !== before.head) execFileSync('git', ['fsck', '--no-progress', '--no-dangling'], { cwd: root });
  }
  return seen;
}

const work = { 'schema.txt': 'one\n' };

test('start', { timeout: 120_000 }, async () => {
  const seen = await killEverywhere(await prepare([], {}), 'start');
  expect(seen.before).toBeGreaterThan(3);
});

test('checkpoint', { timeout: 120_000 }, async () => {
  const seen = await killEverywhere(await prepare(['start'], work), 'checkpoint');
  expect(seen.before).toBeGreaterThan(2);
  expect(seen.after).toBeGreaterThan(1);
});

test('complete', { timeout: 120_000 }, async () => {
  const project = await prepare(['start', 'checkpoint'], { 'schema.txt': 'one\n', 'größe der Dinge.txt': 'zwei\n' });
  // Verified before, so that every change of the verb is an effect.
  await runVerb(project.context, 'verify');
  const seen = await killEverywhere(project, 'complete');
  expect(seen.before).toBeGreaterThan(3);
  expect(seen.after).toBeGreaterThan(4);
});

test('pause', { timeout: 120_000 }, async () => {
  const seen = await killEverywhere(await prepare(['start'], work), 'pause');
  expect(seen.before).toBeGreaterThan(4);
});

test('resume', { timeout: 120_000 }, async () => {
  const seen = await killEverywhere(await prepare(['start', 'pause'], work), 'resume');
  expect(seen.before).toBeGreaterThan(4);
});

test('resume over a cleared SESSION.md', { timeout: 120_000 }, async () => {
  const project = await prepare(['start', 'pause', 'start-force', 'fail'], work);
  const seen = await killEverywhere(project, 'resume');
  expect(seen.before).toBeGreaterThan(4);
});

test('fail', { timeout: 120_000 }, async () => {
  const seen = await killEverywhere(await prepare(['start'], work), 'fail');
  expect(seen.before).toBeGreaterThan(3);
});

test('rollback of a session that is done', { timeout: 120_000 }, async () => {
  const project = await prepare(['start', 'checkpoint', 'complete-claimed'], {
    'schema.txt': 'one\n',
    'other.txt': 'two\n',
  });
  const seen = await killEverywhere(project, 'rollback-done');
  expect(seen.before).toBeGreaterThan(3);
  expect(seen.after).toBeGreaterThan(1);
});

test('rollback of the active session', { timeout: 120_000 }, async () => {
  const project = await prepare(['start', 'checkpoint'], work);
  const seen = await killEverywhere(project, 'rollback');
  expect(seen.before).toBeGreaterThan(3);
});

test('init', { timeout: 120_000 }, async () => {
  const seen = await killEverywhere(await prepare([], {}), 'init');
  expect(seen.before).toBeGreaterThan(2);
});

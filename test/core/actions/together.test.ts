import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../../src/core/actions/check.ts';
import { checkpoint } from '../../../src/core/actions/checkpoint.ts';
import { complete } from '../../../src/core/actions/complete.ts';
import { note } from '../../../src/core/actions/note.ts';
import { planRollback, rollback } from '../../../src/core/actions/rollback.ts';
import { show } from '../../../src/core/actions/show.ts';
import { start } from '../../../src/core/actions/start.ts';
import { status } from '../../../src/core/actions/status.ts';
import { tick } from '../../../src/core/actions/tick.ts';
import { BatonError } from '../../../src/core/errors.ts';
import type { Ports } from '../../../src/core/ports/ports.ts';
import { createTestRepository } from '../../support/gitRepository.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { createProject, files, openProject, progressPath, sessionPath } from './support.ts';

describe('several at once', () => {
  test('of two that start, one wins and the other changes nothing', async () => {
    const project = await createProject();
    const other = await openProject(project.repository);
    const results = await Promise.allSettled([
      start(project.context, { id: 'A-01' }),
      start(other.context, { id: 'A-03' }),
    ]);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(refused).toHaveLength(1);
    expect(BatonError.is(refused[0], 'interrupted', 'session-active', 'conflict', 'already-exists')).toBe(true);
    const winner = results[0].status === 'fulfilled' ? 'A-01' : 'A-03';
    expect(project.session()).toContain(`session: ${winner}\n`);
    expect(project.progress().match(/🔄 Active/g)).toHaveLength(1);
    expect(project.row(winner)).toContain('🔄 Active');
    expect((await status(project.context)).interrupted).toBeUndefined();
  });

  test('notes of many are all kept', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    const writers = await Promise.all(Array.from({ length: 12 }, () => openProject(project.repository)));
    await Promise.all(writers.map(({ context }, at) => note(context, { kind: 'note', text: `note number ${at}.` })));
    for (let at = 0; at < writers.length; at++) expect(project.session()).toContain(`note number ${at}.\n`);
  });

  test('two worktrees of one clone have a session each', async () => {
    const project = await createProject();
    const root = join(temporaryFolder(), 'zweiter Baum');
    project.repository.git('worktree', 'add', '-q', root, '-b', 'second');
    const other = await createProject({ root });
    await start(project.context, { id: 'A-01' });
    await start(other.context, { id: 'A-03' });
    other.repository.write('there.txt', 'x\n');
    const { commit } = await complete(other.context, { message: 'feat: there' });
    expect(commit).toBeDefined();
    expect((await status(project.context)).active).toMatchObject({ id: 'A-01' });
    expect(project.subjects()).toEqual(['first']);
    expect(other.dirty()).toEqual([]);
  });
});

describe('unusual places', () => {
  test('a project in a subfolder of its repository', async () => {
    const repository = createTestRepository({ 'outside.txt': 'x\n' });
    const root = join(repository.root, 'apps/mein Laden');
    mkdirSync(root, { recursive: true });
    const inside = Object.fromEntries(Object.entries(files).map(([path, text]) => [`apps/mein Laden/${path}`, text]));
    repository.commit('add the shop', inside);
    const project = await createProject({ root, yes: true });
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'x\n');
    repository.write('outside.txt', 'changed\n');
    const point = await checkpoint(project.context, { message: 'one' });
    expect(point.files).toContain('apps/mein Laden/docs/sessions/SESSION.md');
    expect(point.files).toContain('outside.txt');
    project.repository.write('more.txt', 'x\n');
    expect((await complete(project.context, { message: 'feat: shop' })).verified).toEqual({ passed: 1, total: 1 });
    expect(repository.git('status', '--porcelain')).toBe('');
    expect((await planRollback(project.context, { session: 'A-01' })).files).toEqual([
      'apps/mein Laden/more.txt',
      'apps/mein Laden/schema.txt',
      'outside.txt',
    ]);
    await rollback(project.context, { session: 'A-01' });
    expect(repository.read('outside.txt')).toBe('x\n');
    expect(repository.git('status', '--porcelain')).toBe('');
    expect(project.row('A-01')).toContain('🔁 Retry');
  });

  test('state files that git ignores are never committed, and nothing is in the way', async () => {
    const project = await createProject({ files: { '.gitignore': 'ignored/\ndocs/sessions/\n.*.tmp\n' } });
    await start(project.context, { id: 'A-03' });
    project.repository.write('a.txt', 'x\n');
    expect((await checkpoint(project.context, { message: 'one' })).files).not.toContain(sessionPath);
    project.repository.write('b.txt', 'x\n');
    const { commit, record } = await complete(project.context, { message: 'feat: b' });
    expect([commit, record].every((made) => made !== undefined)).toBe(true);
    expect(project.repository.git('log', '--name-only', '--format=')).not.toContain('SESSION.md');
    expect(project.dirty()).toEqual([]);
  });

  test('all state files ignored: one work commit, no record', async () => {
    const project = await createProject();
    project.repository.git('rm', '-rq', '--cached', 'docs');
    project.repository.commit('chore: ignore docs', { '.gitignore': 'docs/\n' });
    await start(project.context, { id: 'A-03' });
    project.repository.write('b.txt', 'x\n');
    const { commit, record, files: committed } = await complete(project.context, { message: 'feat: b' });
    expect(record).toBeUndefined();
    expect(committed).toEqual(['b.txt']);
    expect(project.row('A-03')).toContain(`| ${commit?.hash.slice(0, 7)} |`);
  });

  test('where git may not be run, what only reads still works, and so do notes and ticks', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    const override = (): Partial<Ports> => ({
      git: async () => {
        throw new BatonError('untrusted', 'Restricted Mode');
      },
    });
    const { context } = await openProject(project.repository, { override });
    expect((await status(context)).active).toMatchObject({ id: 'A-01' });
    expect(await show(context, { id: 'A-01' })).toMatchObject({ commits: [], verified: 'not verified' });
    expect((await check(context)).problems).toEqual([]);
    await note(context, { kind: 'note', text: 'x' });
    await tick(context, { item: 0, checked: true });
    await expect(checkpoint(context, { message: 'x' })).rejects.toMatchObject({ code: 'untrusted' });
    expect(project.repository.read(progressPath)).toContain('🔄 Active');
  });
});

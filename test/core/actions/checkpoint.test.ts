import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkpoint } from '../../../src/core/actions/checkpoint.ts';
import { start } from '../../../src/core/actions/start.ts';
import { tick } from '../../../src/core/actions/tick.ts';
import { createProject, progressPath, refusal, sessionPath } from './support.ts';

describe('checkpoint', () => {
  test('makes one commit with the state files, in the standard form', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    project.repository.write('src/Ä b.txt', 'x\n');
    await tick(project.context, { item: 1, checked: true });
    const { number, commit, files } = await checkpoint(project.context, { message: 'first half' });
    expect(number).toBe(1);
    expect(commit.message.trim()).toBe(
      [
        'WIP: [A-01] checkpoint 1 - first half',
        'Completed:\n- The schema is reviewed',
        'Remaining:\n- `test -f schema.txt` passes',
        'Session: A-01 (checkpoint 1)',
      ].join('\n\n'),
    );
    expect([...files].sort()).toEqual([progressPath, sessionPath, 'src/Ä b.txt'].sort());
    expect(project.dirty()).toEqual([]);
    expect(project.subjects()).toHaveLength(2);
    expect(project.session()).toContain('checkpoints: 1\n');
    expect(project.progress()).toMatch(/- \[\d\d:\d\d\] Checkpoint 1: first half\n/);
  });

  test('goes on counting by the commits where SESSION.md was put back', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    const before = project.session();
    project.repository.write('a', '1');
    await checkpoint(project.context, { message: 'one', done: ['a'], remaining: [] });
    project.repository.write(sessionPath, before);
    const { number, commit } = await checkpoint(project.context, { message: 'two', done: ['a'], remaining: ['b'] });
    expect(number).toBe(2);
    expect(commit.message).toContain('Completed:\n- a\n\nRemaining:\n- b\n');
  });

  test('leaves out what was dirty before and is unchanged, and what is staged stays staged', async () => {
    const project = await createProject();
    project.repository.write('README.md', '# Mine\n');
    project.repository.write('other.txt', 'mine\n');
    project.repository.git('add', 'other.txt');
    await start(project.context, { id: 'A-01' });
    project.repository.write('new.txt', 'x\n');
    project.repository.write('ignored/file.txt', 'x\n');
    const { files, warnings } = await checkpoint(project.context, { message: 'work' });
    expect(files).toContain('new.txt');
    expect(project.repository.git('show', '--name-only', '--format=', 'HEAD')).not.toMatch(/README|other|ignored/);
    expect(warnings.join()).toContain('README.md');
    expect(project.dirty()).toEqual([' M README.md', 'A  other.txt']);
    project.repository.write('README.md', '# Mine\nand the session\n');
    expect((await checkpoint(project.context, { message: 'more' })).files).toContain('README.md');
  });

  test('refuses where nothing has changed, on a detached HEAD, in a merge, without a session', async () => {
    const project = await createProject();
    await refusal(checkpoint(project.context, { message: 'x' }), 'no-active-session');
    await start(project.context, { id: 'A-01' });
    await refusal(checkpoint(project.context, { message: 'two\nlines' }), 'invalid-argument');
    await checkpoint(project.context, { message: 'the start' });
    await refusal(checkpoint(project.context, { message: 'x' }), 'nothing-to-commit');
    project.repository.write('new.txt', 'x\n');
    project.repository.git('checkout', '-q', '--detach');
    await refusal(checkpoint(project.context, { message: 'x' }), 'detached-head');
    project.repository.git('checkout', '-q', 'main');
    project.repository.write('.git/MERGE_HEAD', project.repository.git('rev-parse', 'HEAD'));
    expect((await refusal(checkpoint(project.context, { message: 'x' }), 'merge-in-progress')).hint).toContain(
      'git merge --abort',
    );
  });

  test('outside git it says so', async () => {
    const project = await createProject({ git: false });
    await start(project.context, { id: 'A-01' });
    await refusal(checkpoint(project.context, { message: 'x' }), 'not-a-repository');
  });

  test('a failing hook leaves everything as it was', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    project.repository.write('new.txt', 'x\n');
    project.repository.write('.git/hooks/pre-commit', '#!/bin/sh\necho no good >&2\nexit 1\n');
    chmodSync(join(project.repository.root, '.git/hooks/pre-commit'), 0o755);
    const before = { progress: project.progress(), session: project.session(), dirty: project.dirty() };
    const error = await refusal(checkpoint(project.context, { message: 'x' }), 'hook-failed');
    expect(JSON.stringify(error.data)).toContain('no good');
    expect({ progress: project.progress(), session: project.session(), dirty: project.dirty() }).toEqual(before);
    expect(await project.ports.localState.list('journal/')).toEqual([]);
  });
});

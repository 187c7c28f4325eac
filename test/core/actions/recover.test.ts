import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { complete } from '../../../src/core/actions/complete.ts';
import { fail } from '../../../src/core/actions/fail.ts';
import { note } from '../../../src/core/actions/note.ts';
import { recover } from '../../../src/core/actions/recover.ts';
import { start } from '../../../src/core/actions/start.ts';
import { status } from '../../../src/core/actions/status.ts';
import { journalKey } from '../../../src/core/effects/journal.ts';
import { bundleForNode, startNode } from '../../support/startNode.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { createProject, progressPath, refusal, sessionPath, type TestProject } from './support.ts';

const child = () => bundleForNode('test/core/actions/children/killedVerb.ts', temporaryFolder());

/** Kills a verb behind its n-th change. */
async function kill(project: TestProject, verb: string, at: number): Promise<void> {
  const end = await startNode(child(), [project.repository.root, verb, String(at)]).ended;
  expect(end.signal).toBe('SIGKILL');
}

describe('recover', () => {
  test('says that nothing is half done', async () => {
    const project = await createProject();
    await refusal(recover(project.context), 'nothing-to-recover');
  });

  test('status says what is half done, and the next changing verb undoes it first', async () => {
    const project = await createProject();
    await kill(project, 'start', 2);
    expect(project.session()).toContain('session: A-01');
    expect(project.row('A-01')).toContain('⬜ Pending');
    expect((await status(project.context)).interrupted).toMatchObject({
      verb: 'start',
      session: 'A-01',
      alive: false,
      done: 0,
      total: 3,
      step: `write ${sessionPath}`,
    });
    const { warnings } = await start(project.context, { id: 'A-03' });
    expect(warnings.join()).toContain('start of A-01 was half done and has been undone first');
    expect(project.session()).toContain('session: A-03');
    expect(project.row('A-01')).toContain('⬜ Pending');
  });

  test('a completion by ID that a crash interrupted is finished before the ID is looked at', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'x\n');
    await kill(project, 'complete-claimed', 6);
    expect(project.subjects()[0]).toBe('feat(schema): add it');
    const again = { id: 'A-01', message: 'feat(schema): add it', verify: false };
    const error = await refusal(complete(project.context, again), 'no-active-session');
    expect(error.message).toContain('complete of A-01 was half done and has been finished first');
    expect(project.row('A-01')).toContain('✅ Done');
    expect(project.dirty()).toEqual([]);
  });

  test('an ID that is not the active one ends nothing', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    const other = { message: 'feat: x', verify: false };
    const error = await refusal(complete(project.context, { ...other, id: 'A-03' }), 'wrong-state');
    expect(error.data).toEqual({ active: 'A-01', asked: 'A-03' });
    await refusal(complete(project.context, { ...other, id: 'A-09' }), 'unknown-session');
    await refusal(fail(project.context, { id: 'A-03', why: 'x' }), 'wrong-state');
    expect(project.row('A-01')).toContain('🔄 Active');
  });

  test('keeps what others wrote into the same files after the crash', async () => {
    const project = await createProject();
    await kill(project, 'start', 4);
    expect(project.row('A-01')).toContain('🔄 Active');
    const changed = project
      .progress()
      .replace('| A-02 | ⬜ Pending', '| A-02 | 🔄 Active')
      .replace('keep me', 'kept by hand')
      .concat('\nA line of theirs.\n');
    project.repository.write(progressPath, changed);
    project.repository.write(sessionPath, `${project.session()}- a note of theirs\n`);
    const { undone, warnings } = await recover(project.context);
    expect(undone).toBe('start');
    expect(project.row('A-01')).toBe('| A-01 | ⬜ Pending | — | — | — | kept by hand |');
    expect(project.row('A-02')).toContain('🔄 Active');
    expect(project.progress()).toContain('\nA line of theirs.\n');
    expect(project.session()).toContain('- a note of theirs\n');
    expect(warnings.join()).toContain(`${sessionPath} was changed since`);
  });

  test('never takes a living verb for dead, and names it with its process', async () => {
    const project = await createProject();
    const { localState, owners } = project.ports;
    const record = {
      version: 1,
      verb: 'complete',
      session: 'A-01',
      owner: owners.self,
      startedAt: '2026-01-02T09:00:00+01:00',
      effects: [{ kind: 'remove', path: 'README.md' }],
      steps: [{ kind: 'remove', before: '# Shop\n' }],
      done: 0,
      hashes: {},
    };
    await localState.write(journalKey(localState), record);
    for (const verb of [
      () => start(project.context, { id: 'A-01' }),
      () => recover(project.context),
      () => note(project.context, { kind: 'decision', text: 'x' }),
    ]) {
      const error = await refusal(verb(), 'interrupted');
      expect(error.message).toBe(`complete of A-01 is still running (process ${process.pid})`);
    }
    expect((await status(project.context)).interrupted).toMatchObject({ alive: true, pid: process.pid });
    // Another boot: the same PID is another process.
    await localState.write(journalKey(localState), { ...record, owner: { ...owners.self, bootId: 'another' } });
    expect((await recover(project.context)).undone).toBe('complete');
    expect(project.repository.read('README.md')).toBe('# Shop\n');
  });

  test('an owner on another host is not taken for dead', async () => {
    const project = await createProject();
    const { localState, owners } = project.ports;
    const owner = { ...owners.self, host: 'another.example' };
    await localState.write(journalKey(localState), {
      version: 1,
      verb: 'pause',
      owner,
      startedAt: '',
      effects: [],
      steps: [],
      done: 0,
      hashes: {},
    });
    expect((await refusal(recover(project.context), 'interrupted')).message).toContain('another.example');
  });

  test('a commit whose process was killed inside it is recognised, and complete is finished', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-03' });
    project.repository.write('work.txt', 'x\n');
    // The hook kills Baton, which is the parent of git, and lets git go on.
    const hook =
      '#!/bin/sh\nif [ ! -e .git/killed ]; then touch .git/killed; kill -9 "$(ps -o ppid= -p $PPID | tr -d " ")"; fi\n';
    project.repository.write('.git/hooks/pre-commit', hook);
    chmodSync(join(project.repository.root, '.git/hooks/pre-commit'), 0o755);
    const end = await startNode(child(), [project.repository.root, 'complete-claimed', '0']).ended;
    expect(end.signal).toBe('SIGKILL');
    await waitFor(() => project.subjects()[0] === 'feat(schema): add it');
    expect((await status(project.context)).interrupted).toMatchObject({ verb: 'complete', alive: false });
    expect((await recover(project.context)).finished).toBe('complete');
    expect(project.subjects()).toEqual(['chore(progress): record A-03', 'feat(schema): add it', 'first']);
    const work = project.repository.git('rev-parse', '--short=7', 'HEAD~1').trim();
    expect(project.row('A-03')).toContain(`| ${work} |`);
    expect(project.dirty()).toEqual([]);
  });

  test('nothing is undone while the git of the killed process is still in the commit', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-03' });
    project.repository.write('work.txt', 'x\n');
    const parent = '"$(ps -o ppid= -p $PPID | tr -d " ")"';
    project.repository.write(
      '.git/hooks/pre-commit',
      `#!/bin/sh\n[ -e .git/killed ] && exit 0\ntouch .git/killed\nkill -9 ${parent}\nsleep 1\n`,
    );
    chmodSync(join(project.repository.root, '.git/hooks/pre-commit'), 0o755);
    await startNode(child(), [project.repository.root, 'complete-claimed', '0']).ended;
    expect((await refusal(recover(project.context), 'locked')).hint).toContain('index.lock');
    await waitFor(() => project.subjects()[0] === 'feat(schema): add it');
    // Whoever asks for it again hears that it is done.
    const again = await refusal(complete(project.context, { message: 'feat: again' }), 'no-active-session');
    expect(again.message).toContain('complete of A-03 was half done and has been finished first');
    expect(project.subjects().slice(0, 2)).toEqual(['chore(progress): record A-03', 'feat(schema): add it']);
    expect(project.dirty()).toEqual([]);
  });

  test('two at once: one recovers, the other waits or finds nothing left', async () => {
    const project = await createProject();
    await kill(project, 'start', 4);
    const results = await Promise.allSettled([recover(project.context), recover(project.context)]);
    expect(results.filter(({ status: state }) => state === 'fulfilled')).toHaveLength(1);
    expect(project.row('A-01')).toContain('⬜ Pending');
    expect((await status(project.context)).interrupted).toBeUndefined();
  });
});

async function waitFor(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !isSo(); attempt++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isSo()).toBe(true);
}

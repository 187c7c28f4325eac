import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkpoint } from '../../../src/core/actions/checkpoint.ts';
import { complete } from '../../../src/core/actions/complete.ts';
import { fail } from '../../../src/core/actions/fail.ts';
import { note } from '../../../src/core/actions/note.ts';
import { pause } from '../../../src/core/actions/pause.ts';
import { resume } from '../../../src/core/actions/resume.ts';
import { rollback } from '../../../src/core/actions/rollback.ts';
import { show } from '../../../src/core/actions/show.ts';
import { start } from '../../../src/core/actions/start.ts';
import type { FileChoice } from '../../../src/core/ports/prompt.ts';
import { createTestRepository } from '../../support/gitRepository.ts';
import {
  createProject,
  openProject,
  plan,
  planPath,
  progressPath,
  refusal,
  sessionPath,
  type TestProject,
} from './support.ts';

const message = 'feat(schema): add it';

function stateOf(project: TestProject) {
  return {
    progress: project.progress(),
    session: project.session(),
    dirty: project.dirty(),
    head: project.repository.git('rev-parse', 'HEAD'),
  };
}

describe('complete', () => {
  test('makes the work commit and the record, moves notes, clears SESSION.md, leaves a clean tree', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-01' });
    await note(project.context, { kind: 'note', text: 'mind the | pipe' });
    project.repository.write('schema.txt', 'one\n');
    project.repository.write('größe der Dinge.txt', 'zwei\n');
    const result = await complete(project.context, { message, body: 'With words.\n\nAnd more.' });
    expect(result.commit?.message.trim()).toBe(
      `${message}\n\nWith words.\n\nAnd more.\n\nPart of: Shop Phase 1\nVerified: 1/1\nSession: A-01`,
    );
    expect(result.record?.message.trim()).toBe('chore(progress): record A-01\n\nSession: A-01 (record)');
    expect([...result.files].sort()).toEqual([progressPath, sessionPath, 'größe der Dinge.txt', 'schema.txt'].sort());
    expect(result).toMatchObject({ verified: { passed: 1, total: 1 }, warnings: [] });
    expect(result.next.map(({ id }) => id)).toEqual(['A-03', 'A-02']);
    expect(project.dirty()).toEqual([]);
    const short = result.commit?.hash.slice(0, 7);
    expect(project.row('A-01')).toMatch(
      new RegExp(`^\\| A-01 \\| ✅ Done \\| [-\\d]+ [\\d:]+ \\| [-\\d]+ [\\d:]+ \\| ${short} \\| keep me \\|$`),
    );
    expect(project.repository.git('show', '--name-only', '--format=', 'HEAD').trim()).toBe(progressPath);
    expect(project.progress()).toMatch(
      /#### A-01: Schema\n\n- \[\d\d:\d\d\] mind the \| pipe\n- \[\d\d:\d\d\] Verified 1\/1: `test -f schema\.txt` ok \(\d+ ms\)\n/,
    );
    expect(project.progress()).toContain('| Sessions Completed | 1 / 4 |');
    expect(project.session()).toMatch(/^# Session Complete\n\n> \*\*Last Session:\*\* A-01\n/);
    expect(project.session()).toContain('baton start A-03');
    expect(await project.ports.localState.list('journal/')).toEqual([]);
    const shown = await show(project.context, { id: 'A-01' });
    expect(shown).toMatchObject({ verified: 'verified 1/1', commits: [{ kind: 'record' }, { kind: 'work' }] });
  });

  test('a failing command commits nothing, and the session stays active', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-01' });
    project.repository.write('other.txt', 'x\n');
    const before = stateOf(project);
    const error = await refusal(complete(project.context, { message }), 'verification-failed');
    expect(error.message).toContain('test -f schema.txt (exit code 1)');
    expect(error.data).toMatchObject({ passed: 0, total: 1, failed: [{ exitCode: 1 }] });
    expect(stateOf(project)).toEqual(before);
  });

  test('refuses to call verified what changed while the files were being chosen', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'one\n');
    const head = project.repository.git('rev-parse', 'HEAD');
    const meanwhile = async (change: () => void, file: string): Promise<void> => {
      const choosing = await openProject(project.repository, {
        yes: true,
        prompt: {
          chooseFiles: async (choice: FileChoice) => {
            change();
            return choice.files.map(({ path }) => path);
          },
        },
      });
      const error = await refusal(complete(choosing.context, { message }), 'wrong-state');
      expect(error.message).toContain(file);
      expect(error.hint).toContain('Complete again');
      expect(error.data).toEqual({ session: 'A-01', stale: true, files: [file] });
      expect(project.repository.git('rev-parse', 'HEAD')).toBe(head);
      expect(project.row('A-01')).toContain('🔄 Active');
    };
    await meanwhile(() => project.repository.write('schema.txt', 'two\n'), 'schema.txt');
    await meanwhile(() => project.repository.write('new größe.txt', 'x\n'), 'new größe.txt');
    const withCommand = project.session().replace('test -f schema.txt\n```', 'test -f schema.txt\ntest -f no.txt\n```');
    await meanwhile(() => project.repository.write(sessionPath, withCommand), sessionPath);
    project.repository.write('no.txt', 'x\n');
    const { verified } = await complete(project.context, { message });
    expect(verified).toEqual({ passed: 2, total: 2 });
    expect(project.dirty()).toEqual([]);
  });

  test('a state file that changes meanwhile does not make it stale', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'one\n');
    const choosing = await openProject(project.repository, {
      yes: true,
      prompt: {
        chooseFiles: async ({ files }) => {
          project.repository.write(progressPath, project.progress().replace('| ‖ A-03 |', '| by hand |'));
          return files.map(({ path }) => path);
        },
      },
    });
    expect((await complete(choosing.context, { message })).verified).toEqual({ passed: 1, total: 1 });
    expect(project.row('A-02')).toContain('by hand');
  });

  test('the commit says where the commands saw more than it holds', async () => {
    const project = await createProject({ yes: true });
    project.repository.write('mine.txt', 'x\n');
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'one\n');
    project.repository.write('later.txt', 'x\n');
    const { commit } = await complete(project.context, { message, body: 'Why.', files: ['schema.txt'] });
    expect(commit?.message.trim()).toBe(
      `${message}\n\nWhy.\n\nVerified together with 2 changed files that are not in this commit.\n\n` +
        'Part of: Shop Phase 1\nVerified: 1/1\nSession: A-01',
    );
    expect(project.dirty()).toEqual(['?? later.txt', '?? mine.txt']);
    const claimed = await createProject();
    claimed.repository.write('mine.txt', 'x\n');
    await start(claimed.context, { id: 'A-01' });
    claimed.repository.write('schema.txt', 'one\n');
    expect((await complete(claimed.context, { message, verify: false })).commit?.message).not.toContain('together');
  });

  test('what the commands write themselves is committed, and said', async () => {
    const writing = plan.replace(
      'test -f schema.txt\n```\n\n### Rollback',
      'echo done > schema.txt\n```\n\n### Rollback',
    );
    const project = await createProject({ yes: true, files: { [planPath]: writing } });
    await start(project.context, { id: 'A-01' });
    const { verified, warnings, files } = await complete(project.context, { message });
    expect(verified).toEqual({ passed: 1, total: 1 });
    expect(warnings).toEqual([expect.stringMatching(/^Changed while the commands of A-01 ran.*: schema\.txt$/)]);
    expect(files).toContain('schema.txt');
  });

  test('without verification the commit says claimed', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    project.repository.write('other.txt', 'x\n');
    const { commit, verified, warnings } = await complete(project.context, { message: 'did it', verify: false });
    expect(verified).toBe('claimed');
    expect(commit?.message).toContain('\nVerified: claimed\n');
    expect(warnings.join()).toContain('<type>(<scope>): <description>');
    expect(project.progress()).toContain('Completed without verification (claimed)');
    expect((await show(project.context, { id: 'A-01' })).verified).toBe('claimed');
  });

  test('a failing hook puts everything back', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-01' });
    await note(project.context, { kind: 'note', text: 'keep this' });
    project.repository.write('schema.txt', 'one\n');
    project.repository.write('.git/hooks/commit-msg', '#!/bin/sh\necho refused by hook >&2\nexit 1\n');
    chmodSync(join(project.repository.root, '.git/hooks/commit-msg'), 0o755);
    const before = stateOf(project);
    const error = await refusal(complete(project.context, { message, verify: false }), 'hook-failed');
    expect(JSON.stringify(error.data)).toContain('refused by hook');
    expect(stateOf(project)).toEqual(before);
  });

  test('a hook that refuses only the record commit leaves a journal that recover finishes', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'one\n');
    const hook = join(project.repository.root, '.git/hooks/commit-msg');
    project.repository.write(
      '.git/hooks/commit-msg',
      '#!/bin/sh\nif grep -q "^chore(progress)" "$1"; then exit 1; fi\n',
    );
    chmodSync(hook, 0o755);
    const error = await refusal(complete(project.context, { message }), 'hook-failed');
    expect(error.message).toContain('half done');
    expect(error.hint).toContain('baton recover');
    project.repository.write('.git/hooks/commit-msg', '#!/bin/sh\nexit 0\n');
    // The same process lives on; the next changing verb finishes it all the same.
    const { warnings } = await start(project.context, { id: 'A-02' });
    expect(warnings.join()).toContain('complete of A-01 was half done and has been finished first');
    expect(project.subjects().slice(0, 2)).toEqual(['chore(progress): record A-01', message]);
    expect(project.row('A-01')).toContain('✅ Done');
  });

  test('refuses a merge in progress, a detached HEAD, and nobody to commit as', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'one\n');
    const { git } = project.repository;
    const head = git('rev-parse', 'HEAD');
    await refusal(complete(project.context, { message: ' ' }), 'invalid-argument');
    project.repository.write('.git/MERGE_HEAD', head);
    await refusal(complete(project.context, { message }), 'merge-in-progress');
    git('update-ref', '-d', 'MERGE_HEAD');
    git('checkout', '-q', '--detach');
    await refusal(complete(project.context, { message }), 'detached-head');
    git('checkout', '-q', 'main');
    git('config', 'user.useConfigOnly', 'true');
    git('config', '--unset', 'user.name');
    git('config', '--unset', 'user.email');
    expect((await refusal(complete(project.context, { message }), 'no-identity')).hint).toContain('user.email');
    expect(project.session()).toContain('session: A-01');
    expect(git('rev-parse', 'HEAD')).toBe(head);
  });

  test('with all work in checkpoints the message and the trailers are kept by a commit of the state files', async () => {
    const project = await createProject({ yes: true });
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'one\n');
    await checkpoint(project.context, { message: 'all of it' });
    const { commit, record, files, warnings } = await complete(project.context, { message });
    expect(commit?.message.trim()).toBe(`${message}\n\nPart of: Shop Phase 1\nVerified: 1/1\nSession: A-01`);
    expect([...files].sort()).toEqual([progressPath, sessionPath].sort());
    expect(record).toBeDefined();
    expect(warnings).toEqual([]);
    expect(project.row('A-01')).toContain(`| ${commit?.hash.slice(0, 7)} |`);
    expect(project.dirty()).toEqual([]);
    await rollback(project.context, { session: 'A-01' });
    expect(project.repository.git('ls-files')).not.toContain('schema.txt');
    expect(project.dirty()).toEqual([]);
  });

  test('where git ignores the state files too, the last checkpoint stands for the work', async () => {
    const project = await createProject({ yes: true, files: { '.gitignore': 'docs/sessions/\ndocs/progress/\n' } });
    project.repository.git('rm', '-rq', '--cached', '--', 'docs');
    project.repository.commit('docs: ignore state');
    await start(project.context, { id: 'A-01' });
    project.repository.write('schema.txt', 'one\n');
    const { commit } = await checkpoint(project.context, { message: 'all of it' });
    const result = await complete(project.context, { message });
    expect(result.commit).toBeUndefined();
    expect(project.row('A-01')).toContain(`| ${commit.hash.slice(0, 7)} |`);
    expect(project.dirty()).toEqual([]);
  });

  test('without any work it is rightly done, with the record alone', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-03' });
    const result = await complete(project.context, { message });
    expect(result.commit).toBeUndefined();
    expect(result.record).toBeDefined();
    expect(result.warnings.join()).toContain('No work was left to commit');
    expect(project.row('A-03')).toMatch(/✅ Done .* \| — \|/);
    expect(project.dirty()).toEqual([]);
  });

  test('a row that has been doubled meanwhile stops it before anything is committed', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-03' });
    project.repository.write('work.txt', 'x\n');
    project.repository.write(progressPath, project.progress().replace(/^(\| A-03 .*)$/m, '$1\n$1'));
    const before = stateOf(project);
    await refusal(complete(project.context, { message }), 'ambiguous-session');
    expect(stateOf(project)).toEqual(before);
    expect(await project.ports.localState.list('journal/')).toEqual([]);
  });

  test('takes along what earlier verbs have left in state files', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    await pause(project.context);
    await start(project.context, { id: 'A-03' });
    project.repository.write('größe.txt', 'x\n');
    await complete(project.context, { message });
    expect(project.dirty()).toEqual([]);
    await resume(project.context, { id: 'A-01' });
    await fail(project.context, { why: 'no time' });
    await start(project.context, { id: 'A-04' });
    project.repository.write('last.txt', 'x\n');
    await complete(project.context, { message });
    expect(project.dirty()).toEqual([]);
    expect(project.repository.git('ls-files')).not.toContain('paused');
  });

  test('shows what it will commit, points out what was dirty before, and takes what is chosen', async () => {
    const requests: FileChoice[] = [];
    const prompt = {
      chooseFiles: async (request: FileChoice) => {
        requests.push(request);
        return request.files.filter(({ before }) => !before).map(({ path }) => path);
      },
    };
    const project = await createProject({ prompt });
    project.repository.write('README.md', '# Mine\n');
    project.repository.write('staged elsewhere.txt', 'mine\n');
    project.repository.git('add', 'staged elsewhere.txt');
    await start(project.context, { id: 'A-03' });
    project.repository.write('new.txt', 'x\n');
    project.repository.write('ignored/secret.txt', 'x\n');
    project.repository.write('.SESSION.md.99999.tmp', 'x\n');
    await complete(project.context, { message });
    const shown = Object.fromEntries(
      (requests[0]?.files ?? []).map(({ path, before, stateFile }) => [path, [before, stateFile]]),
    );
    expect(shown).toEqual({
      'README.md': [true, false],
      'staged elsewhere.txt': [true, false],
      'new.txt': [false, false],
      [sessionPath]: [false, true],
      [progressPath]: [false, true],
    });
    expect(project.dirty()).toEqual([' M README.md', 'A  "staged elsewhere.txt"']);
    expect(project.repository.git('ls-files')).not.toMatch(/secret|99999/);
  });

  test('asked by nobody, it leaves out what was dirty before and says so; named files are taken exactly', async () => {
    const project = await createProject();
    project.repository.write('README.md', '# Mine\n');
    await start(project.context, { id: 'A-03' });
    project.repository.write('a.txt', 'x\n');
    project.repository.write('b.txt', 'x\n');
    await refusal(complete(project.context, { message, files: ['none.txt'] }), 'invalid-argument');
    const { files, warnings } = await complete(project.context, { message });
    expect(files).toContain('b.txt');
    expect(files).not.toContain('README.md');
    expect(warnings.join()).toContain(
      'Left out, because they were changed before A-03 started and not since: README.md',
    );
    await start(project.context, { id: 'A-04' });
    project.repository.write('c.txt', 'x\n');
    project.repository.write('d.txt', 'x\n');
    expect((await complete(project.context, { message, files: ['c.txt', 'README.md'] })).files).not.toContain('d.txt');
    expect(project.dirty()).toEqual(['?? d.txt']);
  });

  test('what is removed and renamed is committed as well', async () => {
    const project = await createProject({ files: { 'old name.txt': 'a\nb\nc\n', 'gone.txt': 'x\n' } });
    await start(project.context, { id: 'A-03' });
    project.repository.git('mv', 'old name.txt', 'ein Ümlaut.txt');
    project.repository.git('rm', '-q', 'gone.txt');
    await complete(project.context, { message });
    expect(project.dirty()).toEqual([]);
    expect(project.repository.git('ls-files', '-z')).toContain('ein Ümlaut.txt');
    expect(project.repository.git('ls-files', '-z')).not.toMatch(/old name|gone/);
  });

  test('outside git the state files alone are written', async () => {
    const project = await createProject({ git: false });
    await start(project.context, { id: 'A-03' });
    const { commit, record, warnings } = await complete(project.context, { message });
    expect([commit, record]).toEqual([undefined, undefined]);
    expect(warnings.join()).toContain('no git repository');
    expect(project.row('A-03')).toMatch(/✅ Done \| .* \| .* \| — \|/);
    expect(project.session()).toContain('# Session Complete');
  });

  test('a note that is added in the last moment is not lost', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-03' });
    project.repository.write('a.txt', 'x\n');
    const other = await openProject(project.repository, {
      override: ({ stateFiles }) => {
        let isFirst = true;
        return {
          stateFiles: {
            ...stateFiles,
            move: stateFiles.move.bind(stateFiles),
            remove: stateFiles.remove.bind(stateFiles),
            update: async (path, edits, options) => {
              if (path === sessionPath && isFirst) {
                isFirst = false;
                project.repository.write(sessionPath, `${project.session()}- a late note\n`);
              }
              return stateFiles.update(path, edits, options);
            },
          },
        };
      },
    });
    await complete(other.context, { message });
    expect(project.progress()).toContain('- a late note\n');
    expect(project.session()).toContain('# Session Complete');
    expect(project.dirty()).toEqual([]);
  });

  test('work of another repository is committed there, the state files here', async () => {
    const backend = 'repos/backend one';
    const project = await createProject({
      files: {
        '.baton.yaml': `repositories:\n  backend: ${backend}\n`,
        '.gitignore': 'repos/\n',
        [progressPath]: `# Shop Progress\n\n## Repository: backend\n\n| Session | Status | Started | Completed | Commit |\n|---|---|---|---|---|\n| A-03 | ⬜ Pending | — | — | — |\n`,
      },
    });
    const other = createTestRepository({ 'main.txt': 'x\n' }, join(project.repository.root, backend));
    await start(project.context, { id: 'A-03' });
    expect(project.session()).toContain(`start_ref: ${other.git('rev-parse', 'HEAD').trim()}`);
    other.write('new.txt', 'x\n');
    project.repository.write('unrelated.txt', 'x\n');
    const point = await checkpoint(project.context, { message: 'there' });
    expect(point.files).toEqual(['new.txt']);
    other.write('newer.txt', 'x\n');
    const { commit, files } = await complete(project.context, { message });
    expect(files).toEqual(['newer.txt']);
    expect(other.git('log', '--format=%s', '-2').trim().split('\n')).toEqual([
      message,
      'WIP: [A-03] checkpoint 1 - there',
    ]);
    expect(other.git('status', '--porcelain')).toBe('');
    expect(project.row('A-03')).toContain(`| ${commit?.hash.slice(0, 7)} |`);
    expect(project.subjects().slice(0, 2)).toEqual(['chore(progress): record A-03', 'chore(progress): record A-03']);
    expect(project.dirty()).toEqual(['?? unrelated.txt']);
  });

  test('of another repository whose checkpoints hold all the work, the message is kept here', async () => {
    const project = await createProject({
      files: {
        '.baton.yaml': 'repositories:\n  backend: api\n',
        [progressPath]: `# Shop Progress\n\n## Repository: backend\n\n| Session | Status | Started | Completed | Commit |\n|---|---|---|---|---|\n| A-03 | ⬜ Pending | — | — | — |\n`,
      },
    });
    // Not ignored: a repository inside another one is never part of it.
    const other = createTestRepository({ 'main.txt': 'x\n' }, join(project.repository.root, 'api'));
    await start(project.context, { id: 'A-03' });
    other.write('new.txt', 'x\n');
    const point = await checkpoint(project.context, { message: 'there' });
    const { commit, record, warnings } = await complete(project.context, { message });
    expect([commit, warnings]).toEqual([undefined, []]);
    expect(record?.message.trim()).toBe(`${message}\n\nPart of: Shop Phase 1\nSession: A-03`);
    expect(project.row('A-03')).toContain(`| ${point.commit.hash.slice(0, 7)} |`);
    expect([project.dirty(), other.git('status', '--porcelain')]).toEqual([['?? api/'], '']);
  });
});

import { describe, expect, test } from 'vitest';
import { complete } from '../../../src/core/actions/complete.ts';
import { fail } from '../../../src/core/actions/fail.ts';
import { note } from '../../../src/core/actions/note.ts';
import { pause } from '../../../src/core/actions/pause.ts';
import { resume } from '../../../src/core/actions/resume.ts';
import { start } from '../../../src/core/actions/start.ts';
import { status } from '../../../src/core/actions/status.ts';
import { pausedPath } from '../../../src/core/formats/pausedPath.ts';
import { createProject, progress, progressPath, refusal, sessionPath } from './support.ts';

describe('pause and resume', () => {
  test('the file moves away and comes back, the row follows', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    const before = project.session();
    const paused = await pause(project.context, { reason: 'lunch' });
    expect(paused.path).toBe('docs/sessions/paused/A-01.md');
    expect(project.row('A-01')).toContain('⏸️ Paused');
    expect(project.progress()).toMatch(/- \[\d\d:\d\d\] Paused: lunch\n/);
    expect(project.repository.read(paused.path)).toContain('status: paused\n');
    expect(await status(project.context)).toMatchObject({ paused: ['A-01'] });
    expect((await status(project.context)).active).toBeUndefined();
    const { session, path } = await resume(project.context);
    expect([session, path]).toEqual(['A-01', sessionPath]);
    expect(project.row('A-01')).toContain('🔄 Active');
    const placeholder = '_Add notes during execution here_';
    const [text = '', handoff] = project.session().split(/(?<=\n)\n## Handoff\n/);
    expect(text.replace(/- \[\d\d:\d\d\] Paused: lunch/, placeholder)).toBe(before);
    expect(handoff).toContain('- **State:** paused: lunch\n');
  });

  test('several can be paused; what was dirtied by another session is not the resumed one’s', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    project.repository.write('mine.txt', 'A-01\n');
    await pause(project.context);
    await start(project.context, { id: 'A-03' });
    project.repository.write('other.txt', 'A-03\n');
    await pause(project.context);
    expect((await refusal(resume(project.context), 'ambiguous-session')).message).toContain('A-01, A-03');
    expect((await refusal(resume(project.context, { id: 'A-02' }), 'wrong-state')).hint).toContain('A-01');
    await resume(project.context, { id: 'A-01' });
    await refusal(resume(project.context, { id: 'A-03' }), 'session-active');
    const { files, warnings } = await complete(project.context, { message: 'feat: mine', verify: false });
    expect(files).toContain('mine.txt');
    expect(files).not.toContain('other.txt');
    expect(warnings.join()).toContain('other.txt');
    await resume(project.context, { id: 'A-03' });
    expect((await complete(project.context, { message: 'feat: other' })).files).toContain('other.txt');
    expect(project.dirty()).toEqual([]);
  });

  test('refuses without a session, over a foreign file, and where nothing is paused', async () => {
    const project = await createProject();
    await refusal(pause(project.context), 'no-active-session');
    await refusal(resume(project.context), 'wrong-state');
    await start(project.context, { id: 'A-01' });
    await pause(project.context);
    project.repository.write(sessionPath, '# Mine\n');
    await refusal(resume(project.context), 'foreign-session-file');
    expect(project.session()).toBe('# Mine\n');
  });

  test('never overwrites a paused file', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    project.repository.write('docs/sessions/paused/A-01.md', 'someone wrote this\n');
    await refusal(pause(project.context), 'already-exists');
    expect(project.session()).toContain('session: A-01');
  });

  test('names a file for every ID', () => {
    const config = { pausedFolder: 'p' };
    const ids = ['A-01', 'G.C.1', '4½', 'a/b', '..', 'CON', 'x:y', 'a%2Fb', 'end.', '.hidden'];
    const paths = ids.map((id) => pausedPath(config, id));
    expect(paths.slice(0, 4)).toEqual(['p/A-01.md', 'p/G.C.1.md', 'p/4½.md', 'p/a%2Fb.md']);
    expect(new Set(paths).size).toBe(ids.length);
    for (const path of paths) expect(path).toMatch(/^p\/[^/\\:.][^/\\:]*\.md$/);
  });
});

describe('fail', () => {
  test('records why, moves the notes, clears SESSION.md, commits nothing', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    await note(project.context, { kind: 'note', text: 'tried it\n## twice' });
    project.repository.write('half.txt', 'x\n');
    await refusal(fail(project.context, { why: '  ' }), 'invalid-argument');
    await fail(project.context, { why: 'no such library' });
    expect(project.row('A-01')).toMatch(/❌ Failed \| [-\d]+ [\d:]+ \| — \| — \|/);
    expect(project.progress()).toMatch(
      /- \[\d\d:\d\d\] tried it\n {2}\\## twice\n- \[\d\d:\d\d\] Failed: no such library\n/,
    );
    expect(project.session()).toContain('# Session Complete');
    expect(project.subjects()).toEqual(['first']);
    expect(project.repository.read('half.txt')).toBe('x\n');
    expect((await start(project.context, { id: 'A-01' })).forced).toEqual([]);
  });

  test('changes nothing where the progress file cannot be written', async () => {
    const project = await createProject();
    await start(project.context, { id: 'A-01' });
    const broken = project.progress().replace('| A-01 |', '| A-01 | 🔄 Active | — | — | — | — |\n| A-01 |');
    project.repository.write(progressPath, broken);
    const session = project.session();
    await refusal(fail(project.context, { why: 'x' }), 'ambiguous-session');
    expect([project.progress(), project.session()]).toEqual([broken, session]);
    expect(await project.ports.localState.list('journal/')).toEqual([]);
  });
});

describe('note', () => {
  test('a note goes into SESSION.md, decisions and blockers into the progress file, and are resolved there', async () => {
    const project = await createProject();
    await refusal(note(project.context, { kind: 'note', text: 'x' }), 'no-active-session');
    await refusal(note(project.context, { kind: 'decision', text: ' ' }), 'invalid-argument');
    await note(project.context, { kind: 'blocker', text: 'A-02 blocked by A-01' });
    await start(project.context, { id: 'A-01' });
    expect(await note(project.context, { kind: 'note', text: 'look at x' })).toMatchObject({
      path: sessionPath,
      session: 'A-01',
    });
    expect(project.session()).toMatch(/- \[\d\d:\d\d\] look at x\n/);
    await note(project.context, { kind: 'decision', text: 'Use | pipes', rationale: 'they are there' });
    expect(project.progress()).toMatch(/\| \d{4}-\d\d-\d\d \| A-01 \| Use \\\| pipes \| they are there \|\n/);
    await note(project.context, { kind: 'blocker', text: 'no database' });
    expect(project.progress()).toContain('- [ ] A-02 blocked by A-01\n- [ ] A-01: no database\n');
    expect((await status(project.context)).blockers).toHaveLength(2);
    const error = await refusal(
      note(project.context, { kind: 'blocker', text: 'datbase', resolve: true }),
      'invalid-argument',
    );
    expect(error.hint).toContain('no database');
    await note(project.context, { kind: 'blocker', text: 'no database', resolve: true, rationale: 'installed' });
    expect(project.progress()).toContain('- [x] A-01: no database\n');
    expect((await status(project.context)).blockers.map(({ text }) => text)).toEqual(['A-02 blocked by A-01']);
  });

  test('says which files there are where several may be meant', async () => {
    const project = await createProject({
      files: { 'docs/progress/ZOO_PROGRESS.md': progress.replace('# Shop', '# Zoo') },
    });
    const error = await refusal(note(project.context, { kind: 'decision', text: 'x' }), 'ambiguous-project');
    expect(error.message).toContain('ZOO_PROGRESS.md');
  });
});

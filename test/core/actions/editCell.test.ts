import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editCell } from '../../../src/core/actions/editCell.ts';
import { pause } from '../../../src/core/actions/pause.ts';
import { setSessionStatus } from '../../../src/core/actions/setSessionStatus.ts';
import { start } from '../../../src/core/actions/start.ts';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { planCellSet } from '../../../src/core/formats/progressEdits.ts';
import { createProject, files, progress, progressPath, refusal, type TestProject } from './support.ts';

function withProgress(text: string): Promise<TestProject> {
  return createProject({ files: { ...files, [progressPath]: text } });
}

describe('editCell', () => {
  it('writes a note and nothing else, and commits nothing', async () => {
    const project = await createProject();
    const before = project.progress();
    const result = await editCell(project.context, {
      id: 'A-01',
      column: 'notes',
      text: 'a | b\nsecond',
      was: 'keep me',
    });
    expect(result).toEqual({ session: 'A-01', path: progressPath, column: 'Notes', warnings: [] });
    expect(project.progress()).toBe(before.replace('| keep me |', '| a \\| b second |'));
    expect(project.dirty()).toEqual([` M ${progressPath}`]);
    expect(project.context.store.workspace?.sessions[0]?.notes).toBe('a | b second');
  });

  it('keeps CRLF, a BOM, formatting and ragged rows of the others', async () => {
    const text = [
      '\uFEFF# Shop Progress',
      '',
      '| Session | Status | Who | Notes |',
      '|:---|---|:-:|---|',
      '|A-01|⬜ Pending|  Åsa  |keep me|',
      '| A-02 | ⬜ Pending |',
      '| A-03 | ⬜ Pending | `a|b` | x | surplus',
      'A-04 | **⬜ Pending** | |',
    ].join('\r\n');
    const project = await withProgress(text);
    await editCell(project.context, { id: 'A-01', column: 'Who', text: 'Bo', was: 'Åsa' });
    await editCell(project.context, { id: 'A-02', column: 'Notes', text: 'short', was: '' });
    await editCell(project.context, { id: 'A-04', column: 'Notes', text: 'last', was: '' });
    const lines = project.progress().split('\r\n');
    const old = text.split('\r\n');
    expect(lines[4]).toBe('|A-01|⬜ Pending| Bo |keep me|');
    expect(lines[5]).toBe('| A-02 | ⬜ Pending |  | short |');
    expect(lines[7]).toBe('A-04 | **⬜ Pending** | | last |');
    expect(lines.filter((_, at) => ![4, 5, 7].includes(at))).toEqual(old.filter((_, at) => ![4, 5, 7].includes(at)));
    expect(project.progress().endsWith('\r\n')).toBe(false);
  });

  it('writes a dash for nothing, and leaves what says nothing as people put it', async () => {
    const project = await createProject();
    await editCell(project.context, { id: 'A-01', column: 'Notes', text: '  ' });
    expect(project.row('A-01')).toBe('| A-01 | ⬜ Pending | — | — | — | — |');
    const before = project.progress();
    await editCell(project.context, { id: 'A-03', column: 'Notes', text: '' });
    expect(project.progress()).toBe(before);
  });

  it('refuses with the current text where the cell is not what it was', async () => {
    const project = await createProject();
    const edit = { id: 'A-01', column: 'Notes', text: 'mine', was: 'what I saw' };
    const error = await refusal(editCell(project.context, edit), 'conflict');
    expect(error.data).toMatchObject({ current: 'keep me', column: 'Notes' });
    expect(project.progress()).toBe(progress);
    // What it says already is no conflict.
    await editCell(project.context, { ...edit, text: 'keep me' });
    expect(project.dirty()).toEqual([]);
  });

  it('refuses columns that Baton keeps or the table lacks, and names those that can be edited', async () => {
    const project = await createProject();
    const kept = await refusal(
      editCell(project.context, { id: 'A-01', column: 'Commit', text: 'x' }),
      'invalid-argument',
    );
    expect(kept.hint).toBe('Columns that can be edited: Status, Notes.');
    await refusal(editCell(project.context, { id: 'A-01', column: 'Cost', text: 'x' }), 'unknown-item');
    await refusal(editCell(project.context, { id: 'A-09', column: 'Notes', text: 'x' }), 'unknown-session');
    expect(project.progress()).toBe(progress);
  });

  it('never guesses which of two rows with one ID is meant', async () => {
    const project = await withProgress(progress.replace('| A-02 |', '| A-01 |'));
    const edit = { id: 'A-01', column: 'Notes', text: 'x' };
    await refusal(editCell(project.context, edit), 'ambiguous-session');
    const [first] = project.context.store.workspace?.sessions ?? [];
    // Also not where a host knows the entry: in the file nothing tells the rows apart.
    await refusal(editCell(project.context, { ...edit, key: first?.key ?? '' }), 'ambiguous-session');
    const other = progress.replace(
      '### Session Notes',
      '### Week 2\n\n| Session | Status | Notes |\n|---|---|---|\n| A-01 | | two |\n\n### Session Notes',
    );
    const sections = await withProgress(other);
    await refusal(editCell(sections.context, edit), 'ambiguous-session');
    const second = sections.context.store.workspace?.sessions.find(({ section }) => section === 'Week 2');
    await editCell(sections.context, { ...edit, key: second?.key ?? '' });
    expect(sections.progress()).toBe(other.replace('| two |', '| x |'));
  });

  it('changes one cell, whatever the texts are', () => {
    const piece = fc.string({
      unit: fc.constantFrom('|', '\\', '`', '*', '—', 'a', ' ', '\n', '\r\n', '<', '_'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(piece, piece, fc.constantFrom('\n', '\r\n'), (old, text, ending) => {
        const cell = old
          .replace(/[\r\n]/g, ' ')
          .replace(/\|/g, '\\|')
          .replace(/`/g, '');
        const lines = [
          '# X',
          '',
          '| ID | Status | Who | Notes |',
          '|---|---|---|---|',
          `| A-1 | ⬜ | ${cell} | end |`,
          '',
          'z',
        ];
        const before = lines.join(ending);
        const edits = planCellSet(before, 'x.md', { id: 'A-1' }, { column: 'Who', text });
        const after = applyEdits(before, edits);
        expect(after.split(ending)).toHaveLength(lines.length);
        expect(after.startsWith(before.slice(0, before.indexOf('| A-1')))).toBe(true);
        expect(after.endsWith(`| end |${ending}${ending}z`)).toBe(true);
        expect(applyEdits(after, planCellSet(after, 'x.md', { id: 'A-1' }, { column: 'Who', text }))).toBe(after);
      }),
    );
  });
});

describe('setSessionStatus', () => {
  it('corrects a row, with the metrics, and fills the end in where it is blank', async () => {
    const project = await createProject();
    await setSessionStatus(project.context, { id: 'A-01', status: 'done' });
    expect(project.row('A-01')).toMatch(/^\| A-01 \| ✅ Done \| — \| \d{4}-\d\d-\d\d \d\d:\d\d \| — \| keep me \|$/);
    expect(project.progress()).toContain('| Sessions Completed | 1 / 4 |');
    expect(project.subjects()).toHaveLength(1);
    await setSessionStatus(project.context, { id: 'A-01', status: 'retry' });
    expect(project.row('A-01')).toMatch(/^\| A-01 \| 🔁 Retry \| — \| \d{4}-/);
  });

  it('adds a row that is missing', async () => {
    const project = await withProgress(progress.replace(/^\| A-04 .*\n/m, ''));
    await setSessionStatus(project.context, { id: 'A-04', status: 'blocked' });
    expect(project.row('A-04')).toContain('| ⛔ Blocked |');
  });

  it('is what editing a status cell does', async () => {
    const project = await createProject();
    await editCell(project.context, { id: 'A-03', column: 'Status', text: 'done', was: '⬜ Pending' });
    expect(project.row('A-03')).toContain('| ✅ Done |');
    const edit = { id: 'A-03', column: 'status', text: 'retry', was: '⬜ Pending' };
    expect((await refusal(editCell(project.context, edit), 'conflict')).data).toMatchObject({ current: '✅ Done' });
    await refusal(editCell(project.context, { ...edit, text: 'soon' }), 'invalid-argument');
    expect(project.row('A-03')).toContain('| ✅ Done |');
  });

  it('leaves sessions with a file of their own to the verbs', async () => {
    const project = await createProject();
    for (const status of ['active', 'paused'] as const) {
      await refusal(setSessionStatus(project.context, { id: 'A-01', status }), 'invalid-argument');
    }
    await start(project.context, { id: 'A-01' });
    expect(
      (await refusal(setSessionStatus(project.context, { id: 'A-01', status: 'done' }), 'session-active')).hint,
    ).toContain('Complete');
    await pause(project.context);
    expect(
      (await refusal(setSessionStatus(project.context, { id: 'A-01', status: 'done' }), 'wrong-state')).hint,
    ).toContain('Resume');
    expect(project.row('A-01')).toContain('⏸️ Paused');
  });
});

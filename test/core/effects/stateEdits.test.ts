import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import type { StateEdit } from '../../../src/core/effects/effect.ts';
import { applyStateEdits, type MadeCommits, planStateEdits } from '../../../src/core/effects/stateEdits.ts';
import { files, progress, progressPath } from '../actions/support.ts';

const commits: MadeCommits = {
  work: { hash: '0123456789abcdef', parents: [], date: '', author: '', message: '' },
};

function apply(text: string | undefined, edits: readonly StateEdit[], path = progressPath): string {
  return applyStateEdits(text, edits, commits, path);
}

describe('state edits', () => {
  const all: readonly StateEdit[] = [
    {
      kind: 'update-row',
      id: 'A-01',
      cells: {
        status: '✅ Done',
        started: { whereBlank: '2026-01-02 09:00' },
        completed: '2026-01-02 10:00',
        commit: { hashOf: 'work' },
      },
    },
    { kind: 'add-row', id: 'A-09', cells: { status: '🔄 Active', started: { whereBlank: '2026-01-02 09:00' } } },
    { kind: 'append-notes', id: 'A-01', title: 'Schema', lines: ['- one', '- two'] },
    { kind: 'add-blocker', text: 'A-02 blocked by A-01' },
    { kind: 'add-decision', date: '2026-01-02', session: 'A-01', decision: 'Yes', rationale: 'why' },
    { kind: 'refresh-metrics' },
  ];

  test('are applied one after the other', () => {
    const text = apply(progress, all);
    expect(text).toContain('| A-01 | ✅ Done | 2026-01-02 09:00 | 2026-01-02 10:00 | 0123456 | keep me |\n');
    expect(text).toContain('| A-09 | 🔄 Active | 2026-01-02 09:00 | — | — | — |\n');
    expect(text).toContain('#### A-01: Schema\n\n- one\n- two\n');
    expect(text).toContain('- [ ] A-02 blocked by A-01\n');
    expect(text).toContain('| 2026-01-02 | A-01 | Yes | why |\n');
    expect(text).toContain('| Sessions Completed | 1 / 5 |\n');
  });

  test('doing them twice is the same as doing them once', () => {
    const once = apply(progress, all);
    expect(apply(once, all)).toBe(once);
  });

  test('planned together they give the same text by small edits', () => {
    const edits = planStateEdits(progress, all, commits, progressPath);
    expect(applyEdits(progress, edits)).toBe(apply(progress, all));
    const replaced = edits.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(replaced).toBeLessThan(60);
  });

  test('a cell that is to be kept is kept, and a hash that was not made leaves what stands in for it', () => {
    const once = apply(progress, all);
    const again = apply(once, [
      {
        kind: 'update-row',
        id: 'A-01',
        cells: { started: { whereBlank: '2030-01-01 00:00' }, commit: { hashOf: 'none', otherwise: 'fedcba9' } },
      },
      { kind: 'update-row', id: 'A-02', cells: { commit: { hashOf: 'none' } } },
    ]);
    expect(again).toContain('| A-01 | ✅ Done | 2026-01-02 09:00 | 2026-01-02 10:00 | fedcba9 |');
    expect(again).toContain('| A-02 | ⬜ Pending | — | — | — |');
  });

  test('a blocker is resolved', () => {
    const text = apply(progress, [
      { kind: 'add-blocker', text: 'no key' },
      { kind: 'resolve-blocker', text: 'no key', date: '2026-01-03' },
    ]);
    expect(text).toContain('- [x] no key\n');
  });

  test('a replaced file keeps its BOM and its line endings', () => {
    expect(apply('\uFEFFa\r\nb\r\n', [{ kind: 'replace', text: 'x\ny\n' }])).toBe('\uFEFFx\r\ny\r\n');
    expect(apply('a\nb\r\nc\n', [{ kind: 'replace', text: 'x\ny\n' }])).toBe('x\ny\n');
    expect(apply(undefined, [{ kind: 'replace', text: 'x\n' }])).toBe('x\n');
  });

  test('lines are appended where they are missing, whatever the end of the file', () => {
    const lines = ['.baton/', '.worktrees/'];
    expect(apply('a\n.baton/', [{ kind: 'append-lines', lines }])).toBe('a\n.baton/\n.worktrees/\n');
    expect(apply('a\r\n', [{ kind: 'append-lines', lines }])).toBe('a\r\n.baton/\r\n.worktrees/\r\n');
    expect(apply(undefined, [{ kind: 'append-lines', lines }])).toBe('.baton/\n.worktrees/\n');
    expect(apply('.worktrees/\n.baton/\n', [{ kind: 'append-lines', lines }])).toBe('.worktrees/\n.baton/\n');
  });

  test('an item that is gone is said, and frontmatter is set and removed', () => {
    const session =
      '---\nbaton: session/1\nsession: A-01 # mine\n---\n\n# Current Session: A-01\n\n## Verification Checklist\n\n- [ ] One\n';
    const path = 'docs/sessions/SESSION.md';
    expect(apply(session, [{ kind: 'set-checked', text: 'One', checked: true }], path)).toBe(
      session.replace('[ ]', '[x]'),
    );
    expect(() => apply(session, [{ kind: 'set-checked', text: 'Two', checked: true }], path)).toThrow(
      /no checklist item "Two"/,
    );
    const set = apply(session, [{ kind: 'set-frontmatter', values: { checkpoints: '2', status: 'active' } }], path);
    expect(set).toContain('session: A-01 # mine\ncheckpoints: ');
    expect(apply(set, [{ kind: 'set-frontmatter', values: { checkpoints: null, status: null } }], path)).toBe(session);
  });

  test('editing one row of ten thousand replaces no more than that row', () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => `| B-${at} | ⬜ Pending | — | — | — |  |\n`).join('');
    const text = (files[progressPath] ?? '').replace('| A-02 ', `${rows}| A-02 `);
    const edits = planStateEdits(text, all, commits, progressPath);
    expect(edits.reduce((sum, { start, end, newText }) => sum + end - start + newText.length, 0)).toBeLessThan(600);
  });
});

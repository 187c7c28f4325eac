import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { parseState } from '../../../src/core/formats/state.ts';
import { dedent } from '../markdown/support.ts';

const path = '.claude/STATE.md';

const text = dedent(`
  ---
  schema-version: 1
  session-type: feature
  branch: main
  issues: [12, 15]
  started_at: 2026-08-22T10:00:00+0200
  status: active
  current-wave: 1
  total-waves: 5
  mission-status:
    - id: auth-login-1
      task: "Log in"
      wave: 1
      status: in-dev
    - id: auth-login-2
      status: validated
  parallel-sessions:
    - id: other-1
      status: odd
  ---

  ## Current Wave

  Wave 2 — Impl-Core

  ## Wave History

  ### Wave 1 — Discovery (planned 3 files → actual 3) — suite 12/0 on linux
  - Agent "Read the code": done — 3 files — fine
  - Agent "Ask": failed — 0 files — nobody there → issue #12
  - C1 worker boot: done — apps/worker

  ### Atomic commits (Wave 1)
  - 8d39ba6 chore: scaffold

  ### Wave 2 — [Impl-Core] (skipped, no tasks)

  ## Mission Status

  - auth-login-1: in-dev (updated 2026-08-22T08:00:00.000Z)
  - auth-login-2: validated (updated 2026-08-22T08:00:00.000Z)
`);

const problemsOf = (changed: string) =>
  parseState(changed, path).diagnostics.map(
    ({ code, message, range }) => `${code} at "${changed.slice(range.start, range.end)}": ${message}`,
  );

describe('STATE.md', () => {
  it('is read: keys, waves with their agents, missions and their mirror', () => {
    const { value, diagnostics } = parseState(text, path);
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({
      status: 'active',
      sessionType: 'feature',
      branch: 'main',
      startedAt: '2026-08-22T10:00:00+0200',
      currentWave: 1,
      totalWaves: 5,
    });
    expect(value.waves.map(({ number, agents }) => [number, agents.map(({ what, status }) => [what, status])])).toEqual(
      [
        [
          1,
          [
            ['Read the code', 'done'],
            ['Ask', 'failed'],
            ['C1 worker boot', 'done'],
          ],
        ],
        [2, []],
      ],
    );
    expect(value.missions.map(({ id, status, updated }) => [id, status, updated])).toEqual([
      ['auth-login-1', 'in-dev', '2026-08-22T08:00:00.000Z'],
      ['auth-login-2', 'validated', '2026-08-22T08:00:00.000Z'],
    ]);
    expect(value.missionMirror.map(({ id, status }) => [id, status])).toEqual([
      ['auth-login-1', 'in-dev'],
      ['auth-login-2', 'validated'],
    ]);
  });

  it('is read the same with CRLF and a BOM', () => {
    const changed = `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    const { value, diagnostics } = parseState(changed, path);
    expect(diagnostics).toEqual([]);
    expect([value.status, value.waves.length, value.missions.length, value.missionMirror.length]).toEqual([
      'active',
      2,
      2,
      2,
    ]);
    const [field] = value.fields;
    expect(field && changed.slice(field.keyRange.start, field.keyRange.end)).toBe('schema-version');
  });

  it.each([
    ['an unknown state', text.replace('status: active', 'status: busy'), 'unknown-status at "busy"'],
    ['a wave behind the last', text.replace('current-wave: 1', 'current-wave: 6'), 'wave-numbers at "6"'],
    ['a wave that is no number', text.replace('total-waves: 5', 'total-waves: five'), 'wave-numbers at "five"'],
    [
      'a history beyond the plan',
      text.replace('total-waves: 5', 'total-waves: 1').replace(' (skipped, no tasks)', ''),
      'wave-numbers at "### Wave 2',
    ],
    ['a missing key', text.replace('status: active\n', ''), 'unreadable-frontmatter at "---"'],
    ['a key twice', text.replace('branch: main', 'branch: main\nbranch: dev'), 'unreadable-frontmatter at "branch"'],
    ['no frontmatter', '## Current Wave\n', 'unreadable-frontmatter at "## Current Wave"'],
    ['an open frontmatter', '---\nstatus: active\n', 'unreadable-frontmatter at "---"'],
    ['an unknown mission state', text.replaceAll('in-dev', 'doing'), 'unknown-status at "doing"'],
    [
      'a mission twice',
      text.replace('- auth-login-2: validated', '- auth-login-1: validated'),
      'duplicate-id at "auth-login-1"',
    ],
  ])('reports %s', (_, changed, expected) => {
    expect(problemsOf(changed).some((problem) => problem.startsWith(expected))).toBe(true);
  });

  it('reports conflict marks that a merge left', () => {
    const changed = text.replace(
      'status: active\n',
      '<<<<<<< ours\nstatus: active\n=======\nstatus: paused\n>>>>>>> theirs\n',
    );
    expect(problemsOf(changed).filter((problem) => problem.startsWith('merge-markers'))).toHaveLength(3);
  });

  it('offers to let the mirror follow the live record', () => {
    const changed = text.replace('- auth-login-1: in-dev', '- auth-login-1: testing');
    const [problem, ...others] = parseState(changed, path).diagnostics;
    expect([problem?.code, others]).toEqual(['mission-status-disagree', []]);
    expect(problem?.fix?.safe).toBe(true);
    expect(parseState(applyEdits(changed, problem?.fix?.edits ?? []), path).diagnostics).toEqual([]);
  });

  it('is no problem with blocks and keys that the reference rejects', () => {
    const head = 'schema-version: 1\nstatus: completed\ncurrent-wave: 4\ntotal-waves: 4\n';
    const blocks = 'final-commits:\n  - bb85f58 fix #61\nnote: |\n  status: odd\n  Strictly `git add`.\nissues: []\n';
    expect(problemsOf(`---\n${head}${blocks}---\n\n## Summary\n\nDone.\n`)).toEqual([]);
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      '---\n',
      'status: ',
      'mission-status:\n',
      '  - id: a-1\n',
      '    status: "x\n',
      '- a-1: \n',
    );
    const more = fc.constantFrom(
      '## Mission Status\n',
      '### Wave 999999999 — x\n',
      'total-waves: 1\r\n',
      '\uFEFF',
      '\r',
      '```\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, more, fc.string()), { maxLength: 20 }), (pieces) => {
        const any = pieces.join('');
        for (const { range } of parseState(any, path).diagnostics) {
          expect(range.start).toBeLessThanOrEqual(range.end);
          expect(range.end).toBeLessThanOrEqual(any.length);
        }
      }),
    );
  });
});

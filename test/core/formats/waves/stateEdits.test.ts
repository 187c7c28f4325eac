import { describe, expect, it } from 'vitest';
import { applyEdits, type TextEdit } from '../../../../src/core/base/textEdit.ts';
import { BatonError } from '../../../../src/core/errors.ts';
import {
  addDeviation,
  addNotToRetry,
  addOpenQuestion,
  addWaveHistory,
  answerOpenQuestion,
  resetToIdle,
  setCurrentWave,
  setDocsTaskStatus,
  setMissionStatus,
  setStateFields,
} from '../../../../src/core/formats/waves/stateEdits.ts';
import { readStateSections } from '../../../../src/core/formats/waves/stateSections.ts';
import { newStateText } from '../../../../src/core/formats/waves/stateText.ts';
import { dedent } from '../../markdown/support.ts';

const at = '2026-08-22T08:00:00.000Z';

/** A file as people keep them: what Baton does not know, and what looks like something that it is not. */
const kept = dedent(`
  ---
  schema-version: 1
  # by hand
  session-type: 'feature'
  final-commit: bb85f58 fix(hardening) #61 paths
  note: |
    status: not this one
  status:   active
  current-wave: 1

  final-commits:
    - ab586fb fix(ui): bar (#66)
  mission-status:
    - id: auth-1
      task: "a, b"
      status: in-dev
    - { id: auth-2, status: validated, wave: 2 }
    - id: auth-3
  docs-tasks:
    - id: docs-1
      status: planned
  ---

  # Title

  \`\`\`markdown
  ## Deviations

  - [x] an example
  \`\`\`

  ## Current Wave

  Wave 1 — Discovery

  ## Deviations

  - [2026-08-22T07:00:00Z] first, which goes on
    in a second line

  ## Mine

  last line`);

/** What stands in the place of the edits, with everything else as it was. */
function changed(text: string, edits: readonly TextEdit[]): readonly string[] {
  const after = applyEdits(text, edits);
  const before = text.split('\n');
  return after.split('\n').filter((line) => {
    const known = before.indexOf(line);
    if (known < 0) return true;
    before.splice(known, 1);
    return false;
  });
}

const refusalOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (BatonError.is(error)) return error.code;
    throw error;
  }
  return 'none';
};

describe('fields of STATE.md', () => {
  it.each([
    ['a key', { status: 'paused' }, ['status: paused']],
    ['a number', { 'current-wave': 2 }, ['current-wave: 2']],
    ['what it says already, otherwise written', { 'session-type': 'feature', 'current-wave': 1 }, []],
    ['text that would be read as something else', { 'final-commit': '0112233' }, ['final-commit: "0112233"']],
    ['text with a comment mark', { top: 'see #12' }, ['top: "see #12"']],
    ['a list', { issues: [1, 'a b'] }, ['issues: [1, "a b"]']],
    ['a block by a value', { note: 'plain' }, ['note: plain']],
  ])('are set: %s', (_, fields, lines) => {
    expect(changed(kept, setStateFields(kept, fields))).toEqual(lines);
  });

  it('are added before the closing line, and removed with the lines of their value', () => {
    const added = applyEdits(kept, setStateFields(kept, { updated: at }));
    expect(added).toContain(`    status: planned\nupdated: ${at}\n---`);
    const removed = applyEdits(kept, setStateFields(kept, { note: null, 'final-commits': null, missing: null }));
    expect(removed).toBe(
      kept
        .replace('note: |\n  status: not this one\n', '')
        .replace('final-commits:\n  - ab586fb fix(ui): bar (#66)\n', ''),
    );
  });

  it('are made where there are none, behind a BOM; broken frontmatter is refused', () => {
    expect(applyEdits('\uFEFF# Title\r\n', setStateFields('\uFEFF# Title\r\n', { status: 'idle' }))).toBe(
      '\uFEFF---\r\nstatus: idle\r\n---\r\n\r\n# Title\r\n',
    );
    expect(refusalOf(() => setStateFields('---\nstatus: idle\n', { status: 'active' }))).toBe('unreadable-file');
    expect(refusalOf(() => setStateFields('', { 'a b': 1 }))).toBe('invalid-argument');
  });

  it('keep line endings, and set the last of a key that is there twice', () => {
    const text = '---\r\nstatus: idle\r\nstatus: active\r\n---\r\n';
    expect(applyEdits(text, setStateFields(text, { status: 'paused', updated: 'x' }))).toBe(
      '---\r\nstatus: idle\r\nstatus: paused\r\nupdated: x\r\n---\r\n',
    );
    expect(applyEdits(text, setStateFields(text, { status: null }))).toBe('---\r\n---\r\n');
  });
});

describe('sections of STATE.md', () => {
  it('a mission is set in body and mirror together, and the mirror only where it has the ID', () => {
    const line = (id: string, status: string) => `- ${id}: ${status} (updated ${at})`;
    expect(changed(kept, setMissionStatus(kept, { id: 'auth-1', status: 'testing', at })).filter(Boolean)).toEqual([
      '    status: testing',
      '## Mission Status',
      line('auth-1', 'testing'),
    ]);
    expect(changed(kept, setMissionStatus(kept, { id: 'auth-2', status: 'in dev', at }))[0]).toBe(
      '  - { id: auth-2, status: "in dev", wave: 2 }',
    );
    expect(changed(kept, setMissionStatus(kept, { id: 'auth-3', status: 'testing', at }))[0]).toBe(
      '    status: testing',
    );
    const once = applyEdits(kept, setMissionStatus(kept, { id: 'BE-01', status: 'anything', at }));
    expect(once.endsWith(`last line\n\n## Mission Status\n\n${line('BE-01', 'anything')}\n`)).toBe(true);
    const twice = applyEdits(once, setMissionStatus(once, { id: 'BE-01', status: 'completed', at }));
    expect(twice).toBe(once.replace('BE-01: anything', 'BE-01: completed'));
    expect(applyEdits(twice, setMissionStatus(twice, { id: 'BE-02', status: 'x', at }))).toBe(
      `${twice}${line('BE-02', 'x')}\n`,
    );
  });

  it('a deviation goes behind the whole last entry, and never into an example', () => {
    expect(applyEdits(kept, addDeviation(kept, { at, message: 'two\nlines' }))).toBe(
      kept.replace('in a second line\n', `in a second line\n- [${at}] two lines\n`),
    );
  });

  it.each(['(none yet)', '_(none yet)_', '*(none yet)*'])('%s is replaced in place', (nothing) => {
    const text = `## Deviations\r\n\r\n${nothing}\r\n\r\n## Wave History\r\n\r\n${nothing}`;
    const once = applyEdits(text, addDeviation(text, { at, message: 'm' }));
    expect(once).toBe(text.replace(nothing, `- [${at}] m`));
    expect(addDeviation(once, { at, message: 'm' })).toEqual([]);
    const history = { wave: 1, title: 'Discovery', agents: [{ what: 'a "b"', status: 'done', files: 1, note: 'ok' }] };
    const both = applyEdits(once, addWaveHistory(once, history));
    expect(both.endsWith('\r\n\r\n### Wave 1 — Discovery\r\n- Agent "a \'b\'": done — 1 file — ok')).toBe(true);
    expect(addWaveHistory(both, history)).toEqual([]);
  });

  it('an entry of an empty section, and of one that is prose', () => {
    const empty = '## Deviations\n\n## Next\n';
    expect(applyEdits(empty, addDeviation(empty, { at, message: 'm' }))).toBe(
      `## Deviations\n\n- [${at}] m\n\n## Next\n`,
    );
    const prose = '## Deviations\n\nNone. All in one pass.\n\n### Other\n\n- no deviation\n';
    expect(applyEdits(prose, addDeviation(prose, { at, message: 'm' }))).toBe(
      prose.replace('- no deviation\n', `- no deviation\n- [${at}] m\n`),
    );
  });

  it('the history has a blank line between its records', () => {
    const text = '## Wave History\n\n### Wave 1 — A\n- x\n\n## Next\n';
    const entry = {
      wave: 2,
      title: 'Impl-Core',
      planned: 3,
      actual: 4,
      tests: { passed: 12, failed: 0, platform: 'linux' },
      agents: [
        { what: 'Build', status: 'failed', files: 'src/a.ts', note: 'nobody there', issue: 12 },
        { what: 'Ask', status: 'partial', files: 0, note: '', issue: 3, isExistingIssue: true },
      ],
    };
    expect(applyEdits(text, addWaveHistory(text, entry))).toBe(
      text.replace(
        '- x\n',
        [
          '- x\n',
          '### Wave 2 — Impl-Core (planned 3 files → actual 4, over-delivery 1.33) — suite 12/0 on linux',
          '- Agent "Build": failed — src/a.ts — nobody there → issue #12',
          '- Agent "Ask": partial — 0 files → existing #3\n',
        ].join('\n'),
      ),
    );
    const skipped = addWaveHistory(text, { wave: 3, title: 'Quality', agents: [], isSkipped: true });
    expect(changed(text, skipped)).toContain('### Wave 3 — [Quality] (skipped, no tasks)');
  });

  it('the current wave is its first line', () => {
    expect(changed(kept, setCurrentWave(kept, 'Wave 2 — Impl-Core'))).toEqual(['Wave 2 — Impl-Core']);
    expect(applyEdits('x', setCurrentWave('x', 'Wave 1'))).toBe('x\n\n## Current Wave\n\nWave 1\n');
    expect(applyEdits('## Current Wave\n### Sub\n', setCurrentWave('## Current Wave\n### Sub\n', 'Wave 1'))).toBe(
      '## Current Wave\n\nWave 1\n\n### Sub\n',
    );
  });

  it('a question is asked once, answered once, opened by asking again', () => {
    const ask = (text: string, question: string) =>
      applyEdits(text, addOpenQuestion(text, { question, source: 'W1/a, b', priority: 'high' }));
    const answer = (text: string, question: string, said: string) =>
      applyEdits(text, answerOpenQuestion(text, question, said));
    const asked = ask(ask('', 'Which port?'), 'Why (source: x)?');
    expect(asked).toBe(
      '## Open Questions\n\n- [ ] Which port? (source: W1/a, b, prio: high)\n- [ ] Why (Source: x)? (source: W1/a, b, prio: high)\n',
    );
    expect(ask(asked, 'Which port?')).toBe(asked);
    const answered = answer(asked, 'which PORT', '8080');
    expect(answered).toBe(
      asked.replace(
        '- [ ] Which port? (source: W1/a, b, prio: high)',
        '- [x] Which port? (source: W1/a, b, prio: high) → Antwort: 8080',
      ),
    );
    expect(answer(answered, 'Which port?', '8080')).toBe(answered);
    expect(refusalOf(() => answer(answered, 'Which port?', '9090'))).toBe('wrong-state');
    expect(refusalOf(() => answer(answered, 'wh', '9090'))).toBe('unknown-item');
    expect(ask(answered, 'Which port?')).toBe(asked);
    const byHand = '## Open Questions\n- [ ] Why?\n';
    expect(answer(byHand, 'Why?', 'so')).toBe('## Open Questions\n- [x] Why? → Antwort: so\n');
  });

  it('twenty questions and ten approaches are kept, the newest', () => {
    let text = '## Open Questions\n\n(none yet)\n\nmine\n';
    for (let count = 1; count <= 22; count++) {
      text = applyEdits(text, addOpenQuestion(text, { question: `Q${count}?`, source: 's', priority: 'low' }));
      const failed = {
        approach: `A${count}`,
        why: `FAILED — b\n(evidence: a.ts:${count})`,
        session: 's',
        date: '2026-08-22',
      };
      text = applyEdits(text, addNotToRetry(text, failed));
      expect(addNotToRetry(text, failed)).toEqual([]);
    }
    const { questions, notToRetry } = readStateSections(text);
    expect(questions.map(({ question }) => question)).toEqual(Array.from({ length: 20 }, (_, at) => `Q${at + 3}?`));
    expect(notToRetry.map(({ approach, why }) => [approach, why])).toEqual(
      Array.from({ length: 10 }, (_, at) => [`A${at + 13}`, `FAILED — b (evidence: a.ts:${at + 13})`]),
    );
    expect(text).toContain('prio: low)\n\nmine\n\n## What Not To Retry\n');
  });

  it('an entry of docs-tasks gets a state', () => {
    expect(changed(kept, setDocsTaskStatus(kept, 'docs-1', 'partial'))).toEqual(['    status: partial']);
    expect(setDocsTaskStatus(kept, 'docs-9', 'ok')).toEqual([]);
    expect(readStateSections(kept).docsTasks).toMatchObject([{ id: 'docs-1', status: 'planned' }]);
  });

  it('what is not closed swallows no section', () => {
    expect(refusalOf(() => addDeviation('a\n\n```\nopen\n', { at, message: 'm' }))).toBe('unreadable-file');
    expect(refusalOf(() => addDeviation('a\n\n<!-- open\n', { at, message: 'm' }))).toBe('unreadable-file');
  });
});

it('the idle reset archives the history, empties the deviations and keeps the rest', () => {
  const text = dedent(`
    ---
    status: completed
    current-wave: 5
    total-waves: 5
    recommended-mode: deep
    completion-rate: 0.85
    top-priorities: [12, 15]
    scope-baseline-session: x
    mine: 1
    ---

    ## Current Wave

    Wave 5 — Finalization

    ## Wave History

    ### Wave 1 — Discovery
    - Agent "a": done — 0 files — ok

    ## Deviations

    - [2026-08-22T07:00:00Z] late

    ### Wave 2 — Impl-Core

    ## Open Questions

    - [ ] Why? (source: s, prio: low)

    ## Previous Session

    older
  `);
  const after = applyEdits(text, resetToIdle(text));
  expect(after).toBe(
    dedent(`
      ---
      status: idle
      current-wave: 0
      total-waves: 5
      mine: 1
      ---

      ## Current Wave

      Wave 5 — Finalization

      ## Deviations

      ## Open Questions

      - [ ] Why? (source: s, prio: low)

      ## Previous Session

      ### Recommendations (archived from v1.1 frontmatter)
      - **Recommended mode:** deep
      - **Completion rate:** 85%
      - **Top priorities:** #12, #15

      ### Wave 1 — Discovery
      - Agent "a": done — 0 files — ok

      ### Wave 2 — Impl-Core
    `),
  );
  expect(resetToIdle(after)).toEqual([]);
});

it('a new file says what is known', () => {
  const text = newStateText({
    sessionType: 'feature',
    branch: 'feat/über',
    issues: [12, 15],
    startedAt: '2026-08-22T10:00:00+02:00',
    totalWaves: 5,
    session: 'main-2026-08-22-feature-1',
    docsTasks: [
      { id: 'd-1', audience: 'user', targetPattern: 'docs/**', rationale: 'why not', wave: 2, status: 'planned' },
    ],
  });
  expect(text.split('\n').slice(0, 18)).toEqual([
    '---',
    'schema-version: 1',
    'session-type: feature',
    'branch: "feat/über"',
    'issues: [12, 15]',
    'started_at: 2026-08-22T10:00:00+02:00',
    'status: active',
    'current-wave: 0',
    'total-waves: 5',
    'session: main-2026-08-22-feature-1',
    'docs-tasks:',
    '  - id: d-1',
    '    audience: user',
    '    target-pattern: "docs/**"',
    '    rationale: "why not"',
    '    wave: 2',
    '    status: planned',
    '---',
  ]);
  expect(readStateSections(text)).toMatchObject({ currentWave: 'Wave 0 — Initializing', deviations: [] });
});

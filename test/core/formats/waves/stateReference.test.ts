import fc from 'fast-check';
import { evaluateFrontmatterSafe } from 'session-orchestrator/scripts/lib/state-md/frontmatter-mutators.mjs';
import {
  appendDeviation,
  appendOpenQuestion,
  appendWhatNotToRetry,
  markOpenQuestionAnswered,
  parseMissionStatus,
  parseStateMd,
  readMissionStatus,
  readOpenQuestions,
  readWhatNotToRetry,
  serializeStateMd,
  setMissionStatus as setReferenceMission,
  updateFrontmatterFields,
} from 'session-orchestrator/scripts/lib/state-md.mjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { applyEdits, type TextEdit } from '../../../../src/core/base/textEdit.ts';
import { BatonError } from '../../../../src/core/errors.ts';
import { parseState } from '../../../../src/core/formats/state.ts';
import { findStateSection } from '../../../../src/core/formats/waves/stateBody.ts';
import { parseStateDocument } from '../../../../src/core/formats/waves/stateDocument.ts';
import {
  addDeviation,
  addNotToRetry,
  addOpenQuestion,
  addWaveHistory,
  answerOpenQuestion,
  resetToIdle,
  setCurrentWave,
  setMissionStatus,
  setStateFields,
} from '../../../../src/core/formats/waves/stateEdits.ts';
import { isFixPoint } from '../../../../src/core/formats/waves/stateFrontmatter.ts';
import { readStateScalar, writeStateScalar } from '../../../../src/core/formats/waves/stateScalar.ts';
import { readStateSections } from '../../../../src/core/formats/waves/stateSections.ts';
import { newStateText } from '../../../../src/core/formats/waves/stateText.ts';
import type { MarkdownDocument } from '../../../../src/core/markdown/blocks.ts';
import { parseMarkdown } from '../../../../src/core/markdown/document.ts';
import { sectionOf } from '../../../../src/core/markdown/sections.ts';

const at = '2026-08-22T08:00:00.000Z';
const date = '2026-08-22';

const started = newStateText({
  sessionType: 'deep',
  branch: 'feat/ä',
  issues: [12],
  startedAt: '2026-08-22T10:00:00+02:00',
  totalWaves: 5,
  session: 'main-2026-08-22-deep-1',
  docsTasks: [
    { id: 'd-1', audience: 'dev', targetPattern: 'docs/**', rationale: 'a, "b"', wave: 2, status: 'planned' },
  ],
  missions: ['m-1', 'm-2', 'm-3'].map((id) => ({ id, task: `Do ${id}, #7`, wave: 1, status: 'validated' })),
});

/** One edit: ours, and the reference's where it has one. */
interface Step {
  readonly name: string;
  readonly ours: (text: string) => readonly TextEdit[];
  readonly theirs: (text: string) => string;
}

/** Text of one line, with what has a meaning in markdown, YAML or these lines. */
const words = fc
  .array(
    fc.constantFrom('a', 'Ü', '#12', '"', "'", ':', '→', '- ', '`x`', '|', '[', ']', '(', ')', '**', '\\', '{', '1'),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => `w ${parts.join(' ').replace(/ +/g, ' ').trim()}`);

const missionIds = fc.constantFrom('m-1', 'm-2', 'm-3');

const steps: fc.Arbitrary<Step> = fc.oneof(
  words.map(
    (message): Step => ({
      name: `deviation ${message}`,
      ours: (text) => addDeviation(text, { at, message }),
      theirs: (text) => (text.includes(`- [${at}] ${message}\n`) ? text : appendDeviation(text, at, message)),
    }),
  ),
  fc.record({ id: missionIds, status: fc.oneof(fc.constantFrom('in-dev', 'testing'), words) }).map(
    ({ id, status }): Step => ({
      name: `mission ${id} ${status}`,
      ours: (text) => setMissionStatus(text, { id, status, at }),
      theirs: (text) => setReferenceMission(text, id, status),
    }),
  ),
  fc.record({ question: words, source: words, priority: fc.constantFrom('high', 'medium', 'low') }).map(
    (asked): Step => ({
      name: `question ${asked.question}`,
      ours: (text) => addOpenQuestion(text, asked),
      theirs: (text) => appendOpenQuestion(text, asked),
    }),
  ),
  words.map(
    (said): Step => ({
      name: `answer ${said}`,
      ours: (text) => {
        const open = readStateSections(text).questions.find(({ isAnswered }) => !isAnswered);
        return open === undefined ? [] : answerOpenQuestion(text, open.question, said);
      },
      theirs: (text) => {
        const open = readOpenQuestions(text).find(({ answered }: { answered: boolean }) => !answered);
        return open === undefined ? text : markOpenQuestionAnswered(text, open.question, said);
      },
    }),
  ),
  fc.record({ approach: words, why: words }).map(
    ({ approach, why }): Step => ({
      name: `not to retry ${approach}`,
      ours: (text) => addNotToRetry(text, { approach, why, session: 's-1', date }),
      theirs: (text) =>
        text.includes(`- **${approach}** (s-1, ${date})\n  - why: ${why}\n`)
          ? text
          : appendWhatNotToRetry(text, { approach, why_failed: why, session_id: 's-1', date }),
    }),
  ),
  fc
    .dictionary(
      fc.constantFrom('status', 'updated', 'branch', 'issues', 'mine', 'total-waves'),
      fc.oneof(
        words,
        fc.integer(),
        fc.constant(null),
        fc.array(fc.integer()),
        fc.constantFrom('042', '1.50', 'true', ''),
      ),
    )
    .map(
      (fields): Step => ({
        name: `fields ${JSON.stringify(fields)}`,
        ours: (text) => setStateFields(text, fields),
        theirs: (text) => updateFrontmatterFields(text, fields),
      }),
    ),
);

afterEach(() => vi.useRealTimers());

describe('edits of STATE.md and the reference implementation', () => {
  it('any sequence of edits gives the bytes that the reference gives, which it accepts', () => {
    vi.useFakeTimers({ now: new Date(at), toFake: ['Date'] });
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 12 }), (sequence) => {
        let [text, reference] = [started, started];
        for (const { name, ours, theirs } of sequence) {
          text = applyEdits(text, ours(text));
          reference = theirs(reference);
          expect(text, name).toBe(reference);
          expect(evaluateFrontmatterSafe(text), name).toEqual({ unsafe: false, reason: null });
          expect(isFixPoint(text), name).toBe(true);
        }
        const { questions, notToRetry, deviations } = readStateSections(text);
        expect(
          questions.map(({ question, source, priority, answer }) => ({ question, source, priority, answer })),
        ).toEqual(
          readOpenQuestions(text).map(({ question, source, priority, answer }: Record<string, unknown>) => ({
            question,
            source,
            priority,
            answer,
          })),
        );
        expect(notToRetry.map(({ approach, why }) => [approach, why])).toEqual(
          readWhatNotToRetry(text).map((one: Record<string, unknown>) => [one['approach'], one['why_failed']]),
        );
        expect(deviations.every((deviation) => deviation.at === at)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('what Baton alone writes is read by it: history, current wave, idle reset', () => {
    let text = started;
    const apply = (plan: (text: string) => readonly TextEdit[]): void => {
      text = applyEdits(text, plan(text));
      expect(evaluateFrontmatterSafe(text)).toEqual({ unsafe: false, reason: null });
      expect(serializeStateMd(parseStateMd(text))).toBe(text);
    };
    apply((now) => setCurrentWave(now, 'Wave 2 — Impl-Core'));
    apply((now) =>
      addWaveHistory(now, {
        wave: 1,
        title: 'Discovery',
        agents: [{ what: 'a', status: 'done', files: 0, note: 'n' }],
      }),
    );
    apply((now) => addWaveHistory(now, { wave: 2, title: 'Impl-Core', agents: [], isSkipped: true }));
    apply((now) => setMissionStatus(now, { id: 'm-1', status: 'needs a look', at }));
    expect(readMissionStatus(text, 'm-1')).toBe('needs a look');
    expect(parseMissionStatus(parseStateMd(text).frontmatter)).toMatchObject([
      { id: 'm-1', status: 'needs a look' },
      {},
      {},
    ]);
    const { value } = parseState(text, 'STATE.md');
    expect(value.missions).toMatchObject([{ id: 'm-1', status: 'needs a look' }]);
    expect(value.waves.map(({ number }) => number)).toEqual([1, 2]);
    apply((now) => setStateFields(now, { status: 'completed' }));
    apply(resetToIdle);
    expect(parseStateMd(text).frontmatter).toMatchObject({ status: 'idle', 'current-wave': 0, 'total-waves': 5 });
  });

  it('where the reference is wrong it is otherwise', () => {
    const crlf = started.replaceAll('\n', '\r\n');
    // Mixed line endings there, and comments are lost.
    expect(applyEdits(crlf, addDeviation(crlf, { at, message: 'm' }))).toBe(
      applyEdits(started, addDeviation(started, { at, message: 'm' })).replaceAll('\n', '\r\n'),
    );
    // An entry of two lines is cut in two there.
    const long = '---\nstatus: active\n---\n\n## Deviations\n\n- a\n  b\n';
    expect(appendDeviation(long, at, 'm')).toContain(`- a\n- [${at}] m\n  b\n`);
    expect(applyEdits(long, addDeviation(long, { at, message: 'm' }))).toBe(`${long}- [${at}] m\n`);
    // An example in a fence is taken for the section there.
    const fenced = '---\nstatus: active\n---\n\n```\n## Deviations\n\n- x\n```\n';
    expect(applyEdits(fenced, addDeviation(fenced, { at, message: 'm' }))).toBe(
      `${fenced}\n## Deviations\n\n- [${at}] m\n`,
    );
    // IDs that it does not know are not written there at all.
    expect(setReferenceMission(started, 'BE-01', 'done')).toBe(started);
    expect(applyEdits(started, setMissionStatus(started, { id: 'BE-01', status: 'done', at }))).toBe(
      `${started}\n## Mission Status\n\n- BE-01: done (updated ${at})\n`,
    );
    // No blank line is left before the next heading there, and what stood in the section goes on in the entry.
    const empty = '---\nstatus: idle\n---\n\n## Deviations\n\n## Open Questions\n';
    expect(appendDeviation(empty, at, 'm')).toContain(`- [${at}] m\n## Open`);
    expect(applyEdits(empty, addDeviation(empty, { at, message: 'm' }))).toContain(`- [${at}] m\n\n## Open`);
    // What the mirror does not have is made up from the body there, without task and wave.
    const body = started.replace(/mission-status:\n(?: .*\n)*/, 'mission-status: []\n');
    expect(parseStateMd(setReferenceMission(body, 'm-9', 'testing')).frontmatter['mission-status']).toHaveLength(1);
    const updated = applyEdits(body, setMissionStatus(body, { id: 'm-9', status: 'testing', at }));
    expect(parseStateMd(updated).frontmatter['mission-status']).toEqual([]);
    // A message of two lines breaks the list there.
    expect(applyEdits(started, addDeviation(started, { at, message: 'a\nb' }))).toContain(`- [${at}] a b\n`);
  });
});

describe('values and frontmatter', () => {
  const scalars = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[\w\-./:+@#"'[\], ~]{0,8}$/),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, '', 'null', '~', '0112233', '1.50', '1e5', '-0', "'it''s'", '["a"]'),
  );

  it('are read and written as the reference does', () => {
    fc.assert(
      fc.property(scalars, (value) => {
        const written = serializeStateMd({ frontmatter: { key: value }, body: '' });
        expect(`---\nkey: ${writeStateScalar(value)}\n---\n\n`).toBe(written);
        const line = typeof value === 'string' ? value.replace(/[\r\n]/g, '').trim() : 'x';
        if (line === '') return;
        expect(readStateScalar(line)).toEqual(parseStateMd(`---\nkey: ${line}\n---\n`).frontmatter.key);
      }),
    );
  });

  it('the check of a fix-point says what the reference says', () => {
    const lines = fc.constantFrom(
      'status: active',
      'status:  active',
      'status: "active"',
      'branch: "a b"',
      'branch: a b',
      "branch: 'a'",
      'issues: [1, 2]',
      'issues: [1,2]',
      'issues: []',
      'count: 007',
      'empty:',
      'nothing: null',
      '# comment',
      '',
      'list:',
      '  - id: a',
      '    task: "b c"',
      '    task: d e',
      '   - id: x',
      '  - plain',
      '  - { id: b }',
      '  - [1]',
      'no colon',
      'a:b',
      ' indented: x',
      'time: 2026-08-22T10:00:00+02:00',
    );
    fc.assert(
      fc.property(fc.array(lines, { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (block, ending) => {
        const text = ['---', ...block, '---', '', 'body', ''].join(ending);
        expect(isFixPoint(text), text).toBe(!evaluateFrontmatterSafe(text).unsafe);
      }),
      { numRuns: 1000 },
    );
  });
});

it('what a long history says is passed over, and nothing else', () => {
  const lines = fc.constantFrom(
    '### Wave 1 — A',
    '- Agent "a": done',
    '  more',
    '  ## in an item',
    'text',
    '---',
    '===',
    '',
    '## Deviations',
    '# Title',
    '##',
    '```',
    '<b>',
    '> quote',
    '- [ ] q',
    '## Wave History',
    '\t## code',
  );
  const part = fc.array(lines, { maxLength: 8 });
  fc.assert(
    fc.property(part, part, fc.constantFrom('\n', '\r\n', '\r'), (before, after, ending) => {
      const text = [...before, '## Wave History', ...after].join(ending);
      const [whole, quick] = [parseMarkdown(text), parseStateDocument(text, 1)];
      expect(quick.text).toBe(text);
      const places = (doc: MarkdownDocument) =>
        doc.headings
          .filter(({ level }) => level <= 2)
          .map((heading) => [heading.text, sectionOf(doc, heading).bodyRange]);
      expect(places(quick), JSON.stringify(text)).toEqual(places(whole));
      const history = findStateSection(whole, 'Wave History')?.bodyRange ?? { start: 0, end: 0 };
      const others = (doc: MarkdownDocument) =>
        doc.listItems.filter(({ range }) => range.start < history.start || range.start >= history.end);
      expect(others(quick)).toEqual(others(whole));
    }),
    { numRuns: 1000 },
  );
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    '---',
    'status: active',
    'mission-status:',
    '  - id: m-1',
    '    status: x',
    '## Deviations',
    '## Mission Status',
    '## Open Questions',
    '## What Not To Retry',
    '## Wave History',
    '## Current Wave',
    '## Previous Session',
    '### Sub',
    '- m-1: in-dev (updated then)',
    '- [ ] q (source: s, prio: low)',
    '- **a** (s, d)',
    '  - why: w',
    '(none yet)',
    '- one',
    '  two',
    '```',
    '~~~md',
    '<!--',
    '-->',
    '> - quoted',
    '| a | b |',
    '',
    '',
    'text',
    '\uFEFF',
  );
  const texts = fc
    .tuple(fc.array(pieces, { maxLength: 25 }), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean())
    .map(([lines, ending, isEnded]) => lines.join(ending) + (isEnded ? ending : ''));

  const edits: readonly (readonly [string, (text: string) => readonly TextEdit[], (text: string) => unknown])[] = [
    ['field', (text) => setStateFields(text, { status: 'paused' }), (text) => parseState(text, '').value.status],
    ['current wave', (text) => setCurrentWave(text, 'Wave 7'), (text) => readStateSections(text).currentWave],
    [
      'deviation',
      (text) => addDeviation(text, { at, message: 'm' }),
      (text) => readStateSections(text).deviations.some(({ message }) => message === 'm'),
    ],
    [
      'mission',
      (text) => setMissionStatus(text, { id: 'm-1', status: 'testing', at }),
      (text) => parseState(text, '').value.missions.find(({ id }) => id === 'm-1')?.status,
    ],
    [
      'question',
      (text) => addOpenQuestion(text, { question: 'q', source: 'me', priority: 'high' }),
      (text) => readStateSections(text).questions.find(({ question }) => question === 'q')?.priority,
    ],
    [
      'not to retry',
      (text) => addNotToRetry(text, { approach: 'b', why: 'w', session: 's', date }),
      (text) => readStateSections(text).notToRetry.some(({ approach }) => approach === 'b'),
    ],
    [
      'history',
      (text) => addWaveHistory(text, { wave: 9, title: 'Quality', agents: [] }),
      (text) => parseState(text, '').value.waves.some(({ number }) => number === 9),
    ],
  ];
  const wanted: readonly unknown[] = ['paused', 'Wave 7', true, 'testing', 'high', true, true];

  it.each(edits.map(([name, plan, read], index) => ({ name, plan, read, said: wanted[index] })))(
    'takes the edit of a $name, or refuses it; what it does not concern stays, and what was written is read again',
    ({ plan, read, said }) => {
      fc.assert(
        fc.property(texts, (text) => {
          let planned: readonly TextEdit[];
          try {
            planned = plan(text);
          } catch (error) {
            expect(BatonError.is(error, 'unreadable-file')).toBe(true);
            return;
          }
          const after = applyEdits(text, planned);
          expect(read(after)).toEqual(said);
          // Only one line of its own kind may be replaced, and the mirror's.
          const lost = lostLines(text, after);
          expect(lost.length, JSON.stringify([text, after])).toBeLessThanOrEqual(2);
          const isReplaceable = (line: string): boolean =>
            /^(?:status:| {4}status:|\(none yet\)|- m-1:|- \[ \] q )/.test(line) || said === 'Wave 7';
          expect(lost.filter((line) => !isReplaceable(line))).toEqual([]);
          expect(plan(after)).toEqual([]);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('is reset, or refused; what survives a session stays', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let after: string;
        try {
          after = applyEdits(text, resetToIdle(text));
        } catch (error) {
          expect(BatonError.is(error, 'unreadable-file')).toBe(true);
          return;
        }
        const [before, now] = [readStateSections(text), readStateSections(after)];
        const withoutPlace = ({ range, ...rest }: { readonly range: unknown }) => rest;
        expect(now.questions.map(withoutPlace)).toEqual(before.questions.map(withoutPlace));
        expect(now.notToRetry.map(withoutPlace)).toEqual(before.notToRetry.map(withoutPlace));
        expect(now.deviations).toEqual([]);
        expect(parseState(after, '').value).toMatchObject({ status: 'idle', currentWave: 0 });
        const archived = lostLines(text, after).filter((line) => /^### Wave|^- Agent/.test(line));
        expect(archived).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Lines of `before` that are not in `after`, counted. */
function lostLines(before: string, after: string): readonly string[] {
  const linesOf = (text: string) => text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const rest = linesOf(after);
  return linesOf(before).filter((line) => {
    const found = rest.indexOf(line);
    if (found < 0) return true;
    rest.splice(found, 1);
    return false;
  });
}

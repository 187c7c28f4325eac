import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BreakerOptions, CircuitBreaker } from '../../../../src/core/actions/waves/breaker.ts';
import { createClaudeReader } from '../../../../src/core/formats/agents/claudeStream.ts';
import { createCodexReader } from '../../../../src/core/formats/agents/codexStream.ts';
import type { AgentEvent } from '../../../../src/core/model/agentEvent.ts';
import type { Finding } from '../../../../src/core/model/waves/finding.ts';

const at = '2026-01-02T09:00:00+01:00';
const options: BreakerOptions = { maxTurns: 15, root: '/shop' };

/** Streams of the real Claude Code 2.1, its model scripted. */
function recorded(name: string): readonly AgentEvent[] {
  const reader = createClaudeReader();
  const text = readFileSync(join(import.meta.dirname, `recorded/${name}.jsonl`), 'utf8');
  return text.split('\n').flatMap((line) => reader.read(line));
}

/** Looks over a whole log. */
function look(events: readonly AgentEvent[], more: Partial<BreakerOptions> = {}): readonly Finding[] {
  const breaker = new CircuitBreaker({ ...options, ...more });
  for (const event of events) breaker.note(event, at);
  return breaker.findings;
}

/** What was found, in short. */
function shortOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ pattern, errorClass, severity, file, occurrences }) =>
    [severity, pattern, ...(errorClass === undefined ? [] : [errorClass]), file ?? '-', occurrences].join(' '),
  );
}

let calls = 0;
/** One turn: calls with what each answered; an Error is one. */
function turn(
  ...parts: readonly (readonly [string, Readonly<Record<string, unknown>>, (string | Error)?])[]
): readonly AgentEvent[] {
  const made = parts.map(([name, args, answer = 'ok']) => ({ id: `t${++calls}`, name, args, answer }));
  return [
    { kind: 'usage', inputTokens: 1, outputTokens: 1 },
    ...made.map(({ id, name, args }): AgentEvent => ({ kind: 'toolCall', id, name, input: '', args })),
    ...made.map(
      ({ id, answer }): AgentEvent =>
        answer instanceof Error
          ? { kind: 'toolResult', id, isError: true, text: answer.message }
          : { kind: 'toolResult', id, isError: false, text: answer },
    ),
  ];
}

const edit = (file: string, before: string, after: string) =>
  ['Edit', { file_path: `/shop/${file}`, old_string: before, new_string: after }] as const;
const bash = (command: string, answer?: string | Error) => ['Bash', { command }, answer] as const;
const read = (file: string, offset?: number) =>
  ['Read', { file_path: `/shop/${file}`, ...(offset !== undefined && { offset, limit: 200 }) }] as const;

describe('a stream of Claude Code', () => {
  it.each([
    ['edits-again', ['warning spiral src/a.ts 2', 'stop spiral src/a.ts 3']],
    ['writes-again', ['warning spiral src/new.ts 2', 'stop spiral src/new.ts 3']],
    ['takes-back', ['stop spiral src/a.ts 3']],
    ['pages', ['warning pagination-spiral src/a.ts 3']],
    ['pages-then-edit', []],
    ['repeats', ['warning turn-key-repetition - 2', 'stop turn-key-repetition - 3']],
    [
      'echoes-edit',
      ['warning error-echo edit-format-friction src/a.ts 2', 'stop error-echo edit-format-friction src/a.ts 3'],
    ],
    ['outside-scope', ['warning error-echo scope-denied src/b.ts 2', 'stop error-echo scope-denied src/b.ts 3']],
    ['blocked-command', ['warning error-echo command-blocked - 2', 'stop error-echo command-blocked - 3']],
    ['same-failure', ['warning spiral - 2', 'stop spiral - 3']],
    // It took out again what it had written for debugging.
    ['works', ['warning spiral src/a.ts 2']],
  ])('%s', (name, found) => {
    expect(shortOf(look(recorded(name)))).toEqual(found);
  });

  it('is judged while it runs: the finding comes with the event that shows it, with its evidence', () => {
    const breaker = new CircuitBreaker(options);
    const events = recorded('edits-again');
    const stopAt = events.findIndex((event) => breaker.note(event, at).some(({ severity }) => severity === 'stop'));
    expect(events[stopAt]?.kind).toBe('toolResult');
    expect(breaker.turns).toBe(4);
    expect(breaker.findings.at(-1)).toEqual({
      pattern: 'spiral',
      severity: 'stop',
      file: 'src/a.ts',
      occurrences: 3,
      evidence: ['turn 2: Edit src/a.ts', 'turn 3: Edit src/a.ts', 'turn 4: Edit src/a.ts'],
      at,
    });
  });
});

describe('edits', () => {
  it.each<[string, readonly (readonly AgentEvent[])[], readonly string[]]>([
    ['several in one turn are one', [turn(edit('a', '1', '2'), edit('a', '2', '3'), edit('a', '3', '4'))], []],
    [
      'at new places they carry the work on',
      ['a', 'b', 'c', 'd', 'e'].map((place) => turn(edit('a.ts', `${place} = 1`, `${place} = 2`))),
      [],
    ],
    [
      'a line for debugging is taken out again',
      [turn(edit('a', 'x()', 'x()\nlog()')), turn(bash('run')), turn(edit('a', 'x()\nlog()', 'x()'))],
      ['warning spiral a 2'],
    ],
    [
      'that fail are none',
      [1, 2, 3].map((one) =>
        turn(['Edit', { file_path: '/shop/a', old_string: `${one}`, new_string: 'x' }, new Error(`no ${one}`)]),
      ),
      [],
    ],
    [
      'undone by git are taken back',
      [turn(edit('src/a.ts', '1', '2')), turn(bash('git checkout -- src/a.ts'))],
      ['stop spiral src/a.ts 3'],
    ],
    [
      'that nobody describes count each',
      [1, 2, 3].map(() => turn(['apply_patch', { path: 'src/a.ts' }])),
      ['warning spiral src/a.ts 2', 'stop spiral src/a.ts 3'],
    ],
    ['of several files are no spiral', ['a', 'b', 'c', 'd'].map((file) => turn(edit(file, '1', '2'))), []],
  ])('%s', (_, turns, found) => {
    const spirals = look(turns.flat()).filter(({ pattern }) => pattern === 'spiral');
    expect(shortOf(spirals)).toEqual(found);
  });

  it('stop again where an agent was let go on', () => {
    const events = [1, 2, 3, 4, 5, 6].flatMap((one) => turn(edit('a', `${one}`, `${one + 1}`)));
    const stops = look(events).filter(({ severity }) => severity === 'stop');
    expect(stops.map(({ occurrences }) => occurrences)).toEqual([3, 6]);
  });
});

describe('reading', () => {
  it.each<[string, readonly (readonly AgentEvent[])[], readonly string[], Partial<BreakerOptions>?]>([
    ['a page again stops', [0, 200, 0].map((offset) => turn(read('a', offset))), ['stop pagination-spiral a 3']],
    [
      'on and on stops',
      [0, 1, 2, 3, 4, 5].map((page) => turn(read('a', page * 200))),
      ['warning pagination-spiral a 3', 'stop pagination-spiral a 6'],
    ],
    ['is the task of a reader', [0, 1, 2, 3, 4, 5].map((page) => turn(read('a', page * 200))), [], { isReader: true }],
    [
      'the same again is none of it',
      [0, 200, 0].map((offset) => turn(read('a', offset))),
      ['stop pagination-spiral a 3'],
      { isReader: true },
    ],
    [
      'with an edit between is work',
      [turn(read('a', 0)), turn(read('a', 200)), turn(edit('b', '1', '2')), turn(read('a', 400))],
      [],
    ],
    ['pages at once is one', [turn(read('a', 0), read('a', 200), read('a', 400))], []],
    [
      'other words in one file is search',
      ['x', 'y', 'z'].map((pattern) => turn(['Grep', { pattern, path: 'a', offset: 0 }])),
      [],
    ],
    [
      'of Copilot and Codex is read, too',
      [
        [1, 9],
        [10, 19],
        [1, 9],
      ].map((range) => turn(['view', { path: 'a', view_range: range }])),
      ['stop pagination-spiral a 3'],
    ],
  ])('%s', (_, turns, found, more) => {
    const findings = look(turns.flat(), more);
    expect(shortOf(findings.filter(({ severity, occurrences }) => severity === 'stop' || occurrences > 2))).toEqual(
      found,
    );
  });
});

describe('repetition', () => {
  it.each<[string, readonly (readonly AgentEvent[])[], readonly string[]]>([
    [
      'of a call with the same answer',
      [1, 2, 3].map(() => turn(bash('pnpm test', 'ok in 12 ms'))),
      ['warning turn-key-repetition - 2', 'stop turn-key-repetition - 3'],
    ],
    ['is broken by another call', [1, 2, 3].flatMap(() => [turn(bash('pnpm test')), turn(bash('ls'))]), []],
    [
      'with other answers is waiting',
      ['a', 'b', 'c', 'd'].map((text) => turn(bash('tail log', text))),
      ['warning turn-key-repetition - 2'],
    ],
    ['of asking how it stands is waiting', [1, 2, 3, 4].map(() => turn(['BashOutput', { bash_id: '1' }])), []],
    [
      'with other words for people is one',
      ['x', 'y', 'z'].map((description) => turn(['Bash', { command: 'make', description }])),
      ['warning turn-key-repetition - 2', 'stop turn-key-repetition - 3'],
    ],
    [
      'of a whole file read',
      [1, 2, 3].map(() => turn(read('a'))),
      ['warning turn-key-repetition a 2', 'stop turn-key-repetition a 3'],
    ],
  ])('%s', (_, turns, found) => {
    expect(shortOf(look(turns.flat()))).toEqual(found);
  });
});

describe('errors', () => {
  const missing = new Error('Error: ENOENT: no such file: config.json (took 12 ms)');
  it.each<[string, readonly (readonly AgentEvent[])[], readonly string[]]>([
    [
      'that come back with another command for the same',
      [turn(bash('npm run x', missing)), turn(bash('npm run x --force', missing)), turn(bash('npx x', missing))],
      ['warning error-echo other - 2', 'stop error-echo other - 3'],
    ],
    [
      'that go away are forgotten',
      [
        turn(bash('x', missing)),
        turn(bash('y')),
        turn(bash('x', missing)),
        turn(bash('y')),
        turn(bash('x')),
        turn(bash('y')),
        turn(bash('x', missing)),
      ],
      ['warning error-echo other - 2'],
    ],
    [
      'that say nothing are none',
      ['a', 'b', 'c', 'd'].map((pattern) => turn(bash(`grep -q ${pattern} src`, new Error('Exit code 1')))),
      [],
    ],
    [
      'of other files are others',
      ['a', 'b', 'c'].map((file) => turn(['Read', { file_path: `/shop/${file}` }, new Error('File does not exist.')])),
      [],
    ],
    ['in one turn are one', [turn(bash('a', missing), bash('b', missing), bash('c', missing))], []],
  ])('%s', (_, turns, found) => {
    expect(shortOf(look(turns.flat()))).toEqual(found);
  });
});

describe('turns', () => {
  it('warn at the last one and stop at a call behind it; last words are let through', () => {
    const breaker = new CircuitBreaker({ maxTurns: 3, root: '/shop' });
    const steps = ['a', 'b', 'c', 'd'].map((one) => turn(bash(one)));
    const found = steps.map((events) => events.flatMap((event) => breaker.note(event, at)));
    expect(found.map(shortOf)).toEqual([[], [], ['warning turn-limit - 3'], ['stop turn-limit - 4']]);
    breaker.raiseLimit(5);
    expect(
      turn(bash('e'))
        .flatMap((event) => breaker.note(event, at))
        .map(({ severity }) => severity),
    ).toEqual(['warning']);

    const speaker = new CircuitBreaker({ maxTurns: 1, root: '' });
    const last: readonly AgentEvent[] = [
      ...turn(bash('a')),
      { kind: 'usage', inputTokens: 1, outputTokens: 1 },
      { kind: 'text', text: 'STATUS: done' },
    ];
    expect(shortOf(last.flatMap((event) => speaker.note(event, at)))).toEqual(['warning turn-limit - 1']);
  });

  it('of Codex, which tells what it used only at the end, are told by its calls', () => {
    const reader = createCodexReader();
    const command = (id: string, exit: number) => [
      JSON.stringify({
        type: 'item.started',
        item: { id, type: 'command_execution', command: 'make', status: 'in_progress' },
      }),
      JSON.stringify({
        type: 'item.completed',
        item: {
          id,
          type: 'command_execution',
          command: 'make',
          aggregated_output: 'no rule to make it',
          exit_code: exit,
          status: 'failed',
        },
      }),
    ];
    const change = (id: string) => [
      JSON.stringify({
        type: 'item.completed',
        item: { id, type: 'file_change', changes: [{ path: '/shop/src/a.ts', kind: 'update' }], status: 'completed' },
      }),
    ];
    const lines = [
      ...command('1', 2),
      ...command('2', 2),
      ...command('3', 2),
      ...change('4'),
      ...command('5', 2),
      ...change('6'),
      ...command('7', 2),
      ...change('8'),
    ];
    const breaker = new CircuitBreaker(options);
    const found = lines.flatMap((line) => reader.read(line)).flatMap((event) => breaker.note(event, at));
    expect(breaker.turns).toBe(8);
    expect(shortOf(found)).toEqual(
      expect.arrayContaining(['stop turn-key-repetition - 3', 'warning spiral src/a.ts 2', 'stop spiral src/a.ts 3']),
    );
  });
});

it('shows no secret in its evidence, and each piece in one line', () => {
  const key = `ghp_${'Ab1'.repeat(12)}`;
  const [finding] = look([1, 2].flatMap(() => turn(bash(`curl -H "x: ${key}"\n  https://x.test`))));
  expect(finding?.evidence).toEqual([1, 2].map((one) => `turn ${one}: Bash curl -H "x: [masked]" https://x.test`));
});

it('takes any events, finds nothing in ones that differ, and stays small', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('src/a.ts', 'Exit code 1', 'hook error', '{}'));
  const args = fc.dictionary(
    fc.constantFrom(
      'file_path',
      'path',
      'old_string',
      'new_string',
      'content',
      'edits',
      'changes',
      'offset',
      'command',
      'view_range',
    ),
    fc.oneof(text, fc.jsonValue()),
  );
  const id = fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined });
  const named = fc.constantFrom('Edit', 'Write', 'Read', 'Bash', 'file_change', 'BashOutput', 'x.y', '');
  const event = fc.oneof(
    fc.record({ kind: fc.constant('usage' as const), inputTokens: fc.nat(), outputTokens: fc.nat() }),
    fc.record({ kind: fc.constant('text' as const), text }),
    fc.record({ kind: fc.constant('raw' as const), line: text }),
    fc.record({ kind: fc.constant('ended' as const), isError: fc.boolean(), text }),
    fc.tuple(id, named, fc.option(args, { nil: undefined })).map(
      ([one, name, given]): AgentEvent => ({
        kind: 'toolCall',
        ...(one !== undefined && { id: one }),
        name,
        input: name,
        ...(given && { args: given }),
      }),
    ),
    fc.tuple(id, fc.boolean(), text).map(
      ([one, isError, answer]): AgentEvent => ({
        kind: 'toolResult',
        ...(one !== undefined && { id: one }),
        isError,
        text: answer,
      }),
    ),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      for (const { evidence, occurrences } of look(events)) {
        expect(evidence.length).toBeLessThanOrEqual(10);
        expect(evidence.every((line) => line.length <= 200 && !/[\r\n]/.test(line))).toBe(true);
        expect(occurrences).toBeGreaterThan(0);
      }
    }),
  );
  const harmless = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,8}$/), { maxLength: 40 });
  fc.assert(
    fc.property(harmless, (names) => {
      const events = names.flatMap((name, index) => [
        ...turn(read(`${name}.ts`), ['Grep', { pattern: name, path: 'src' }]),
        ...turn(
          edit(`${name}.ts`, `let ${name}`, `const ${name}`),
          bash(`npm test ${name}`, index % 3 === 0 ? new Error(`${name} is red`) : 'ok'),
        ),
      ]);
      expect(look(events, { maxTurns: 1_000 })).toEqual([]);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/core/formats/plan.ts';
import type { PlanSession } from '../../../src/core/model/plan.ts';
import { templatePlan, templateSession } from './planSamples.ts';

function parse(text: string) {
  return parsePlan(text, 'docs/X_PROMPTS.md');
}
function idsOf(text: string): string[] {
  return parse(text).value.sessions.map(({ id }) => id);
}
function only(text: string): PlanSession {
  const [session, ...more] = parse(text).value.sessions;
  if (!session || more.length > 0) throw new Error('expected one session');
  return session;
}

describe('the official template', () => {
  const text = templatePlan([
    ['BE-01', 'none'],
    ['BE-02', 'BE-01'],
  ]);
  const { value, diagnostics } = parse(text);

  it('gives whole sessions, though the prompt holds headings, tables and fences', () => {
    expect(value.title).toBe('Pipeline Unification');
    expect(value.sessions.map(({ id, title }) => [id, title])).toEqual([
      ['BE-01', 'Matcher Engine'],
      ['BE-02', 'Matcher Engine'],
    ]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['nested-fence', 'nested-fence']);
    const prompt = value.sessions[0]?.prompt;
    expect(prompt?.text).toMatch(/^# Session BE-01: Matcher Engine\n[\s\S]*# run tests\n[\s\S]*- \[ \] not an item$/);
    expect(text.slice(prompt?.range.start, prompt?.range.end)).toBe(prompt?.text);
  });

  it('reads everything that the metadata says', () => {
    expect(value.sessions[1]).toMatchObject({
      form: 'markdown',
      phase: '1',
      phaseName: 'FOUNDATION',
      week: '2',
      track: 'backend',
      execution: ['cli', 'heavy', 'ultrathink'],
      estimate: '90 minutes',
      estimateMinutes: 90,
      dependencies: [{ id: 'BE-01' }],
      parallelWith: ['BE-09'],
      taskList: 'pipeline-x1',
      modelSettings: {
        model: 'claude-sonnet-4-20250514',
        thinkingMode: 'ultrathink',
        maxThinkingTokens: '32000',
        temperature: '0.0',
      },
      skills: ['backend-scaffold', 'testing'],
      subAgents: [
        {
          name: 'DatabaseArchitect',
          role: 'Design schema',
          model: 'claude-sonnet-4-20250514',
          responsibilities: ['Define tables', 'Create indexes'],
          files: ['src/db.ts'],
          constraints: [],
        },
      ],
      referenceFiles: ['src/a.ts', 'docs/guide.md'],
    });
    expect(value.sessions[0]?.dependencies).toEqual([]);
  });

  it('reads checklist, commands, rollback and commit', () => {
    const session = value.sessions[0];
    expect(session?.checklist.map(({ text: said, checked }) => [said, checked])).toEqual([
      ['All tests pass', false],
      ['Types are right', true],
    ]);
    expect(session?.commands.map(({ command, label }) => [command, label])).toEqual([
      ['cd backend && pytest -v', 'unit tests'],
      ['cd backend && ruff check . --fix', undefined],
    ]);
    expect(session?.rollbackCommands.map(({ command }) => command)).toEqual(['alembic downgrade -1']);
    expect(session?.commitMessage).toBe('feat(nib): add "matcher"\n\nBody.\n\nSession: BE-01');
    expect(session?.subsections.map(({ title }) => title)).toEqual([
      'Metadata',
      'System Configuration',
      'Skills Registry',
      'Sub-Agents',
      'Context',
      'Prompt',
      'Expected Output',
      'Verification Checklist',
      'Verification Commands',
      'Rollback Commands',
      'Git Commit',
    ]);
  });

  it('reads the same from CRLF and behind a BOM', () => {
    const crlf = `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    const read = parse(crlf).value;
    expect(read.sessions.map(({ id }) => id)).toEqual(['BE-01', 'BE-02']);
    for (const session of read.sessions)
      expect(crlf.slice(session.idRange.start, session.idRange.end)).toBe(session.id);
    expect(read.sessions[1]).toMatchObject({ estimateMinutes: 90, dependencies: [{ id: 'BE-01' }], week: '2' });
    expect(read.sessions[0]?.commands.map(({ command }) => command)).toEqual(
      value.sessions[0]?.commands.map(({ command }) => command),
    );
    expect(read.sessions[0]?.prompt?.text.replaceAll('\r\n', '\n')).toBe(value.sessions[0]?.prompt?.text);
  });
});

describe('headings', () => {
  it.each([
    ['## Session BE-01: Title', 'BE-01', 'Title'],
    ['### Session SOL-SKILLS-01: Title', 'SOL-SKILLS-01', 'Title'],
    ['### Session 4½: Half', '4½', 'Half'],
    ['## Session 7', '7', ''],
    ['## Session BE-01 — Title', 'BE-01', 'Title'],
    ['## Session BE-01 - A - B', 'BE-01', 'A - B'],
    ['## Session BE-01 Title', 'BE-01', 'Title'],
    ['## SOL-SKILLS-01: Title', 'SOL-SKILLS-01', 'Title'],
    ['## G.C.1 Title', 'G.C.1', 'Title'],
    ['## BE-04 — Title: more', 'BE-04', 'Title: more'],
    ['## BE-04 – Title', 'BE-04', 'Title'],
    ['## **Session `BE-04`**: Title', 'BE-04', 'Title'],
    ['## 🖥️ Session BE-04: Title', 'BE-04', 'Title'],
    ['## session be-04: title', 'be-04', 'title'],
    ['## Session Über-1: Straße', 'Über-1', 'Straße'],
    ['## auth-1: Login\n\n**Dependencies:** none', 'auth-1', 'Login'],
    ['## BE04 - Login\n\n### Prompt\n\nDo it.', 'BE04', 'Login'],
    ['## Session SETUP: Base\n\n### Prompt\n\nDo it.', 'SETUP', 'Base'],
    ['## Session ../../up-1: Odd\n\n```yaml\ndependencies: none\n```', '../../up-1', 'Odd'],
    ['## Session 🚀: Rocket\n\n### Prompt\n\nDo it.', '🚀', 'Rocket'],
  ])('%s is a session', (text, id, title) => {
    const session = only(text);
    expect([session.id, session.title]).toEqual([id, title]);
    expect(text.slice(session.idRange.start, session.idRange.end)).toBe(id);
  });

  it.each([
    '## Phase 1: Core',
    '## Step 2',
    '### Bug 7: Overflow',
    '## Session Status',
    '### Session Status: 3 open',
    '### Session -f1: option\n\n### Prompt',
    '## SETUP: Base\n\n### Prompt\n\nDo it.',
    '## Session Overview',
    '## Sessions 01-05: Foundation',
    '## Session 1-3: Overview',
    '### Session-Level Success 1:',
    '### Checkpoint 1: After Session 05',
    '## FINAL CHECKLIST - Before Starting Session 01',
    '## ADR-020: Payee',
    '## UTF-8 handling',
    '## Phase-1: Core\n\n**Model:** sonnet',
    '## Q1: Goals',
    '## 1. Setup',
    '## 2024-01-02: Notes',
    '## v1.2.0 - changes',
    '# Session BE-01: a title',
    'Session BE-01: prose',
    '> ## Session BE-01: quoted',
    '```\n## Session BE-01: fenced\n```',
    '```markdown\n```bash\nx\n```\n## Session BE-01: fenced\n```',
    '<!--\n## Session BE-01: comment\n-->',
    '##',
  ])('%j is none', (text) => {
    expect(idsOf(text)).toEqual([]);
  });

  it('takes no heading inside a session for another one, unless it says so', () => {
    expect(idsOf('## Session BE-01: A\n\n### BE-01.1 Part\n\n### UTF-8\n\n### Session BE-02: B\n')).toEqual([
      'BE-01',
      'BE-02',
    ]);
  });

  it('ends a session at the next one and at a higher heading', () => {
    const text = '## Session A-1: x\n\na\n\n## Session A-2: y\n\nb\n\n# Appendix\n\nc\n';
    const { sessions } = parse(text).value;
    expect(sessions.map(({ range }) => text.slice(range.start, range.end))).toEqual([
      '## Session A-1: x\n\na\n\n',
      '## Session A-2: y\n\nb\n\n',
    ]);
  });

  it('keeps both of a duplicate ID and names the second', () => {
    const text = '## Session A-1: x\n\n## Session A-1: y\n';
    const { value, diagnostics } = parse(text);
    expect(value.sessions).toHaveLength(2);
    expect(diagnostics).toMatchObject([{ code: 'duplicate-id', range: value.sessions[1]?.idRange }]);
  });

  it('gives phases and weeks of the headings above', () => {
    const text =
      '# PHASE 1: Core (Weeks 1-2)\n\n## Session A-1: x\n\n# Phase 2 — Polish\n\n## Week 3\n\n### Session A-2: y\n\n# Appendix\n\n## Session A-3: z\n';
    expect(parse(text).value.sessions.map(({ phase, phaseName, week }) => [phase, phaseName, week])).toEqual([
      ['1', 'Core', '1-2'],
      ['2', 'Polish', '3'],
      [undefined, undefined, undefined],
    ]);
  });
});

describe('metadata', () => {
  const known = '\n\n## Session BE-01: a\n\n## Session BE-02: b\n';
  function dependenciesOf(yaml: string) {
    const text = `## Session T-1: t\n\n\`\`\`yaml\n${yaml}\n\`\`\`${known}`;
    const { value, diagnostics } = parse(text);
    const dependencies = value.sessions[0]?.dependencies ?? [];
    for (const { id, range } of dependencies) expect(text.slice(range.start, range.end)).toBe(id);
    return { read: dependencies.map(({ id, reason }) => (reason ? `${id} (${reason})` : id)), diagnostics };
  }

  it.each([
    ['dependencies: none', []],
    ['dependencies: None (first session)', []],
    ['dependencies: []', []],
    ['dependencies:', []],
    ['dependencies: —', []],
    ['dependencies: ~', []],
    ['dependencies: BE-01', ['BE-01']],
    ['dependencies: "BE-01"', ['BE-01']],
    ['dependencies: BE-01, BE-02', ['BE-01', 'BE-02']],
    ['dependencies: BE-01 and BE-02', ['BE-01', 'BE-02']],
    ['dependencies: [BE-01, BE-02]', ['BE-01', 'BE-02']],
    ['dependencies: [\'BE-01\', "BE-02"]', ['BE-01', 'BE-02']],
    ['dependencies:\n  - BE-01 (must be complete)\n  - BE-02', ['BE-01 (must be complete)', 'BE-02']],
    ['dependencies:\n- BE-01\n- Session BE-02', ['BE-01', 'BE-02']],
    ['dependencies: [BE-01 (schema, data), BE-02]', ['BE-01 (schema, data)', 'BE-02']],
    ['dependencies:\n  - BE-01: must be complete', ['BE-01 (must be complete)']],
    ['dependencies:\n  - id: BE-01\n    reason: schema', ['BE-01 (schema)']],
    ['dependencies:\n  - BE-01 - the schema # first', ['BE-01 (the schema)']],
    ['dependencies:\n  requires: [BE-01]', ['BE-01']],
    ['depends_on: BE-77', ['BE-77']],
    ['dependencies:\n  - Pre-Implementation Setup\n  - Python 3.12\n  - BE-01', ['BE-01']],
  ])('reads %j', (yaml, expected) => {
    expect(dependenciesOf(yaml)).toEqual({ read: expected, diagnostics: [] });
  });

  it('reads bold lines where there is no YAML', () => {
    const text =
      '## Session T-1: t\n\n**Dependencies:** BE-01, BE-02\n**Model:** `sonnet`\n- **Estimated Time:** 1-2 hours\n* **Depends on:** X-9\n\nDo it.\n';
    expect(only(text)).toMatchObject({
      dependencies: [{ id: 'BE-01' }, { id: 'BE-02' }],
      modelSettings: { model: 'sonnet' },
      estimateMinutes: 120,
      prompt: { text: expect.stringContaining('Do it.') },
    });
  });

  it('has no prompt where nothing but metadata stands below the heading', () => {
    expect(only('## Session T-1: t\n\n**Model:** sonnet\n\n- [ ] item\n\n---\n')).not.toHaveProperty('prompt');
    expect(only('## Session T-1: t\n\n```yaml\nmodel: x\n```\n')).not.toHaveProperty('prompt');
    expect(only('## Session T-1: t\n\n```yaml\nmodel: x\n```\n\nDo it.\n').prompt?.text).toBe('Do it.');
  });

  it('says which line is broken and reads the rest', () => {
    const text = '## Session T-1: t\n\n### Metadata\n\n```yaml\nphase: 3\nexecution: [a, @b\ntrack: fe\n```\n';
    const { value, diagnostics } = parse(text);
    expect(value.sessions[0]).toMatchObject({ phase: '3', track: 'fe' });
    expect(diagnostics[0]).toMatchObject({ code: 'unreadable-metadata', severity: 'warning' });
    const { range } = diagnostics[0] ?? { range: { start: 0, end: 0 } };
    expect(text.slice(range.start, range.end)).toMatch(/^(?:execution|track)/);
  });

  it.each([
    ['45 minutes', 45],
    ['1.5h', 90],
    ['1h 30m', 90],
    ['30-45 min', 45],
    ['1–2 hours', 120],
    ['90 minutes (1.5 hours)', 90],
    ['2 hours 15 minutes', 135],
    ['~45m', 45],
    ['soon', undefined],
  ])('an estimate of %s is %s minutes', (estimate, minutes) => {
    expect(only(`## Session T-1: t\n\n\`\`\`yaml\nestimated_time: ${estimate}\n\`\`\`\n`).estimateMinutes).toBe(
      minutes,
    );
  });
});

describe('XML sessions', () => {
  const element = (id: string, requires: string) => `<session id="${id}" project="p">
  <metadata><phase>1</phase><estimated_time>30 minutes</estimated_time><size>quick</size></metadata>
  <dependencies><requires status="complete">${requires}</requires></dependencies>
  <tasks><task id="1" file="a.ts" action="CREATE"><title>T &amp; U</title></task></tasks>
  <verification>
    <check name="tests" command="npm test &amp;&amp; echo &quot;ok&quot;">All <pass></check>
    <check name="escaped" command="py -c 'p(\\"x\\")'">x</check>
    <check name="look">by eye</check>
  </verification>
  <commit><type>feat</type><scope>core</scope><description>add it</description></commit>
</session>`;

  it('is one with the heading of the same ID', () => {
    const text = `### Session BE-01: Scaffold\n\n\`\`\`xml\n${element('BE-01', 'Pre-Implementation Setup')}\n\`\`\`\n\n---\n`;
    const session = only(text);
    expect(session).toMatchObject({
      id: 'BE-01',
      title: 'Scaffold',
      form: 'xml',
      phase: '1',
      execution: ['quick'],
      estimateMinutes: 30,
      dependencies: [],
      files: ['a.ts'],
      commitMessage: 'feat(core): add it',
      prompt: { text: element('BE-01', 'Pre-Implementation Setup') },
    });
    expect(session.commands.map(({ command, label }) => [command, label])).toEqual([
      ['npm test && echo "ok"', 'tests'],
      ['py -c \'p("x")\'', 'escaped'],
    ]);
  });

  it('stands for itself without a heading, in a fence or bare, closed or not', () => {
    const text = `# P\n\n\`\`\`xml\n${element('BE-01', 'none')}\n\`\`\`\n\n${element('BE-02', 'BE-01')}\n\n<session id="BE-03">\n\n## a heading inside\n\n`;
    const { sessions } = parse(text).value;
    expect(sessions.map(({ id, dependencies }) => [id, dependencies.map((item) => item.id)])).toEqual([
      ['BE-01', []],
      ['BE-02', ['BE-01']],
      ['BE-03', []],
    ]);
    for (const { id, idRange } of sessions) expect(text.slice(idRange.start, idRange.end)).toBe(id);
  });

  it('is content in another fence, in a comment on a line and in prose', () => {
    expect(idsOf('```\n<session id="A-1"></session>\n```\n\ntext <session id="A-2"></session>\n')).toEqual([]);
    expect(idsOf('```markdown\n```xml\n<session id="A-1"></session>\n```\n```\n')).toEqual([]);
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    '## Session BE-01: x',
    '## G.C.1 y',
    '### Metadata',
    '### Prompt',
    '### Verification Commands',
    '# Phase 1: a',
    '```yaml',
    '```markdown',
    '```xml',
    '```bash',
    '```',
    '<session id="A-1">',
    '</session>',
    '<metadata>',
    '</metadata>',
    '<check name="a" command="b',
    '">',
    'dependencies: [BE-01, (x',
    '  - BE-02 (y)',
    'phase: "',
    '**Depends on:** BE-01, `x`',
    '- [ ] item',
    '| a | b |',
    '|---|---|',
    '---',
    '\uFEFF',
    'cd x',
    'git commit -m "a',
    '<!--',
    '-->',
    '> q',
    '    code',
    '\t',
    'ü½🖥️',
    'x: &a *a',
    '\r',
    '',
  );
  const hostile = fc
    .array(piece, { maxLength: 40 })
    .chain((lines) => fc.constantFrom('\n', '\r\n', '\n\n').map((ending) => lines.join(ending)));

  it('never throws; ranges lie inside it and hold what they say', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
        const { value, diagnostics } = parse(text);
        const inside = ({ start, end }: { start: number; end: number }) =>
          0 <= start && start <= end && end <= text.length;
        for (const session of value.sessions) {
          expect(text.slice(session.idRange.start, session.idRange.end)).toBe(session.id);
          expect(session.id).toMatch(/^[^\s|]+$/);
          for (const { id, range } of session.dependencies) expect(text.slice(range.start, range.end)).toBe(id);
          if (session.prompt)
            expect(text.slice(session.prompt.range.start, session.prompt.range.end)).toBe(session.prompt.text);
          const ranges = [
            session.range,
            session.headingRange,
            ...session.subsections.map(({ bodyRange }) => bodyRange),
          ];
          for (const range of [...ranges, ...session.commands.map((command) => command.range)]) {
            expect(inside(range) && range.start >= session.range.start && range.end <= session.range.end).toBe(true);
          }
        }
        for (const { range } of diagnostics) expect(inside(range)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['dashes', `# ${'-'.repeat(200_000)}x`],
    ['digits', `## Session A-1: x\n\n**Estimate:** ${'1'.repeat(200_000)}`],
    ['commas', `## Session A-1: x\n\n**Dependencies:** (${','.repeat(200_000)}`],
    ['spaces', `## Session A-1: x\n\n\`\`\`yaml\na: b${' '.repeat(200_000)}c\n\`\`\``],
    ['tags', `<session id="A-1">\n${'<a b="'.repeat(30_000)}`],
    ['open comments', `<session id="A-1"><metadata>${'<phase><!--'.repeat(10_000)}</phase></metadata></session>`],
    ['sessions', '<session id="A-1">\n'.repeat(5_000)],
    ['phases', `## Phase 1: (${' week'.repeat(40_000)}`],
    ['headings', '### BE-1.1: x\n'.repeat(10_000)],
    // What backtracks or is not linear takes minutes, and the run's limit ends it.
  ])('reads many %s', (_what, text) => {
    expect(parse(text).value.sessions.length).toBeLessThanOrEqual(10_000);
  });

  // Work for each pair of these sessions would take minutes; `npm run bench -- parse` tells the time beside that of its markdown.
  it('reads a plan of 1 MB', () => {
    const count = Math.ceil(1_000_000 / templateSession('BE-1000', 'BE-0999').length);
    const text = templatePlan(
      Array.from({ length: count }, (_, index) => [`BE-${index + 1}`, index === 0 ? 'none' : `BE-${index}`]),
    );
    expect(parse(text).value.sessions).toHaveLength(count);
  });
});

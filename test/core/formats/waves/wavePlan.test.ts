import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../../src/core/formats/plan.ts';
import { checkWavePlan } from '../../../../src/core/formats/waves/checkWavePlan.ts';
import { stepsFor } from '../../../../src/core/formats/waves/planSteps.ts';
import { planOfSession } from '../../../../src/core/formats/waves/sessionWaves.ts';
import { parseWavePlan, readWavePlan } from '../../../../src/core/formats/waves/wavePlan.ts';
import { wavePlanText } from '../../../../src/core/formats/waves/wavePlanText.ts';
import { defaultWaveConfig } from '../../../../src/core/model/waves/waveConfig.ts';
import type { PlannedAgent, WavePlan } from '../../../../src/core/model/waves/wavePlan.ts';
import { dedent } from '../../markdown/support.ts';

const document = dedent(`
  # Payments wave plan

  ## Wave Plan (Session: deep, 5 waves, isolation: worktree)

  ### Wave 1: Discovery (2 agents, parallel, read-only)
  - Agent 1: Audit auth → src/auth/*.ts → list of callers → \`subagent_type: Explore\`
  - Agent 2: Check tests → tests/** → coverage
  - File scope overlap: none (read-only wave)

  ### Wave 2: Impl-Core (2 agents, parallel, isolation: worktree)

  Impl-Core (Wave 2) Agent 1:
    Task: Add the endpoint
    Files: src/api/users.ts, tests/api/{a,b}.test.ts
    Acceptance: GET /users answers
    Tools needed: Read, Edit
    Dependencies: Discovery Agent 1, Agent 2
    Isolation: none
    MaxTurns: 20
    Resources: build, db:test
    status: brainstormed

  \`\`\`
  Impl-Core (Wave 2) Agent 2:
    Task: Add the table
      with its index
    Files:
      - db/schema.sql
      - \`db/mäp pe, a.sql\` (new)
    Dependencies: none
  \`\`\`

  ### Wave 3: Impl-Polish (0 agents)

  ### Wave 4: Quality (1 agents, sequential)

  | Agent | Task | Files | Acceptance | Depends on |
  |---|---|---|---|---|
  | qa-1 | Write tests | tests/** | green \\| ok | Wave 2 |

  ### Wave 5: Finalization (1 agent)
  #### Agent 1 (docs-writer): Update docs
  **Files:** README.md
  **Model:** haiku

  ### Agent Registry
  - Agent 7: none of the plan → x → y

  ### Execution Config
  - Waves: 5 | Agents-per-wave cap: 4 | Isolation: worktree
  - Enforcement: strict | Max turns: 25
  - Persistence: false | Pencil: none
  - Issues: #12, #15
  - Bite-sized plan: \`docs/plans/x.md\`

  \`\`\`yaml
  ### Docs Tasks (machine-readable)
  docs-tasks:
    - id: docs-1
      audience: user
      target-pattern: **/*.md
      rationale: New endpoint: it needs docs
      wave: 5
      status: planned
  \`\`\`

  \`\`\`yaml
  ### Wave-Plan Mission Status (machine-readable)
  mission-status:
    - id: m-1
      task: Add the endpoint
      wave: 2
      status: brainstormed
    - id: m-2
      task: "Write tests"
      wave: 4
      status: brainstormed
  \`\`\`

  Ready to execute? Use /go to begin.
`);

describe('a wave plan', () => {
  const { plan, problems, places } = readWavePlan(document, 'docs/x.md');

  it('is read with its waves, renumbered without the empty one', () => {
    expect(plan.waves.map(({ number, title, role, sequential }) => [number, title, role, sequential])).toEqual([
      [1, 'Discovery', 'Discovery', false],
      [2, 'Impl-Core', 'Impl-Core', false],
      [3, 'Quality', 'Quality', true],
      [4, 'Finalization', 'Finalization', false],
    ]);
    expect(plan.skipped).toEqual([{ number: 3, title: 'Impl-Polish' }]);
    expect(problems).toMatchObject([{ code: 'empty-wave', severity: 'info', path: 'docs/x.md' }]);
    expect(plan).toMatchObject({
      title: 'Payments',
      sessionType: 'deep',
      issues: [12, 15],
      execution: { waves: 5, agentsPerWave: 4, isolation: 'worktree', enforcement: 'strict', maxTurns: 25 },
      docsTasks: [{ id: 'docs-1', targetPattern: '**/*.md', rationale: 'New endpoint: it needs docs', wave: 4 }],
      missions: [
        { id: 'm-1', wave: 2 },
        { id: 'm-2', task: 'Write tests', wave: 3 },
      ],
    });
    expect(plan.execution).not.toHaveProperty('persistence');
  });

  it('is read with its agents in every form', () => {
    expect(plan.waves.flatMap(({ agents }) => agents)).toEqual([
      agent('w1-a1', 'Audit auth', { reads: ['src/auth/*.ts'], acceptance: 'list of callers', role: 'Explore' }),
      agent('w1-a2', 'Check tests', { reads: ['tests/**'], acceptance: 'coverage' }),
      agent('w2-a1', 'Add the endpoint', {
        files: ['src/api/users.ts', 'tests/api/a.test.ts', 'tests/api/b.test.ts'],
        acceptance: 'GET /users answers',
        tools: ['Read', 'Edit'],
        dependencies: ['w1-a1', 'w2-a2'],
        isolation: 'none',
        maxTurns: 20,
        resources: ['build', 'db:test'],
        mission: 'm-1',
      }),
      agent('w2-a2', 'Add the table\nwith its index', {
        files: ['db/schema.sql', 'db/mäp pe, a.sql'],
        isolation: 'worktree',
      }),
      agent('qa-1', 'Write tests', {
        files: ['tests/**'],
        acceptance: 'green | ok',
        dependencies: ['w2-a1', 'w2-a2'],
        mission: 'm-2',
      }),
      agent('w4-a1', 'Update docs', { files: ['README.md'], role: 'docs-writer', model: 'haiku' }),
    ]);
    expect(places.get('w1-a1')).toBe(6);
    expect(document.split('\n')[(places.get('qa-1') ?? 0) - 1]).toContain('| qa-1 |');
  });

  it('is the same with CRLF, BOM, no final newline and within a fence', () => {
    const forms = [
      `\uFEFF${document.replaceAll('\n', '\r\n')}`,
      document.trimEnd(),
      `Here it is:\n\n~~~\n${document}\n~~~\n`,
    ];
    for (const text of forms) expect(readWavePlan(text, 'docs/x.md').plan).toEqual(plan);
    expect(readWavePlan(`Here it is:\n\n~~~\n${document}\n~~~\n`).places.get('w1-a1')).toBe(9);
  });

  it('is nothing but what was written: other headings, prose and lists are the writer’s own', () => {
    const text = '# Notes\n\n- Agent 1: x → y → z\n\n```\n### Waves of heat\n```\n';
    expect(parseWavePlan(text, 'n.md')).toMatchObject({ value: { waves: [], title: 'Notes' }, diagnostics: [] });
  });

  it('says what of the Execution Config is no value', () => {
    const text =
      '### Wave 1: Quality\n- Agent 1: a → b\n\n### Execution Config\n- Isolation: maybe | Max turns: many\n';
    const { value, diagnostics } = parseWavePlan(text, 'n.md');
    expect(value.execution).toEqual({});
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'Execution Config: isolation is "maybe", not auto, worktree, none',
      'Execution Config: max turns is "many", not a whole number',
    ]);
  });

  it('joins the waves of housekeeping to one, whose list items are tasks', () => {
    const text =
      '## Wave Plan (Session: housekeeping, 2 waves)\n### Wave 1: Housekeeping (coordinator-direct, 0 agents)\n- Prune branches\n- Isolation: none\n\n### Wave 2: Coordinator-Direct\n- All tasks one after another.\n- Tasks: [Update CI, Bump deps]\n';
    const { plan: read } = readWavePlan(text);
    expect(read.waves).toMatchObject([
      {
        number: 1,
        role: 'Finalization',
        sequential: true,
        agents: [{ task: 'Prune branches', files: ['**'] }, { task: 'Update CI' }, { task: 'Bump deps' }],
      },
    ]);
  });
});

describe('checks of a wave plan', () => {
  const plan = (waves: string): WavePlan => readWavePlan(waves, 'p.md').plan;
  const wave = (title: string, ...agents: readonly string[]): string => `### Wave 1: ${title}\n${agents.join('\n')}\n`;

  it.each<readonly [string, string, string, string]>([
    ['no wave', '# Nothing\n', 'no-waves', 'error'],
    ['an unknown role', wave('Synthesis', '- Agent 1: a → x.ts'), 'unknown-role', 'error'],
    ['a role beside an unknown one', wave('Quality + Gate', '- Agent 1: a → x.ts'), 'unknown-role', 'error'],
    [
      'one file twice',
      wave('Impl-Core', '- Agent 1: a → src/x.ts', '- Agent 2: b → src/*.ts'),
      'overlapping-files',
      'error',
    ],
    [
      'a folder and a file in it',
      wave('Impl-Core', '- Agent 1: a → src/', '- Agent 2: b → src/a/b.ts'),
      'overlapping-files',
      'error',
    ],
    [
      'too many agents',
      wave('Quality', ...Array.from({ length: 7 }, (_, i) => `- Agent ${i}: t${i} → f${i}.ts`)),
      'too-many-agents',
      'error',
    ],
    ['a path outside', wave('Quality', '- Agent 1: a → ../x.ts'), 'outside-project', 'error'],
    ['an absolute path', wave('Quality', '- Agent 1: a → /etc/passwd'), 'outside-project', 'error'],
    ['git’s own files', wave('Quality', '- Agent 1: a → .git/config'), 'outside-project', 'error'],
    ['no files', wave('Impl-Polish', '- Agent 1: think'), 'no-files', 'warning'],
    ['a bad model', wave('Quality', '- Agent 1: a → x.ts', '  Model: --danger'), 'unknown-model', 'error'],
    [
      'a circle',
      wave(
        'Quality',
        '- Agent 1: a → x.ts',
        '  Dependencies: Agent 2',
        '- Agent 2: b → y.ts',
        '  Dependencies: Agent 1',
      ),
      'cyclic-dependency',
      'error',
    ],
    [
      'a later wave',
      `${wave('Impl-Core', '- Agent 1: a → x.ts', '  Dependencies: Quality')}\n### Wave 2: Quality\n- Agent 1: b → y.ts\n`,
      'later-dependency',
      'error',
    ],
  ])('find %s', (_, text, code, severity) => {
    const read = readWavePlan(text, 'p.md');
    const found = checkWavePlan(read.plan, defaultWaveConfig, read.places);
    expect(found).toMatchObject([{ code, severity, path: 'p.md' }]);
    expect(found[0]?.hint).toBeTruthy();
    expect(code === 'no-waves' || (found[0]?.line ?? 0) > 0).toBe(true);
  });

  it.each([
    ['duplicate-id', wave('Quality', '- Agent 1: a → x.ts', '- Agent 1: b → y.ts')],
    ['unknown-dependency', wave('Quality', '- Agent 1: a → x.ts', '  Dependencies: BE-07')],
  ])('find %s while reading', (code, text) => {
    expect(readWavePlan(text, 'p.md').problems).toMatchObject([{ code, severity: 'error', wave: 1, path: 'p.md' }]);
  });

  it('find nothing in a plan that is right', () => {
    expect(checkWavePlan(plan(document), defaultWaveConfig)).toEqual([]);
  });
});

describe('a written wave plan', () => {
  const word = fc.stringMatching(/^[a-zäöü][a-z0-9 ]{0,12}[a-z0-9]$/);
  const path = fc.constantFrom('src/a.ts', 'docs/ü b.md', 'a, b.md', 'lib/**', 'x/*.ts', 'w/');
  const anAgent = fc.record(
    {
      task: fc.array(word, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')),
      files: fc.uniqueArray(path, { minLength: 1, maxLength: 3 }),
      acceptance: word,
      tools: fc.constantFrom([], ['Read', 'Bash']),
      resources: fc.constantFrom([], ['build', 'port:3000']),
      isolation: fc.constantFrom('none' as const, 'worktree' as const),
      maxTurns: fc.integer({ min: 1, max: 99 }),
      model: fc.constantFrom('haiku', 'claude-sonnet-4-5'),
      steps: fc.constantFrom('1. Do\n2. Check', '# Title\n\n- Agent 9: x → y\n\n```bash\nnpm test\n```\nend'),
    },
    { requiredKeys: ['task', 'files', 'tools', 'resources'] },
  );
  const aPlan = fc
    .array(fc.array(anAgent, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
    .map((waves): WavePlan => {
      const titles = ['Impl-Core', 'Impl-Polish + Quality', 'Quality', 'Finalization'];
      const roles = ['Impl-Core', 'Quality', 'Quality', 'Finalization'] as const;
      return {
        title: 'A plan',
        session: 'BE-04',
        sessionType: 'feature',
        issues: [3],
        waves: waves.map((agents, index) => ({
          number: index + 1,
          title: titles[index] ?? '',
          role: roles[index] ?? 'Quality',
          sequential: index === 2,
          agents: agents.map((one, at) => ({
            id: at === 1 ? `named-${index}` : `w${index + 1}-a${at + 1}`,
            dependencies: index > 0 ? [`w${index}-a1`] : [],
            ...one,
          })),
        })),
        execution: { waves: waves.length, agentsPerWave: 6, isolation: 'auto', enforcement: 'warn', maxTurns: 'auto' },
        docsTasks: [
          { id: 'docs-1', audience: 'dev', targetPattern: '**/*.md', rationale: 'r: s', wave: 1, status: 'planned' },
        ],
        missions: [{ id: 'm-1', task: 'something else', wave: 9, status: 'validated' }],
      };
    });

  it('is read as what was written', () => {
    fc.assert(
      fc.property(aPlan, (plan) => {
        expect(readWavePlan(wavePlanText(plan, defaultWaveConfig)).plan).toEqual(plan);
      }),
      { numRuns: 60 },
    );
  });

  it('is read whatever stands in it', () => {
    const line = fc.constantFrom(
      '### Wave 1: Quality (',
      '- Agent 1: a → b',
      '  Files: `',
      '```',
      '| task |',
      '|--|',
      '  Task: [',
      '{,',
      '\u0000',
      '<!--',
      'docs-tasks:',
      '  - id: x',
      '### Execution Config',
      '- Waves: | |',
      '> x',
      '\t- Agent',
      '***',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.string({ maxLength: 12 })), { maxLength: 25 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (lines, end) => {
          const { plan } = readWavePlan(lines.join(end));
          checkWavePlan(plan, defaultWaveConfig);
          expect(plan.waves.map(({ number }) => number)).toEqual(plan.waves.map((_, index) => index + 1));
          const ids = plan.waves.flatMap(({ agents }) => agents.map(({ id }) => id));
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids.every((id) => /^[A-Za-z0-9][\w-]*$/.test(id))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the waves of a session', () => {
  const session = (body: string) => {
    const found = parsePlan(`## Session BE-04: Users\n\n${body}`, 'docs/P.md').value.sessions[0];
    if (found === undefined) throw new Error('no session');
    return found;
  };
  const yaml = (text: string): string => `### Metadata\n\n\`\`\`yaml\n${text}\n\`\`\`\n`;

  it('are one agent with its prompt, and one for its checklist', () => {
    const { plan } = planOfSession(
      session(
        `${yaml('files: [src/users.ts, tests/users.test.ts]')}\n### Prompt\n\nWrite users.\n\n### Verification Checklist\n\n- [ ] It answers\n`,
      ),
      { waves: 5, planPath: 'docs/P.md' },
    );
    expect(plan).toMatchObject({ session: 'BE-04', title: 'BE-04: Users', sessionType: 'feature', path: 'docs/P.md' });
    expect(plan).not.toHaveProperty('skipped');
    expect(plan.missions).toMatchObject([
      { id: 'm-1', task: 'BE-04: Users', wave: 1, status: 'brainstormed' },
      { id: 'm-2', wave: 2 },
    ]);
    expect(plan.waves).toMatchObject([
      {
        number: 1,
        title: 'Impl-Core',
        agents: [{ task: 'BE-04: Users', steps: 'Write users.', planFile: 'docs/P.md', acceptance: 'It answers' }],
      },
      { number: 2, title: 'Quality', agents: [{ files: ['tests/users.test.ts'] }] },
    ]);
  });

  it('bind the agent by no scope where the session names no files', () => {
    const plain = session('### Prompt\n\nWrite users.\n\n### Verification Checklist\n\n- [ ] It answers\n');
    const filesOf = (waves: number) => planOfSession(plain, { waves }).plan.waves[0]?.agents[0]?.files;
    expect(filesOf(5)).toEqual(['**']);
    // Beside the agent for the checklist it would share every file.
    expect(filesOf(1)).toEqual([]);
  });

  it('are its sub-agents by their roles, one that shares files polishing what the other made', () => {
    const block = yaml(
      'execution: heavy\nsub_agents:\n  - name: api\n    role: implementer\n    files: [src/a.ts]\n    responsibilities: [Write it]\n  - name: api-2\n    role: implementer\n    files: [src/a.ts]\n  - name: scout\n    role: researcher\n  - name: qa\n    role: test engineer\n    model: haiku',
    );
    const titles = (waves: number) =>
      planOfSession(session(block), { waves }).plan.waves.map(
        ({ title, agents }) => `${title}: ${agents.map(({ id }) => id).join(' ')}`,
      );
    expect(titles(5)).toEqual(['Discovery: scout', 'Impl-Core: api', 'Impl-Polish: api-2', 'Quality: qa']);
    expect(titles(3)).toEqual(['Discovery + Impl-Core: scout api', 'Impl-Polish + Quality: api-2 qa']);
    expect(titles(4)).toEqual(['Discovery: scout', 'Impl-Core + Impl-Polish: api api-2', 'Quality: qa']);
    expect(planOfSession(session(block), { waves: 5 }).plan.sessionType).toBe('deep');
  });

  it('are those of its prompt where it has some', () => {
    const { plan } = planOfSession(
      session('### Prompt\n\n```markdown\n### Wave 1: Impl-Core\n- Agent 1: Do → src/x.ts → done\n```\n'),
      { waves: 5 },
    );
    expect(plan).toMatchObject({
      session: 'BE-04',
      waves: [{ title: 'Impl-Core', agents: [{ task: 'Do', files: ['src/x.ts'] }] }],
    });
  });
});

describe('the steps of a plan file', () => {
  const file = '# Plan\n\n## Task 1: Add users\n\n### Step 1: Test\n\nx\n\n## Task 2: Add table\n\ny\n';
  it.each([
    ['Do Task 2', '## Task 2: Add table\n\ny'],
    ['Add users to the API', '## Task 1: Add users\n\n### Step 1: Test\n\nx'],
    ['Something else', undefined],
  ])('are those that "%s" names', (task, steps) => {
    expect(stepsFor(file, task)).toBe(steps);
  });
  it('are the prompt of the session that the task names', () => {
    expect(stepsFor('## Session BE-04: Users\n\n### Prompt\n\nWrite it.\n', 'BE-04: Users')).toBe('Write it.');
  });
});

function agent(id: string, task: string, more: Partial<PlannedAgent>): PlannedAgent {
  return { id, task, files: [], tools: [], dependencies: [], resources: [], planFile: 'docs/plans/x.md', ...more };
}

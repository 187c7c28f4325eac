import { parseSessionConfig } from 'session-orchestrator/scripts/lib/config.mjs';
import { describe, expect, it } from 'vitest';
import { mergeSettings } from '../../../../src/core/actions/waves/waveConfig.ts';
import { parseConfig } from '../../../../src/core/formats/config.ts';
import { readSessionConfig } from '../../../../src/core/formats/waves/sessionConfig.ts';
import { readWaveSettings } from '../../../../src/core/formats/waves/waveSettings.ts';
import { defaultConfig } from '../../../../src/core/model/config.ts';
import { defaultWaveConfig } from '../../../../src/core/model/waves/waveConfig.ts';
import { dedent } from '../../markdown/support.ts';

const settingsOf = (text: string) => readWaveSettings(readSessionConfig(text) ?? [], false);

/** The same settings in the forms in which people write them. */
const forms: readonly (readonly [string, string])[] = [
  [
    'a list with bold keys',
    dedent(`
      # Shop

      ## Session Config

      - **persistence:** false
      - **enforcement:** strict
      - **agents-per-wave:** 6 (deep: 18)
      - **waves:** 4
      - **max-turns:** 30
      - **isolation:** none # shared tree
      - **test-command:** "npm run test:all"
      - **lint-command:** none
      - **pencil:** design/app.pen
      - **worker-pool:**
        - **enabled:** true
        - **max-parallel:** 3
      - **verification-auto-fix:**
        - **enabled:** true
        - **max-retries:** 4
      - **memory:**
        - **proposals:**
          - **quota-per-wave:** 2
          - **confidence-floor:** 0.7

      ## Other

      - **enforcement:** off
    `),
  ],
  [
    'plain lines in a fence, with comments',
    dedent(`
      ## Session Config

      \`\`\`yaml
      persistence: false
      enforcement: off            # not this one: the last counts
      enforcement: strict
      <!--
      isolation: worktree
      -->
      # waves: 9
      agents-per-wave: 6 (deep: 18)
      waves: 4
      max-turns: 30
      isolation: none
      test-command: npm run test:all
      lint-command: none
      pencil: design/app.pen
      worker-pool:
        enabled: true
        max-parallel: 3
      verification-auto-fix:
        enabled: true
        max-retries: 4
      memory:
        proposals:
          quota-per-wave: 2
          confidence-floor: 0.7
      \`\`\`
    `),
  ],
  [
    'plain list items, with blocks below another heading',
    dedent(`
      ## Session Config
      - persistence: false
      - enforcement: strict
      - agents-per-wave: 6 (deep: 18)
      - waves: 4
      - max-turns: 30
      - isolation: none
      - test-command: npm run test:all
      - lint-command: none
      - pencil: design/app.pen

      ## Pool
      worker-pool:
        enabled: true
        max-parallel: 3

      verification-auto-fix:
        enabled: true
        max-retries: 4

      memory:
        proposals:
          quota-per-wave: 2
          confidence-floor: 0.7
    `),
  ],
];

describe('a Session Config', () => {
  it.each(forms)('is read from %s as the reference reads it', (_, text) => {
    const { settings, problems } = settingsOf(text);
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      persistence: false,
      enforcement: 'strict',
      isolation: 'none',
      agentsPerWave: 6,
      agentsPerWaveOf: { deep: 18 },
      waves: 4,
      maxTurns: 30,
      gate: { test: 'npm run test:all', lint: '' },
      foreign: ['pencil'],
      workerPool: { enabled: true, maxParallel: 3 },
      gateRetries: 4,
      memoryProposals: { quotaPerWave: 2, confidenceFloor: 0.7 },
    });
    expect(parseSessionConfig(text, { hostPaths: { env: {} } })).toMatchObject({
      persistence: settings.persistence,
      enforcement: settings.enforcement,
      isolation: settings.isolation,
      'agents-per-wave': { default: settings.agentsPerWave, deep: 18 },
      waves: settings.waves,
      'max-turns': settings.maxTurns,
      'test-command': settings.gate?.test,
      'lint-command': null,
      'verification-auto-fix': { enabled: true, 'max-retries': settings.gateRetries },
      memory: { proposals: { 'quota-per-wave': 2, 'confidence-floor': 0.7 } },
    });
    const other = `\uFEFF${text.replaceAll('\n', '\r\n').trimEnd()}`;
    expect(settingsOf(other).settings).toEqual(settings);
  });

  it('is none without its heading, and empty without entries', () => {
    expect(readSessionConfig('# Shop\n\npersistence: false\n')).toBeUndefined();
    expect(readSessionConfig('##  Session Config\npersistence: false\n')).toBeUndefined();
    expect(readSessionConfig('## Session Config\n')).toEqual([]);
  });

  it('is not the example in a fence where there is a real one', () => {
    const text = '```\n## Session Config\nwaves: 9\n```\n\n## Session Config\nwaves: 3\n';
    expect(settingsOf(text).settings).toEqual({ waves: 3 });
  });

  it.each([
    ['persistence: perhaps', 'persistence must be true or false; it is ignored.', 'perhaps'],
    ['enforcement: hard', 'enforcement must be strict, warn, off; it is ignored.', 'hard'],
    [
      'agents-per-wave: many',
      'agents-per-wave must be a whole number from 1 to 64, or one such as `6 (deep: 18)`; it is ignored.',
      'many',
    ],
    [
      'agents-per-wave: 6 (deep: x)',
      'agents-per-wave must be a whole number from 1 to 64, or one such as `6 (deep: 18)`; it is ignored.',
      '6 (deep: x)',
    ],
    ['max-turns: 0', 'max-turns must be auto or a whole number above 0; it is ignored.', '0'],
    [
      'autopilot: { max-hours: 99 }',
      'autopilot.max-hours must be a number from 0.5 to 24; it is ignored.',
      '{ max-hours: 99 }',
    ],
    [
      'verification-auto-fix:\n  max-retries: 11',
      'verification-auto-fix.max-retries must be a number from 0 to 10; it is ignored.',
      '11',
    ],
    ['memory: on', 'memory must be a list of `key: value` lines; it is ignored.', 'on'],
  ])('says of "%s" what is wrong, and where', (line, message, marked) => {
    const text = `## Session Config\n${line}\n`;
    const { problems } = settingsOf(text);
    expect(problems.map((one) => [one.message, text.slice(one.range.start, one.range.end)])).toEqual([
      [message, marked],
    ]);
  });

  it.each<readonly [string, object]>([
    [
      'vault-sync:\n  enabled: true\n  mode: strict\n  vault-dir: ../vault',
      { vaultSync: { mode: 'hard', folder: '../vault' } },
    ],
    ['vault-sync:\n  mode: diff', { vaultSync: { mode: 'diff' } }],
    ['vault-sync:\n  enabled: false\n  mode: hard', { vaultSync: { mode: 'off' } }],
    ['verification-auto-fix:\n  enabled: true', { gateRetries: 2 }],
    ['verification-auto-fix:\n  max-retries: 5', { gateRetries: 0 }],
    ['docs-orchestrator:\n  enabled: true\n  audiences: [user]', { docsOrchestrator: true }],
    ['auto-commit-per-wave: true', { autoCommit: true }],
    ['tmux-layout: wide\ngoal-integration:\n  enabled: true', { foreign: ['tmux-layout', 'goal-integration'] }],
    ['agents-per-wave:\n  default: 4\n  deep: 9', { agentsPerWave: 4, agentsPerWaveOf: { deep: 9 } }],
    ['autopilot:\n  enabled: true\n  token-budget: 500000', { autopilot: { enabled: true, tokenBudget: 500_000 } }],
    ['special: do as I say\nconstructor: x\n__proto__: y', {}],
  ])('reads %j', (lines, settings) => {
    expect(settingsOf(`## Session Config\n${lines}\n`)).toMatchObject({ settings, problems: [] });
    expect(settingsOf(`## Session Config\n${lines}\n`).settings).toEqual(settings);
  });
});

describe('the key waves of .baton.yaml', () => {
  it('reads the same settings, in snake_case too', () => {
    const text =
      'project: P\nwaves:\n  enforcement: strict\n  agents_per_wave: 4\n  worker_pool: {enabled: true, max_parallel: 2}\n  gateTimeoutMinutes: 30\n  test_command: make test\n  persistence:\n';
    const { value, diagnostics } = parseConfig(text);
    expect(diagnostics).toEqual([]);
    expect(value).toEqual({
      ...defaultConfig,
      project: 'P',
      waves: {
        enforcement: 'strict',
        agentsPerWave: 4,
        workerPool: { enabled: true, maxParallel: 2 },
        gateTimeoutMinutes: 30,
        gate: { test: 'make test' },
      },
    });
  });

  it.each([
    ['waves: 5', 'error', '5'],
    ['waves:\n  enforcement: sometimes', 'error', 'sometimes'],
    ['waves:\n  colour: red', 'warning', 'colour'],
    ['waves:\n  memory:\n    proposals: {limit: 3}', 'warning', 'limit'],
  ])('refuses %j', (text, severity, marked) => {
    const { diagnostics } = parseConfig(text);
    expect(diagnostics).toMatchObject([{ code: 'unreadable-config', severity }]);
    expect(diagnostics.map(({ range }) => text.slice(range.start, range.end))).toEqual([marked]);
  });
});

describe('settings over each other', () => {
  it('give the defaults, then the weaker place, then the stronger, by session type', () => {
    expect(mergeSettings([], 'feature')).toEqual(defaultWaveConfig);
    const weak = {
      agentsPerWave: 6,
      agentsPerWaveOf: { deep: 18 },
      gate: { test: 'a', lint: 'b' },
      foreign: ['pencil'],
    };
    const strong = { gate: { test: 'c' }, memoryProposals: { quotaPerWave: 1 }, foreign: ['pencil', 'tmux'] };
    const merged = mergeSettings([weak, strong], 'deep');
    expect(merged).toEqual({
      ...defaultWaveConfig,
      agentsPerWave: 18,
      gate: { test: 'c', lint: 'b' },
      memoryProposals: { ...defaultWaveConfig.memoryProposals, quotaPerWave: 1 },
      foreign: ['pencil', 'tmux'],
    });
    expect(mergeSettings([weak, { workerPool: { enabled: true } }], 'feature').maxParallel).toBe(6);
    expect(mergeSettings([{ workerPool: { maxParallel: 2 } }], 'feature')).not.toHaveProperty('maxParallel');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/core/formats/config.ts';
import { defaultConfig } from '../../../src/core/model/config.ts';

describe('.baton.yaml', () => {
  it('gives the defaults for an empty file, one of comments and a key without value', () => {
    for (const text of ['', '# nothing\n', 'plans:\n', '\uFEFF']) {
      expect(parseConfig(text)).toEqual({ value: defaultConfig, diagnostics: [] });
    }
  });

  it('reads every key, with CRLF and BOM', () => {
    const text =
      '\uFEFFplans: [docs/A.md, "docs/ü b/*.md"]\r\nprogress: docs/P.md\r\nsession_file: ./S.md\r\npausedFolder: paused/\r\ntask_folder: lists\r\nrepositories:\r\n  backend: services/api\r\n  42: b\r\nverification-timeout-minutes: 2.5\r\nproject: My Project\r\nmode: Agentic\r\nmax_parallel: 5\r\nset_up: npm ci\r\nworktree_include: [.env]\r\nworktree_link: node_modules/\r\nquestion_timeout_minutes: 10\r\n';
    expect(parseConfig(text)).toEqual({
      value: {
        plans: ['docs/A.md', 'docs/ü b/*.md'],
        progress: ['docs/P.md'],
        sessionFile: 'S.md',
        pausedFolder: 'paused',
        taskFolder: 'lists',
        repositories: { backend: 'services/api', '42': 'b' },
        verificationTimeoutMinutes: 2.5,
        project: 'My Project',
        mode: 'agentic',
        maxParallel: 5,
        setUp: 'npm ci',
        worktreeInclude: ['.env'],
        worktreeLink: ['node_modules'],
        questionTimeoutMinutes: 10,
      },
      diagnostics: [],
    });
  });

  it.each([
    ['session_file: ../S.md', '../S.md'],
    ['session_file: /etc/passwd', '/etc/passwd'],
    ['session_file: "C:\\\\x"', '"C:\\\\x"'],
    ['session_file: a\\..\\..\\b', 'a\\..\\..\\b'],
    ['session_file: [a]', '[a]'],
    ['plans: [docs/../../x]', 'docs/../../x'],
    ['plans: {a: b}', '{a: b}'],
    ['verification_timeout_minutes: soon', 'soon'],
    ['verification_timeout_minutes: -1', '-1'],
    ['repositories: backend', 'backend'],
    ['mode: autonomous', 'autonomous'],
    ['max_parallel: 0', '0'],
    ['worktree_include: [../secrets]', '../secrets'],
    ['worktree_link: [/opt/modules]', '/opt/modules'],
  ])('refuses %s and keeps the default', (text, marked) => {
    const { value, diagnostics } = parseConfig(text);
    expect(value).toEqual(defaultConfig);
    expect(diagnostics).toMatchObject([{ code: 'unreadable-config', severity: 'error' }]);
    expect(diagnostics.map(({ range }) => text.slice(range.start, range.end))).toEqual([marked]);
  });

  it('warns of an unknown key and reads the rest', () => {
    const { value, diagnostics } = parseConfig('plan: x\nproject: P\n');
    expect(value.project).toBe('P');
    expect(diagnostics).toMatchObject([{ severity: 'warning', message: expect.stringContaining('"plan"') }]);
  });

  it('says where the text is broken and reads what it can', () => {
    const { value, diagnostics } = parseConfig('project: P\nplans: [a\n');
    expect(value.project).toBe('P');
    expect(diagnostics[0]).toMatchObject({ code: 'unreadable-config', severity: 'error' });
  });

  it('is not fooled by a list at the top or by names of the prototype', () => {
    expect(parseConfig('- a\n').diagnostics).toHaveLength(1);
    const { value } = parseConfig('repositories:\n  __proto__: x\nconstructor: y\n');
    expect(Object.keys(value.repositories)).toEqual(['__proto__']);
  });

  it('never throws and keeps ranges inside', () => {
    const piece = fc.constantFrom(
      'plans',
      'project',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '"',
      '!!x',
      '\t',
      '..',
      '|',
      '\uFEFF',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          for (const { range } of parseConfig(text).diagnostics) {
            expect(range.start).toBeGreaterThanOrEqual(0);
            expect(range.end).toBeGreaterThanOrEqual(range.start);
            expect(range.end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

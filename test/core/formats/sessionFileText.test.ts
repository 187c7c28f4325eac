import fc from 'fast-check';
import matter from 'gray-matter';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/core/formats/plan.ts';
import { parseSessionFile } from '../../../src/core/formats/sessionFile.ts';
import {
  clearedSessionFileText,
  type NewSessionFile,
  newSessionFileText,
} from '../../../src/core/formats/sessionFileText.ts';
import { parseMarkdown } from '../../../src/core/markdown/document.ts';
import type { PlanSession } from '../../../src/core/model/plan.ts';
import { templatePlan } from './planSamples.ts';

const startedAt = { year: 2026, month: 1, day: 2, hour: 9, minute: 5, second: 7, offsetMinutes: -210 };

function sessionIn(text: string, id?: string): PlanSession {
  const session = parsePlan(text, 'docs/X_PROMPTS.md').value.sessions.find(
    (found) => id === undefined || found.id === id,
  );
  if (!session) throw new Error('no such session');
  return session;
}

function inputFor(text: string, more: Partial<NewSessionFile> = {}): NewSessionFile {
  const session = sessionIn(text, more.id);
  return {
    id: session.id,
    title: session.title,
    project: 'Pipeline',
    plan: 'docs/X_PROMPTS.md',
    planned: { session, text },
    startedAt,
    dependencies: [],
    ...more,
  };
}

function read(text: string) {
  return parseSessionFile(text, 'docs/sessions/SESSION.md', matter(text.replace(/^\uFEFF/, '')).data);
}

/** What must come back: commands, check boxes and prompt. */
function carried({ commands, checklist, prompt }: Pick<PlanSession, 'commands' | 'checklist' | 'prompt'>) {
  const plain = (text: string) => text.replace(/\r\n?/g, '\n');
  return {
    commands: commands.map(({ command }) => plain(command)),
    checklist: checklist.map(({ text }) => text),
    prompt: prompt && plain(prompt.text),
  };
}

describe('a new SESSION.md', () => {
  const plan = templatePlan([
    ['BE-01', 'none'],
    ['BE-02', 'BE-01'],
  ]);
  const input = inputFor(plan, {
    id: 'BE-02',
    title: 'Matcher: "the # engine"',
    repository: 'backend',
    startRef: '0123456',
    dependencies: [{ id: 'BE-01', status: 'done', met: true, reason: 'must be complete' }],
    next: { id: 'BE-03', title: 'Next one', dependencies: ['BE-02'] },
  });
  const text = newSessionFileText(input);

  it('begins with the machine state, then the reference script’s lines', () => {
    expect(text.startsWith('---\nbaton: session/1\nsession: BE-02\ntitle: "Matcher: \\"the # engine\\""\n')).toBe(true);
    expect(text).toContain(
      '\nproject: Pipeline\nrepository: backend\nplan: docs/X_PROMPTS.md\nstatus: active\nstarted_at: 2026-01-02T09:05:07-03:30\n',
    );
    expect(text).toContain(
      '\ncheckpoints: 0\ntask_list: pipeline-x1\n---\n\n# Current Session: BE-02\n\n> **Loaded from:** docs/X_PROMPTS.md\n> **Started:** 2026-01-02 09:05\n\n---\n\n## Metadata\n',
    );
    expect(text.endsWith('\n## Session Notes\n\n_Add notes during execution here_\n')).toBe(true);
  });

  it('has every section of the plan, in order', () => {
    expect(
      parseMarkdown(text)
        .headings.filter(({ level }) => level === 2)
        .map(({ text: title }) => title),
    ).toEqual([
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
      'Next Session',
      'Session Notes',
    ]);
    expect(text).toContain('- [x] BE-01: done (must be complete)');
    expect(text).toContain('**Session ID:** BE-03\n**Title:** Next one\n**Dependencies:** BE-02');
  });

  it('is read back as it was meant', () => {
    const { value, diagnostics } = read(text);
    expect(value).toMatchObject({
      kind: 'session',
      byBaton: true,
      id: 'BE-02',
      title: 'Matcher: "the # engine"',
      project: 'Pipeline',
      repository: 'backend',
      plan: 'docs/X_PROMPTS.md',
      status: 'active',
      startRef: '0123456',
      checkpoints: 0,
      taskList: 'pipeline-x1',
      modelSettings: sessionIn(plan, 'BE-02').modelSettings,
      notes: [],
    });
    expect(value.startedAt).toContain('2026-01-02');
    expect(carried(value)).toEqual(carried(sessionIn(plan, 'BE-02')));
    expect(value.checklist.every(({ checked }) => !checked)).toBe(true);
    // The prompt's fence is longer than those in it, so other programs read the file as Baton does.
    expect(diagnostics).toEqual([]);
  });

  it('can be written with CRLF throughout', () => {
    const crlf = newSessionFileText({ ...input, eol: '\r\n' });
    expect(crlf.replaceAll('\r\n', '\n')).toBe(text);
    expect(crlf.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(carried(read(crlf).value)).toEqual(carried(sessionIn(plan, 'BE-02')));
  });

  it('names the chosen model and why, and lets it win over the plan’s', () => {
    const other = newSessionFileText({ ...input, model: { model: 'opus', thinking: 'standard' } });
    expect(read(other).value.modelSettings).toMatchObject({ model: 'opus', thinkingMode: 'standard' });
    expect(other).toContain('The plan says:');
    const bare = '## Session A-1: x\n\nDo it.\n';
    const recommended = newSessionFileText(inputFor(bare, { model: { model: 'sonnet', reason: 'Sonnet, because.' } }));
    expect(recommended).toContain('model: sonnet\n```\n\n> **Recommended:** Sonnet, because.');
    expect(read(recommended).value).toMatchObject({ modelSettings: { model: 'sonnet' }, prompt: { text: 'Do it.' } });
  });

  it('does without a plan', () => {
    const file = newSessionFileText({ id: '4½', title: '', project: 'P', startedAt, dependencies: [] });
    expect(read(file).value).toMatchObject({ kind: 'session', id: '4½', checklist: [], commands: [] });
    expect(file).not.toContain('Loaded from');
  });
});

describe('what a plan gives is carried whole', () => {
  it.each([
    [
      'an unknown section',
      '## Session A-1: x\n\n### Ultrathink Protocol\n\n```xml\n<a>&amp;</a>\n```\n\n#### Deeper\n\ntext\n',
      ['<a>&amp;</a>', '#### Deeper'],
    ],
    [
      'text above the sections',
      '## Session A-1: x\n\nSome prose.\n\n**Owner:** me\n\n### Prompt\n\nDo.\n',
      ['Some prose.', '**Owner:** me'],
    ],
    [
      'unknown metadata below the heading',
      '## Session A-1: x\n\n```yaml\nmodel: y\nowner: me\n```\n\nDo.\n',
      ['owner: me'],
    ],
    ['a section called as one of Baton’s', '## Session A-1: x\n\n### Session Notes\n\nold note\n', ['old note']],
    [
      'text behind an XML element',
      '## Session A-1: x\n\n```xml\n<session id="A-1"><skills><skill>s1</skill></skills></session>\n```\n\nMind this.\n',
      ['Mind this.', '- s1'],
    ],
  ])('%s', (_what, plan, parts) => {
    const text = newSessionFileText(inputFor(plan));
    for (const part of parts) expect(text).toContain(part);
    expect(read(text).value.notes).toEqual([]);
  });

  it('check boxes outside a section become the checklist', () => {
    const text = newSessionFileText(inputFor('## Session A-1: x\n\nDo.\n\n- [x] first\n- [ ] second\n'));
    expect(read(text).value.checklist.map(({ text: said, checked }) => [said, checked])).toEqual([
      ['first', false],
      ['second', false],
    ]);
  });

  it('commands of an XML session get a fence, and the checklist that it lacks', () => {
    const xml = (checks: string) => `<session id="A-1">\n<verification>${checks}</verification>\n</session>\n`;
    const text = newSessionFileText(
      inputFor(xml('<check name="t" command="npm test">ok</check><check name="l" command="cd a"/>')),
    );
    expect(read(text).value.commands).toMatchObject([
      { command: 'npm test', label: 't' },
      { command: 'cd a', label: 'l' },
    ]);
    expect(read(text).value.checklist.map(({ text: said }) => said)).toEqual(['t: `npm test`', 'l: `cd a`']);
  });

  it('a section that leaves a fence or comment open does not swallow what follows', () => {
    for (const open of ['```', '<!-- x', '~~~~js']) {
      const text = newSessionFileText(
        inputFor(`## Session A-1: x\n\n### Prompt\n\nDo.\n\n### Other\n\n${open}\nrest\n`),
      );
      expect(text).toContain('rest');
      expect(parseMarkdown(text).headings.at(-1)?.text).toBe('Session Notes');
    }
  });

  it('whatever the prompt holds comes back', () => {
    const line = fc.constantFrom(
      '# Session A-1: x',
      '```',
      '```bash',
      '````',
      '~~~',
      '## Session Notes',
      '| a |',
      '- [ ] b',
      'text',
      '',
      '<!--',
      '</session>',
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        const prompt = `start\n${lines.join('\n')}\nend`;
        const plan = `## Session A-1: x\n\n### Prompt\n\n\`\`\`\`\`\`text\n${prompt}\n\`\`\`\`\`\`\n`;
        expect(sessionIn(plan).prompt?.text).toBe(prompt);
        const { value } = read(newSessionFileText(inputFor(plan)));
        expect(value.prompt?.text).toBe(prompt);
        expect(value.notesRange).toBeDefined();
        expect(value.checklist).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('whatever the plan is, the file is one with notes', () => {
    const piece = fc.constantFrom(
      '### Metadata',
      '### Prompt',
      '### Verification Checklist',
      '### Verification Commands',
      '### Git Commit',
      '```yaml',
      '```markdown',
      '```bash',
      '```',
      'dependencies: [BE-01, (x',
      '- [x] item',
      '---',
      'cd x',
      'npm test',
      '<!--',
      '<div>',
      '> q',
      'text',
      '',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (lines) => {
        const plan = `## Session A-1: x\n${lines.join('\n')}`;
        const text = newSessionFileText(inputFor(plan));
        const { value } = read(text);
        expect(value).toMatchObject({ kind: 'session', id: 'A-1', notes: [] });
        expect(value.notesRange).toBeDefined();
        expect(parseMarkdown(text).headings.at(-1)?.text).toBe('Session Notes');
      }),
      { numRuns: 1500 },
    );
  });
});

describe('a cleared SESSION.md', () => {
  it('names what can be started', () => {
    const text = clearedSessionFileText({
      id: 'BE-04',
      completedAt: startedAt,
      next: [
        { id: 'BE-05', title: 'Next' },
        { id: '6', title: '' },
      ],
    });
    expect(text).toBe(
      '# Session Complete\n\n> **Last Session:** BE-04\n> **Completed:** 2026-01-02 09:05\n\nNo session is active. Notes and verification results are in the progress file.\n\n## Start Next Session\n\nReady now:\n\n- **BE-05**: Next\n- **6**\n\n```bash\nbaton start BE-05\nbaton start 6\n```\n',
    );
    expect(read(text).value).toMatchObject({ kind: 'cleared', byBaton: false });
  });

  it('says so when nothing is ready', () => {
    const text = clearedSessionFileText({ id: 'BE-04', completedAt: startedAt, next: [], eol: '\r\n' });
    expect(text).toMatch(/No session is ready\.\r\n$/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/textEdit.ts';
import { planCheckpointCount, planSessionStatus } from '../../../src/core/formats/sessionEdits.ts';
import { parseSessionFile } from '../../../src/core/formats/sessionFile.ts';
import { planSessionNoteAppend } from '../../../src/core/formats/sessionNotes.ts';
import { templateSession } from './planSamples.ts';

function parse(text: string, frontmatter?: Record<string, unknown>) {
  return parseSessionFile(text, 'docs/sessions/SESSION.md', frontmatter).value;
}

/** What the reference script writes (formats.md §2.2), around a section of the plan. */
function referenceFile(section: string): string {
  return `# Current Session: BE-04

> **Loaded from:** docs/PLAN.md
> **Started:** 2026-01-02 09:00

---

${section}
---

## Session Notes

_Add notes during execution here_

---

## Completion Checklist

- [ ] All checks are done
- [ ] Committed

---

## Quick Commands

\`\`\`bash
git status
\`\`\`
`;
}

describe('the reference script’s form', () => {
  it('is read whole', () => {
    const file = parse(referenceFile(templateSession('BE-04', 'BE-03')));
    expect(file).toMatchObject({
      kind: 'session',
      byBaton: false,
      id: 'BE-04',
      title: 'Matcher Engine',
      plan: 'docs/PLAN.md',
      status: 'active',
      startedAt: '2026-01-02 09:00',
      checkpoints: 0,
      taskList: 'pipeline-x1',
      modelSettings: { model: 'claude-sonnet-4-20250514', thinkingMode: 'ultrathink' },
      notes: [],
    });
    expect(file.checklist.map(({ text }) => text)).toEqual(['All tests pass', 'Types are right']);
    expect(file.commands.map(({ command }) => command)).toEqual([
      'cd backend && pytest -v',
      'cd backend && ruff check . --fix',
    ]);
    expect(file.prompt?.text).toMatch(/^# Session BE-04/);
  });

  it('gives the completion checklist where the plan has none', () => {
    const file = parse(referenceFile('## Session BE-04: x\n\nDo it.\n'));
    expect(file.checklist.map(({ text }) => text)).toEqual(['All checks are done', 'Committed']);
    expect(file.commands).toEqual([]);
  });

  it('reads an XML session', () => {
    const xml =
      '### Session BE-04: x\n\n```xml\n<session id="BE-04"><verification><check name="a" command="npm test"/></verification></session>\n```\n';
    expect(parse(referenceFile(xml)).commands).toMatchObject([{ command: 'npm test', label: 'a' }]);
  });

  it('has no place for checkpoints and state, so nothing is written', () => {
    const file = parse(referenceFile(''));
    expect(planCheckpointCount(file, 2)).toEqual([]);
    expect(planSessionStatus(file, 'paused')).toEqual([]);
  });
});

describe('the documented form', () => {
  it('is read', () => {
    const text = `# Active Session

**Session ID:** FE-01
**Title:** Shell

## System Configuration

\`\`\`yaml
model: sonnet
\`\`\`

## Verification Checklist

- [x] a
- [ ] b

## Verification Commands

\`\`\`bash
npm test
\`\`\`

## Next Session

**Session ID:** FE-02
**Title:** Other
`;
    expect(parse(text)).toMatchObject({
      kind: 'session',
      byBaton: false,
      id: 'FE-01',
      title: 'Shell',
      modelSettings: { model: 'sonnet' },
      checklist: [{ checked: true }, { checked: false }],
      commands: [{ command: 'npm test' }],
    });
  });

  it('without an ID is foreign: the next session’s does not count', () => {
    expect(parse('# Active Session\n\n**Session ID:**\n').kind).toBe('foreign');
    expect(parse('# Active Session\n\n**Session ID:** —\n').kind).toBe('foreign');
    expect(parse('# Active Session\n\n## Next Session\n\n**Session ID:** A-2\n').kind).toBe('foreign');
  });
});

describe('other files', () => {
  it.each(['# Session Complete\n\n> **Last Session:** BE-04\n', '# No Active Session\n', '', '\uFEFF\n \n'])(
    '%j is cleared',
    (text) => {
      expect(parse(text)).toMatchObject({ kind: 'cleared', checklist: [], notes: [] });
    },
  );

  it.each([
    '# SESSION.md\n\n* **Session ID**:\n* **Date**:\n\n## 6. Verification\n\n* ☐ Tests\n',
    '# Session Context\n\n## Current Status\n\n**Status**: done\n',
    '# Current Session: BE-04\n\nour own notes\n',
    '# Current Session: working on it\n',
    '```\n# Session Complete\n```\n',
    '## Session Complete\n',
    'text',
  ])('%j is foreign', (text) => {
    expect(parse(text).kind).toBe('foreign');
  });

  it('takes another program’s frontmatter for nothing', () => {
    expect(parse('---\nsession: x\n---\n# Mine\n', { session: 'x' }).kind).toBe('foreign');
    expect(parse('---\nbaton: tasks/1\n---\n# Mine\n', { baton: 'tasks/1', session: 'x' }).kind).toBe('foreign');
  });
});

describe('notes', () => {
  const append = (text: string, note: string) => applyEdits(text, planSessionNoteAppend(text, note));

  it('replaces the placeholder, then goes on below, and keeps every other byte', () => {
    const text = referenceFile(templateSession('BE-04', 'none'));
    const once = append(text, '- [10:00] first');
    expect(once).toBe(text.replace('_Add notes during execution here_', '- [10:00] first'));
    const twice = append(once, '- [11:00] second');
    expect(twice).toBe(once.replace('first\n', 'first\n- [11:00] second\n'));
    expect(parse(twice).notes).toEqual(['- [10:00] first', '- [11:00] second']);
  });

  it('goes into an empty section, one at the end without newline, and makes a missing one', () => {
    expect(append('# A\n\n## Session Notes\n\n## B\n', '- x')).toBe('# A\n\n## Session Notes\n\n- x\n\n## B\n');
    expect(append('## Session Notes', '- x')).toBe('## Session Notes\n\n- x');
    expect(append('## Session Notes\n\n- a', '- x')).toBe('## Session Notes\n\n- a\n- x');
    expect(append('# A', '- x')).toBe('# A\n\n## Session Notes\n\n- x\n');
    expect(append('# A\r\n\r\ntext\r\n', '- x')).toBe('# A\r\n\r\ntext\r\n\r\n## Session Notes\r\n\r\n- x\r\n');
  });

  it('keeps CRLF', () => {
    const text = referenceFile('').replaceAll('\n', '\r\n');
    expect(append(append(text, '- a'), '- b\nmore')).toContain('- a\r\n- b\r\n  more\r\n\r\n---');
  });

  it('lets no note change the structure', () => {
    const text = '# A\n\n## Session Notes\n\n_Add notes during execution here_\n\n## B\n\n- [ ] c\n';
    const noted = append(text, '- x\n## Session Notes\n```\nopen\n# y');
    expect(noted.endsWith('\n\n## B\n\n- [ ] c\n')).toBe(true);
    const again = append(noted, '- z');
    expect(again).toContain('- z\n\n## B');
  });

  it('never throws and only adds', () => {
    const piece = fc.constantFrom(
      '## Session Notes',
      '_Add notes during execution here_',
      '- a',
      '---',
      '```',
      '# B',
      '<!--',
      '',
      '\uFEFF',
    );
    const texts = fc
      .array(piece, { maxLength: 12 })
      .chain((lines) => fc.constantFrom('\n', '\r\n').map((eol) => lines.join(eol)));
    fc.assert(
      fc.property(texts, (text) => {
        const edits = planSessionNoteAppend(text, '- note');
        expect(edits).toHaveLength(1);
        const removed = edits.map(({ start, end }) => text.slice(start, end)).join('');
        expect(['', '_Add notes during execution here_']).toContain(removed);
      }),
      { numRuns: 500 },
    );
  });
});

describe('frontmatter', () => {
  const text =
    '---\r\nbaton: session/1 # mine\r\nsession: BE-04\r\nstatus: active\r\ncheckpoints: 0\r\nown: x\r\n---\r\n\r\n# Current Session: BE-04\r\n';
  const frontmatter = {
    baton: 'session/1',
    session: 'BE-04',
    status: 'paused',
    checkpoints: '3',
    title: 'T',
    task_list: 'l-1',
  };

  it('is what counts', () => {
    expect(parse(text, frontmatter)).toMatchObject({
      kind: 'session',
      byBaton: true,
      id: 'BE-04',
      status: 'paused',
      checkpoints: 3,
      title: 'T',
      taskList: 'l-1',
    });
    for (const session of ['a.b*c[1', '`x1`', 'A/B1:', '🚀1']) {
      expect(parse(text, { ...frontmatter, session }).id).toBe(session);
    }
    expect(parse(text, { ...frontmatter, checkpoints: 'many', status: 'odd' })).toMatchObject({
      checkpoints: 0,
      status: 'active',
    });
  });

  it('is edited in place', () => {
    const file = parse(text, frontmatter);
    expect(applyEdits(text, planCheckpointCount(file, 4))).toBe(text.replace('checkpoints: 0', 'checkpoints: 4'));
    expect(applyEdits(text, planSessionStatus(file, 'paused'))).toBe(text.replace('status: active', 'status: paused'));
  });
});

it('never throws on any text, and keeps its ranges inside', () => {
  const piece = fc.constantFrom(
    '# Current Session: BE-04',
    '> **Loaded from:** x',
    '# Active Session',
    '**Session ID:** A-1',
    '## Session Notes',
    '- [ ] a',
    '```yaml',
    '```',
    'model: x',
    '## Prompt',
    '## Verification Commands',
    '```bash',
    '## Session BE-04: x',
    '<session id="BE-04">',
    '---',
    '\uFEFF',
    '',
  );
  const texts = fc
    .array(piece, { maxLength: 30 })
    .chain((lines) => fc.constantFrom('\n', '\r\n').map((eol) => lines.join(eol)));
  fc.assert(
    fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), fc.boolean(), (text, marked) => {
      const file = parse(text, marked ? { baton: 'session/1', session: 'BE-04' } : undefined);
      const ranges = [...file.checklist, ...file.commands].map(({ range }) => range);
      for (const range of [...ranges, ...(file.notesRange ? [file.notesRange] : [])]) {
        expect(0 <= range.start && range.start <= range.end && range.end <= text.length).toBe(true);
      }
      if (file.prompt) expect(text.slice(file.prompt.range.start, file.prompt.range.end)).toBe(file.prompt.text);
    }),
    { numRuns: 1500 },
  );
});

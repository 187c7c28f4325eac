import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/core/formats/plan.ts';
import { readSessionLines, resolveDraft } from '../../../src/core/formats/planDraft.ts';
import { draftUnits, readPlanDraft } from '../../../src/core/formats/planFromMarkdown.ts';
import { newPlanFile } from '../../../src/core/formats/planTemplate.ts';

function sessionsOf(lines: readonly string[], project = 'Shop', repositories: readonly string[] = []) {
  return resolveDraft(readSessionLines(lines, repositories), project, new Set());
}

const brief = (sessions: ReturnType<typeof sessionsOf>) =>
  sessions.map(({ id, title, dependencies }) => [id, title, dependencies.join(' ')]);

describe('sessions from lines', () => {
  it('takes IDs as they are given, and makes the others', () => {
    expect(brief(sessionsOf(['BE-01: Models', 'Endpoints after BE-01', 'Setup: the machine', 'FE-1 – Cart']))).toEqual([
      ['BE-01', 'Models', ''],
      ['SHOP-01', 'Endpoints', 'BE-01'],
      ['SHOP-02', 'Setup: the machine', ''],
      ['FE-1', 'Cart', ''],
    ]);
    expect(brief(sessionsOf(['One', 'Two'], 'Harbour ferry tickets')).map(([id]) => id)).toEqual(['HFT-01', 'HFT-02']);
  });

  it('makes no ID that another plan has', () => {
    const taken = new Set(['SHOP-01', 'BE-01']);
    expect(resolveDraft(readSessionLines(['Models'], []), 'Shop', taken)[0]?.id).toBe('SHOP-02');
    expect(() => resolveDraft(readSessionLines(['BE-01: Models'], []), 'Shop', taken)).toThrow(/BE-01 already/);
    expect(() => sessionsOf(['BE-01: Models', 'BE-01: Views'])).toThrow(/Two sessions have the ID BE-01/);
    expect(() => sessionsOf(['', '# Phase only'])).toThrow(/no session/);
  });

  it.each([
    ['Views after 1', 'Views', 'A-01'],
    ['Views after Models', 'Views', 'A-01'],
    ['Views (depends on models)', 'Views', 'A-01'],
    ['Views, blocked by A-01 and A-02', 'Views', 'A-01 A-02'],
    ['Clean up after the party', 'Clean up after the party', ''],
    ['Views after Models, Nothing', 'Views after Models, Nothing', ''],
  ])('reads “%s”', (line, title, dependencies) => {
    const sessions = sessionsOf(['A-01: Models', 'A-02: Stores', `A-03: ${line}`]);
    expect(brief(sessions)[2]).toEqual(['A-03', title, dependencies]);
  });

  it('refuses sessions that wait for each other', () => {
    expect(() => sessionsOf(['A-1: a after A-2', 'A-2: b after A-1', 'A-3: c'])).toThrow(/A-1, A-2/);
  });

  it('reads phases and repositories', () => {
    const lines = ['# Foundations', 'Models @backend', '# Front', 'Cart @frontend after 1', '#'];
    expect(sessionsOf(lines, 'Shop', ['backend', 'frontend'])).toMatchObject([
      { title: 'Models', phase: 'Foundations', repository: 'backend' },
      { title: 'Cart', phase: 'Front', repository: 'frontend', dependencies: ['SHOP-01'] },
    ]);
  });
});

const todos = [
  '---',
  'owner: me',
  '---',
  '# TODO: Harbour shop',
  '',
  '```md',
  '- [ ] not a task',
  '```',
  '## Models',
  '- [ ] **BE-01**: Write the *models*',
  '  of all tables',
  '  - [x] users',
  '  - [ ] orders',
  '- [x] Choose a database',
  '- [ ] [Seats are lost](https://github.com/acme/shop/issues/12)',
  '',
  '## Pages',
  '1. Cart (blocked by #12)',
  '2. Checkout after Cart',
  '',
  'https://github.com/acme/shop/issues/40',
  '',
].join('\r\n');

describe('sessions from a list of things to do', () => {
  it('takes open items, with what stands below them, where they come from and what they wait for', () => {
    const { title, entries, done } = readPlanDraft(todos, 'items', 'TODO.md');
    expect(title).toBe('Harbour shop');
    expect(done).toEqual(['Choose a database']);
    const sessions = resolveDraft(entries, 'Harbour shop', new Set());
    expect(brief(sessions)).toEqual([
      ['BE-01', 'Write the models', ''],
      ['HS-01', 'Seats are lost', ''],
      ['HS-02', 'Cart', 'HS-01'],
      ['HS-03', 'Checkout', 'HS-02'],
      ['HS-04', 'Issue acme/shop#40', ''],
    ]);
    expect(sessions[0]).toMatchObject({
      phase: 'Models',
      items: ['orders'],
      details: 'of all tables',
      sources: ['TODO.md:10'],
    });
    expect(sessions[1]?.sources).toEqual(['https://github.com/acme/shop/issues/12', 'TODO.md:15']);
    expect(sessions[3]?.phase).toBe('Pages');
  });

  it('takes headings, with their items as checklist and their text as prompt', () => {
    const text =
      '# Roadmap\n\n## Now\n\n### Search\n\nBy name.\n\n- [ ] fast\n\n### Done thing\n\n- [x] all\n\n## Later\n\nExport after Search\n';
    expect(draftUnits(text)).toEqual([
      { unit: 'items', count: 1 },
      { unit: 'headings', count: 2 },
    ]);
    const { entries, done } = readPlanDraft(text, 'headings', 'R.md');
    expect(done).toEqual(['Done thing']);
    expect(entries).toMatchObject([
      { title: 'Search', phase: 'Now', items: ['fast'], details: 'By name.' },
      { title: 'Later', items: [], details: 'Export after Search' },
    ]);
  });

  it('takes no heading of its own that is the title of the file, and each of several at the top', () => {
    expect(draftUnits('# TODO\n\n- [ ] a\n')).toEqual([{ unit: 'items', count: 1 }]);
    expect(draftUnits('# Search\n\nBy name.\n\n# Export\n')).toEqual([{ unit: 'headings', count: 2 }]);
  });

  it('never throws, whatever the text', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom(
        '- [ ] a after b',
        '```',
        '# x',
        '  - y',
        '<!--',
        'https://github.com/a/b/issues/1',
        '---',
        '| a |',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom('\n', '\r\n'), (lines, eol) => {
        draftUnits(lines.join(eol));
      }),
    );
  });
});

describe('the plan that is made', () => {
  it('reads as what it was made from', () => {
    const sessions = sessionsOf(
      ['# One', 'BE-01: Models `x_y` *z* C#', '# Two', 'Cart @backend after BE-01', 'null: x'],
      'Shop [new]',
      ['backend'],
    );
    const { value, diagnostics } = parsePlan(newPlanFile({ project: 'Shop [new]', sessions }), 'docs/S_PROMPTS.md');
    expect(diagnostics).toEqual([]);
    expect(value.title).toBe('Shop [new]');
    expect(value.sessions).toMatchObject([
      { id: 'BE-01', title: 'Models `x_y` *z* C#', phase: '1', phaseName: 'One' },
      {
        id: 'SN-01',
        title: 'Cart',
        phase: '2',
        phaseName: 'Two',
        repository: 'backend',
        dependencies: [{ id: 'BE-01' }],
      },
      { id: 'SN-02', title: 'null: x' },
    ]);
  });

  it('does so for any titles', () => {
    const title = fc
      .string({ unit: fc.constantFrom(...'abÄ1 *_`#[]()<>|\\:-~"\'$&!.'), minLength: 1, maxLength: 24 })
      .filter((text) => /[ab]/.test(text));
    fc.assert(
      fc.property(fc.array(title, { minLength: 1, maxLength: 5 }), (titles) => {
        const made = titles.map((text) => ({ title: text, items: [text], details: `\`\`\`\n${text}\n\`\`\`` }));
        const sessions = resolveDraft(made, 'Any', new Set());
        const read = parsePlan(newPlanFile({ project: 'Any', sessions }), 'docs/ANY_PROMPTS.md').value.sessions;
        expect(read.map(({ id }) => id)).toEqual(sessions.map(({ id }) => id));
        expect(read.map(({ title: text }) => text)).toEqual(titles.map((text) => text.replace(/\s+/g, ' ').trim()));
        for (const [at, { prompt }] of read.entries())
          expect(prompt?.text).toContain(titles[at]?.trim().replace(/\s+/g, ' '));
      }),
    );
  });
});

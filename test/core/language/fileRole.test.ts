import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseRole, roleOfContent } from '../../../src/core/language/fileRole.ts';
import { grayMatterFrontmatter } from '../../../src/platform/grayMatterFrontmatter.ts';
import { createMemoryProject } from '../../support/memoryFileSystem.ts';
import { storeOf } from '../../support/workspaceOf.ts';

const roleOf = (text: string) => roleOfContent(text, grayMatterFrontmatter);

describe('the role of a text without a path', () => {
  it.each([
    ['plan', '# P Prompts\n\n## Session BE-01: One\n'],
    ['progress', '# P\n\n| Session | Status |\n|---|---|\n| BE-01 | Done |\n'],
    ['progress', '# P\n\n| Session | Task | Status |\n|---|---|---|\n| BE-01 | One | Done |\n'],
    ['taskList', '---\nbaton: tasks/1\n---\n'],
    ['taskList', '# Release\n\n| Task | Status | Title |\n|---|---|---|\n| a | PENDING | A |\n'],
    ['session', '---\nbaton: session/1\nsession: BE-01\n---\n'],
    ['session', '# Current Session: BE-01\n\n> **Loaded from:** docs/P_PROMPTS.md\n'],
    ['state', '---\nschema-version: 1\nsession-type: feature\nstatus: active\n---\n'],
    [undefined, '# About\n\nA tool.\n\n| Option | Meaning |\n|---|---|\n| -v | verbose |\n'],
    [undefined, '---\ntitle: About\nstatus: draft\n---\n\n# About\n'],
    [undefined, ''],
  ])('is %s: %j', (role, text) => {
    expect(roleOf(text)).toBe(role);
    expect(roleOf(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toBe(role);
  });

  it('is told of any text without an exception', () => {
    const piece = fc.constantFrom(
      '---\n',
      'baton: tasks/1\n',
      '| Task | Status |\n|---|---|\n',
      '## Session A-1: B\n',
      '[',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (pieces) => {
        expect(() => roleOf(pieces.join(''))).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

describe('the role of a path', () => {
  it('is what the configuration says, for README never', async () => {
    const files = { '.baton.yaml': 'plans:\n  - plans/*.md\n', 'plans/a.md': '## Session A-1: A\n' };
    const store = storeOf(createMemoryProject(files));
    await store.load();
    const of = (path: string) => store.rolesOf(path);
    expect(of('plans/a.md')).toEqual(['plan']);
    expect(of('docs/A_PROMPTS.md')).toEqual([]);
    expect(of('docs/progress/A_PROGRESS.md')).toEqual(['progress']);
    expect(of('docs/sessions/SESSION.md')).toEqual(['session']);
    expect(of('docs/sessions/paused/A-1.md')).toEqual(['session']);
    expect(of('docs/tasks/archive/old.md')).toEqual(['taskList']);
    expect(of('.claude/STATE.md')).toEqual(['state']);
    expect(of('.codex/STATE-ui.md')).toEqual(['state']);
    for (const path of ['README.md', 'docs/README.md', 'STATE.md', '.claude/NOTES.md']) expect(of(path)).toEqual([]);
  });

  it('is chosen by the content where two globs find it', () => {
    expect(chooseRole(['plan', 'progress'], '## Session A-1: A\n')).toBe('plan');
    expect(chooseRole(['plan', 'progress'], '| Session | Status |\n|---|---|\n| A-1 | Done |\n')).toBe('progress');
    expect(chooseRole(['plan', 'progress'], '')).toBe('plan');
    expect(chooseRole(['state'], '')).toBe('state');
    expect(chooseRole([], '')).toBeUndefined();
  });
});

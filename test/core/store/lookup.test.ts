import { describe, expect, it } from 'vitest';
import { BatonError } from '../../../src/core/errors.ts';
import { findSession, folderOf, readySessions } from '../../../src/core/store/lookup.ts';
import { workspaceOf } from '../../support/workspaceOf.ts';

const table = (project: string, ...rows: readonly string[]): string =>
  [`# ${project} Progress`, '', '| Session | Status | Dependencies |', '|---|---|---|', ...rows, ''].join('\n');

function errorOf(run: () => unknown): BatonError {
  try {
    run();
  } catch (error) {
    if (BatonError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('finding a session', () => {
  it('names the nearest IDs for one that is not there', async () => {
    const workspace = await workspaceOf({
      'docs/progress/P_PROGRESS.md': table('P', '| BE-04 | ⬜ | |', '| FE-01 | ⬜ | |'),
    });
    expect(findSession(workspace, 'BE-04').id).toBe('BE-04');
    const error = errorOf(() => findSession(workspace, 'be-4'));
    expect(error).toMatchObject({ code: 'unknown-session', message: 'There is no session be-4', data: { id: 'be-4' } });
    expect(error.hint).toContain('BE-04');
    expect(errorOf(() => findSession(workspace, 'something-else')).hint).toContain('baton sessions');
  });

  it('says how to begin where there are no sessions at all', async () => {
    const workspace = await workspaceOf({});
    expect(errorOf(() => findSession(workspace, 'BE-01')).hint).toContain('baton init');
  });

  it('refuses an ID of two projects, names the places, and takes the one that is named', async () => {
    const workspace = await workspaceOf({
      'docs/progress/A_PROGRESS.md': table('A', '| X-1 | ⬜ | |'),
      'docs/progress/B_PROGRESS.md': table('B', '| Y-1 | ⬜ | |', '| X-1 | ⬜ | |'),
    });
    const error = errorOf(() => findSession(workspace, 'X-1'));
    expect(error.code).toBe('ambiguous-session');
    expect(error.data?.['places']).toEqual([
      { project: 'A', path: 'docs/progress/A_PROGRESS.md', line: 5 },
      { project: 'B', path: 'docs/progress/B_PROGRESS.md', line: 6 },
    ]);
    expect(error.message).toContain('docs/progress/B_PROGRESS.md:6');
    expect(findSession(workspace, 'X-1', { project: 'b' }).project).toBe('B');
    expect(findSession(workspace, 'X-1', { project: 'docs/progress/A_PROGRESS.md' }).project).toBe('A');
    expect(errorOf(() => findSession(workspace, 'Y-1', { project: 'A' })).hint).toContain(
      'docs/progress/B_PROGRESS.md',
    );
  });

  it('refuses an ID that one table has twice, whatever is named', async () => {
    const workspace = await workspaceOf({
      'docs/progress/A_PROGRESS.md': table('A', '| X-1 | ⬜ | |', '| X-1 | ⬜ | |'),
    });
    const error = errorOf(() => findSession(workspace, 'X-1', { project: 'A' }));
    expect(error).toMatchObject({ code: 'ambiguous-session' });
    expect(error.hint).toContain('own ID');
  });

  it('takes the plan that is named', async () => {
    const workspace = await workspaceOf({
      'docs/ONE_PROMPTS.md': '# One Prompts\n\n## Session X-1: First\n',
      'docs/TWO_PROMPTS.md': '# Two Prompts\n\nText.\n\n## Session X-1: Second\n',
    });
    const error = errorOf(() => findSession(workspace, 'X-1'));
    expect(error.hint).toContain('--plan docs/TWO_PROMPTS.md');
    expect(error.data?.['places']).toMatchObject([{ line: 3 }, { line: 5 }]);
    expect(findSession(workspace, 'X-1', { plan: './docs/TWO_PROMPTS.md' }).title).toBe('Second');
  });
});

describe('ready sessions', () => {
  it('come in order of what they unblock, then of the table', async () => {
    const workspace = await workspaceOf({
      'docs/progress/P_PROGRESS.md': table(
        'P',
        '| A-1 | ⬜ | |',
        '| A-2 | 🔁 Retry | |',
        '| A-3 | ⬜ | A-2 |',
        '| A-4 | ⬜ | A-3 |',
        '| A-5 | ❌ Failed | |',
        '| A-6 | ✅ | |',
        '| A-7 | ⬜ | A-6 |',
        '| A-8 | ⬜ | A-7 |',
      ),
    });
    expect(readySessions(workspace).map(({ id }) => id)).toEqual(['A-2', 'A-7', 'A-1', 'A-5']);
  });
});

describe('the folder of a repository', () => {
  it('is the mapped one, else the root', async () => {
    const workspace = await workspaceOf({ '.baton.yaml': 'repositories:\n  api: services/api\n  here: .\n' });
    expect(folderOf(workspace, { repository: 'api' })).toBe('services/api');
    for (const repository of ['here', 'other', '__proto__', 'constructor', undefined])
      expect(folderOf(workspace, { repository })).toBe('');
  });
});

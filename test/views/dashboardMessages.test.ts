import { describe, expect, it } from 'vitest';
import type { DashboardSession, DashboardSnapshot } from '../../src/core/model/dashboard.ts';
import { readWebviewMessage } from '../../src/extension/dashboard/readWebviewMessage.ts';
import { findChanges } from '../../src/extension/dashboard/snapshotChanges.ts';
import { readHostMessage } from '../../src/webview/readHostMessage.ts';

describe('what a webview posts', () => {
  const edit = { v: 1, kind: 'editCell', request: 1, key: 'k', column: 'Notes', was: '', text: 'x' };

  it('is taken where it has the shape of a message', () => {
    for (const message of [
      { v: 1, kind: 'ready' },
      { v: 1, kind: 'run', verb: 'start', keys: ['k'] },
      edit,
      { v: 1, kind: 'setStatus', request: 2, keys: [], status: 'done' },
      { v: 1, kind: 'exportCsv', csv: 'a,b', name: 'x.csv' },
      { v: 1, kind: 'exportReport' },
      { v: 1, kind: 'openTaskList', list: 'sso' },
      { v: 1, kind: 'answer', item: 'q1' },
      { v: 1, kind: 'openFile', path: 'docs/x.md' },
    ]) {
      expect(readWebviewMessage(message)).toBe(message);
    }
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'ready'],
    ['a list', [{ v: 1, kind: 'ready' }]],
    ['another version', { v: 2, kind: 'ready' }],
    ['no version', { kind: 'ready' }],
    ['an unknown kind', { v: 1, kind: 'eval', code: '1' }],
    ['a kind of the prototype', { v: 1, kind: 'constructor' }],
    ['another kind of the prototype', { v: 1, kind: '__proto__' }],
    ['a verb that is no verb', { v: 1, kind: 'run', verb: 'workbench.action.terminal.new', keys: ['k'] }],
    ['keys that are no list', { v: 1, kind: 'run', verb: 'start', keys: 'k' }],
    ['keys that are no texts', { v: 1, kind: 'run', verb: 'start', keys: [{ key: 'k' }] }],
    ['too many keys', { v: 1, kind: 'run', verb: 'start', keys: Array.from({ length: 20_001 }, () => 'k') }],
    ['no old text', { ...edit, was: undefined }],
    ['a number for a text', { ...edit, text: 7 }],
    ['a request that is no number', { ...edit, request: '1' }],
    ['a fraction for a request', { ...edit, request: 1.5 }],
    ['a text without end', { ...edit, text: 'x'.repeat(20_001) }],
    ['a path that is no text', { v: 1, kind: 'openFile', path: ['docs/x.md'] }],
  ])('is ignored: %s', (_, message) => {
    expect(readWebviewMessage(message)).toBeUndefined();
  });
});

describe('what changed in a snapshot', () => {
  const session = (key: string, more: Partial<DashboardSession> = {}): DashboardSession => ({
    ...{ key, id: key, title: key, state: 'ready', project: 'Shop', cells: { Notes: '' }, dependencies: [] },
    ...{ waitingFor: [], unblocks: [], unblocksCount: 0, parallelWith: [], critical: false, activeHere: false },
    ...{ hasPrompt: false, hasRow: true },
    ...more,
  });
  const snapshot = (
    sessions: readonly DashboardSession[],
    more: Partial<DashboardSnapshot> = {},
  ): DashboardSnapshot => ({
    ...{ name: 'shop', takenMs: 1, projects: [], sessions, next: [], taskLists: [], inbox: [], problems: [] },
    ...more,
  });
  const before = snapshot([session('a'), session('b'), session('c')]);

  it('is nothing where only time has passed', () => {
    const copy: DashboardSnapshot = structuredClone({ ...before, takenMs: 99 });
    expect(findChanges(before, copy)).toBeUndefined();
  });

  it('is the sessions that say something else, and those alone', () => {
    const after = snapshot([session('a'), session('b', { cells: { Notes: 'x' } }), session('c')]);
    const change = findChanges(before, structuredClone(after));
    expect(change).toMatchObject({ kind: 'change', removed: [] });
    expect(change?.changed.map(({ key }) => key)).toEqual(['b']);
    expect(change).not.toHaveProperty('order');
    expect(change?.rest).not.toHaveProperty('sessions');
    expect(readHostMessage(change)).toBe(change);
  });

  it('names what is new, gone and moved', () => {
    const change = findChanges(before, snapshot([session('c'), session('a'), session('d')]));
    expect(change?.changed.map(({ key }) => key)).toEqual(['d']);
    expect(change?.removed).toEqual(['b']);
    expect(change?.order).toEqual(['c', 'a', 'd']);
  });

  it('tells a field that went from one that was never there', () => {
    const after = snapshot([session('a', { commit: 'abc1234' }), session('b'), session('c')]);
    expect(findChanges(before, after)?.changed).toHaveLength(1);
    expect(findChanges(after, before)?.changed).toHaveLength(1);
  });

  it('is the rest too: questions, files that cannot be read', () => {
    const change = findChanges(before, { ...before, problems: [{ path: 'x.md', message: 'bad' }] });
    expect(change?.changed).toEqual([]);
    expect(change?.rest.problems).toHaveLength(1);
  });
});

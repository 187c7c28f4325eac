import { describe, expect, it } from 'vitest';
import { changeText } from '../../src/webview/changeTexts.ts';
import { readHostMessage } from '../../src/webview/readHostMessage.ts';
import { applyChange, takeSnapshot } from '../../src/webview/store.ts';
import { type CellEdits, withEdit, withoutWritten, withResult } from '../../src/webview/table/cellEdits.ts';
import { createTranslate, english } from '../../src/webview/texts.ts';
import { initialState, readState } from '../../src/webview/viewState.ts';
import { snapshotMessage } from './support/dashboardPage.ts';
import { session, snapshotOf } from './support/snapshots.ts';

const snapshot = snapshotOf(20);
const { sessions: _, ...rest } = snapshot;
const model = takeSnapshot(snapshot);
const change = { v: 1, kind: 'change', rest, changed: [], removed: [] } as const;

describe('the store', () => {
  it('keeps every session that did not change the same object', () => {
    const after = applyChange(model, { ...change, changed: [session(3, { state: 'paused' })] });
    const differing = after.snapshot.sessions.filter((one, index) => one !== model.snapshot.sessions[index]);
    expect(differing.map(({ id }) => id)).toEqual(['BE-03']);
  });

  it('keeps objects over a whole snapshot that says the same', () => {
    const again = takeSnapshot(structuredClone(snapshot), model);
    expect(again.snapshot.sessions.every((one, index) => one === model.snapshot.sessions[index])).toBe(true);
  });

  it('removes, adds and orders', () => {
    const added = session(50);
    const order = [added.key, 'alpha BE-01', 'unknown', 'alpha BE-00'];
    const after = applyChange(model, { ...change, changed: [added], removed: ['alpha BE-02'], order });
    expect(after.snapshot.sessions.map(({ id }) => id)).toEqual(['BE-50', 'BE-01', 'BE-00']);
    expect(after.byKey.size).toBe(3);
  });
});

describe('changeText', () => {
  const textOf = (indexes: readonly number[]) =>
    changeText(
      english,
      model,
      applyChange(model, { ...change, changed: indexes.map((index) => session(index, { state: 'blocked' })) }),
    );

  it('names few, counts many, and is silent where nothing changed', () => {
    expect(textOf([1, 2])).toBe('BE-01 is now blocked. BE-02 is now blocked');
    expect(textOf([1, 2, 3, 4])).toBe('4 sessions changed');
    expect(changeText(english, model, model)).toBeUndefined();
  });
});

describe('readHostMessage', () => {
  it('takes what the extension sends', () => {
    const message = snapshotMessage(snapshot);
    expect(readHostMessage(structuredClone(message))).toEqual(message);
    expect(readHostMessage(change)).toEqual(change);
    expect(readHostMessage({ v: 1, kind: 'show', section: 'timeline' })).toBeDefined();
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'snapshot'],
    ['another version', { v: 2, kind: 'trusted' }],
    ['an unknown kind', { v: 1, kind: 'later' }],
    ['a kind that objects have', { v: 1, kind: 'toString' }],
    ['a session without ID', { ...change, changed: [{ ...session(1), id: undefined }] }],
    ['cells that are no texts', { ...change, changed: [{ ...session(1), cells: { Notes: 4 } }] }],
    ['a state that is none', { ...change, changed: [{ ...session(1), state: 'gone' }] }],
    ['a time that is no number', { ...change, changed: [{ ...session(1), startedMs: Number.NaN }] }],
    ['a section that is none', { v: 1, kind: 'show', section: 'settings' }],
  ])('refuses %s', (_what, value) => {
    expect(readHostMessage(value)).toBeUndefined();
  });
});

describe('readState', () => {
  it('reads what it wrote, and nothing of another folder', () => {
    const state = {
      ...initialState('a'),
      section: 'sessions',
      states: ['done'],
      sort: { column: 'id', descending: true },
      columns: { week: true },
    } as const;
    expect(readState(structuredClone(state), 'a')).toEqual(state);
    expect(readState(state, 'b')).toEqual(initialState('b'));
  });

  it('takes what is wrong for absent', () => {
    const wrong = {
      v: 1,
      folder: 'a',
      section: 'x',
      group: 7,
      states: [1, 'done'],
      text: null,
      scrollTop: -4,
      sort: {},
    };
    expect(readState(wrong, 'a')).toEqual({ ...initialState('a'), states: ['done'] });
    expect(readState('?', 'a')).toEqual(initialState('a'));
  });
});

describe('edits of cells', () => {
  const pending: CellEdits = withEdit(new Map(), 'k', 'notes', { phase: 'pending', was: 'a', text: 'b', request: 4 });

  it('take the result of their own request alone', () => {
    expect(withResult(pending, 5, undefined)).toBe(pending);
    expect(withResult(pending, 4, 'no').get('k')?.get('notes')).toMatchObject({
      phase: 'refused',
      message: 'no',
      text: 'b',
    });
  });

  it('go when the row says what was written', () => {
    const written = withResult(pending, 4, undefined);
    expect(withoutWritten(written, new Set(['other']))).toBe(written);
    expect(withoutWritten(written, new Set(['k'])).size).toBe(0);
  });
});

describe('createTranslate', () => {
  it('fills what is translated and what is not', () => {
    const t = createTranslate({ '{0} of {1}': '{1}: {0}' });
    expect(t('{0} of {1}', 1, 2)).toBe('2: 1');
    expect(t('{0} and {1}', '{1}', 'x')).toBe('{1} and x');
    expect(t('constructor')).toBe('constructor');
  });
});

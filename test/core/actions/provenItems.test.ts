import { describe, expect, test } from 'vitest';
import { findProvenItems } from '../../../src/core/actions/provenItems.ts';
import { countPassed, type Receipt, readReceipt, receiptState } from '../../../src/core/model/receipt.ts';

function receiptOf(commands: readonly (readonly [command: string, exitCode: number, label?: string])[]): Receipt {
  return {
    session: 'A',
    tree: 't',
    startedAt: '2026-01-02T09:00:00Z',
    durationMs: 1,
    ok: commands.every(([, exitCode]) => exitCode === 0),
    commands: commands.map(([command, exitCode, label]) => ({
      command,
      exitCode,
      ...(label !== undefined && { label }),
      timedOut: false,
      cancelled: false,
      durationMs: 1,
      tail: '',
      log: 'l',
    })),
  };
}

const range = { start: 0, end: 0 };
function proven(texts: readonly string[], receipt: Receipt): readonly string[] {
  const items = texts.map((text, line) => ({ text, checked: false, boxRange: range, range, line }));
  return findProvenItems(items, receipt).map(({ text }) => text);
}

describe('items that a verification proves', () => {
  const receipt = receiptOf([
    ['npm test', 0],
    ['npm run lint', 1, 'Linting'],
    ['cd api && pytest -q', 0, 'API tests:'],
  ]);

  test('those that name passed commands, as they are or without what sets the scene', () => {
    const yes = ['`npm test` passes', 'Run `npm  test`', '``npm test`` and `pytest -q` are green'];
    const no = [
      '`npm run lint` passes',
      '`npm test` and `npm run lint` pass',
      '`npm test -- --watch` works',
      '`test`',
      'npm test passes',
    ];
    expect(proven([...yes, ...no], receipt)).toEqual(yes);
  });

  test('those that say a passed label, alone or that it passes', () => {
    const yes = [
      'API tests',
      '**API tests** pass',
      'API tests: passed',
      'api tests are all green.',
      'API tests still run without errors',
    ];
    const no = ['API tests cover the edge cases', 'Linting', 'Linting is clean', 'All API tests pass in CI', ''];
    expect(proven([...yes, ...no], receipt)).toEqual(yes);
  });
});

describe('receipts', () => {
  const receipt = receiptOf([
    ['a', 0],
    ['b', 0],
  ]);

  test('are worth what tree and commands make them', () => {
    expect(receiptState(undefined, 't', ['a', 'b'])).toBe('none');
    expect(receiptState(receipt, 't', ['a', 'b'])).toBe('passed');
    expect(receiptState(receipt, 'u', ['a', 'b'])).toBe('stale');
    expect(receiptState(receipt, 't', ['a', 'c'])).toBe('stale');
    expect(receiptState(receipt, 't', ['a'])).toBe('stale');
    expect(receiptState({ ...receipt, tree: '' }, '', ['a', 'b'])).toBe('stale');
    expect(receiptState(receiptOf([['a', 1]]), 't', ['a'])).toBe('failed');
    expect(
      countPassed(
        receiptOf([
          ['a', 1],
          ['b', 0],
        ]),
      ),
    ).toEqual({ passed: 1, total: 2 });
  });

  test('are read from what is one, and from nothing else', () => {
    expect(readReceipt(JSON.parse(JSON.stringify(receipt)))).toEqual(receipt);
    for (const value of [null, undefined, 'x', {}, [], { ...receipt, commands: 'no' }])
      expect(readReceipt(value)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTestCounts, TestCounter } from '../../../../src/core/formats/waves/testCounts.ts';

it.each([
  ['Node', 'ℹ tests 7\nℹ suites 0\nℹ pass 5\nℹ fail 2\nℹ cancelled 0\n', { passed: 5, failed: 2 }],
  ['Node without a terminal', '# tests 3\r\n# pass 3\r\n# fail 0\r\n', { passed: 3, failed: 0 }],
  [
    'Vitest',
    ' Test Files  1 failed | 9 passed (10)\n      Tests  3 failed | 120 passed | 2 skipped (125)\n',
    { passed: 120, failed: 3 },
  ],
  [
    'Vitest in colours',
    '\u001b[2m Test Files \u001b[22m \u001b[1m1 passed\u001b[39m (1)\n\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m6 passed\u001b[39m\u001b[22m (6)',
    { passed: 6, failed: 0 },
  ],
  [
    'Jest',
    'Test Suites: 1 failed, 2 passed, 3 total\nTests:       1 failed, 1 skipped, 8 passed, 10 total\n',
    { passed: 8, failed: 1 },
  ],
  ['Mocha', '\n  12 passing (40ms)\n  1 pending\n  2 failing\n\n', { passed: 12, failed: 2 }],
  ['pytest', '==== 3 failed, 10 passed, 1 error in 0.12s ====\n', { passed: 10, failed: 4 }],
  ['pytest -q', '10 passed, 2 warnings in 1.50s\n', { passed: 10, failed: 0 }],
  [
    'Go',
    '=== RUN TestA\n--- PASS: TestA (0.00s)\n    --- PASS: TestA/one (0.00s)\n--- FAIL: TestB (0.01s)\nFAIL\n',
    { passed: 1, failed: 1 },
  ],
  ['the last summary', 'Tests  1 failed | 1 passed (2)\nagain\nTests  2 passed (2)\n', { passed: 2, failed: 0 }],
])('%s', (_, output, counts) => {
  expect(readTestCounts(output)).toEqual(counts);
});

it('says nothing where no runner did', () => {
  for (const text of ['', 'ok\n', 'Test Files  1 passed (1)\n', '5 passed the exam\n', 'ok  \texample.com/a\t0.1s\n']) {
    expect(readTestCounts(text)).toBeUndefined();
  }
});

it('reads an output in any pieces', () => {
  const output = 'one\n# pass 12\n# fail 3\nTests:       1 failed, 8 passed, 9 total\nend';
  fc.assert(
    fc.property(fc.array(fc.nat(output.length)), (cuts) => {
      const counter = new TestCounter();
      const at = [0, ...cuts.sort((a, b) => a - b), output.length];
      for (const [index, start] of at.slice(0, -1).entries()) counter.push(output.slice(start, at[index + 1]));
      expect(counter.counts).toEqual({ passed: 8, failed: 1 });
    }),
  );
});

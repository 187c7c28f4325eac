import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDepartures } from '../src/departures.js';

test('lists the next departures, soonest first', () => {
  assert.deepEqual(
    nextDepartures('Market Pier', '07:30').map(({ line, departure }) => `${line} ${departure}`),
    ['F1 08:10', 'F1 09:40', 'F2 11:30'],
  );
});

test('has none after the last ferry', () => {
  assert.deepEqual(nextDepartures('Lighthouse', '23:00'), []);
});

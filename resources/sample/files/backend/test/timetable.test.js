import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutesOf, readTimetable } from '../src/timetable.js';

test('reads every line', () => {
  assert.deepEqual(
    readTimetable().map(({ line }) => line),
    ['F1', 'F2', 'F3'],
  );
});

test('refuses what is not a time of day', () => {
  const text = JSON.stringify([{ line: 'F9', departs: ['24:10'] }]);
  assert.throws(() => readTimetable(text), /F9: "24:10"/);
});

test('counts minutes from midnight', () => {
  assert.equal(minutesOf('06:40'), 400);
});

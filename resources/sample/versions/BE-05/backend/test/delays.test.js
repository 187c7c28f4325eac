import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceDelay, delayOf } from '../src/delays.js';

test('knows an announced delay', () => {
  announceDelay('F1', '08:10', 15);
  assert.equal(delayOf('F1', '08:10'), 15);
  assert.equal(delayOf('F1', '09:40'), 0);
});

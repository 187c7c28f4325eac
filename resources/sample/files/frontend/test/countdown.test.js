import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countdown } from '../src/countdown.js';

test('counts down the last half hour', () => {
  assert.equal(countdown(490, 480), 'in 10 min');
  assert.equal(countdown(490, 490), 'now');
  assert.equal(countdown(490, 491), 'left');
  assert.equal(countdown(490, 400), undefined);
});

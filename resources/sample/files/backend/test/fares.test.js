import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fareOf } from '../src/fares.js';

test('charges by the minute, rounded up to ten cents', () => {
  assert.equal(fareOf({ minutes: 25 }), 300);
  assert.equal(fareOf({ minutes: 25 }, 'senior'), 230);
  assert.equal(fareOf({ minutes: 25 }, 'child'), 150);
});

test('refuses an unknown concession', () => {
  assert.throws(() => fareOf({ minutes: 25 }, 'parrot'), /parrot/);
});

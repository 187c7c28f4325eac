import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeats } from '../src/seats.js';

test('reserves the first free seats', () => {
  const seats = createSeats(4);
  assert.deepEqual(seats.reserve('Ada', 2, 0), { ok: true, seats: [1, 2] });
  assert.deepEqual(seats.reserve('Ben', 1, 0), { ok: true, seats: [3] });
});

test('reserves all or nothing', () => {
  const seats = createSeats(3);
  seats.reserve('Ada', 2, 0);
  assert.deepEqual(seats.reserve('Ben', 2, 0), { ok: false, free: 1 });
  assert.deepEqual(seats.reserve('Cleo', 1, 0), { ok: true, seats: [3] });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boardLine, renderBoard } from '../src/board.js';

test('keeps its columns', () => {
  assert.equal(boardLine({ line: 'F1', to: 'Lighthouse', departure: '08:10' }), 'F1  Lighthouse         08:10');
});

test('shortens a long destination', () => {
  const text = boardLine({ line: 'F2', to: 'Oyster Bay and Old Quarantine', departure: '11:30' });
  assert.equal(text.length, 28);
  assert.match(text, /…/);
});

test('says when nothing sails', () => {
  assert.equal(renderBoard([]), 'No more ferries today');
});

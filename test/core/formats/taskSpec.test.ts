import { describe, expect, it } from 'vitest';
import { readTaskSpecs } from '../../../src/core/formats/taskSpec.ts';

describe('lines of tasks', () => {
  it('have an ID, a title and dependencies, or only a title', () => {
    expect(readTaskSpecs(['schema: Migrate schema', 'data: Move data after schema', 'Write it down'], [])).toEqual([
      { id: 'schema', title: 'Migrate schema' },
      { id: 'data', title: 'Move data', after: ['schema'] },
      { title: 'Write it down' },
    ]);
  });

  it('may name tasks further down, several ones, and those that the list has', () => {
    expect(readTaskSpecs(['b: Do b after a, c,old', 'a: Do a', 'c: Do c'], ['old'])[0]).toEqual({
      id: 'b',
      title: 'Do b',
      after: ['a', 'c', 'old'],
    });
  });

  it('take an "after" that does not name tasks alone for title', () => {
    const lines = [
      'clean: Clean up after lunch',
      'x: Run after schema and data',
      'y: Look after schema, dinner',
      'schema: S',
    ];
    expect(readTaskSpecs(lines, []).map(({ title, after }) => [title, after])).toEqual([
      ['Clean up after lunch', undefined],
      ['Run after schema and data', undefined],
      ['Look after schema, dinner', undefined],
      ['S', undefined],
    ]);
  });

  it('take the last "after" only', () => {
    expect(readTaskSpecs(['x: Clean up after lunch after schema', 'schema: S'], [])[0]).toEqual({
      id: 'x',
      title: 'Clean up after lunch',
      after: ['schema'],
    });
  });

  it('may name a task by the ID that its title gives it', () => {
    expect(readTaskSpecs(['Write docs', 'Publish after write-docs'], [])[1]).toEqual({
      title: 'Publish',
      after: ['write-docs'],
    });
  });

  it('may have an ID and nothing more', () => {
    expect(readTaskSpecs(['schema:', 'data: after schema', 'one word'], [])).toEqual([
      { id: 'schema', title: 'schema' },
      { id: 'data', title: 'data', after: ['schema'] },
      { title: 'one word' },
    ]);
  });

  it('keep a colon in a title of several words', () => {
    expect(readTaskSpecs(['Fix this: now', 'http://x is slow'], [])).toEqual([
      { title: 'Fix this: now' },
      { title: 'http://x is slow' },
    ]);
  });
});

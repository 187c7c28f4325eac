import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claudeFolderName } from '../../../src/core/formats/claudeFolder.ts';
import {
  editClaudeTask,
  newClaudeTaskText,
  readClaudeTask,
  titleOfSubject,
} from '../../../src/core/formats/claudeTask.ts';
import { taskStatuses } from '../../../src/core/model/taskList.ts';

/** A task of a real list (names changed), as its file has it: on one line, without metadata. */
const real =
  '{"id":"16","subject":"F16: Settings","description":"Page","activeForm":"Making F16: Settings","status":"in_progress","blocks":["8","9"],"blockedBy":["1"]}';

function read(text: string, number = '16') {
  const task = readClaudeTask(text, number);
  if (typeof task === 'string') throw new Error(task);
  return task;
}

describe('a task file of Claude Code', () => {
  it('is read', () => {
    expect(read(real)).toEqual({
      number: '16',
      text: real,
      subject: 'F16: Settings',
      status: 'IN_PROGRESS',
      blocks: ['8', '9'],
      blockedBy: ['1'],
      isInternal: false,
      oddities: [],
    });
    expect(read(real.replace('{', '{"metadata":{"baton":"settings","_internal":true},'))).toMatchObject({
      tag: 'settings',
      isInternal: true,
    });
  });

  it.each([
    ['', 'is no JSON'],
    ['{', 'is no JSON'],
    ['[]', 'is no JSON object'],
    ['null', 'is no JSON object'],
    ['{"subject":1}', 'has no subject'],
  ])('is none: %s', (text, reason) => {
    expect(readClaudeTask(text, '1')).toBe(reason);
  });

  it.each([
    [real.replace('"16"', '16'), 'says the ID 16'],
    [real.replace('"in_progress"', '"done"'), 'has the status "done", read as COMPLETE'],
    [real.replace('"in_progress"', '"deleted"'), 'has the status "deleted", which is no state'],
    [real.replace('"in_progress"', 'null'), 'has the status null, which is no state'],
    [real.replace('"description":"Page",', ''), 'has no description'],
    [real.replace('["1"]', '[1]'), 'has "blockedBy" that is no list of IDs'],
    [real.replace('["8","9"]', '"8"'), 'has "blocks" that is no list of IDs'],
  ])('is read with what is odd: %s', (text, oddity) => {
    expect(read(text).oddities).toEqual([oddity]);
  });

  it('is changed in place: keys that are not known, order, spaces and line ends stay', () => {
    const text = real.replace('{', '{ "x" : {"y":[1 , 2]},\r\n').concat('\r\n\r\n');
    const edited = editClaudeTask(read(text), {
      subject: 'F16: "More" \\ \u2028',
      status: 'COMPLETE',
      blocks: new Map([
        ['8', false],
        ['17', true],
      ]),
      blockedBy: new Map([['1', false]]),
    });
    expect(edited).toBe(
      text
        .replace('"F16: Settings"', JSON.stringify('F16: "More" \\ \u2028'))
        .replace('in_progress', 'completed')
        .replace('["8","9"]', '["9","17"]')
        .replace('["1"]', '[]'),
    );
  });

  it('keeps metadata of others beside our tag', () => {
    const text = real.replace('{', '{"metadata": {"by": {"who":"me"}},');
    expect(JSON.parse(editClaudeTask(read(text), { tag: 'settings' }) ?? '')).toMatchObject({
      metadata: { by: { who: 'me' }, baton: 'settings' },
    });
    expect(JSON.parse(editClaudeTask(read(real), { tag: 'a' }) ?? '').metadata).toEqual({ baton: 'a' });
    const empty = real.replace('{', '{"metadata":null,');
    expect(JSON.parse(editClaudeTask(read(empty), { tag: 'a' }) ?? '').metadata).toEqual({ baton: 'a' });
  });

  it('is not changed where that cannot be done', () => {
    expect(editClaudeTask(read(real.replace('{', '{"metadata":7,')), { tag: 'a' })).toBeUndefined();
    const twice = real.replace('"status"', '"status":"pending","status"');
    expect(editClaudeTask(read(twice), { status: 'COMPLETE' })).toBeUndefined();
  });

  it('says after any edit what was wanted, and nothing else differs', () => {
    const text = fc.string({ unit: 'binary' });
    const members = fc.uniqueArray(fc.nat({ max: 20 }).map(String), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.record({ subject: text, description: text, other: fc.jsonValue(), blocks: members, blockedBy: members }),
        fc.record({ subject: text, tag: text.filter((tag) => tag !== ''), add: members, drop: members }),
        fc.constantFrom(...taskStatuses),
        fc.constantFrom(undefined, 2, '\t'),
        (value, wanted, status, indent) => {
          const before = JSON.stringify({ id: '1', status: 'pending', ...value }, null, indent);
          const blocks = new Map([
            ...wanted.add.map((number) => [number, true] as const),
            ...wanted.drop.map((number) => [number, false] as const),
          ]);
          const { subject, tag } = wanted;
          const after = read(editClaudeTask(read(before, '1'), { subject, tag, status, blocks }) ?? '', '1');
          const { metadata, ...rest } = JSON.parse(after.text);
          expect(metadata).toEqual({ baton: tag });
          expect(rest).toEqual({
            ...JSON.parse(before),
            subject,
            status: { PENDING: 'pending', IN_PROGRESS: 'in_progress', COMPLETE: 'completed' }[status],
            blocks: rest.blocks,
          });
          const kept = value.blocks.filter((number) => blocks.get(number) !== false);
          const added = [...blocks].flatMap(([number, isIn]) => (isIn && !kept.includes(number) ? [number] : []));
          expect(rest.blocks).toEqual([...kept, ...added]);
        },
      ),
    );
  });

  it('is made as Claude Code makes it', () => {
    const text = newClaudeTaskText({
      number: '3',
      subject: 'Docs',
      description: 'd',
      status: 'IN_PROGRESS',
      blocks: [],
      blockedBy: ['1'],
      tag: 'docs',
    });
    expect(text).toBe(JSON.stringify(JSON.parse(text), null, 2));
    expect(Object.keys(JSON.parse(text))).toEqual([
      ...['id', 'subject', 'description', 'activeForm', 'status', 'blocks', 'blockedBy', 'metadata'],
    ]);
    expect(read(text, '3')).toMatchObject({ status: 'IN_PROGRESS', tag: 'docs', oddities: [] });
  });
});

it('names folders as Claude Code does', () => {
  expect(claudeFolderName('größe.v2_a-b/../c')).toBe('gr--e-v2_a-b----c');
});

it('makes titles of subjects: one line', () => {
  expect(titleOfSubject(' a\n\tb\u0007 c ')).toBe('a b c');
});

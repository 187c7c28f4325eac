import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatonError } from '../../../src/core/errors.ts';
import {
  buildCheckpointMessage,
  buildRecordMessage,
  buildRollbackMessage,
  buildWorkMessage,
  checkConventional,
  findSessionCommits,
  partOf,
  readPartOf,
  readSessionMark,
  readVerified,
} from '../../../src/core/formats/commitMessage.ts';

describe('building commit messages', () => {
  it('builds a work commit', () => {
    const message = buildWorkMessage({
      subject: 'feat(api): add the matcher',
      body: '\r\nFirst.\r\n\r\nSecond.\n',
      partOf: partOf({ project: 'Pipeline', phase: '2' }),
      verified: { passed: 3, total: 3 },
      session: 'BE-04',
    });
    expect(message).toBe(
      'feat(api): add the matcher\n\nFirst.\n\nSecond.\n\nPart of: Pipeline Phase 2\nVerified: 3/3\nSession: BE-04\n',
    );
    expect(readPartOf(message)).toBe('Pipeline Phase 2');
    expect(readVerified(message)).toEqual({ passed: 3, total: 3 });
  });

  it('leaves out what is not known and says when verification was only claimed', () => {
    const message = buildWorkMessage({ subject: 'x', verified: 'claimed', session: '4½' });
    expect(message).toBe('x\n\nVerified: claimed\nSession: 4½\n');
    expect(readVerified(message)).toBe('claimed');
    expect(readVerified('x\n\nVerified: by me\n')).toBeUndefined();
    expect(partOf({ project: 'Pipeline ', phase: 'Phase 3' })).toBe('Pipeline Phase 3');
    expect(partOf({ project: 'Pipeline' })).toBe('Pipeline');
  });

  it('builds checkpoints, records and rollbacks', () => {
    expect(
      buildCheckpointMessage({
        session: 'BE-04',
        number: 2,
        message: 'parser done',
        completed: ['one', 'two\nlines'],
        remaining: [],
      }),
    ).toBe(
      'WIP: [BE-04] checkpoint 2 - parser done\n\nCompleted:\n- one\n- two lines\n\nSession: BE-04 (checkpoint 2)\n',
    );
    expect(buildRecordMessage({ session: 'BE-04' })).toBe('chore(progress): record BE-04\n\nSession: BE-04 (record)\n');
    expect(
      buildRollbackMessage({
        session: 'BE-04',
        checkpoint: 1,
        reverted: [{ hash: '0123456789abcdef', subject: 'feat: x' }],
      }),
    ).toBe(
      'revert: roll back BE-04 to checkpoint 1\n\nReverted:\n- 0123456789ab feat: x\n\nSession: BE-04 (rollback to checkpoint 1)\n',
    );
  });

  it('refuses an empty subject and one of several lines', () => {
    for (const subject of ['', '  ', 'a\nb', 'a\rb', 'a\u2028b']) {
      expect(() => buildWorkMessage({ subject, session: 'A-1' })).toThrow(BatonError);
    }
  });
});

describe('reading commit messages', () => {
  it.each([
    ['feat: x\n\nSession: BE-04', { session: 'BE-04', kind: 'work' }],
    ['feat: x\r\n\r\nPart of: P Phase 1\r\nSession: BE-04\r\n', { session: 'BE-04', kind: 'work' }],
    ['feat: x\n\nSession: BE-04\nPart of: P', { session: 'BE-04', kind: 'work' }],
    ['feat: x\n\nSession: BE-04\n\nCo-authored-by: A <a@b>', { session: 'BE-04', kind: 'work' }],
    [
      'WIP: [BE-04] checkpoint 1 - m\n\nSession: BE-04 (checkpoint 1)',
      { session: 'BE-04', kind: 'checkpoint', number: 1 },
    ],
    ['WIP: x\n\nPart of: P\nSession: BE-04 (checkpoint 1/2)', { session: 'BE-04', kind: 'checkpoint', number: 1 }],
    ['WIP: [BE-04] checkpoint - m', { session: 'BE-04', kind: 'checkpoint' }],
    ['WIP: [G.C.1] checkpoint 12 - m', { session: 'G.C.1', kind: 'checkpoint', number: 12 }],
    ['chore(progress): record BE-04\n\nSession: BE-04 (record)', { session: 'BE-04', kind: 'record' }],
    ['revert: x\n\nSession: BE-04 (rollback)', { session: 'BE-04', kind: 'rollback' }],
    ['revert: x\n\nSession: BE-04 (rollback to checkpoint 3)', { session: 'BE-04', kind: 'rollback', number: 3 }],
  ])('reads %j', (message, mark) => {
    expect(readSessionMark(message)).toEqual(mark);
  });

  it.each([
    'feat: x',
    'feat: x\n\nSee Session: BE-04',
    'feat: x\n\n    Session: BE-04',
    'feat: x\n\nSession: BE 04 is next',
    '',
  ])('finds no session in %j', (message) => {
    expect(readSessionMark(message)).toBeUndefined();
  });

  it('lets the last line decide, so that a quoted message does not count', () => {
    expect(readSessionMark('feat: x\n\nSession: BE-01\n\nSession: BE-02')).toEqual({ session: 'BE-02', kind: 'work' });
  });

  it('reads back whatever it built', () => {
    const id = fc.stringMatching(/^[^\s|]{1,12}$/u).filter((text) => !/[\u2028\u2029\p{Z}\p{C}]/u.test(text));
    fc.assert(
      fc.property(id, fc.nat(99), (session, number) => {
        const checkpoint = buildCheckpointMessage({
          session,
          number,
          message: 'm',
          completed: ['Session: X-1'],
          remaining: [],
        });
        expect(readSessionMark(checkpoint)).toEqual({ session, kind: 'checkpoint', number });
        expect(readSessionMark(buildRecordMessage({ session }))).toEqual({ session, kind: 'record' });
        const work = buildWorkMessage({ subject: 's', body: 'Session: X-1\n', session });
        expect(readSessionMark(work)).toEqual({ session, kind: 'work' });
      }),
    );
  });

  it('picks the commits of one session only', () => {
    const commits = [
      { hash: 'c', message: buildRecordMessage({ session: 'BE-04' }) },
      { hash: 'b', message: buildWorkMessage({ subject: 'b', session: 'BE-041' }) },
      { hash: 'a', message: buildWorkMessage({ subject: 'a', session: 'BE-04' }) },
    ];
    expect(findSessionCommits(commits, 'BE-04').map(({ hash, kind }) => [hash, kind])).toEqual([
      ['c', 'record'],
      ['a', 'work'],
    ]);
  });
});

describe('conventional subjects', () => {
  it.each(['feat(api): add x', 'fix: y', 'refactor(core)!: z', 'docs(a/b): w'])('accepts %s', (subject) => {
    expect(checkConventional(subject)).toBeUndefined();
  });
  it.each([
    ['add x', /form/],
    ['feature(api): x', /"feature"/],
    ['feat(): x', /scope is empty/],
    ['feat:x', /one space/],
    ['feat: ', /no description/],
  ])('warns on %s', (subject, text) => {
    expect(checkConventional(subject)).toMatch(text);
  });
});

import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../src/cli/errors.ts';
import { BatonError, errorCodes } from '../../src/core/errors.ts';

describe('describeFailure', () => {
  it.each(errorCodes)('gives %s exit code 1 or 2 and a next step', (code) => {
    const { exitCode, hint } = describeFailure(new BatonError(code, 'what happened'));
    expect(exitCode).toBe(code === 'invalid-argument' ? 2 : 1);
    expect(hint).toMatch(/^["A-Z-].*\.$/);
  });

  it("prefers the error's own next step", () => {
    const failure = describeFailure(new BatonError('locked', 'locked', { hint: 'Wait for it.' }));
    expect(failure).toEqual({ code: 'locked', exitCode: 1, message: 'locked', hint: 'Wait for it.' });
  });

  it('takes anything else for a bug', () => {
    expect(describeFailure(new TypeError('x is undefined'))).toMatchObject({ code: 'internal', exitCode: 70 });
    expect(describeFailure('thrown text').message).toBe('Internal error: thrown text');
  });
});

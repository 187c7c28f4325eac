import { expect, it } from 'vitest';
import { phrase, templateOf } from '../../../src/core/base/phrase.ts';

it('is the plain text, and tells the form that can be translated', () => {
  const id = 'BE-04';
  const message = phrase`${id} waits for ${2} of \`${undefined}\``;
  expect(message).toBe('BE-04 waits for 2 of `undefined`');
  expect(templateOf(message)).toEqual({ template: '{0} waits for {1} of `{2}`', values: ['BE-04', '2', 'undefined'] });
  expect(templateOf(phrase`Nothing to do`)).toEqual({ template: 'Nothing to do', values: [] });
  expect(templateOf(`${message}.`)).toBeUndefined();
});

it('keeps texts as values of texts', () => {
  const inner = phrase`the plan ${'A.md'}`;
  const outer = templateOf(phrase`${inner} is gone`);
  expect(outer).toEqual({ template: '{0} is gone', values: ['the plan A.md'] });
  expect(templateOf(outer?.values[0] ?? '')?.template).toBe('the plan {0}');
});

it('forgets what was not said for long, and stays small', () => {
  const first = phrase`first of ${1}`;
  const often = phrase`often ${1}`;
  for (let number = 0; number < 1_999; number += 1) {
    phrase`line ${number}`;
    phrase`often ${1}`;
  }
  expect(templateOf(first)).toBeUndefined();
  expect(templateOf(often)).toBeDefined();
  expect(templateOf('line 1998')).toBeDefined();
  expect(templateOf('line 0')?.values).toEqual(['0']);
  phrase`one more ${1}`;
  expect(templateOf('line 0')).toBeUndefined();
});

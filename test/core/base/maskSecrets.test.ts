import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maskPrivate, maskSecrets, maskValue } from '../../../src/core/base/maskSecrets.ts';

// Put together here, so that no file of this repository holds what looks like a key.
const long = 'Ab1'.repeat(16);
const secrets = [
  `ghp_${long}`,
  `github_pat_${long}`,
  `glpat-${long}`,
  `npm_${long}`,
  `sk-ant-api03-${long}`,
  `xoxb-${long}`,
  `sk_live_${long}`,
  `AKIA${'ABCDEFGH'.repeat(2)}`,
  `AIza${long}`,
  `eyJ${long}.${long}.${long}`,
];

it.each(secrets)('masks %s', (secret) => {
  expect(maskSecrets(`before ${secret}, after`)).toBe('before [masked], after');
  expect(maskSecrets(`KEY="${secret}"`)).not.toContain(secret);
});

it.each([
  ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer [masked]'],
  ['postgres://user:pa55word@db.test/shop', 'postgres://[masked]@db.test/shop'],
  ['DB_PASSWORD=pa55word npm test', 'DB_PASSWORD=[masked] npm test'],
  ['{"api_key": "pa55word"}', '{"api_key": "[masked]"}'],
  ['Cookie: a=1; b=2\nnext', 'Cookie: [masked]\nnext'],
  [
    `-----BEGIN RSA PRIVATE KEY-----\n${long}\n-----END RSA PRIVATE KEY-----`,
    '-----BEGIN RSA PRIVATE KEY-----[masked]-----END RSA PRIVATE KEY-----',
  ],
])('masks what stands where secrets do: %j', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked);
});

it.each([
  'error TS2345: Argument of type string',
  'sk-learn is fine, so is a password: no',
  'https://x.test/a?b=c',
  'tokens: 12 of 300',
  'src/core/base/maskSecrets.ts:12:3',
])('leaves %j', (text) => {
  expect(maskPrivate(text)).toBe(text);
});

it('masks all texts of a value, and who somebody is', () => {
  expect(
    maskValue({ a: [`x ghp_${long}`, 3, null], b: { c: '/home/anna/shop/src/a.ts' }, d: 'C:\\Users\\Anna\\x' }),
  ).toEqual({
    a: ['x [masked]', 3, null],
    b: { c: '/home/<redacted>/shop/src/a.ts' },
    d: 'C:\\Users\\<redacted>\\x',
  });
});

it('takes any text, quickly', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void maskPrivate(text)));
  for (const text of [
    'a'.repeat(50_000),
    'token='.repeat(8_000),
    '://'.repeat(15_000),
    'eyJ.'.repeat(12_000),
    '-----BEGIN PRIVATE KEY-----'.repeat(1_000),
    'a_'.repeat(25_000),
  ]) {
    const startedAt = performance.now();
    maskPrivate(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  }
});

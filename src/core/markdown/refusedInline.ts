/**
 * Stands in the bundles for what markdown-it needs to read inline content and to render: `linkify-it`, `entities`, `uc.micro`, `mdurl` and
 * `punycode.js`. Here it runs in block mode only (blockParser.ts), so that 50 KB of tables stay out of every start.
 */
function refuse(): never {
  throw new Error('markdown-it runs in block mode here');
}

/** markdown-it makes one and never asks it anything. */
export class LinkifyIt {
  readonly match = refuse;
}

export const decodeHTMLStrict = refuse;
export const parse = refuse;
export const format = refuse;
export const encode = refuse;
export const decode = Object.assign(refuse, { defaultChars: '' });
export const P = { test: refuse };
export const S = { test: refuse };
// biome-ignore lint/style/noDefaultExport: punycode.js is imported as one.
export default { toASCII: refuse, toUnicode: refuse };

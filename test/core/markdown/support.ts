import fc from 'fast-check';

/** Removes the indentation that all lines of a template share, and its first line break. */
export function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const shared = Math.min(...indents);
  return lines
    .map((line) => line.slice(shared))
    .join('\n')
    .replace(/\n *$/, '\n');
}

/** Text as it may stand in one cell: escapes, code with pipes, emoji with and without variation selectors, links, nothing. */
export const cellText = fc.oneof(
  fc.constantFrom(
    '',
    '—',
    '-',
    'BE-01',
    '`a \\|\\| b`',
    'a \\| b',
    '~~old~~ **new**',
    '[x](y "z")',
    '⏸️',
    '⏸',
    '`',
    '``',
    '\\',
    'ä ö',
    '&#124;',
  ),
  fc.string({
    maxLength: 12,
    unit: fc.constantFrom(
      'a',
      'B',
      '1',
      ' ',
      '-',
      '*',
      '_',
      '`',
      '~',
      '[',
      ']',
      '(',
      ')',
      '<',
      '>',
      '#',
      '\t',
      '½',
      '🔄',
    ),
  }),
);

export const lineEnding = fc.constantFrom('\n', '\r\n', '\r');

/** Lines such as people's files have them, among them those that begin, end and break blocks. */
const documentLine = fc.oneof(
  fc.constantFrom(
    '',
    '---',
    '===',
    '# A',
    '## B',
    '### Session Notes',
    '```',
    '```md',
    '```markdown',
    '````',
    '~~~',
    '```js',
    '| a | b |',
    '|---|---|',
    '- [ ] x',
    '- [x] y',
    '> q',
    '> | a | b |',
    '<!--',
    '-->',
    '<div>',
    '    code',
    '\tcode',
    '| c | `d || e` | f',
    'a: 1',
    '<<<<<<< x',
    '=======',
    '>>>>>>> y',
    '| Session | Status |',
    '| BE-01 | ✅ Done |',
    'text',
    '  ',
    '- a',
    '  - | x | y |',
    '\u2028',
    '\0',
  ),
  cellText,
);

/** Whole documents: mixed line endings, BOM, with and without final newline. */
export const documentText = fc
  .tuple(fc.constantFrom('', '\uFEFF'), fc.array(fc.tuple(documentLine, lineEnding), { maxLength: 40 }), fc.boolean())
  .map(([bom, lines, final]) => {
    const text = bom + lines.map(([line, ending]) => line + ending).join('');
    return final ? text : text.replace(/(?:\r\n|\n|\r)$/, '');
  });

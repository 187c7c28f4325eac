import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { CoreTexts, readCoreTexts } from '../support/coreTexts.ts';

const root = resolve(import.meta.dirname, '../..');
const bundle = join(root, 'resources/l10n/bundle.l10n.json');

/** The one place that passes on what the core says. */
const passesOn = 'localized.ts';

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== passesOn)
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

/** What the core and the platform say: the extension passes it through `localized`. */
const coreTexts = readCoreTexts(root, ['src/core', 'src/platform']);

/**
 * The texts that the extension shows through `vscode.l10n.t`, the dashboard through `t`, and the core's, in the form that translations
 * begin from.
 */
function textsInSource(): string[] {
  const texts = [
    ...sources('src/extension').flatMap((source) => textsIn(source, 'l10n\\.t')),
    ...sources('src/webview').flatMap((source) => textsIn(source, '(?<![\\w.])t')),
    ...coreTexts
      .filter(({ kind, inside }) => kind === 'tagged' || (kind === 'constant' && !inside))
      .map(({ text }) => text),
  ];
  return [...new Set(texts)].sort();
}

function textsIn(source: string, call: string): string[] {
  const literals = new RegExp(`${call}\\(\\s*('(?:[^'\\\\\\n]|\\\\.)*'|"(?:[^"\\\\\\n]|\\\\.)*")`, 'g');
  return [...source.matchAll(literals)].map(([, literal = '']) =>
    literal
      .slice(1, -1)
      .replace(/\\n/g, '\n')
      .replace(/\\(['"\\])/g, '$1'),
  );
}

it('finds every text that is shown, whatever its quotes', () => {
  const source = `vscode.l10n.t('a {0}', x); vscode.l10n.t(\n  "it's", y)`;
  expect(textsIn(source, 'l10n\\.t')).toEqual(['a {0}', "it's"]);
  expect(textsIn(`t('b'); split('c'); {t(\n'd')}`, '(?<![\\w.])t')).toEqual(['b', 'd']);
});

it('finds the texts of the core through constants, functions and their callers', () => {
  const source = `
    const hint = isOne ? 'Give it.' : phrase\`Give \${n}.\`;
    const refuse = (what: string) => new BatonError('locked', what, { hint });
    refuse(\`bare \${id}\`);
    throw new BatonError('locked', reasonOf(id) ?? 'Wait', { data: { text: 'not shown' } });
    function reasonOf(id: string) { return phrase\`\${id} is \${isOpen ? phrase\`still open\` : 'shut'}\`; }
    const found = { severity: 'error', message: 'line ' + line, fix: { title: 'Mend', edits: [] } };
    context.report(phrase\`Reading \${id}\`);
    git.commit({ paths, message: \`feat: \${id}\` });
  `;
  const found = new CoreTexts([{ file: 'a.ts', text: source }]).all;
  expect(found.map(({ kind, text, inside }) => `${inside ? 'in a text, ' : ''}${kind}: ${text}`).sort()).toEqual(
    [
      'constant: Give it.',
      'constant: Mend',
      'constant: Wait',
      'in a text, constant: shut',
      'in a text, tagged: still open',
      'tagged: Give {0}.',
      'tagged: Reading {0}',
      'tagged: {0} is {1}',
      "untagged: 'line ' + line",
      'untagged: `bare ${id}`',
    ].sort(),
  );
});

it('knows how each text of the core is made, so that none stays English', () => {
  expect(coreTexts.filter(({ kind }) => kind === 'tagged').length).toBeGreaterThan(400);
  const bare = coreTexts.filter(({ kind, inside }) => kind === 'untagged' && !inside);
  expect(bare.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
});

it('lists in resources/l10n every text of the extension (UPDATE=1 writes the list)', () => {
  const texts = Object.fromEntries(textsInSource().map((text) => [text, text]));
  if (process.env.UPDATE === '1') writeFileSync(bundle, `${JSON.stringify(texts, null, 2)}\n`);
  expect(JSON.parse(readFileSync(bundle, 'utf8'))).toEqual(texts);
});

it('passes literals, so that they can be listed', () => {
  const calls = [
    ...sources('src/extension').flatMap((source) => [...source.matchAll(/l10n\.t\(\s*(?!['"])(\S[^\n]*)/g)]),
    ...sources('src/webview').flatMap((source) => [...source.matchAll(/(?<![\w.])t\(\s*(?!['"])(\S[^\n]*)/g)]),
  ];
  expect(calls.map(([, call]) => call)).toEqual([]);
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const bundle = join(root, 'resources/l10n/bundle.l10n.json');

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

/** The texts that the extension shows through `vscode.l10n.t`, and the dashboard through `t`, in the form that translations begin from. */
function textsInSource(): string[] {
  const texts = [
    ...sources('src/extension').flatMap((source) => textsIn(source, 'l10n\\.t')),
    ...sources('src/webview').flatMap((source) => textsIn(source, '(?<![\\w.])t')),
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

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const bundle = join(root, 'resources/l10n/bundle.l10n.json');

/** The texts that the extension shows through `vscode.l10n.t`, in the form that translations begin from. */
function textsInSource(): string[] {
  const files = readdirSync(join(root, 'src/extension'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  return [...new Set(files.flatMap(textsIn))].sort();
}

function textsIn(source: string): string[] {
  return [...source.matchAll(/l10n\.t\(\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g)].map(([, literal = '']) =>
    literal
      .slice(1, -1)
      .replace(/\\n/g, '\n')
      .replace(/\\(['"\\])/g, '$1'),
  );
}

it('finds every text that is shown, whatever its quotes', () => {
  expect(textsIn(`vscode.l10n.t('a {0}', x); vscode.l10n.t(\n  "it's", y)`)).toEqual(['a {0}', "it's"]);
});

it('lists in resources/l10n every text of the extension (UPDATE=1 writes the list)', () => {
  const texts = Object.fromEntries(textsInSource().map((text) => [text, text]));
  if (process.env.UPDATE === '1') writeFileSync(bundle, `${JSON.stringify(texts, null, 2)}\n`);
  expect(JSON.parse(readFileSync(bundle, 'utf8'))).toEqual(texts);
});

it('passes literals to vscode.l10n.t, so that they can be listed', () => {
  const calls = readdirSync(join(root, 'src/extension'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .flatMap((entry) => [
      ...readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(/l10n\.t\(\s*(?!['"])(\S[^\n]*)/g),
    ]);
  expect(calls.map(([, call]) => call)).toEqual([]);
});

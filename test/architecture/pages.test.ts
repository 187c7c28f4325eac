import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Paths in backticks that begin with a folder of this repository. */
function namedPaths(page: string): readonly string[] {
  const tops = ['src', 'test', 'scripts', 'resources', 'media', '.ci', '.vscode'];
  const paths = [...page.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)].map(([, path = '']) => path);
  return paths.filter((path) => tops.some((top) => path.startsWith(`${top}/`)));
}

function missing(page: string): readonly string[] {
  return namedPaths(page).filter((path) => !existsSync(join(root, path)));
}

describe('the pages', () => {
  const pages = readdirSync(root).filter((file) => file.endsWith('.md') && statSync(join(root, file)).size > 0);

  it.each(pages)('name in %s only files and folders that exist', (page) => {
    expect(missing(readFileSync(join(root, page), 'utf8'))).toEqual([]);
  });

  it('would be found out', () => {
    expect(missing('See `src/core/` and `src/coer/model/x.ts`, not `docs/PLAN.md` of a user.')).toEqual([
      'src/coer/model/x.ts',
    ]);
  });

  it('show the pictures that there are, and all of them', () => {
    const page = readFileSync(join(root, 'README.md'), 'utf8');
    const shown = [...page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) => path);
    expect(shown.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const made = readdirSync(join(root, 'media/readme')).map((name) => `media/readme/${name}`);
    expect(made.filter((path) => !shown.includes(path))).toEqual([]);
  });

  it('list in README.md every setting with its default, and none that there is not', () => {
    const page = readFileSync(join(root, 'README.md'), 'utf8');
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const sections: readonly { properties: Record<string, { default?: unknown }> }[] =
      manifest.contributes.configuration;
    const declared = Object.assign({}, ...sections.map(({ properties }) => properties));
    const rows = page.split('\n').filter((line) => line.startsWith('| `baton.'));
    const named = rows.flatMap((row) => [...row.matchAll(/`(baton\.[\w.]+)`/g)].map(([, name = '']) => name));
    expect(named.sort()).toEqual(Object.keys(declared).sort());
    for (const row of rows) {
      const [, name = '', , value] = /^\| `([^`]+)`(.*?)\| `([^`]+)` \|/.exec(row) ?? [];
      expect(String(declared[name]?.default), name).toBe(value);
    }
  });

  it('name every folder of src in ARCHITECTURE.md, where it exists', () => {
    if (!existsSync(join(root, 'ARCHITECTURE.md'))) return;
    const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const folders = ['src', 'src/core'].flatMap((parent) =>
      readdirSync(join(root, parent), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name),
    );
    expect(folders.filter((name) => !page.includes(`${name}/`))).toEqual([]);
  });
});

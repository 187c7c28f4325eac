/**
 * Makes the .vsix. It is packed from a staging folder, which holds what .vscodeignore lets through, a fresh minified
 * build, a package.json without what only this repository needs, and a README that can do without the pictures
 * (there is no public repository yet that vsce could point them at).
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { build } from './build.ts';
import { root } from './paths.ts';

/** Parts of package.json that mean nothing to who installs the extension. */
const privateKeys = ['private', 'scripts', 'devDependencies', 'overrides', 'allowScripts'];

/** Packs the extension to `out` (`dist/<name>-<version>.vsix` unless told). Throws where vsce finds something wrong. */
export async function packageExtension(out?: string): Promise<{ readonly path: string; readonly bytes: number }> {
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const path = resolve(root, out ?? join('dist', `${manifest.name}-${manifest.version}.vsix`));
  const stage = mkdtempSync(join(tmpdir(), 'baton-package-'));
  try {
    await fillStage(stage, manifest);
    const packed = join(stage, 'packed.vsix');
    await createVSIX({ cwd: stage, packagePath: packed, dependencies: false, allowMissingRepository: true });
    mkdirSync(dirname(path), { recursive: true });
    cpSync(packed, `${path}.tmp`);
    renameSync(`${path}.tmp`, path);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  return { path: relative(process.cwd(), path), bytes: statSync(path).size };
}

async function fillStage(stage: string, manifest: Record<string, unknown>): Promise<void> {
  await build({ production: true, quiet: true, outDir: join(stage, 'dist') });
  for (const file of await listFiles({ cwd: root, packageManager: PackageManager.None })) {
    if (!file.startsWith('dist/')) cpSync(join(root, file), join(stage, file));
  }
  const shown = Object.fromEntries(Object.entries(manifest).filter(([key]) => !privateKeys.includes(key)));
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(shown, null, 2)}\n`);
  cpSync(join(root, '.vscodeignore'), join(stage, '.vscodeignore'));
  for (const name of ['README.md', 'CHANGELOG.md']) {
    const file = join(stage, name);
    const text = statSync(file, { throwIfNoEntry: false }) && readFileSync(file, 'utf8');
    if (text !== undefined) writeFileSync(file, withoutRepository(text));
  }
}

/** Takes pictures out of a page, and makes links to files of the repository plain text. Fences stay as they are. */
export function withoutRepository(text: string): string {
  let fence: string | undefined;
  const lines = text.split('\n').flatMap((line) => {
    const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (marks?.startsWith(fence) && line.trim() === marks) fence = undefined;
      return [line];
    }
    if (marks !== undefined) fence = marks;
    const without = withoutPictures(line);
    return line.trim() !== '' && without.trim() === '' ? [] : [withoutRelativeLinks(without)];
  });
  return lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
}

function withoutPictures(line: string): string {
  const plain = line.replaceAll(/\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)|!\[[^\]]*\]\([^)]*\)/g, '');
  const tags = /<\/?(?:img|picture|source|video)\b[^>]*>/gi;
  // A paragraph that was only there to hold a picture goes with it.
  return tags.test(plain) ? plain.replaceAll(tags, '').replaceAll(/<\/?p\b[^>]*>/gi, '') : plain;
}

function withoutRelativeLinks(line: string): string {
  return line.replaceAll(/\[([^\]]+)\]\((?!\w+:|#)[^)]*\)/g, '$1');
}

/** The folder of a project path, `''` for the root. */
function folderOfPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Joins a relative path to a folder and resolves `.` and `..`; undefined where it leaves the root. */
export function joinPath(folder: string, relative: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length > 0 ? parts.join('/') : undefined;
}

/**
 * The project paths that a link in the file `from` may mean: relative to the file, as markdown has it, then relative to the project's
 * root, as people also write it. Empty for web addresses and for what leaves the project.
 */
export function resolveLink(from: string, link: string): readonly string[] {
  const target = decode(
    link
      .trim()
      .replace(/^<(.*)>$/, '$1')
      .replace(/[?#].*$/, ''),
  ).replaceAll('\\', '/');
  if (target === '' || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(target) || target.startsWith('//') || target.includes('\0'))
    return [];
  const fromFile = target.startsWith('/') ? undefined : joinPath(folderOfPath(from), target);
  const fromRoot = joinPath('', target);
  return [...new Set([fromFile, fromRoot].filter((path) => path !== undefined))];
}

function decode(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}

import { joinPath, resolveLink } from '../base/links.ts';
import type { Range } from '../base/range.ts';
import { parseMarkdown } from '../markdown/document.ts';
import { readFields } from '../markdown/fields.ts';
import type { Plan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { folderOf } from '../store/lookup.ts';

/** Something in a state file that leads somewhere else. */
export interface StateLink {
  readonly range: Range;
  readonly target:
    | { readonly kind: 'commit'; readonly hash: string; readonly session: string; readonly project: string }
    /** Project paths that it may mean, the likeliest first. */
    | { readonly kind: 'file'; readonly paths: readonly string[] };
}

const hash = /(?<![\p{L}\p{N}_-])[0-9a-f]{7,40}(?![\p{L}\p{N}_-])/giu;

/** The links of a state file: commits of rows and notes, files that a plan names, plans, task lists. Markdown's own links are VS Code's. */
export function findLinks(workspace: Workspace, path: string): readonly StateLink[] {
  const plan = workspace.plans.find((one) => one.path === path);
  const progress = workspace.progress.find((one) => one.path === path);
  const session = [workspace.sessionFile, ...workspace.paused].find((one) => one?.path === path);
  const links = [
    ...(plan ? planLinks(workspace, plan) : []),
    ...(progress ? progressLinks(workspace, progress) : []),
    ...(session ? sessionLinks(workspace, session) : []),
  ];
  const seen = new Set<number>();
  return links
    .sort((a, b) => a.range.start - b.range.start)
    .filter(({ range }) => !seen.has(range.start) && seen.add(range.start));
}

function progressLinks(workspace: Workspace, progress: Progress): StateLink[] {
  const { path, text } = progress;
  const links: StateLink[] = [];
  for (const entry of workspace.sessions) {
    if (entry.progressPath !== path || entry.row === undefined) continue;
    const column = entry.table?.columns.find(({ role }) => role === 'commit')?.index;
    const cell = column === undefined ? undefined : entry.row.cells[column];
    if (cell !== undefined) links.push(...commitsIn(text, cell.range, entry));
  }
  const byId = new Map(
    workspace.sessions.flatMap((entry) => (entry.progressPath === path ? [[entry.id, entry] as const] : [])),
  );
  const doc = parseMarkdown(text);
  for (const [index, heading] of doc.headings.entries()) {
    const entry = byId.get(/^(?:session\s+)?([^\s:]+)/i.exec(heading.text)?.[1] ?? '');
    if (entry === undefined) continue;
    const end = doc.headings[index + 1]?.range.start ?? text.length;
    links.push(...notedCommits(text, { start: heading.range.end, end }, entry));
  }
  return [...links, ...fieldLinks(text, path, /^plan$/i)];
}

/** Hashes in notes say that they are some: `(commit: 1a2b3c4)`. */
function notedCommits(text: string, range: Range, entry: SessionEntry): StateLink[] {
  return [...text.slice(range.start, range.end).matchAll(/\bcommit:?[ \t]+`?(?=[0-9a-f]{7,40}\b)/gi)].flatMap(
    (match) => {
      const start = range.start + match.index + match[0].length;
      return commitsIn(text, { start, end: Math.min(start + 40, range.end) }, entry).slice(0, 1);
    },
  );
}

function commitsIn(text: string, { start, end }: Range, entry: SessionEntry): StateLink[] {
  return [...text.slice(start, end).matchAll(hash)].map((match) => ({
    range: { start: start + match.index, end: start + match.index + match[0].length },
    target: { kind: 'commit', hash: match[0], session: entry.id, project: entry.project },
  }));
}

function planLinks(workspace: Workspace, { path, text, sessions }: Plan): StateLink[] {
  return sessions.flatMap((session) => {
    const folder = session.workingDirectory ?? folderOf(workspace, session);
    const files = [...session.files, ...session.referenceFiles].flatMap((name) => {
      const paths = [...new Set([joinIn(folder, name), ...resolveLink(path, name)])].filter((one) => one !== undefined);
      return wordsIn(text, session.range, name).map((range) => fileLink(range, paths));
    });
    return [...files, ...listLinks(workspace, text, session)];
  });
}

function sessionLinks(workspace: Workspace, file: SessionFile): StateLink[] {
  const { text } = file;
  const whole = { start: 0, end: text.length };
  const entry = workspace.sessions.find(
    (one) => one.id === file.id && (one.activeHere || one.project === file.project),
  );
  return [
    ...(file.plan === undefined
      ? []
      : wordsIn(text, whole, file.plan).map((range) => fileLink(range, resolveLink('', file.plan ?? '')))),
    ...(entry ? notedCommits(text, file.notesRange ?? whole, entry) : []),
    ...listLinks(workspace, text, { range: whole, ...(file.taskList !== undefined && { taskList: file.taskList }) }),
  ];
}

function listLinks(
  { taskLists }: Workspace,
  text: string,
  { range, taskList }: { readonly range: Range; readonly taskList?: string },
): StateLink[] {
  if (taskList === undefined) return [];
  const list = taskLists.find((entry) => entry.list.id === taskList || entry.list.path === taskList);
  if (list === undefined) return [];
  const part = text.slice(range.start, range.end);
  return [...part.matchAll(/task[ _-]?list(?:[ _-]?id)?["*]*[ \t]*:[*]*[ \t]*["'`]?/gi)].flatMap((match) => {
    const start = range.start + match.index + match[0].length;
    return text.startsWith(taskList, start)
      ? [fileLink({ start, end: start + taskList.length }, [list.list.path])]
      : [];
  });
}

/** The value of a field that is a bare path; VS Code makes links of markdown's own ones. */
function fieldLinks(text: string, path: string, name: RegExp): StateLink[] {
  return readFields(parseMarkdown(text)).flatMap((field) => {
    if (!name.test(field.name) || /[[\]<>]/.test(field.value)) return [];
    const bare = field.value.replace(/^`(.*)`$/, '$1');
    const start = field.valueRange.start + field.value.indexOf(bare);
    const paths = resolveLink(path, bare);
    return bare === '' || paths.length === 0 ? [] : [fileLink({ start, end: start + bare.length }, paths)];
  });
}

function fileLink(range: Range, paths: readonly string[]): StateLink {
  return { range, target: { kind: 'file', paths } };
}

/** A path as the session's folder has it; undefined where it leaves the project or is none. */
function joinIn(folder: string, name: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9+.-]*:|^\/|\0/.test(name) ? undefined : joinPath(folder, name);
}

/** Where a path stands as a word of its own. */
function wordsIn(text: string, { start, end }: Range, word: string): Range[] {
  // What has neither a folder nor an ending is no path that anybody could open.
  if (word.length < 3 || !/[./]/.test(word) || /[*?\r\n]/.test(word)) return [];
  const part = text.slice(start, end);
  const found: Range[] = [];
  for (let at = part.indexOf(word); at >= 0 && found.length < 100; at = part.indexOf(word, at + word.length)) {
    const isPart = /[\p{L}\p{N}_./\\-]/u;
    const behind = part[at + word.length] ?? ' ';
    if (isPart.test(part[at - 1] ?? ' ') || /[\p{L}\p{N}_/\\-]/u.test(behind)) continue;
    found.push({ start: start + at, end: start + at + word.length });
  }
  return found;
}

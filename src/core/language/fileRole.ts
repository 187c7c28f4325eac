import { parsePlan } from '../formats/plan.ts';
import { parseProgress } from '../formats/progress.ts';
import { parseSessionFile } from '../formats/sessionFile.ts';
import { readTaskList, taskListMark } from '../formats/taskList.ts';
import { locateFrontmatter } from '../markdown/frontmatterBlock.ts';
import type { FileRole } from '../model/fileRole.ts';
import type { FrontmatterReader } from '../ports/frontmatter.ts';

/**
 * The role that counts of those that a path has by the configuration (`WorkspaceStore.rolesOf`): where the globs of plans and of progress
 * files both find it, its content decides. Undefined where it has none.
 */
export function chooseRole(roles: readonly FileRole[], text: string): FileRole | undefined {
  if (roles.length < 2 || !roles.includes('plan') || !roles.includes('progress')) return roles[0];
  if (parsePlan(text, '').value.sessions.length > 0) return 'plan';
  return parseProgress(text, '').value.tables.length > 0 ? 'progress' : 'plan';
}

/**
 * The role of a text that has no path yet, by what it holds: the marks that Baton writes, then the frontmatter of a wave run, sessions of a
 * plan, a table of tasks or of sessions. Undefined for every other text. For untitled documents alone: a file has the role that its path
 * gives it. Never throws.
 */
export function roleOfContent(text: string, frontmatter: FrontmatterReader): FileRole | undefined {
  const data = readData(text, frontmatter);
  if (data['baton'] === taskListMark) return 'taskList';
  if (parseSessionFile(text, '', data).value.kind === 'session') return 'session';
  if ('session-type' in data || ('current-wave' in data && 'status' in data)) return 'state';
  if (parsePlan(text, '').value.sessions.length > 0) return 'plan';
  if (hasTaskTable(text)) return 'taskList';
  return parseProgress(text, '').value.tables.length > 0 ? 'progress' : undefined;
}

function readData(text: string, frontmatter: FrontmatterReader): Readonly<Record<string, unknown>> {
  const reading = locateFrontmatter(text) === undefined ? undefined : frontmatter.read(text);
  return reading?.kind === 'read' ? reading.data : {};
}

/** A table whose column of IDs is called as that of task lists; `Session | Task | Status` is a table of sessions. */
function hasTaskTable(text: string): boolean {
  const { isTaskList, list, outline } = readTaskList(text, '');
  if (!isTaskList || list.table === undefined) return false;
  const { start, end } = outline.lines.rangeOf(list.table.headerLine);
  return /^[\s|*`]*task(?:[\s_-]*id)?[\s*`]*\|/i.test(text.slice(start, end));
}

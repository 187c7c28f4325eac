import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import { locateFrontmatter } from '../markdown/frontmatterBlock.ts';
import { type Outline, type OutlineHeading, outlineSection, scanOutline } from '../markdown/outline.ts';
import { isBlankCell } from '../markdown/table.ts';
import type { Diagnostic, Parsed } from '../model/diagnostic.ts';
import type { Task, TaskList, TaskListNote } from '../model/taskList.ts';
import type { FrontmatterReader } from '../ports/frontmatter.ts';
import { type FrontmatterData, readPlainFrontmatter } from './plainFrontmatter.ts';
import { describeConflicts } from './taskListConflicts.ts';
import { noRows, readTaskRows } from './taskListRows.ts';
import { findSessionLog, findTaskTable, readListSessions } from './taskListTables.ts';

/** The frontmatter's `baton:` value in a task list. */
export const taskListMark = 'tasks/1';

/** A task list with the structure that edits need. */
export interface ReadTaskList {
  readonly outline: Outline;
  readonly list: TaskList;
  /** False where the file says nowhere that it is a task list: no mark, and no table of tasks. */
  readonly isTaskList: boolean;
  /** False where the frontmatter says nothing because it could not be read. */
  readonly isFrontmatterRead: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a task list (design.md, What Baton writes; hand-made ones with a table that has `Task` and `Status` too). Never throws.
 *
 * @param frontmatter reads frontmatter that is not of the plain form that Baton writes; without it such frontmatter says nothing
 */
export function parseTaskList(text: string, path: string, frontmatter?: FrontmatterReader): Parsed<TaskList> {
  const read = readTaskList(text, path, frontmatter);
  return { value: read.list, diagnostics: read.diagnostics };
}

/** As `parseTaskList`, with what edits need besides the model. */
export function readTaskList(text: string, path: string, frontmatter?: FrontmatterReader): ReadTaskList {
  const outline = scanOutline(text);
  const problems: Diagnostic[] = [];
  const data = readData(outline, frontmatter, problems);
  const isFrontmatterRead = problems.length === 0;
  const isMarked = data['baton'] === taskListMark;
  const table = findTaskTable(outline);
  const rows = table === undefined ? noRows : readTaskRows(outline, table);
  let tasks: readonly Task[] | undefined;
  let notes: readonly TaskListNote[] | undefined;
  const log = findSessionLog(outline, table);
  const sessions = log === undefined ? [] : readListSessions(outline, log);
  const handoff = readHandoff(outline);
  if (table === undefined && isMarked) problems.push(noTable(outline));
  let diagnostics: readonly Diagnostic[] | undefined;
  const id = data['id']?.trim() ?? '';
  const createdAt = data['created_at'];
  const list: TaskList = {
    path,
    text,
    id: id === '' ? stemOf(path) : id,
    hasOwnId: id !== '',
    title: titleOf(outline, data) ?? (id === '' ? stemOf(path) : id),
    ...(createdAt !== undefined && createdAt !== '' && { createdAt }),
    ...(data['from'] && { from: data['from'] }),
    session: Math.max(countOf(data['session']), ...sessions.map(({ number }) => number)),
    ...(table && { table }),
    rows,
    get tasks() {
      tasks ??= Array.from({ length: rows.length }, (_, index) => rows.taskAt(index));
      return tasks;
    },
    ...(log && { log }),
    sessions,
    get notes() {
      notes ??= readNotes(outline);
      return notes;
    },
    ...(handoff && { handoff }),
    archived: /(?:^|\/)archive\/[^/]+$/.test(path),
  };
  return {
    outline,
    list,
    isTaskList: isMarked || table !== undefined,
    isFrontmatterRead,
    get diagnostics() {
      diagnostics ??= [...problems, ...rows.diagnostics, ...describeConflicts(outline, table, log)].sort(
        (a, b) => a.range.start - b.range.start,
      );
      return diagnostics;
    },
  };
}

/** The ID of a task list without reading anything else of it; undefined where the frontmatter is not of the plain form. */
export function readListId({ text, path }: { readonly text: string; readonly path: string }): string | undefined {
  const block = locateFrontmatter(text);
  if (block === undefined) return stemOf(path);
  const data = readPlainFrontmatter(text, block);
  return data && (data['id']?.trim() || stemOf(path));
}

/** Finds a level-2 or -3 heading by its text; the last one of that name. */
export function findListHeading(outline: Outline, name: RegExp): OutlineHeading | undefined {
  return outline.headings.findLast(({ level, text }) => level >= 2 && level <= 3 && name.test(text));
}

export const handoffHeading = /^hand-?off$/i;
export const notesHeading = /^notes$/i;

function readData(
  outline: Outline,
  frontmatter: FrontmatterReader | undefined,
  diagnostics: Diagnostic[],
): FrontmatterData {
  const block = outline.frontmatter;
  if (block === undefined) return {};
  const plain = readPlainFrontmatter(outline.text, block) ?? readConflictedData(outline);
  if (plain !== undefined) return plain;
  const reading = frontmatter?.read(outline.text);
  if (reading?.kind === 'read') {
    return Object.fromEntries(
      Object.entries(reading.data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }
  const at = reading?.kind === 'unreadable' ? reading : { message: 'the frontmatter cannot be read', line: 1 };
  const line = Math.min(Math.max(at.line - 1, 0), outline.lines.lineCount - 1);
  diagnostics.push({
    code: 'unreadable-frontmatter',
    severity: 'error',
    message: phrase`${at.message.charAt(0).toUpperCase()}${at.message.slice(1)}; what stands below it is still read.`,
    range: outline.lines.rangeOf(line),
  });
  return {};
}

/** Frontmatter in which a merge left its marks: what both sides say, and the later session. The marks are reported as every conflict. */
function readConflictedData(outline: Outline): FrontmatterData | undefined {
  const block = outline.frontmatter;
  const { lines, text } = outline;
  if (!block?.closed || !outline.conflicts.some(({ oursLine }) => lines.rangeOf(oursLine).start < block.range.end)) {
    return undefined;
  }
  const data: Record<string, string> = {};
  for (const line of text.slice(block.contentRange.start, block.contentRange.end).split(/\r\n|\n|\r/)) {
    const [, key, value] = /^([A-Za-z_][\w-]*):[ \t]+(.*?)[ \t]*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    const plain = value.replace(/^"(.*)"$/, '$1');
    const known = data[key];
    if (known === undefined || (key === 'session' && countOf(plain) > countOf(known))) data[key] = plain;
  }
  return data;
}

function titleOf(outline: Outline, data: FrontmatterData): string | undefined {
  const said = data['title']?.trim();
  if (said) return said;
  const heading = outline.headings.find(({ level }) => level === 1)?.text;
  return heading || undefined;
}

function stemOf(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.md$/i, '');
}

function countOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

function readHandoff(outline: Outline): TaskList['handoff'] {
  const heading = findListHeading(outline, handoffHeading);
  if (heading === undefined) return undefined;
  const bodyRange = outlineSection(outline, heading);
  const text = outline.text.slice(bodyRange.start, bodyRange.end).trim();
  return { range: { start: heading.range.start, end: bodyRange.end }, bodyRange, text };
}

const notePattern =
  /^[-*+]\s+(?:\[[^\]]*\]\s+)?(forced|removed|renamed|moved)\s+(\S+?)(?:\s+to\s+(\S+?))?[:,]?(?:\s|$)/i;

function readNotes(outline: Outline): TaskListNote[] {
  const heading = findListHeading(outline, notesHeading);
  if (heading === undefined) return [];
  const { start, end } = outlineSection(outline, heading);
  return outline.text
    .slice(start, end)
    .split(/\r\n|\n|\r/)
    .flatMap((line) => {
      const [, kind, task, to] = notePattern.exec(line) ?? [];
      if (kind === undefined || task === undefined) return [];
      const note = { kind: kind.toLowerCase() as TaskListNote['kind'], task, text: line.replace(/^[-*+]\s+/, '') };
      return [to === undefined || isBlankCell(to) ? note : { ...note, to }];
    });
}

function noTable(outline: Outline): Diagnostic {
  const range: Range = outline.headings[0]?.range ?? outline.lines.rangeOf(0);
  const message =
    'This task list has no table of tasks. Add one with the columns "Task" (the ID) and "Status", or add a task with `baton tasks add`.';
  return { code: 'no-task-table', severity: 'warning', message, range };
}

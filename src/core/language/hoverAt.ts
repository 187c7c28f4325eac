import type { Range } from '../base/range.ts';
import { createLineIndex } from '../markdown/lines.ts';
import type { SessionStatus } from '../model/sessionStatus.ts';
import type { TaskEntry, TaskListEntry } from '../model/taskList.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import { idPlacesOf } from './idPlaces.ts';
import { progressCellAt } from './progressCells.ts';

/** What an editor can explain at some offset. */
export type HoverSubject =
  /** Several entries where nothing tells which one is meant. */
  | { readonly kind: 'session'; readonly range: Range; readonly entries: readonly SessionEntry[] }
  | { readonly kind: 'task'; readonly range: Range; readonly task: TaskEntry; readonly list: TaskListEntry }
  /** A status cell; `status` undefined where it is not understood. */
  | { readonly kind: 'status'; readonly range: Range; readonly status: SessionStatus | undefined };

/** What stands at an offset of a file: the ID of a session or task, a state. Undefined where nothing can be said. Never throws. */
export function hoverAt(workspace: Workspace, path: string, offset: number): HoverSubject | undefined {
  return (
    ownIdAt(workspace, path, offset) ??
    statusAt(workspace, path, offset) ??
    idAt(workspace, path, offset) ??
    rowOfTask(workspace, path, offset)
  );
}

/** The ID of a row or of a plan's session. Without reading what else the file names, which takes long where it has thousands of rows. */
function ownIdAt(workspace: Workspace, path: string, offset: number): HoverSubject | undefined {
  const holds = ({ idRange }: { readonly idRange: Range }): boolean => idRange.start <= offset && offset <= idRange.end;
  const progress = workspace.progress.find((one) => one.path === path);
  const table = progress?.tables.find(({ range }) => range.start <= offset && offset <= range.end);
  const row = table?.rows.find(holds);
  const planned = row ? undefined : workspace.plans.find((one) => one.path === path)?.sessions.find(holds);
  const own = row ?? planned;
  if (own === undefined) return undefined;
  const entries = workspace.sessions.filter((entry) => (row ? entry.row === row : entry.plan === planned));
  return entries.length === 0 ? undefined : { kind: 'session', range: own.idRange, entries };
}

function idAt(workspace: Workspace, path: string, offset: number): HoverSubject | undefined {
  const place = idPlacesOf(workspace).placeAt(path, offset);
  if (place === undefined) return undefined;
  const task = place.subjects.find((subject) => subject.kind === 'task');
  if (task?.kind === 'task') {
    const entry = task.list.tasks.find(({ id }) => id === task.id);
    return entry && { kind: 'task', range: place.range, task: entry, list: task.list };
  }
  const entries = place.subjects.flatMap((subject) => (subject.kind === 'session' ? subject.entries : []));
  return entries.length === 0 ? undefined : { kind: 'session', range: place.range, entries };
}

function statusAt(workspace: Workspace, path: string, offset: number): HoverSubject | undefined {
  const progress = workspace.progress.find((one) => one.path === path);
  const cell = progress && progressCellAt(progress, createLineIndex(progress.text), offset);
  if (cell?.column.role !== 'status' || cell.row === undefined) return undefined;
  return { kind: 'status', range: cell.range, status: cell.row.status.status };
}

/** Anywhere else on a task's row the row is meant. */
function rowOfTask(workspace: Workspace, path: string, offset: number): HoverSubject | undefined {
  const list = workspace.taskLists.find((entry) => entry.list.path === path);
  if (list?.list.table === undefined) return undefined;
  const lines = createLineIndex(list.list.text);
  const line = lines.lineAt(offset);
  const task = list.tasks.find((one) => one.line === line);
  return task && { kind: 'task', range: lines.rangeOf(line), task, list };
}

/** How much of a prompt is shown. */
const promptLines = 6;
const promptLength = 400;

/** The beginning of what a session's plan tells an agent to do; undefined where no plan says it. */
export function promptStart({ plan }: Pick<SessionEntry, 'plan'>): string | undefined {
  const text = plan?.prompt?.text;
  if (text === undefined) return undefined;
  const all = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const shown = all.slice(0, promptLines).join('\n');
  const isWhole = all.length <= promptLines && shown.length <= promptLength;
  const start = isWhole ? shown : `${shown.slice(0, promptLength).trimEnd()}…`;
  return start === '' ? undefined : start;
}

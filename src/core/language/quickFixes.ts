import type { Range } from '../base/range.ts';
import type { TextEdit } from '../base/textEdit.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { nearestIds } from '../model/sessionId.ts';
import { type SessionStatus, sessionStatuses, writeStatus } from '../model/sessionStatus.ts';
import { type TaskStatus, taskStatuses } from '../model/taskList.ts';
import { type MissionStatus, missionStatuses, type WaveRunStatus, waveRunStatuses } from '../model/waveState.ts';
import type { Workspace } from '../model/workspace.ts';
import { nearestTasks, taskCell } from './taskListFixes.ts';

/** What a person may choose to mend a problem. Edits are in the text of the problem's file. */
export type QuickFix =
  /** The rule's own; `safe` where it loses nothing and has one meaning. */
  | { readonly kind: 'rule'; readonly title: string; readonly edits: readonly TextEdit[]; readonly safe: boolean }
  | {
      readonly kind: 'setStatus';
      readonly status: SessionStatus | TaskStatus | WaveRunStatus | MissionStatus;
      readonly edits: readonly TextEdit[];
    }
  | { readonly kind: 'replaceId'; readonly id: string; readonly edits: readonly TextEdit[] }
  /** Changes nothing: goes to the other place. */
  | { readonly kind: 'goTo'; readonly path: string; readonly range: Range };

/** Everything that mends a problem of the file at `path`, what is most likely first. Never throws. */
export function quickFixes(workspace: Workspace, path: string, problem: Diagnostic): readonly QuickFix[] {
  const own: QuickFix[] = problem.fix === undefined ? [] : [{ kind: 'rule', ...problem.fix }];
  switch (problem.code) {
    case 'unknown-status':
    case 'two-active':
      return [...own, ...statusFixes(workspace, path, problem)];
    case 'unknown-dependency':
      return [...own, ...nearestFixes(workspace, path, problem)];
    case 'duplicate-id':
      return [
        ...own,
        ...(problem.related ?? []).map((place): QuickFix => ({ kind: 'goTo', path, ...onlyPlace(place) })),
      ];
    default:
      return own;
  }
}

function onlyPlace({ path, range }: { readonly path?: string; readonly range: Range }) {
  return path === undefined ? { range } : { path, range };
}

/** Every state, where the problem stands on a status cell and on nothing else. */
function statusFixes(workspace: Workspace, path: string, problem: Diagnostic): readonly QuickFix[] {
  const { code, range } = problem;
  const list = workspace.taskLists.find((entry) => entry.list.path === path);
  if (list) {
    const cell = taskCell(list, problem, 'status');
    return cell === undefined ? [] : taskStatuses.map((status) => setTo(status, status, cell));
  }
  const state = workspace.waveStates?.find((file) => file.path === path);
  if (state) {
    const isRun = state.fields.some(({ valueRange }) => valueRange.start === range.start);
    return (isRun ? waveRunStatuses : missionStatuses).map((status) => setTo(status, status, range));
  }
  const progress = workspace.progress.find((file) => file.path === path);
  const text = progress?.text.slice(range.start, range.end);
  if (text === undefined || /(?<!\\)\|/.test(text) || text.trim() === '') return [];
  const start = range.start + text.length - text.trimStart().length;
  const cell = { start, end: start + text.trim().length };
  const offered = code === 'two-active' ? (['paused', 'done', 'pending'] as const) : sessionStatuses;
  return offered.map((status) => setTo(status, writeStatus(status), cell));
}

function setTo(status: Extract<QuickFix, { kind: 'setStatus' }>['status'], newText: string, range: Range): QuickFix {
  return { kind: 'setStatus', status, edits: [{ ...range, newText }] };
}

/** The nearest IDs, less the one that the rule offers itself. */
function nearestFixes(workspace: Workspace, path: string, problem: Diagnostic): readonly QuickFix[] {
  const { range, fix } = problem;
  const list = workspace.taskLists.find((entry) => entry.list.path === path);
  if (list) {
    const near = nearestTasks(list, problem);
    return near?.ids.map((id) => ({ kind: 'replaceId', id, edits: [{ ...near.range, newText: id }] })) ?? [];
  }
  const text = [...workspace.plans, ...workspace.progress].find((file) => file.path === path)?.text ?? '';
  const id = text.slice(range.start, range.end);
  if (id === '' || /[|\s]/.test(id)) return [];
  const known = workspace.projects
    .filter((project) => project.progressPath === path || project.planPaths.includes(path))
    .flatMap((project) => project.sessions.map((session) => session.id));
  return nearestIds(id, known)
    .filter((near) => fix?.edits.some(({ newText }) => newText === near) !== true)
    .map((near) => ({ kind: 'replaceId', id: near, edits: [{ ...range, newText: near }] }));
}

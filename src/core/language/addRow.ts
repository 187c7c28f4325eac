import type { TextEdit } from '../base/textEdit.ts';
import { BatonError } from '../errors.ts';
import { planRowAdd, type RowAddress } from '../formats/progressEdits.ts';
import { writeStatus } from '../model/sessionStatus.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';

/** The row that a session of a plan lacks in its progress file. */
export interface MissingRow {
  readonly entry: SessionEntry;
  /** Of the progress file. */
  readonly path: string;
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

/** Plans the row of the session whose heading in the plan holds the offset; undefined where it has one, or no table can take it. */
export function planMissingRow(workspace: Workspace, planPath: string, offset: number): MissingRow | undefined {
  const entry = workspace.sessions.find(
    ({ plan, planPath: path, row }) =>
      path === planPath &&
      row === undefined &&
      plan !== undefined &&
      plan.headingRange.start <= offset &&
      offset <= plan.headingRange.end,
  );
  const progress = workspace.progress.find(({ path }) => path === entry?.progressPath);
  if (entry === undefined || progress === undefined) return undefined;
  try {
    const cells = {
      status: writeStatus('pending'),
      ...(entry.title !== entry.id && { title: entry.title }),
      ...(entry.dependencies.length > 0 && { dependencies: entry.dependencies.map(({ id }) => id).join(', ') }),
      ...(entry.plan?.estimate !== undefined && { estimate: entry.plan.estimate }),
    };
    const edits = planRowAdd(progress.text, progress.path, rowAddress(workspace, entry), cells);
    return edits.length === 0 ? undefined : { entry, path: progress.path, text: progress.text, edits };
  } catch (error) {
    if (BatonError.is(error)) return undefined;
    throw error;
  }
}

/** The table of the session's repository and week, where the file has tables of these. */
function rowAddress(workspace: Workspace, entry: SessionEntry): RowAddress {
  const tables = workspace.progress.find(({ path }) => path === entry.progressPath)?.tables ?? [];
  const own = tables.filter(({ repository }) => repository?.toLowerCase() === entry.repository?.toLowerCase());
  const repository =
    own.length > 0
      ? own[0]?.repository
      : tables.every((table) => table.repository === undefined)
        ? undefined
        : entry.repository;
  const section = own.find((table) => table.section !== undefined && table.section === entry.section)?.section;
  return {
    id: entry.id,
    ...(repository !== undefined && { repository }),
    ...(section !== undefined && { section }),
  };
}

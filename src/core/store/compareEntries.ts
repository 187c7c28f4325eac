import type { PlanSession } from '../model/plan.ts';
import type { ProgressRow } from '../model/progress.ts';
import type { DependencyState, SessionEntry, Workspace, WorkspaceChange } from '../model/workspace.ts';

const facts = [
  'id',
  'title',
  'status',
  'statusUnknown',
  'project',
  'repository',
  'section',
  'progressPath',
  'planPath',
  'unblocksCount',
  'ready',
  'activeHere',
  'started',
  'completed',
  'commit',
  'notes',
] as const satisfies readonly (keyof SessionEntry)[];

/** Tells whether two entries say the same and point at the same parsed row, table and plan session: one can stand for the other. */
export function hasSameParts(a: SessionEntry, b: SessionEntry): boolean {
  return a.row === b.row && a.table === b.table && a.plan === b.plan && hasSameFacts(a, b);
}

function hasSameFacts(a: SessionEntry, b: SessionEntry): boolean {
  return (
    facts.every((fact) => a[fact] === b[fact]) &&
    isSameList(a.waitingFor, b.waitingFor) &&
    isSameList(a.unblocks, b.unblocks) &&
    isSameDependencies(a.dependencies, b.dependencies)
  );
}

/** What changed from one snapshot to the next. An entry whose text only moved in its file has not changed. */
export function compareWorkspaces(
  before: Workspace | undefined,
  after: Workspace,
): Omit<WorkspaceChange, 'workspace' | 'files'> {
  const old = new Map(before?.sessions.map((entry) => [entry.key, entry]));
  const added: string[] = [];
  const changed: string[] = [];
  const texts = { before: planTexts(before), after: planTexts(after) };
  for (const entry of after.sessions) {
    const previous = old.get(entry.key);
    old.delete(entry.key);
    if (!previous) added.push(entry.key);
    else if (previous !== entry && !looksSame(previous, entry, texts)) changed.push(entry.key);
  }
  const file = after.sessionFile;
  return {
    added,
    changed,
    removed: [...old.keys()],
    taskListsChanged: compareTaskLists(before, after),
    sessionFileChanged: before?.sessionFile?.text !== file?.text || before?.sessionFile?.path !== file?.path,
  };
}

function compareTaskLists(before: Workspace | undefined, after: Workspace): readonly string[] {
  const old = new Map(before?.taskLists.map(({ list }) => [list.path, list.text]));
  const changed: string[] = [];
  for (const { list } of after.taskLists) {
    if (old.get(list.path) !== list.text) changed.push(list.path);
    old.delete(list.path);
  }
  return [...changed, ...old.keys()];
}

type PlanTexts = ReadonlyMap<string, string>;

function planTexts(workspace: Workspace | undefined): PlanTexts {
  return new Map(workspace?.plans.map(({ path, text }) => [path, text]));
}

function looksSame(a: SessionEntry, b: SessionEntry, texts: { before: PlanTexts; after: PlanTexts }): boolean {
  return (
    hasSameFacts(a, b) &&
    isSameRow(a.row, b.row) &&
    (a.plan === b.plan || planText(a.plan, a.planPath, texts.before) === planText(b.plan, b.planPath, texts.after))
  );
}

function isSameRow(a: ProgressRow | undefined, b: ProgressRow | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.cells.length !== b.cells.length) return false;
  return a.cells.every(({ text }, index) => text === b.cells[index]?.text);
}

/** A plan session's own words and what the headings above it add. */
function planText(session: PlanSession | undefined, path: string | undefined, texts: PlanTexts): string | undefined {
  if (!session || path === undefined) return undefined;
  const { range, phase, phaseName, week } = session;
  return `${phase}\n${phaseName}\n${week}\n${texts.get(path)?.slice(range.start, range.end)}`;
}

function isSameDependencies(a: readonly DependencyState[], b: readonly DependencyState[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return other && one.id === other.id && one.status === other.status && one.reason === other.reason;
    })
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

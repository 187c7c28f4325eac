import { phrase } from '../base/phrase.ts';
import { checkWorkspace } from '../checks/checkWorkspace.ts';
import { joinFixes } from '../checks/joinFixes.ts';
import { BatonError } from '../errors.ts';
import type { FileProblems, Workspace } from '../model/workspace.ts';
import { beginVerb, readWorkspace } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { askUnknownCommits } from './unknownCommits.ts';
import { checkWavePlans } from './waves/checkWavePlans.ts';

export interface CheckOptions {
  /** Only problems of these files. */
  readonly files?: readonly string[];
  /** Applies the safe fixes first. */
  readonly fix?: boolean;
}

export interface CheckResult {
  /** What is left, per file. */
  readonly problems: readonly FileProblems[];
  readonly fixed: number;
  /** How many files were checked. */
  readonly files: number;
  readonly warnings: readonly string[];
}

/** A fix can make another one possible; this many rounds are made at most. */
const maximumRounds = 5;

/**
 * Finds the problems of the state files, and of documents with wave plans; with `fix` mends those first that have one safe meaning.
 *
 * @throws BatonError `invalid-argument` for a file that is no state file here; with `fix` what the write path throws
 */
export async function check(context: ActionContext, options: CheckOptions = {}): Promise<CheckResult> {
  const begun = options.fix
    ? await beginVerb(context, { anyConfig: true })
    : { workspace: await readWorkspace(context), warnings: [] };
  let { workspace } = begun;
  const isOther = (path: string): boolean => context.store.isStateFile(path);
  const wavePlans = await checkWavePlans(context, { isOther, ...(options.files && { also: options.files }) });
  assertStateFiles(context, workspace, { files: options.files, wavePlans });
  let problems = await findProblems(context, workspace, options.files);
  let fixed = 0;
  for (let round = 0; options.fix && round < maximumRounds; round++) {
    const count = await applyFixes(context, workspace, problems);
    if (count === 0) break;
    fixed += count;
    workspace = await context.store.refresh();
    problems = await findProblems(context, workspace, options.files);
  }
  const isChosen = (path: string): boolean => !options.files?.length || options.files.includes(path);
  const all = [...stateFiles(workspace), ...wavePlans.map(({ path }) => path)].filter(isChosen);
  const inPlans = wavePlans.filter(({ path, diagnostics }) => diagnostics.length > 0 && isChosen(path));
  return { problems: [...problems, ...inPlans], fixed, files: all.length, warnings: begun.warnings };
}

async function findProblems(
  context: ActionContext,
  workspace: Workspace,
  files: readonly string[] | undefined,
): Promise<readonly FileProblems[]> {
  const unknownCommits = await askUnknownCommits(context.ports, workspace);
  return checkWorkspace(workspace, { unknownCommits, liveIsolated: [] }).filter(
    ({ path, diagnostics }) => diagnostics.length > 0 && (!files?.length || files.includes(path)),
  );
}

async function applyFixes(
  context: ActionContext,
  workspace: Workspace,
  problems: readonly FileProblems[],
): Promise<number> {
  let fixed = 0;
  for (const { path, diagnostics } of problems) {
    const { edits, count } = joinFixes(diagnostics);
    if (count === 0) continue;
    const seen = textOf(workspace, path);
    await context.ports.stateFiles.update(path, (text) => {
      if (text === seen || seen === undefined) return edits;
      throw new BatonError('conflict', phrase`${path} was changed while it was checked`, {
        hint: 'Try again.',
        data: { path },
      });
    });
    fixed += count;
  }
  return fixed;
}

function textOf(workspace: Workspace, path: string): string | undefined {
  const { plans, progress, paused, sessionFile } = workspace;
  const lists = workspace.taskLists.map(({ list }) => list);
  const waves = workspace.waveStates ?? [];
  const files = [...plans, ...progress, ...paused, ...lists, ...waves, ...(sessionFile ? [sessionFile] : [])];
  return files.find((file) => file.path === path)?.text;
}

function stateFiles(workspace: Workspace): readonly string[] {
  const { plans, progress, paused, sessionFile, unreadable, problems } = workspace;
  const lists = workspace.taskLists.map(({ list }) => list);
  const own = sessionFile ? [sessionFile] : [];
  const files = [
    ...plans,
    ...progress,
    ...paused,
    ...lists,
    ...(workspace.waveStates ?? []),
    ...own,
    ...unreadable,
    ...problems,
  ];
  return [...new Set(files.map(({ path }) => path))];
}

function assertStateFiles(
  context: ActionContext,
  workspace: Workspace,
  { files, wavePlans }: { readonly files: readonly string[] | undefined; readonly wavePlans: readonly FileProblems[] },
): void {
  const known = [...stateFiles(workspace), ...wavePlans.map(({ path }) => path)];
  const strange = (files ?? []).filter((path) => !known.includes(path) && !context.store.isStateFile(path));
  if (strange.length === 0) return;
  throw new BatonError('invalid-argument', phrase`Not a state file of this project: ${strange.join(', ')}`, {
    hint:
      known.length > 0
        ? phrase`State files: ${known.join(', ')}.`
        : 'Create a progress file with `baton init <project>`.',
    data: { files: strange },
  });
}

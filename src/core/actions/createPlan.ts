import { phrase } from '../base/phrase.ts';
import type { Effect } from '../effects/effect.ts';
import { BatonError } from '../errors.ts';
import { parsePlan } from '../formats/plan.ts';
import { type DraftEntry, type NewSession, readSessionLines, resolveDraft } from '../formats/planDraft.ts';
import { type DraftUnit, draftUnits, readPlanDraft } from '../formats/planFromMarkdown.ts';
import { newPlanFile } from '../formats/planTemplate.ts';
import type { Workspace } from '../model/workspace.ts';
import { beginVerb, readWorkspace } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { fileName, prepareProgress, runCreating } from './init.ts';

/** A file of TODOs or issues that a plan is made from. */
export interface PlanSource {
  /** How the plan's prompts call it: its path. */
  readonly name: string;
  readonly text: string;
  /** Absent: items where there are some, else headings. */
  readonly unit?: DraftUnit;
}

export interface CreatePlanOptions {
  /** Absent: the heading of `source`. */
  readonly project?: string;
  readonly repositories: readonly string[];
  /** `ID: TITLE @repository after A, B`, all but the title left out at will; `# NAME` begins a phase. */
  readonly sessions: readonly string[];
  readonly source?: PlanSource;
  /** Writes nothing, and tells what would be written. */
  readonly dryRun?: boolean;
}

export interface CreatePlanResult {
  readonly project: string;
  /** The plan. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
  /** The progress file. */
  readonly progress: string;
  readonly sessions: readonly NewSession[];
  /** Titles of what `source` has ticked already; they are left out. */
  readonly done: readonly string[];
  /** Files that were made or changed; none in a dry run. */
  readonly created: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Makes a plan from lines or from a list of things to do, and its progress file with a row for each session. Overwrites nothing.
 *
 * @throws BatonError `invalid-argument` without a session or a project, `already-exists` for the plan, the progress file or a session's ID,
 *   `cyclic-dependency`
 */
export async function createPlan(context: ActionContext, options: CreatePlanOptions): Promise<CreatePlanResult> {
  const { workspace, warnings } = options.dryRun
    ? { workspace: await readWorkspace(context), warnings: [] }
    : await beginVerb(context);
  const draft = readSource(options.source);
  const project = (options.project ?? draft.title ?? '').replace(/\s+/g, ' ').trim();
  if (project === '') throw new BatonError('invalid-argument', 'The plan needs the name of a project');
  const entries = [...readSessionLines(options.sessions, options.repositories), ...draft.entries];
  const sessions = resolveDraft(entries, project, takenIds(workspace));
  const path = `docs/${fileName(project)}_PROMPTS.md`;
  if ((await context.ports.files.stat(path)) !== undefined) {
    throw new BatonError('already-exists', phrase`${path} is there already`, {
      hint: 'Nothing was changed. Choose another name for the project.',
      data: { path },
    });
  }
  const text = newPlanFile({ project, sessions });
  const plan = parsePlan(text, path).value;
  const prepared = await prepareProgress(context, workspace, { project, repositories: options.repositories, plan });
  const write: Effect = { kind: 'edit', path, edits: [{ kind: 'replace', text }], create: true };
  const result = { project, path, text, progress: prepared.path, sessions, done: draft.done };
  if (options.dryRun) return { ...result, created: [], warnings: prepared.warnings };
  const outcome = await runCreating(context, [write, ...prepared.effects]);
  return { ...result, created: outcome.created, warnings: [...warnings, ...prepared.warnings, ...outcome.warnings] };
}

function readSource(source: PlanSource | undefined): {
  readonly title?: string;
  readonly entries: readonly DraftEntry[];
  readonly done: readonly string[];
} {
  if (source === undefined) return { entries: [], done: [] };
  const unit = source.unit ?? draftUnits(source.text)[0]?.unit ?? 'items';
  const draft = readPlanDraft(source.text, unit, source.name);
  if (draft.entries.length > 0) return draft;
  throw new BatonError('invalid-argument', phrase`${source.name} has nothing left to do`, {
    hint: 'A plan is made of list items, check boxes that are not ticked, headings, or links to issues.',
    data: { done: draft.done },
  });
}

function takenIds({ sessions }: Workspace): ReadonlySet<string> {
  return new Set(sessions.map(({ id }) => id));
}

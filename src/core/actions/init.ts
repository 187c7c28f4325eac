import { phrase } from '../base/phrase.ts';
import type { Effect } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import { parsePlan } from '../formats/plan.ts';
import { newProgressFile } from '../formats/progressTemplate.ts';
import type { BatonConfig } from '../model/config.ts';
import type { Plan } from '../model/plan.ts';
import type { Workspace } from '../model/workspace.ts';
import { configPath } from '../store/loadConfig.ts';
import { createStateFileRoles } from '../store/stateFileRoles.ts';
import { beginVerb } from './beginVerb.ts';
import type { ActionContext } from './context.ts';
import { groupSessions } from './groupSessions.ts';
import { unsavedWarnings } from './stateCommit.ts';

export interface InitOptions {
  readonly project: string;
  /** Names of repositories; from the plan's sessions where empty and a plan is given. */
  readonly repositories: readonly string[];
  /** Path of the plan. */
  readonly plan?: string;
}

export interface InitResult {
  /** The progress file. */
  readonly path: string;
  /** Files that were made or changed. */
  readonly created: readonly string[];
  readonly warnings: readonly string[];
}

/** What git must never see: worktrees, the outbox of workers, temporary files of the write path. */
const ignoredLines = ['.worktrees/', '.baton/', '.*.[0-9]*.tmp'];

/**
 * Makes a project's progress file, with a row for each session of its plan; adds the lines that git must ignore, and tells `.baton.yaml`
 * of a plan that the configuration would not find. Overwrites nothing.
 *
 * @throws BatonError `already-exists`, `no-plan`, `invalid-argument`
 */
export async function init(context: ActionContext, options: InitOptions): Promise<InitResult> {
  const project = options.project.replace(/\s+/g, ' ').trim();
  const { workspace, warnings } = await beginVerb(context);
  const plan = options.plan === undefined ? undefined : await readPlan(context, options.plan);
  const prepared = await prepareProgress(context, workspace, { project, repositories: options.repositories, plan });
  const { created, warnings: unsaved } = await runCreating(context, prepared.effects);
  const hint = hints(workspace, plan, options);
  return { path: prepared.path, created, warnings: [...warnings, ...prepared.warnings, ...hint, ...unsaved] };
}

/** A progress file that is about to be made. */
export interface NewProgressOptions {
  readonly project: string;
  readonly repositories: readonly string[];
  readonly plan: Plan | undefined;
}

/** What must change for a new progress file, with the lines that git must ignore and the configuration of its plan. */
export async function prepareProgress(
  context: ActionContext,
  workspace: Workspace,
  { project, repositories, plan }: NewProgressOptions,
): Promise<{ readonly path: string; readonly effects: readonly Effect[]; readonly warnings: readonly string[] }> {
  const path = progressPathOf(project);
  await assertNew(context, workspace, path, project);
  const git = await context.ports.git('');
  const branch = (await git?.head())?.branch;
  const text = newProgressFile({
    project,
    startedAt: context.ports.clock.now(),
    ...(branch !== undefined && { branch }),
    ...(plan && { plan: relativePath('docs/progress', plan.path) }),
    repositories: groupSessions(project, repositories, plan?.sessions ?? []),
  });
  const progress: Effect = { kind: 'edit', path, edits: [{ kind: 'replace', text }], create: true };
  const ignore: Effect = { kind: 'edit', path: '.gitignore', edits: [{ kind: 'append-lines', lines: ignoredLines }] };
  const config = plan ? await planConfig(context, workspace.config, plan.path) : {};
  const isFound = createStateFileRoles(workspace.config).isProgress(path);
  return {
    path,
    effects: [progress, ...(git ? [ignore] : []), ...(config.effect ? [config.effect] : [])],
    warnings: [
      ...(config.warning ? [config.warning] : []),
      ...(isFound ? [] : [phrase`${path} is found by no glob of ${configPath}: add it to progress`]),
    ],
  };
}

/** Applies effects that only make or extend files; tells which of them have changed. */
export async function runCreating(
  context: ActionContext,
  effects: readonly Effect[],
): Promise<{ readonly created: readonly string[]; readonly warnings: readonly string[] }> {
  const readAll = () => Promise.all(effects.map((effect) => context.ports.files.readText(pathOf(effect))));
  const before = await readAll();
  const outcome = await runEffects(context, 'init', undefined, effects);
  await context.store.refresh();
  const after = await readAll();
  return {
    created: effects.map(pathOf).filter((_, at) => before[at] !== after[at]),
    warnings: unsavedWarnings(outcome),
  };
}

/** Where a project's progress file is made. @throws BatonError `invalid-argument` for a name without letter or digit */
export function progressPathOf(project: string): string {
  return `docs/progress/${fileName(project)}_PROGRESS.md`;
}

/** A project's name as the first part of a file's. @throws BatonError `invalid-argument` */
export function fileName(project: string): string {
  const name = project
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  if (name !== '') return name;
  throw new BatonError('invalid-argument', phrase`"${project}" is no name for a project`, {
    hint: 'Give a name with at least one letter or digit.',
  });
}

async function assertNew(context: ActionContext, workspace: Workspace, path: string, project: string): Promise<void> {
  const same = workspace.projects.find((other) => other.name === project && other.progressPath !== undefined);
  const taken = same?.progressPath ?? ((await context.ports.files.stat(path)) === undefined ? undefined : path);
  if (taken === undefined) return;
  throw new BatonError('already-exists', phrase`${taken} is there already`, {
    hint: 'Nothing was changed. `baton start` adds rows that are missing; choose another name for another project.',
    data: { path: taken },
  });
}

async function readPlan(context: ActionContext, given: string): Promise<Plan> {
  const path = given.replace(/^(?:\.\/)+/, '');
  const text = await context.ports.files.readText(path);
  if (text === undefined) {
    throw new BatonError('no-plan', phrase`There is no plan ${path}`, {
      hint: 'Give its path relative to the project.',
      data: { plan: path },
    });
  }
  const plan = parsePlan(text, path).value;
  if (plan.sessions.length > 0) return plan;
  throw new BatonError('no-plan', phrase`${path} defines no session`, {
    hint: 'A session begins with a heading such as `## Session BE-01: Title`, or is an element `<session id="BE-01">`.',
    data: { plan: path },
  });
}

/** Makes a plan known that the globs do not find. */
async function planConfig(
  context: ActionContext,
  config: BatonConfig,
  plan: string,
): Promise<{ effect?: Effect; warning?: string }> {
  if (createStateFileRoles(config).isPlan(plan)) return {};
  const line = `- '${plan.replaceAll("'", "''")}'`;
  if ((await context.ports.files.readText(configPath)) !== undefined) {
    return { warning: `${plan} is found by no glob of ${configPath}: add the line ${line} to its plans` };
  }
  const globs = config.plans.map((glob) => `  - '${glob.replaceAll("'", "''")}'`);
  const text = ['# Where Baton finds plans.', 'plans:', ...globs, `  ${line}`, ''].join('\n');
  return { effect: { kind: 'edit', path: configPath, edits: [{ kind: 'replace', text }], create: true } };
}

function hints(workspace: Workspace, plan: Plan | undefined, options: InitOptions): readonly string[] {
  const [first] = workspace.plans;
  return !plan && options.repositories.length === 0 && first !== undefined
    ? [phrase`The table has no rows yet: with \`--plan ${first.path}\` it would have had one for each session`]
    : [];
}

function relativePath(folder: string, path: string): string {
  const from = folder.split('/');
  const to = path.split('/');
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}

function pathOf(effect: Effect): string {
  return effect.kind === 'edit' ? effect.path : '';
}

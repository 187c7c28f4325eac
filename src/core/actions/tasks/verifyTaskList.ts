import { phrase } from '../../base/phrase.ts';
import { BatonError } from '../../errors.ts';
import { readTaskList } from '../../formats/taskList.ts';
import type { TaskList, TaskListEntry } from '../../model/taskList.ts';
import type { FileVersion, Git } from '../../ports/git.ts';
import { findTaskList } from '../../store/findTaskList.ts';
import type { ActionContext } from '../context.ts';
import { compareVersions, type Finding, type ListStep } from './compareVersions.ts';
import { type ReadLists, readTaskLists } from './readLists.ts';
import { findTwin, resembles } from './resembles.ts';
import { findSeams } from './seams.ts';

export interface VerifyTaskListOptions {
  /** ID or title; also an ID that no list has any more. */
  readonly list: string;
}

/** One of the three verdicts. */
export interface TaskVerdict {
  readonly ok: boolean;
  /** What speaks against it; excused ones do not count. */
  readonly findings: readonly Finding[];
}

export interface VerifyTaskListResult {
  readonly list: TaskListEntry;
  readonly verdicts: {
    readonly idContinuity: TaskVerdict;
    readonly statusPreservation: TaskVerdict;
    readonly seamlessContinuation: TaskVerdict;
  };
  readonly crossSessionContinuation: 'SUCCESS' | 'FAILED';
  readonly taskStatePersistence: 'VERIFIED' | 'BROKEN';
  /** How many sessions have worked on the list. */
  readonly sessions: number;
  /** How many versions of it git has. */
  readonly versions: number;
  /** How a list was found whose ID is lost. */
  readonly found?: string;
  readonly warnings: readonly string[];
}

/**
 * Judges from the file and git's history whether each session went on where the last one had stopped: the list kept its ID, no state of a
 * task was lost, and nothing was started before it was its turn.
 *
 * @throws BatonError `unknown-list`, `ambiguous-list`
 */
export async function verifyTaskList(
  context: ActionContext,
  options: VerifyTaskListOptions,
): Promise<VerifyTaskListResult> {
  const read = await readTaskLists(context);
  const git = await context.ports.git('');
  const { entry, lost } = await findOrRecover(context, read, git, options.list);
  const versions = (await git?.fileVersions(git.prefix + entry.list.path)) ?? [];
  const steps = [...stepsOf(context, versions, entry.list), ...lastStep(context, versions, entry.list)];
  const compared = compareVersions(steps, entry.list);
  const twin = findTwin(
    entry.list,
    read.lists.map(({ list }) => list),
  );
  const identity: Finding[] = [
    ...(lost ? [lost.finding] : []),
    ...compared.identity,
    ...(twin ? [describeTwin(entry.list, twin)] : []),
  ];
  const idContinuity = verdict(identity);
  const statusPreservation = verdict(compared.states);
  const seamlessContinuation = verdict(findSeams(steps, entry.list));
  const isPreserved = idContinuity.ok && statusPreservation.ok;
  return {
    list: entry,
    verdicts: { idContinuity, statusPreservation, seamlessContinuation },
    crossSessionContinuation: isPreserved && seamlessContinuation.ok ? 'SUCCESS' : 'FAILED',
    taskStatePersistence: isPreserved ? 'VERIFIED' : 'BROKEN',
    sessions: entry.list.sessions.length,
    versions: versions.length,
    ...(lost && { found: lost.how }),
    warnings: versions.length === 0 ? [noHistory(entry.list, git)] : [],
  };
}

function verdict(findings: readonly Finding[]): TaskVerdict {
  return { ok: findings.every(({ excused }) => excused !== undefined), findings };
}

function noHistory({ path }: TaskList, git: Git | undefined): string {
  return git === undefined
    ? 'The project is in no git repository, so only the file itself could be looked at'
    : phrase`${path} has never been committed, so only the file itself could be looked at`;
}

/** Each committed version beside the ones before it, oldest first. */
function stepsOf({ ports }: ActionContext, versions: readonly FileVersion[], { path }: TaskList): readonly ListStep[] {
  const parse = (text: string | undefined): TaskList | undefined =>
    text === undefined ? undefined : readTaskList(text, path, ports.frontmatter).list;
  return versions.toReversed().map(({ commit, text, before }) => {
    const after = parse(text);
    return {
      commit: commit.hash,
      isMerge: commit.parents.length > 1,
      before: before.flatMap((one) => parse(one) ?? []),
      ...(after && { after }),
    };
  });
}

/** What has changed in the file since it was committed last. */
function lastStep({ ports }: ActionContext, versions: readonly FileVersion[], now: TaskList): readonly ListStep[] {
  const committed = versions[0]?.text;
  if (committed === now.text) return [];
  if (committed === undefined) return [{ isMerge: false, before: [], after: now }];
  return [{ isMerge: false, before: [readTaskList(committed, now.path, ports.frontmatter).list], after: now }];
}

function describeTwin(list: TaskList, twin: TaskList): Finding {
  const isLater = (list.createdAt ?? '') > (twin.createdAt ?? '');
  const [first, second] = isLater ? [twin, list] : [list, twin];
  return {
    message: phrase`${first.id} was re-created as ${second.id} (${second.path}), although it was there to be resumed`,
  };
}

interface Lost {
  readonly how: string;
  readonly finding: Finding;
}

async function findOrRecover(
  context: ActionContext,
  { lists, config }: ReadLists,
  git: Git | undefined,
  name: string,
): Promise<{ readonly entry: TaskListEntry; readonly lost?: Lost }> {
  try {
    const entry = findTaskList(lists, name);
    if (entry.list.hasOwnId) return { entry };
    const message = phrase`${entry.list.path} has lost its ID: its frontmatter names none`;
    return { entry, lost: { how: `${entry.list.path}, by its name`, finding: { message } } };
  } catch (error) {
    if (!BatonError.is(error, 'unknown-list')) throw error;
    const folder = config.taskFolder === '.' ? '' : `${config.taskFolder}/`;
    const versions = (await git?.fileVersions(`${git.prefix}${folder}${name}.md`)) ?? [];
    const text = versions.find((version) => version.text !== undefined)?.text;
    const old =
      text === undefined ? undefined : readTaskList(text, `${folder}${name}.md`, context.ports.frontmatter).list;
    const entry = old && lists.find(({ list }) => resembles(old, list));
    if (entry === undefined) throw error;
    const commit = versions.find((version) => version.text === undefined)?.commit.hash;
    const message = `${name} is gone; ${entry.list.id} (${entry.list.path}) has its title and tasks`;
    return {
      entry,
      lost: {
        how: `${entry.list.id}, by title and tasks`,
        finding: { message, ...(commit !== undefined && { commit }) },
      },
    };
  }
}

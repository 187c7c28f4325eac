import { fileTimeOf } from '../base/localTime.ts';
import { phrase } from '../base/phrase.ts';
import { revisionOf } from '../base/revision.ts';
import type { Effect, StateEdit } from '../effects/effect.ts';
import { runEffects } from '../effects/runner.ts';
import { BatonError } from '../errors.ts';
import { estimateMinutes } from '../formats/planMetadata.ts';
import { newSessionFileText, type RowFacts } from '../formats/sessionFileText.ts';
import { writeStatus } from '../model/sessionStatus.ts';
import type { SessionEntry, Workspace } from '../model/workspace.ts';
import type { LocalTime } from '../ports/clock.ts';
import { findSession, folderOf, type SessionScope } from '../store/lookup.ts';
import { assertReadable } from './activeSession.ts';
import { beginVerb } from './beginVerb.ts';
import { chooseModel } from './chooseModel.ts';
import type { ActionContext } from './context.ts';
import { findPlanned, type PlannedSession } from './findPlanned.ts';
import { isIsolatedId } from './isolated/records.ts';
import { cellTime, progressEffects, timedNote } from './progressChanges.ts';
import { activeRecordKey, type DirtyRecord, recordDirty } from './sessionRecord.ts';
import { unsavedWarnings } from './stateCommit.ts';
import { type LinkedResume, resumeLinkedList } from './tasks/linkedList.ts';
import { isStateInWork, locateWork, type WorkPlace } from './workRepository.ts';

/** Which session to start, and how. */
export interface StartOptions {
  readonly id: string;
  /** Path of the plan, where the ID is in several. */
  readonly plan?: string;
  readonly project?: string;
  /** Overrides what the plan or the recommendation says. */
  readonly model?: string;
  /** Starts in spite of unmet dependencies, a state that forbids it or an agent that has it, keeps a foreign SESSION.md aside; recorded. */
  readonly force?: boolean;
  /** Keeps a SESSION.md that is not Baton's aside without asking. */
  readonly keepForeign?: boolean;
}

/** The model of a session. */
export interface SessionModel {
  readonly model: string;
  readonly thinking?: string;
  /** Why, where it was recommended. */
  readonly reason?: string;
  /** False where the caller or the plan named it. */
  readonly recommended: boolean;
}

export interface StartResult {
  readonly session: SessionEntry;
  /** Path of SESSION.md. */
  readonly path: string;
  readonly model: SessionModel;
  /** What was overridden, one sentence each. */
  readonly forced: readonly string[];
  /** Where a foreign SESSION.md was kept. */
  readonly keptAs?: string;
  /** The task list that the session names, resumed. */
  readonly taskList?: LinkedResume;
  readonly warnings: readonly string[];
}

/**
 * Starts a session: writes SESSION.md with everything that the plan gives (without one, what the row gives), sets its row to Active, and
 * remembers what was dirty before.
 *
 * @throws BatonError `unknown-session`, `ambiguous-session`, `no-plan`, `no-progress`, `session-active`, `wrong-state`,
 *   `dependencies-unmet`, `already-dispatched`, `foreign-session-file`, `invalid-argument` for a model's name
 */
export async function start(context: ActionContext, options: StartOptions): Promise<StartResult> {
  const { workspace, warnings } = await beginVerb(context);
  // An ID that is not there is said before anything that would have to be done first.
  if (options.plan === undefined) findSession(workspace, options.id, scopeOf(options));
  assertNoneActive(workspace, options.id);
  const planned = await findPlanned(context, workspace, options);
  const forced = [
    ...checkStartable(workspace, planned.entry, options.force === true),
    ...(await checkFree(context, planned.entry, options.force === true)),
  ];
  const { model, warnings: modelWarnings } = chooseModel(modelFacts(planned), options.model);
  const now = context.ports.clock.now();
  const keptAs = await decideForeign(context, workspace, options);
  const folder = folderOf(workspace, planned.entry);
  const place = await locateWork(context, folder);
  const head = await place?.work.head();
  const effects = [
    ...sessionFileEffects(workspace, planned, { model, now, startRef: head?.hash, keptAs }),
    ...progressEffects(
      workspace,
      {
        id: planned.entry.id,
        entry: { ...planned.entry, progressPath: planned.progressPath },
        progressPath: planned.progressPath,
      },
      {
        now,
        cells: {
          status: writeStatus('active'),
          started: { whereBlank: cellTime(now) },
          ...(planned.entry.completed !== undefined && { completed: '' }),
        },
        notes: forced.map((what) => timedNote(now, `Started by force: ${what}`)),
      },
    ),
    await recordEffect(context, workspace, planned.entry.id, place),
  ];
  const outcome = await runEffects(context, 'start', planned.entry.id, effects);
  const linked = await resumeLinkedList(context, { taskList: planned.planned?.session.taskList, id: planned.entry.id });
  const after = await context.store.refresh();
  return {
    session: after.active ?? planned.entry,
    path: workspace.config.sessionFile,
    model,
    forced,
    ...(keptAs !== undefined && { keptAs }),
    ...(linked.list && { taskList: linked.list }),
    warnings: [
      ...warnings,
      ...linked.warnings,
      ...modelWarnings,
      ...(await claimWarnings(context, planned.entry.id)),
      ...(planned.planned ? [] : [noPlanWarning(planned.entry.id, workspace)]),
      ...(place ? [] : [noGitWarning]),
      ...unsavedWarnings(outcome),
    ],
  };
}

function scopeOf({ project }: StartOptions): SessionScope {
  return project === undefined ? {} : { project };
}

/** Without a plan only the row tells what the session is about. */
function modelFacts({ entry, planned }: PlannedSession): Parameters<typeof chooseModel>[0] {
  if (planned) return planned.session;
  const { title } = entry;
  const minutes = entry.row?.estimate === undefined ? undefined : estimateMinutes(entry.row.estimate);
  return { title, execution: [], ...(minutes !== undefined && { estimateMinutes: minutes }) };
}

function noPlanWarning(id: string, { config }: Workspace): string {
  return phrase`No plan defines ${id}: ${config.sessionFile} has what its row says. Write the task and the verification commands there`;
}

const noGitWarning = 'The project is in no git repository, so there will be no checkpoints and no commits';

function assertNoneActive(workspace: Workspace, id: string): void {
  const path = workspace.config.sessionFile;
  assertReadable(workspace, path);
  const file = workspace.sessionFile;
  if (file?.kind !== 'session') return;
  const active = file.id ?? phrase`a session`;
  if (active === id) {
    throw new BatonError('session-active', phrase`${id} is already active in this worktree`, {
      hint: phrase`Go on with it: ${path} has what to do. \`baton status\` shows where it stands.`,
      data: { active: id },
    });
  }
  throw new BatonError('session-active', phrase`${active} is active in this worktree`, {
    hint: 'Complete, pause or fail it first (`baton complete`, `baton pause`, `baton fail`).',
    data: { active },
  });
}

/** Refuses what may not be started; what `force` overrides is returned, one phrase each. */
function checkStartable(workspace: Workspace, entry: SessionEntry, isForced: boolean): readonly string[] {
  const forced: string[] = [];
  const isPausedHere = workspace.paused.some(
    ({ id, project }) => id === entry.id && (project === undefined || project === entry.project),
  );
  if (isPausedHere || (entry.status === 'paused' && !isForced)) {
    throw new BatonError('wrong-state', phrase`${entry.id} is paused`, {
      hint: phrase`Take it up again with \`baton resume ${entry.id}\`.`,
      data: { session: entry.id, status: 'paused' },
    });
  }
  if (!['pending', 'failed', 'retry'].includes(entry.status)) {
    if (!isForced) throw wrongState(entry);
    forced.push(`it was ${entry.status}`);
  }
  const unmet = entry.dependencies.filter(({ met }) => !met);
  if (unmet.length === 0) return forced;
  const names = unmet.map(({ id, status }) => `${id} (${status})`).join(', ');
  if (!isForced) {
    throw new BatonError('dependencies-unmet', phrase`${entry.id} waits for ${names}`, {
      hint:
        unmet.length === 1
          ? phrase`Complete it first, or start all the same with \`--force\`, which is recorded.`
          : phrase`Complete them first, or start all the same with \`--force\`, which is recorded.`,
      data: {
        session: entry.id,
        unmet: unmet.map(({ id, status, reason }) => ({ id, status, reason: reason ?? null })),
      },
    });
  }
  forced.push(`not done are ${names}`);
  return forced;
}

/** Refuses what an agent was given to work on; where that is overridden it is returned. */
async function checkFree({ ports }: ActionContext, entry: SessionEntry, isForced: boolean): Promise<readonly string[]> {
  const { findDispatched } = await import('./isolated/dispatched.ts');
  const session = await findDispatched(ports, entry);
  if (session === undefined) return [];
  const { id, agent, status } = session;
  if (isForced) return [phrase`${agent} has it in ${id} (${status})`];
  throw new BatonError('already-dispatched', phrase`${entry.id} was dispatched to ${agent}: ${id} is ${status}`, {
    hint: phrase`\`baton isolated status ${entry.id}\` tells how it stands. Put it away with \`baton isolated clean ${entry.id} --yes\`, or start all the same with \`--force\`, which is recorded.`,
    data: { item: entry.id, session: id, agent, status },
  });
}

/** A claim has no key to it: whoever starts may be who claimed. */
async function claimWarnings({ ports }: ActionContext, item: string): Promise<readonly string[]> {
  const claim = await ports.claims.read({ item });
  if (claim === undefined || claim.isExpired || !claim.isNamed || isIsolatedId(claim.owner)) return [];
  return [phrase`${item} is claimed by ${claim.owner}`];
}

function wrongState(entry: SessionEntry): BatonError {
  const hints: Readonly<Partial<Record<SessionEntry['status'], string>>> = {
    done: 'To do it once more, start it with `--force`; to take it back, use `baton rollback --session`.',
    active: 'Its row says so, perhaps another worktree works on it. If nobody does, start it with `--force`.',
    blocked: 'Remove the cause and set the row to Pending, or start it with `--force`.',
  };
  return new BatonError('wrong-state', phrase`${entry.id} is ${entry.status}`, {
    hint: hints[entry.status] ?? 'Start it with `--force`.',
    data: { session: entry.id, status: entry.status },
  });
}

/** Where a foreign SESSION.md is to be kept; undefined where there is none. */
async function decideForeign(
  context: ActionContext,
  workspace: Workspace,
  options: StartOptions,
): Promise<string | undefined> {
  const file = workspace.sessionFile;
  if (file?.kind !== 'foreign') return undefined;
  const base = file.path.replace(/\.md$/i, '');
  const keptAs = `${base}.kept-${fileTimeOf(context.ports.clock.now())}.md`;
  if (options.keepForeign || options.force) return keptAs;
  const agreed = await context.ports.prompt.confirm({
    question: phrase`${file.path} was not written by Baton. Keep it as ${keptAs} and start ${options.id}?`,
    detail: [`${file.path} → ${keptAs}`],
    yes: 'Keep and Start',
  });
  if (agreed) return keptAs;
  throw new BatonError('foreign-session-file', phrase`${file.path} was not written by Baton and is not overwritten`, {
    hint: 'Move it away, or start with `--force`, which keeps it beside as SESSION.kept-<time>.md.',
    data: { path: file.path },
  });
}

function sessionFileEffects(
  workspace: Workspace,
  { entry, planned }: PlannedSession,
  start: {
    readonly model: SessionModel;
    readonly now: LocalTime;
    readonly startRef: string | undefined;
    readonly keptAs: string | undefined;
  },
): Effect[] {
  const path = workspace.config.sessionFile;
  const next = workspace.sessions.find(({ id, project }) => project === entry.project && id === entry.unblocks[0]);
  const { model, thinking, reason } = start.model;
  const text = newSessionFileText({
    id: entry.id,
    title: entry.title === entry.id ? '' : entry.title,
    project: entry.project,
    ...(entry.repository !== undefined && { repository: entry.repository }),
    ...(planned
      ? { plan: planned.plan.path, planned: { session: planned.session, text: planned.plan.text } }
      : { row: rowFacts(entry) }),
    startedAt: start.now,
    ...(start.startRef !== undefined && { startRef: start.startRef }),
    model: { model, ...(thinking !== undefined && { thinking }), ...(reason !== undefined && { reason }) },
    dependencies: entry.dependencies,
    ...(next && { next: { id: next.id, title: next.title, dependencies: next.dependencies.map(({ id }) => id) } }),
  });
  const replace: StateEdit = { kind: 'replace', text };
  const old = workspace.sessionFile;
  if (start.keptAs !== undefined) {
    return [
      { kind: 'move', from: path, to: start.keptAs },
      { kind: 'edit', path, edits: [replace], create: true },
    ];
  }
  if (!old) return [{ kind: 'edit', path, edits: [replace], create: true }];
  return [{ kind: 'edit', path, edits: [replace], expectedRevision: revisionOf(old.text) }];
}

function rowFacts({ notes, section, row }: SessionEntry): RowFacts {
  return {
    ...(section !== undefined && { section }),
    ...(notes !== undefined && { notes }),
    ...(row?.estimate !== undefined && { estimate: row.estimate }),
  };
}

async function recordEffect(
  context: ActionContext,
  workspace: Workspace,
  id: string,
  place: WorkPlace | undefined,
): Promise<Effect> {
  const isState = (path: string): boolean => place !== undefined && isStateInWork(workspace, place, path);
  const value: DirtyRecord = { session: id, dirtyAtStart: await recordDirty(place?.work, isState) };
  return { kind: 'record', key: activeRecordKey(context.ports.localState), value };
}

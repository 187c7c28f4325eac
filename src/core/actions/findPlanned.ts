import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import { parsePlan } from '../formats/plan.ts';
import type { Plan, PlanSession } from '../model/plan.ts';
import { nearestIds } from '../model/sessionId.ts';
import type { DependencyState, SessionEntry, Workspace } from '../model/workspace.ts';
import { findSession } from '../store/lookup.ts';
import type { ActionContext } from './context.ts';

/** A session with the plan that defines it; people keep tables without plans, so there may be none. */
export interface PlannedSession {
  readonly entry: SessionEntry;
  readonly planned?: { readonly plan: Plan; readonly session: PlanSession };
  /** The progress file that has, or gets, its row. */
  readonly progressPath: string;
}

/** Which session is meant. */
export interface SessionRequest {
  readonly id: string;
  readonly plan?: string;
  readonly project?: string;
}

/**
 * Finds a session with its plan and its progress file. A plan may be named that the configuration's globs do not find.
 *
 * @throws BatonError `unknown-session`, `ambiguous-session`, `no-plan` where the plan that is named is not there, `no-progress`, `ambiguous-project`
 */
export async function findPlanned(
  context: ActionContext,
  workspace: Workspace,
  request: SessionRequest,
): Promise<PlannedSession> {
  const path = request.plan?.replace(/^(?:\.\/)+/, '');
  const isKnown = path === undefined || workspace.plans.some((plan) => plan.path === path);
  const scope = { ...(request.project !== undefined && { project: request.project }) };
  const found = isKnown
    ? findSession(workspace, request.id, { ...scope, ...(path !== undefined && { plan: path }) })
    : await findInOtherPlan(context, workspace, path, { ...request, ...scope });
  const entry = 'entry' in found ? found.entry : found;
  const plan =
    'plan' in found && 'entry' in found ? found.plan : workspace.plans.find((one) => one.path === entry.planPath);
  const session = entry.plan;
  return { entry, ...(plan && session && { planned: { plan, session } }), progressPath: progressOf(workspace, entry) };
}

async function findInOtherPlan(
  context: ActionContext,
  workspace: Workspace,
  path: string,
  request: SessionRequest,
): Promise<{ entry: SessionEntry; plan: Plan }> {
  const text = await context.ports.files.readText(path);
  if (text === undefined) {
    const known = workspace.plans.map((plan) => plan.path);
    throw new BatonError('no-plan', phrase`There is no plan ${path}`, {
      hint: known.length > 0 ? phrase`Known plans: ${known.join(', ')}.` : 'Give its path relative to the project.',
      data: { plan: path, plans: known },
    });
  }
  const plan = parsePlan(text, path).value;
  const ids = plan.sessions.map(({ id }) => id);
  const [session, second] = plan.sessions.filter(({ id }) => id === request.id);
  if (!session) {
    const nearest = nearestIds(request.id, ids);
    throw new BatonError('unknown-session', phrase`${path} defines no session ${request.id}`, {
      hint:
        nearest.length > 0
          ? phrase`Did you mean ${nearest.join(' or ')}?`
          : phrase`It defines: ${ids.slice(0, 10).join(', ') || phrase`none`}.`,
      data: { id: request.id, nearest },
    });
  }
  if (second) {
    throw new BatonError('ambiguous-session', phrase`${path} defines ${request.id} more than once`, {
      hint: 'Give one of them another ID.',
      data: { id: request.id, places: [path] },
    });
  }
  return { entry: joinEntry(workspace, request, plan, session), plan };
}

/** The entry of the table, if there is one, with what the plan outside the globs says. */
function joinEntry(workspace: Workspace, request: SessionRequest, plan: Plan, session: PlanSession): SessionEntry {
  const isTracked = workspace.sessions.some(
    ({ id, project }) => id === request.id && (request.project ?? project) === project,
  );
  const tracked = isTracked
    ? findSession(workspace, request.id, request.project === undefined ? {} : { project: request.project })
    : undefined;
  const project = tracked?.project ?? soleProject(workspace, request.project);
  const dependencies = session.dependencies.map(({ id, reason }): DependencyState => {
    const other = workspace.sessions.find((entry) => entry.id === id && entry.project === project);
    return {
      id,
      status: other?.status ?? 'unknown',
      met: other?.status === 'done',
      ...(reason !== undefined && { reason }),
    };
  });
  const repository = tracked?.repository ?? session.repository;
  return {
    key: `${project}/${repository ?? ''}/${session.id}`,
    id: session.id,
    status: 'pending',
    statusUnknown: false,
    project,
    unblocks: [],
    unblocksCount: 0,
    ready: dependencies.every(({ met }) => met),
    activeHere: false,
    ...tracked,
    ...(repository !== undefined && { repository }),
    title: session.title === '' ? (tracked?.title ?? session.id) : session.title,
    planPath: plan.path,
    plan: session,
    dependencies,
    waitingFor: dependencies.filter(({ met }) => !met).map(({ id }) => id),
  };
}

function soleProject(workspace: Workspace, wanted: string | undefined): string {
  const names = workspace.projects.filter(({ progressPath }) => progressPath !== undefined).map(({ name }) => name);
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const [only, second] = names;
  if (only !== undefined && second === undefined && wanted === undefined) return only;
  if (names.length === 0) throw noProgress();
  throw new BatonError(
    'ambiguous-project',
    phrase`The session may belong to any of these projects: ${names.join(', ')}`,
    {
      hint: 'Name one with `--project`.',
      data: { projects: names },
    },
  );
}

function progressOf(workspace: Workspace, entry: SessionEntry): string {
  const project = workspace.projects.find(({ name }) => name === entry.project);
  const path = entry.progressPath ?? project?.progressPath;
  if (path === undefined) throw noProgress();
  return path;
}

function noProgress(): BatonError {
  return new BatonError('no-progress', 'There is no progress file for this session', {
    hint: 'Create one with `baton init <project> --plan FILE`, and try again.',
  });
}

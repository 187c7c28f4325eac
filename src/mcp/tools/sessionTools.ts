import * as z from 'zod';
import { checkpoint } from '../../core/actions/checkpoint.ts';
import { type CompleteResult, complete } from '../../core/actions/complete.ts';
import type { ActionContext } from '../../core/actions/context.ts';
import { listSessions } from '../../core/actions/listSessions.ts';
import { type NoteKind, note } from '../../core/actions/note.ts';
import { show } from '../../core/actions/show.ts';
import { start } from '../../core/actions/start.ts';
import { type StatusResult, status } from '../../core/actions/status.ts';
import { BatonError } from '../../core/errors.ts';
import type { Commit } from '../../core/ports/git.ts';
import { expectRevision } from '../expectedRevision.ts';
import { given, sessionRevision, sessionShape, toActive, toBrief, toDetail } from '../sessionViews.ts';
import { defineTool, type ToolAnswer, type ToolRun } from '../tool.ts';
import { whenFree } from '../whenFree.ts';
import { expectedRevision, message, revision, texts } from './fields.ts';

/** Lets an action on the active session run only where SESSION.md is the one that the caller saw. */
export async function onSessionFile(context: ActionContext, expected: string | undefined): Promise<ActionContext> {
  if (expected === undefined) return context;
  const { config } = context.store.workspace ?? (await context.store.load());
  return expectRevision(context, config.sessionFile, expected);
}

export const getSession = defineTool({
  name: 'get_session',
  description: 'The active session with prompt and checklist; or one by id; or with ready the ones that can start.',
  effect: 'reads',
  input: z.strictObject({ id: z.string().optional(), project: z.string().optional(), ready: z.boolean().optional() }),
  output: z.object({
    ...message,
    session: sessionShape.optional(),
    ready: z.array(sessionShape).optional(),
    ...revision,
  }),
  async run({ context }, { id, project, ready }) {
    const within = given('project', project);
    if (id !== undefined) return describeOne(context, { id, ...within });
    if (ready) return describeReady(context, within);
    return describeStatus(context, await status(context));
  },
});

async function describeOne(
  context: ActionContext,
  options: { readonly id: string; readonly project?: string },
): Promise<ToolAnswer> {
  const { entry, commits, verified, notes } = await show(context, options);
  const data = {
    session: {
      ...toDetail(entry),
      verified,
      commits: commits.map(({ hash, subject, kind }) => ({ hash: hash.slice(0, 10), subject, kind })),
      session_notes: notes,
    },
    ...(entry.activeHere && given('revision', await sessionRevision(context))),
  };
  const waiting = entry.waitingFor.length > 0 ? `, waits for ${entry.waitingFor.join(', ')}` : '';
  const prompt = entry.plan?.prompt?.text;
  return {
    message: `${entry.id}: ${entry.title} (${entry.status}${waiting})${prompt === undefined ? '' : `\n\n${prompt}`}`,
    data,
  };
}

async function describeReady(context: ActionContext, within: { readonly project?: string }): Promise<ToolAnswer> {
  const { sessions } = await listSessions(context, { ready: true, ...within });
  const lines = sessions.map(({ id, title }) => `${id}: ${title}`);
  return {
    message: lines.length === 0 ? 'No session can be started now.' : `Ready to start:\n${lines.join('\n')}`,
    data: { ready: sessions.map(toBrief) },
  };
}

async function describeStatus(context: ActionContext, found: StatusResult): Promise<ToolAnswer> {
  const { active, ready, paused, blockers, interrupted, problems } = found;
  const { sessions } = await listSessions(context, { ready: true });
  const data = {
    ...(active && { session: toActive(active) }),
    ready: sessions.slice(0, 5).map(toBrief),
    projects: found.projects.map(({ project, done, total }) => ({ project, done, total })),
    paused,
    blockers: blockers.map(({ text }) => text),
    ...(interrupted && { interrupted }),
    ...(problems > 0 && { problems }),
    ...given('revision', await sessionRevision(context)),
  };
  const lines = active
    ? [
        `Active: ${active.id}: ${active.entry?.title ?? active.sessionFile.title ?? ''}`.trimEnd(),
        `Checklist ${active.checklist.done}/${active.checklist.total}, checkpoints ${active.checkpoints}, verification ${active.receipt}.`,
        `Prompt, checklist and notes are in ${active.sessionFile.path}.`,
      ]
    : ['No session is active.', ready.length > 0 ? `Ready: ${ready.join(', ')}` : 'None is ready.'];
  if (paused.length > 0) lines.push(`Paused: ${paused.join(', ')}`);
  if (interrupted) lines.push(`Half done: ${interrupted.verb} ${interrupted.session ?? ''}, next ${interrupted.step}`);
  return { message: lines.join('\n'), data };
}

export const startSession = defineTool({
  name: 'start_session',
  description: 'Start a ready session of the plan; returns its prompt. One is active at a time.',
  effect: 'changes',
  input: z.strictObject({
    id: z.string(),
    plan: z.string().optional(),
    project: z.string().optional(),
    model: z.string().optional(),
    force: z.boolean().describe('despite unmet dependencies; recorded').optional(),
    ...expectedRevision,
  }),
  output: z.object({ ...message, session: sessionShape, path: z.string(), ...revision }),
  async run(run, { expected_revision, plan, project, model, force, id }) {
    const { context } = run;
    const guarded = await onSessionFile(context, expected_revision);
    const options = {
      id,
      ...given('plan', plan),
      ...given('project', project),
      ...given('model', model),
      ...given('force', force),
    };
    const result = await whenFree(run, () => start(guarded, options));
    const { session, path, forced, keptAs, warnings } = result;
    const lines = [`Started ${session.id}: ${session.title}. Its prompt and checklist are in ${path}.`];
    if (forced.length > 0) lines.push(`By force: ${forced.join('; ')}`);
    if (keptAs !== undefined) lines.push(`The old SESSION.md is kept as ${keptAs}.`);
    const prompt = session.plan?.prompt?.text;
    if (prompt !== undefined) lines.push('', prompt);
    return {
      message: lines.join('\n'),
      data: {
        session: toDetail(session),
        path,
        recommended_model: result.model,
        ...given('kept_as', keptAs),
        ...given('revision', await sessionRevision(context)),
      },
      warnings,
    };
  },
});

export const checkpointSession = defineTool({
  name: 'checkpoint_session',
  description:
    'Write notes, decisions and blockers down; with message also commit the work so far as a numbered checkpoint.',
  effect: 'changes',
  input: z.strictObject({
    message: z.string().optional(),
    done: texts,
    remaining: texts,
    notes: texts,
    decisions: texts,
    blockers: texts,
    ...expectedRevision,
  }),
  output: z.object({
    ...message,
    session: z.string().optional(),
    checkpoint: z.number().optional(),
    commit: z.string().optional(),
    ...revision,
  }),
  async run(run, { message: reached, done, remaining, notes, decisions, blockers, expected_revision }) {
    const { context } = run;
    const written = [...toNotes('note', notes), ...toNotes('decision', decisions), ...toNotes('blocker', blockers)];
    if (reached === undefined && written.length === 0) {
      throw new BatonError('invalid-argument', 'There is nothing to write down', {
        hint: 'Give notes, decisions or blockers; or a message, to commit a checkpoint.',
      });
    }
    const guarded = await onSessionFile(context, expected_revision);
    const lines: string[] = [];
    try {
      const noted = await writeNotes(run, guarded, written, lines);
      if (reached === undefined) {
        const data = { ...given('session', noted.session), ...given('revision', await sessionRevision(context)) };
        return { message: lines.join('\n'), data, warnings: noted.warnings };
      }
      const options = { message: reached, ...given('done', done), ...given('remaining', remaining) };
      const made = await whenFree(run, () => checkpoint(written.length === 0 ? guarded : context, options));
      lines.push(`Checkpoint ${made.number} of ${made.session}: ${made.commit.hash.slice(0, 10)}`);
      return {
        message: lines.join('\n'),
        data: {
          session: made.session,
          checkpoint: made.number,
          commit: made.commit.hash,
          files: made.files,
          ...given('revision', await sessionRevision(context)),
        },
        warnings: [...noted.warnings, ...made.warnings],
      };
    } catch (error) {
      throw lines.length > 0 && BatonError.is(error) ? halfDone(error, lines) : error;
    }
  },
});

async function writeNotes(
  run: ToolRun,
  guarded: ActionContext,
  notes: readonly { readonly kind: NoteKind; readonly text: string }[],
  lines: string[],
): Promise<{ readonly session?: string; readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  let session: string | undefined;
  for (const [index, each] of notes.entries()) {
    // The first write is the one that finds the file as the caller saw it.
    const result = await whenFree(run, () => note(index === 0 ? guarded : run.context, each));
    session = result.session;
    warnings.push(...result.warnings);
    lines.push(`${each.kind} written into ${result.path}`);
  }
  return { ...given('session', session), warnings };
}

/** Says what was done before the refusal, so that it is not done once more. */
function halfDone(error: BatonError, lines: readonly string[]): BatonError {
  return new BatonError(error.code, `${error.message} (but: ${lines.join('; ')})`, {
    ...given('hint', error.hint),
    data: { ...error.data, written: lines },
    cause: error,
  });
}

function toNotes(kind: NoteKind, lines: readonly string[] | undefined): readonly { kind: NoteKind; text: string }[] {
  return (lines ?? []).map((text) => ({ kind, text }));
}

export const completeSession = defineTool({
  name: 'complete_session',
  description:
    'Verify the active session, commit its work and record it as done. Runs only commands that a person approved.',
  effect: 'changes',
  input: z.strictObject({
    message: z.string().describe('type(scope): description'),
    body: z.string().optional(),
    verify: z.boolean().describe('false: only claimed').optional(),
    files: texts,
    ...expectedRevision,
  }),
  output: z.object({
    ...message,
    session: z.string(),
    commit: z.string().optional(),
    verified: z.string(),
    next: z.array(sessionShape),
    ...revision,
  }),
  async run(run, { message: subject, body, verify, files, expected_revision }) {
    const { context } = run;
    const guarded = await onSessionFile(context, expected_revision);
    const options = {
      message: subject,
      ...given('body', body),
      ...given('verify', verify),
      ...given('files', files),
    };
    const result = await whenFree(run, () => complete(guarded, options));
    const { session, commit, record, next, warnings } = result;
    const verified = describeVerified(result.verified);
    const lines = [`Completed ${session} (${verified}).`];
    if (commit) lines.push(describeCommit(commit));
    lines.push(next.length > 0 ? `Ready now: ${next.map(({ id }) => id).join(', ')}` : 'No session is ready.');
    return {
      message: lines.join('\n'),
      data: {
        session,
        ...given('commit', commit?.hash),
        ...given('record', record?.hash),
        files: result.files,
        verified,
        next: next.slice(0, 5).map(toBrief),
        ...given('revision', await sessionRevision(context)),
      },
      warnings,
    };
  },
});

function describeCommit({ hash, message: text }: Commit): string {
  return `${hash.slice(0, 10)} ${text.split('\n', 1)[0] ?? ''}`;
}

function describeVerified(verified: CompleteResult['verified']): string {
  if (typeof verified === 'object') return `verified ${verified.passed}/${verified.total}`;
  return verified === 'claimed' ? 'only claimed' : 'nothing to verify';
}

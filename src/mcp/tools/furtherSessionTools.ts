import * as z from 'zod';
import { readWorkspace } from '../../core/actions/beginVerb.ts';
import { check } from '../../core/actions/check.ts';
import type { ActionContext } from '../../core/actions/context.ts';
import { createPlan } from '../../core/actions/createPlan.ts';
import { editCell } from '../../core/actions/editCell.ts';
import { fail } from '../../core/actions/fail.ts';
import { listSessions } from '../../core/actions/listSessions.ts';
import { note } from '../../core/actions/note.ts';
import { pause } from '../../core/actions/pause.ts';
import { recover } from '../../core/actions/recover.ts';
import { resume } from '../../core/actions/resume.ts';
import { rollback } from '../../core/actions/rollback.ts';
import { tick } from '../../core/actions/tick.ts';
import { verify } from '../../core/actions/verify.ts';
import { revisionOf } from '../../core/base/revision.ts';
import { BatonError } from '../../core/errors.ts';
import { createLineIndex } from '../../core/markdown/lines.ts';
import { countPassed } from '../../core/model/receipt.ts';
import { type SessionStatus, sessionStatuses } from '../../core/model/sessionStatus.ts';
import type { FileProblems } from '../../core/model/workspace.ts';
import type { FileSystem } from '../../core/ports/fileSystem.ts';
import { expectRevision } from '../expectedRevision.ts';
import { given, sessionRevision, sessionShape, toBrief } from '../sessionViews.ts';
import { defineTool, type Tool } from '../tool.ts';
import { whenFree } from '../whenFree.ts';
import { expectedRevision, message, revision } from './fields.ts';
import { onSessionFile } from './sessionTools.ts';

const statusNames: readonly [SessionStatus, ...SessionStatus[]] = [...sessionStatuses];

const listAll = defineTool({
  name: 'list_sessions',
  description: 'All sessions of the plans and progress tables, filtered.',
  effect: 'reads',
  input: z.strictObject({
    project: z.string().optional(),
    repository: z.string().optional(),
    status: z.array(z.enum(statusNames)).optional(),
    text: z.string().optional(),
    ready: z.boolean().optional(),
  }),
  output: z.object({ ...message, sessions: z.array(sessionShape) }),
  async run({ context }, { project, repository, status, text, ready }) {
    const { sessions } = await listSessions(context, {
      ...given('project', project),
      ...given('repository', repository),
      ...given('status', status),
      ...given('text', text),
      ...given('ready', ready),
    });
    const lines = sessions.map((entry) => `${entry.id}: ${entry.title} (${entry.status})`);
    return {
      message: lines.length === 0 ? 'No session fits.' : lines.join('\n'),
      data: { sessions: sessions.map(toBrief) },
    };
  },
});

const addNote = defineTool({
  name: 'add_note',
  description: 'Write a note, a decision or a blocker down; or resolve a blocker.',
  effect: 'changes',
  input: z.strictObject({
    text: z.string(),
    kind: z.enum(['note', 'decision', 'blocker']).optional(),
    rationale: z.string().optional(),
    resolve: z.boolean().describe('the blocker with this text').optional(),
    ...expectedRevision,
  }),
  output: z.object({ ...message, path: z.string(), ...revision }),
  async run(run, { text, kind = 'note', rationale, resolve, expected_revision }) {
    const { context } = run;
    const guarded = await onSessionFile(context, expected_revision);
    const options = {
      text,
      kind: resolve === true ? ('blocker' as const) : kind,
      ...given('rationale', rationale),
      ...given('resolve', resolve),
    };
    const result = await whenFree(run, () => note(guarded, options));
    return {
      message: `Written into ${result.path}.`,
      data: { path: result.path, ...given('revision', await sessionRevision(context)) },
      warnings: result.warnings,
    };
  },
});

const tickItem = defineTool({
  name: 'tick_item',
  description: "Tick or untick an item of the active session's checklist, by its text.",
  effect: 'changes-once',
  input: z.strictObject({ item: z.string(), checked: z.boolean().optional(), ...expectedRevision }),
  output: z.object({ ...message, done: z.number(), total: z.number(), ...revision }),
  async run(run, { item, checked = true, expected_revision }) {
    const { context } = run;
    const guarded = await onSessionFile(context, expected_revision);
    const { text, checklist, warnings } = await whenFree(run, () => tick(guarded, { item, checked }));
    return {
      message: `${checked ? 'Ticked' : 'Unticked'}: ${text} (${checklist.done}/${checklist.total})`,
      data: { ...checklist, ...given('revision', await sessionRevision(context)) },
      warnings,
    };
  },
});

const editCellOfRow = defineTool({
  name: 'edit_cell',
  description:
    "Edit a cell that people own in a session's row: notes, status (a correction), or a column of their own.",
  effect: 'changes-once',
  input: z.strictObject({
    session: z.string(),
    column: z.string().describe('its header'),
    text: z.string(),
    was: z.string().describe('refuse where the cell says anything else').optional(),
    project: z.string().optional(),
  }),
  output: z.object({ ...message, session: z.string(), path: z.string(), column: z.string() }),
  async run(run, { session, column, text, was, project }) {
    const options = { id: session, column, text, ...given('was', was), ...given('project', project) };
    const { warnings, ...data } = await whenFree(run, () => editCell(run.context, options));
    return { message: `Edited ${data.column} of ${data.session} in ${data.path}.`, data, warnings };
  },
});

const verifySession = defineTool({
  name: 'verify_session',
  description: 'Run the verification commands of the active session. Only those that a person approved.',
  effect: 'changes-once',
  input: z.strictObject({ again: z.boolean().optional(), ...expectedRevision }),
  output: z.object({ ...message, session: z.string(), ok: z.boolean(), ...revision }),
  async run(run, { again, expected_revision }) {
    const { context } = run;
    const guarded = await onSessionFile(context, expected_revision);
    const { session, receipt, reused, ticked, warnings } = await whenFree(run, () =>
      verify(guarded, given('again', again)),
    );
    const { passed, total } = countPassed(receipt);
    const failed = receipt.commands.filter(({ exitCode }) => exitCode !== 0);
    const lines = [`${session}: ${passed}/${total} passed${reused ? ' (nothing has changed since)' : ''}`];
    for (const { command, tail } of failed) lines.push(`failed: ${command}`, tail);
    return {
      message: lines.join('\n'),
      data: {
        session,
        ok: receipt.ok,
        passed,
        total,
        ticked,
        failed: failed.map(({ command, exitCode, tail }) => ({ command, exit_code: exitCode ?? null, tail })),
        ...given('revision', await sessionRevision(context)),
      },
      warnings,
    };
  },
});

const session = { session: z.string() };

const pauseSession = defineTool({
  name: 'pause_session',
  description: 'Put the active session aside.',
  effect: 'changes',
  input: z.strictObject({ reason: z.string().optional(), ...expectedRevision }),
  output: z.object({ ...message, ...session, path: z.string(), ...revision }),
  async run(run, { reason, expected_revision }) {
    const { context } = run;
    const guarded = await onSessionFile(context, expected_revision);
    const { session: id, path, warnings } = await whenFree(run, () => pause(guarded, given('reason', reason)));
    const data = { session: id, path, ...given('revision', await fileRevision(context, path)) };
    return { message: `Paused ${id}: ${path}`, data, warnings };
  },
});

const resumeSession = defineTool({
  name: 'resume_session',
  description: 'Take a paused session up again.',
  effect: 'changes',
  input: z.strictObject({
    id: z.string().optional(),
    project: z.string().optional(),
    expected_revision: z.string().describe('of the paused file').optional(),
  }),
  output: z.object({ ...message, ...session, path: z.string(), ...revision }),
  async run(run, { id, project, expected_revision }) {
    const { context } = run;
    const wanted = { ...given('id', id), ...given('project', project) };
    await assertPaused(context, wanted, expected_revision);
    const { session: resumed, path, warnings } = await whenFree(run, () => resume(context, wanted));
    const data = { session: resumed, path, ...given('revision', await sessionRevision(context)) };
    return { message: `Resumed ${resumed}: ${path}`, data, warnings };
  },
});

/** The file moves as it is, so that it is looked at just before; of several that may be meant the action tells. */
async function assertPaused(
  context: ActionContext,
  { id, project }: { readonly id?: string; readonly project?: string },
  expected: string | undefined,
): Promise<void> {
  if (expected === undefined) return;
  const { paused } = await readWorkspace(context);
  const [file, other] = paused.filter(
    (one) => (id === undefined || one.id === id) && (project === undefined || one.project === project),
  );
  if (file !== undefined && other === undefined) await expectRevision(context, file.path, expected);
}

async function fileRevision({ ports }: ActionContext, path: string): Promise<string | undefined> {
  const text = await ports.files.readText(path);
  return text === undefined ? undefined : revisionOf(text);
}

const failSession = defineTool({
  name: 'fail_session',
  description: 'End the active session as failed; its notes are kept, its work stays as it is.',
  effect: 'changes',
  input: z.strictObject({ why: z.string(), ...expectedRevision }),
  output: z.object({ ...message, ...session }),
  async run(run, { why, expected_revision }) {
    const { context } = run;
    const guarded = await onSessionFile(context, expected_revision);
    const { session: id, warnings } = await whenFree(run, () => fail(guarded, { why }));
    return { message: `${id} has failed: ${why}`, data: { session: id }, warnings };
  },
});

const rollbackSession = defineTool({
  name: 'rollback_session',
  description: 'Revert the commits of a session, or those behind a checkpoint, by one commit. Ask the person first.',
  effect: 'removes',
  input: z.strictObject({
    session: z.string().optional(),
    project: z.string().optional(),
    plan: z.string().optional(),
    to_checkpoint: z.int().min(1).optional(),
    ...expectedRevision,
  }),
  output: z.object({ ...message, ...session, commit: z.string(), reverted: z.array(z.string()), ...revision }),
  async run(run, { session: id, project, plan, to_checkpoint, expected_revision }) {
    const { context } = run;
    const guarded = await onSessionFile(context, expected_revision);
    const result = await whenFree(run, () =>
      rollback(guarded, {
        ...given('session', id),
        ...given('project', project),
        ...given('plan', plan),
        ...given('to', to_checkpoint),
      }),
    );
    const { reverted, commit, commands, warnings } = result;
    const lines = [
      `Rolled ${result.session} back: ${reverted.length} commits reverted by ${commit.hash.slice(0, 10)}.`,
    ];
    if (commands.length > 0) lines.push(`The plan's own rollback commands were not run: ${commands.join('; ')}`);
    return {
      message: lines.join('\n'),
      data: {
        session: result.session,
        commit: commit.hash,
        reverted: reverted.map(({ hash }) => hash),
        commands,
        ...given('revision', await sessionRevision(context)),
      },
      warnings,
    };
  },
});

const recoverVerb = defineTool({
  name: 'recover_verb',
  description: 'Finish or undo what a process that died left half done.',
  effect: 'changes-once',
  input: z.strictObject({ ...expectedRevision }),
  output: z.object({ ...message, finished: z.string().optional(), undone: z.string().optional(), ...revision }),
  async run({ context }, { expected_revision }) {
    // Looked at only now: the writes that are left are those of the one who died, about the file as that one left it.
    await onSessionFile(context, expected_revision);
    const { finished, undone, steps, warnings } = await recover(context);
    return {
      message: [`${finished === undefined ? `Undone: ${undone}` : `Finished: ${finished}`}`, ...steps].join('\n'),
      data: {
        ...given('finished', finished),
        ...given('undone', undone),
        steps,
        ...given('revision', await sessionRevision(context)),
      },
      warnings,
    };
  },
});

const checkFiles = defineTool({
  name: 'check_files',
  description: 'Find problems in plans, progress files, task lists and SESSION.md; with fix mend what needs no choice.',
  effect: 'changes-once',
  input: z.strictObject({
    files: z.array(z.string()).optional(),
    fix: z.boolean().optional(),
    expected_revision: z.string().describe('of the one file that is named').optional(),
  }),
  output: z.object({
    ...message,
    problems: z.array(z.object({ file: z.string(), line: z.number(), code: z.string(), message: z.string() })),
    fixed: z.number(),
    ...revision,
  }),
  async run({ context }, { files, fix, expected_revision }) {
    const [file, other] = files ?? [];
    const only = other === undefined ? file : undefined;
    if (expected_revision !== undefined && only === undefined) {
      throw new BatonError('invalid-argument', 'expected_revision is that of one file', {
        hint: 'Name just one file.',
      });
    }
    const guarded = only === undefined ? context : await expectRevision(context, only, expected_revision);
    const result = await check(guarded, { ...given('files', files), ...given('fix', fix) });
    const now = only === undefined ? undefined : await fileRevision(context, only);
    const problems = (await Promise.all(result.problems.map((each) => locate(context.ports.files, each)))).flat();
    const lines = problems.map(({ file, line, code, message: text }) => `${file}:${line}: ${code}: ${text}`);
    return {
      message: lines.length === 0 ? `No problems in ${result.files} files.` : lines.join('\n'),
      data: { problems, fixed: result.fixed, files: result.files, ...given('revision', now) },
      warnings: result.warnings,
    };
  },
});

async function locate(files: FileSystem, { path, diagnostics }: FileProblems) {
  if (diagnostics.length === 0) return [];
  // A file that cannot be read has its problem on the first line.
  const text = await files.readText(path).catch(() => undefined);
  const lines = createLineIndex(text ?? '');
  return diagnostics.map(({ code, severity, message: problem, range }) => ({
    file: path,
    line: lines.positionAt(range.start).line + 1,
    severity,
    code,
    message: problem,
  }));
}

const makePlan = defineTool({
  name: 'create_plan',
  description:
    'Make a plan and its progress file. Session: "ID: TITLE @REPOSITORY after A, B"; "# NAME" begins a phase.',
  effect: 'changes',
  input: z.strictObject({
    project: z.string(),
    sessions: z.array(z.string()).min(1),
    repositories: z.array(z.string()).optional(),
  }),
  output: z.object({ ...message, path: z.string(), progress: z.string(), sessions: z.array(z.string()) }),
  async run(run, { project, sessions, repositories = [] }) {
    const { context } = run;
    const result = await whenFree(run, () => createPlan(context, { project, sessions, repositories }));
    const ids = result.sessions.map(({ id }) => id);
    return {
      message: `Made ${result.path} and ${result.progress} with ${ids.join(', ')}.`,
      data: { path: result.path, progress: result.progress, sessions: ids },
      warnings: result.warnings,
    };
  },
});

/** The verbs on sessions that few agents need. */
export const furtherSessionTools: readonly Tool[] = [
  listAll,
  addNote,
  tickItem,
  editCellOfRow,
  verifySession,
  pauseSession,
  resumeSession,
  failSession,
  rollbackSession,
  recoverVerb,
  checkFiles,
  makePlan,
];

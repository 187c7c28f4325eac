import { editsBetween } from '../../base/editsBetween.ts';
import { isoTimeOf } from '../../base/localTime.ts';
import { phrase } from '../../base/phrase.ts';
import { applyEdits, type TextEdit } from '../../base/textEdit.ts';
import { BatonError } from '../../errors.ts';
import { parseState } from '../../formats/state.ts';
import { carryoverOf, unfinishedWork } from '../../formats/waves/carryover.ts';
import { addNotToRetry, addOpenQuestion, setDocsTaskStatus, setStateFields } from '../../formats/waves/stateEdits.ts';
import type { DocsTask } from '../../model/waves/wavePlan.ts';
import type { WaveAgentRun, WaveRun } from '../../model/waves/waveRun.ts';
import type { ActionContext } from '../context.ts';
import { readItems } from '../inbox/records.ts';
import { type DecidedProposals, type DecideOnProposal, decideProposals, proposalSubject } from './closeProposals.ts';
import { checkVaultAtClose } from './closeVault.ts';
import { type VerifiedDocsTask, verifyDocsTasks } from './docsTasks.ts';
import { decayLearnings } from './learnings.ts';
import { appendEvent, appendSessionRecord } from './metrics.ts';
import { readWaveRuns, requireWaveRun, updateWaveRun } from './records.ts';
import { removeScopes } from './scopeFiles.ts';
import { releaseSessionLock } from './sessionLock.ts';
import { editStateFile } from './stateFile.ts';

export interface CloseOptions {
  /** The run; the latest where none is named. */
  readonly id?: string;
  /** Asks the person about one proposal; absent: what waits goes to the inbox, and is settled when the run is closed again. */
  readonly decide?: DecideOnProposal;
}

export interface ClosedWaveRun {
  readonly run: WaveRun;
  readonly docs: readonly VerifiedDocsTask[];
  readonly proposals: DecidedProposals;
  /** What is left undone, a line each: it stands in STATE.md's Open Questions. */
  readonly carriedOver: readonly string[];
  /** The one commit of a housekeeping run. */
  readonly commit?: string;
  /** Files that the run changed and nobody has committed, relative to the root. */
  readonly uncommitted: readonly string[];
  readonly warnings: readonly string[];
}

/** So many closed runs stay beside the others; older ones are put into the archive. */
const keptRuns = 20;

/**
 * Closes a run whose waves are done, or one that was given up: docs tasks are verified, the person decides on what agents propose to remember, what
 * is left and what must not be retried goes to STATE.md, the run to the metrics, and the lock is given back. Doing it again finishes what a crash
 * left, and does nothing twice; proposals that were answered meanwhile are settled.
 *
 * @throws BatonError `unknown-wave-run`, `wrong-state` while it is under way, `problems-found` in a vault that must be right, `session-conflict` where STATE.md is another session's, and what
 *   writing and committing throw
 */
export async function closeWaveRun(context: ActionContext, options: CloseOptions = {}): Promise<ClosedWaveRun> {
  const found = await requireWaveRun(context, options.id);
  assertCloseable(found);
  const proposals = await decideProposals(context, found, options.decide);
  if (found.status === 'closed') {
    await releaseSessionLock(context, found.id);
    return {
      run: found,
      docs: [],
      proposals,
      carriedOver: [],
      uncommitted: await uncommittedOf(context, found),
      warnings: warningsOf(proposals, []),
    };
  }
  const vault = await checkVaultAtClose(context, found);
  const docs = await verifyDocsTasks(context, found);
  const judged = await updateWaveRun(context, found.id, (run) => ({ ...run, docsTasks: withVerdicts(run, docs) }));
  await removeScopes(context, judged);
  const commit = await commitHousekeeping(context, judged);
  const carriedOver = unfinishedWork(judged).map(describeUnfinished);
  if (judged.config.persistence) await record(context, judged, { docs, proposals });
  const { ports } = context;
  const at = isoTimeOf(ports.clock.now());
  const run = await updateWaveRun(context, judged.id, (one) => ({
    ...one,
    status: 'closed',
    endedAt: one.endedAt ?? at,
  }));
  await releaseSessionLock(context, run.id);
  await archiveOldRuns(context);
  return {
    run,
    docs,
    proposals,
    carriedOver,
    ...(commit !== undefined && { commit }),
    uncommitted: await uncommittedOf(context, run),
    warnings: [...vault, ...warningsOf(proposals, docs)],
  };
}

function assertCloseable({ id, status }: WaveRun): void {
  if (['completed', 'aborted', 'failed', 'closed'].includes(status)) return;
  throw new BatonError('wrong-state', phrase`The wave run ${id} is ${status}: it cannot be closed yet`, {
    hint: phrase`Let it end, or end it: \`baton wave abort ${id}\`.`,
    data: { run: id, status },
  });
}

function withVerdicts(run: WaveRun, docs: readonly VerifiedDocsTask[]): readonly DocsTask[] {
  return run.docsTasks.map((task) => {
    const verified = docs.find((one) => one.task.id === task.id);
    return verified === undefined ? task : { ...task, status: verified.verdict };
  });
}

/** Metrics and STATE.md; each part leaves alone what an earlier try has written. */
async function record(
  context: ActionContext,
  run: WaveRun,
  { docs, proposals }: Pick<ClosedWaveRun, 'docs' | 'proposals'>,
): Promise<void> {
  const { ports } = context;
  const items = (await readItems(ports.localState)).filter(
    ({ wave, kind, askedAs = '' }) => wave === run.id && kind === 'question' && !askedAs.startsWith(proposalSubject),
  );
  const answered = items.filter(({ answer }) => answer !== undefined).length;
  await writeClosedState(context, run, docs);
  const { written } = await appendSessionRecord(context, run, {
    completedAt: run.endedAt ?? isoTimeOf(ports.clock.now()),
    status: run.status === 'completed' ? 'completed' : 'abandoned',
    openQuestions: { asked: items.length, answered, deferred: items.length - answered },
    learningsAdded: proposals.accepted.length,
  });
  await decayLearnings(context, { session: run.label });
  if (written) {
    await appendEvent(context, 'orchestrator.session.ended', {
      session: run.label,
      status: run.status === 'completed' ? 'completed' : 'abandoned',
      waves: run.plan.waves.length,
      agents: run.agents.length,
    });
  }
}

async function writeClosedState(
  context: ActionContext,
  run: WaveRun,
  docs: readonly VerifiedDocsTask[],
): Promise<void> {
  if (run.stateFile === undefined) return;
  // A file that a person took away is not made again only to say that all is over.
  if ((await context.ports.files.stat(run.stateFile)) === undefined) return;
  const at = new Date(context.ports.clock.now().epochMs).toISOString();
  await editStateFile(context, { file: run.stateFile, edit: (text) => planClosedState(text, run, { docs, at }) });
}

/** The edits that close a run in STATE.md; none where it is closed there. */
function planClosedState(
  before: string,
  run: WaveRun,
  { docs, at }: { readonly docs: readonly VerifiedDocsTask[]; readonly at: string },
): readonly TextEdit[] {
  const { value } = parseState(before, run.stateFile ?? '');
  const owner = value.fields.findLast(({ key }) => key === 'session-id')?.value;
  if (owner !== undefined && owner !== run.id) {
    throw new BatonError(
      'session-conflict',
      phrase`${run.stateFile ?? ''} has become that of another session: ${owner}`,
      {
        hint: 'Let that session end, put the file back, then close this run.',
        data: { path: run.stateFile, session: owner },
      },
    );
  }
  // Somebody began another session on this file, or the run was closed in it already.
  if (value.status === 'completed' || value.status === 'idle') return [];
  let text = before;
  const edit = (plan: (text: string) => readonly TextEdit[]): void => {
    text = applyEdits(text, plan(text));
  };
  for (const { task, verdict } of docs) edit((now) => setDocsTaskStatus(now, task.id, verdict));
  for (const agent of notToRetry(run)) {
    const approach = firstLine(agent.task);
    edit((now) => addNotToRetry(now, { approach, why: whyOf(agent), session: run.label, date: at.slice(0, 10) }));
  }
  for (const agent of unfinishedWork(run)) {
    const priority = agent.status === 'partial' ? 'medium' : 'high';
    edit((now) => addOpenQuestion(now, { question: describeUnfinished(agent), source: 'session-end', priority }));
  }
  const { planned, left } = carryoverOf(run);
  const ratio = planned === 0 ? 0 : left / planned;
  edit((now) =>
    setStateFields(now, {
      status: 'completed',
      updated: at,
      'carryover-ratio': rounded(ratio),
      'completion-rate': rounded(1 - ratio),
    }),
  );
  return editsBetween(before, text);
}

function rounded(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}

/** Ways that went in circles or failed (formats.md §1.2). */
function notToRetry(run: WaveRun): readonly WaveAgentRun[] {
  return run.agents.filter(
    ({ status, findings }) =>
      status === 'spiral' || (status === 'failed' && findings.some(({ severity }) => severity === 'stop')),
  );
}

function whyOf({ status, findings, error, report }: WaveAgentRun): string {
  const stop = findings.findLast(({ severity }) => severity === 'stop');
  const kind = status === 'spiral' ? 'SPIRAL' : 'FAILED';
  const cause =
    stop === undefined ? (report?.note ?? error ?? 'no remarks') : `${stop.pattern}, ${stop.occurrences} times`;
  const evidence = stop?.file === undefined ? '' : ` (evidence: ${stop.file})`;
  return `${kind} — ${firstLine(cause)}${evidence}`;
}

function describeUnfinished({ key, task, status, report }: WaveAgentRun): string {
  const rest = report?.remaining ?? '';
  return `${key}: ${firstLine(task)} — ${status}${rest === '' ? '' : `; remaining: ${firstLine(rest)}`}`;
}

function firstLine(text: string): string {
  const [line = ''] = text.trim().split(/\r?\n/, 1);
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

/** Housekeeping ends with one commit of what it changed (formats.md §1.3); there is nothing to commit where that was made. */
async function commitHousekeeping(context: ActionContext, run: WaveRun): Promise<string | undefined> {
  if (run.plan.sessionType !== 'housekeeping' || run.status !== 'completed') return undefined;
  const git = await context.ports.git('');
  if (git === undefined) return undefined;
  const paths = (await uncommittedOf(context, run)).map((path) => git.prefix + path);
  if (paths.length === 0) return undefined;
  const tasks = run.plan.waves.flatMap(({ agents }) => agents.map(({ task }) => `- ${firstLine(task)}`));
  const title = firstLine(run.plan.title).slice(0, 50);
  const { hash } = await git.commit({ paths, message: `chore: ${title}\n\n${tasks.join('\n')}` });
  return hash;
}

async function uncommittedOf({ ports }: ActionContext, run: WaveRun): Promise<readonly string[]> {
  const git = await ports.git('');
  const own = new Set((run.progress ?? []).flatMap(({ changed = [] }) => changed));
  if (git === undefined || own.size === 0) return [];
  return (await git.changes())
    .flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]))
    .filter((path) => path.startsWith(git.prefix))
    .map((path) => path.slice(git.prefix.length))
    .filter((path) => own.has(path));
}

/** The records of runs that were closed long ago make way: their logs and records are kept, and are not listed. */
async function archiveOldRuns({ ports }: ActionContext): Promise<void> {
  const closed = (await readWaveRuns(ports.localState)).filter(({ status }) => status === 'closed');
  for (const { id } of closed.slice(0, Math.max(0, closed.length - keptRuns))) {
    await ports.localState.moveFolder(`waves/${id}`, `waves-archive/${id}`);
  }
}

function warningsOf({ waiting }: DecidedProposals, docs: readonly VerifiedDocsTask[]): readonly string[] {
  const gaps = docs.filter(({ verdict }) => verdict !== 'ok');
  return [
    ...gaps.map(({ task, verdict }) =>
      verdict === 'gap'
        ? phrase`Docs task ${task.id}: nothing that fits ${task.targetPattern} was changed`
        : phrase`Docs task ${task.id}: sources are missing, see "REVIEW: source needed"`,
    ),
    ...(waiting.length === 0
      ? []
      : [
          phrase`Proposals that wait in the inbox: ${waiting.length}; \`baton wave close\` settles them when they are answered`,
        ]),
  ];
}

import type { IsolatedEntry } from '../core/actions/isolated/listIsolated.ts';
import type { IsolatedSession, IsolatedStatus, WorkItem } from '../core/model/isolated.ts';
import type { Output, Tone } from './output.ts';
import { plainText } from './text.ts';

const tones: Readonly<Record<IsolatedStatus, Tone>> = {
  queued: 'quiet',
  preparing: 'busy',
  running: 'busy',
  waiting: 'warn',
  approved: 'good',
  rejected: 'bad',
  merged: 'good',
  failed: 'bad',
  stopped: 'quiet',
  stale: 'warn',
  conflict: 'bad',
  paused: 'warn',
};

/** What `--json` shows of a work item. */
export function toItemView({ source, id, title, project, list, files, unblocksCount }: WorkItem) {
  return { source, id, title, project: project ?? null, list: list ?? null, files, unblocks: unblocksCount };
}

/** What `--json` shows of an isolated session; what is not known is null. */
export function toIsolatedView(session: IsolatedSession) {
  const { id, status, phase, agent, model, worktree, branch, base, attempt, usage, review, error } = session;
  return {
    id,
    item: toItemView(session.item),
    status,
    phase: phase ?? null,
    agent,
    model: model ?? null,
    worktree,
    branch,
    base,
    attempt,
    createdAt: session.createdAt,
    startedAt: session.startedAt ?? null,
    completedAt: session.completedAt ?? null,
    usage: usage ?? null,
    review: review ?? null,
    summary: session.summary ?? null,
    error: error ?? null,
    conflicts: session.conflicts ?? [],
    strayFiles: session.strayFiles ?? [],
    changedMeanwhile: session.changedMeanwhile ?? [],
    mergeCommit: session.mergeCommit ?? null,
    history: session.history,
  };
}

/** What `--json` shows of a session in a list. */
export function toIsolatedEntryView({ session, activity, questions, interrupted }: IsolatedEntry) {
  return {
    ...toIsolatedView(session),
    activity: activity ?? null,
    questions: questions.map(({ id, question, options, blocking }) => ({ id, question, options, blocking })),
    interrupted,
  };
}

/** Prints sessions, a line each, with what each says or does now below it. */
export function printIsolated(out: Output, entries: readonly IsolatedEntry[]): void {
  const rows = entries.map(({ session, interrupted }) => [
    { text: plainText(session.item.id), paint: (text: string) => out.paint('title', text) },
    {
      text: interrupted ? 'interrupted' : describeStatus(session),
      paint: (text: string) => out.paint(interrupted ? 'bad' : tones[session.status], text),
    },
    { text: plainText(session.item.title === session.item.id ? '' : session.item.title) },
    { text: session.agent, paint: (text: string) => out.paint('quiet', text) },
  ]);
  const lines = out.layOut([{ grows: true }, {}, { grows: true }, {}], rows);
  for (const [index, entry] of entries.entries()) {
    for (const line of lines[index] ?? []) out.line(line);
    for (const detail of describeEntry(entry)) out.wrapped(plainText(detail), { label: '    ', tone: 'quiet' });
  }
}

/** The state, and the phase of one that runs. */
export function describeStatus({ status, phase }: IsolatedSession): string {
  return status === 'running' && phase === 'review' ? 'in review' : status;
}

function describeEntry({ session, activity, questions }: IsolatedEntry): readonly string[] {
  const { status, error, review, conflicts, strayFiles, changedMeanwhile } = session;
  const details: string[] = [];
  if (activity?.line && ['running', 'waiting', 'stale'].includes(status)) details.push(activity.line);
  for (const { id, question } of questions) details.push(`? ${question} (baton answer ${id} "…")`);
  if (status === 'failed' && error !== undefined) details.push(error.message.split('\n')[0] ?? '');
  if ((status === 'approved' || status === 'rejected') && review?.summary)
    details.push(review.summary.split('\n')[0] ?? '');
  if (status === 'conflict' && conflicts !== undefined) details.push(`conflicts in ${conflicts.join(', ')}`);
  if (strayFiles !== undefined) details.push(`it changed outside of its worktree: ${strayFiles.join(', ')}`);
  if (changedMeanwhile !== undefined) {
    details.push(
      `changed outside of its worktree while it ran, by it or somebody else: ${changedMeanwhile.join(', ')}`,
    );
  }
  return details;
}

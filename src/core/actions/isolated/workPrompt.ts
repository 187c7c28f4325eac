import type { OutboxAnswer } from '../../formats/isolated/outbox.ts';
import type { IsolatedSession } from '../../model/isolated.ts';

/** Rounds of review within a session, at most. */
export const mostReviewRounds = 3;

/** Files that a worker leaves for the supervisor, in the outbox of its worktree. */
export const outboxFolder = '.baton';

/** What the worker was told at the beginning, in the outbox. */
export const taskFile = 'task.md';

/** What an agent is told when it begins: the work, the two phases, how to ask, how to report. */
export function workPrompt({ item, branch }: Pick<IsolatedSession, 'item' | 'branch'>): string {
  return `You work alone in a git worktree of your own, on the branch ${branch}. Work item: ${item.id}, ${item.title}

${item.prompt}

How this session goes

Phase 1, implementation. Do the work in this folder only. Nothing outside of it is yours to change. Run what checks your work. Do not merge, push or switch branches; you may commit on this branch.

Phase 2, review, in this same session. When the work is done, review your own change twice: first as a peer who reads every line (correctness, edge cases, tests), then as the tech lead who answers for the product (scope, design, what breaks elsewhere). Mend what they find. At most ${mostReviewRounds} rounds. Before the first round write ${outboxFolder}/phase.json with {"phase": "review"}.

At the end write ${outboxFolder}/review.json:
{"decision": "approved" or "rejected", "summary": "one paragraph on what was done and what the review found", "reviewedBy": "peer, tech-lead", "timestamp": "ISO 8601", "rounds": 1}
Write "rejected" where the work is not done or not right after the last round, and say in the summary why. Write ${outboxFolder}/summary.md for the person who merges: what changed, how it was checked, what is left.

Asking the person

Ask only what you cannot find out and must not decide. Use the tool ask_question of the server baton, or run \`baton ask\`, or write ${outboxFolder}/questions.json:
[{"id": "q-1", "question": "…", "options": ["…", "…"], "context": "…", "blocking": true}]
When you cannot go on without the answer, end your turn after asking: you are continued with the answer. Nobody answers for the person; never take silence for a yes.`;
}

/** What an agent is told that is continued, or that begins anew where its own session is lost. */
export function continuePrompt(
  session: Pick<IsolatedSession, 'item' | 'branch'>,
  {
    why,
    answers = [],
    hasHistory,
  }: { readonly why: string; readonly answers?: readonly OutboxAnswer[]; readonly hasHistory: boolean },
): string {
  const told = answers.map(
    ({ questionId, answer, additionalContext }) =>
      `Answer to ${questionId}: ${answer}${additionalContext === undefined ? '' : `\n${additionalContext}`}`,
  );
  const next = [
    why,
    ...told,
    'Go on with the work from where it stands, review it, and write the verdict as laid down.',
  ];
  if (hasHistory) {
    // An agent that was killed may not have written down all of its session, and a long one is shortened.
    const task = `Should you not have it any more: the task that you were given at the beginning is in ${outboxFolder}/${taskFile}.`;
    return [...next, task].join('\n\n');
  }
  const begun =
    'This work was begun before and what you see in this folder is its state: look at `git status` and `git log` first.';
  return [workPrompt(session), begun, ...next].join('\n\n');
}

/** What an agent is told whose branch does not fit to its base any more. */
export function conflictWhy(base: string, files: readonly string[]): string {
  return `Merging this branch into ${base} met conflicts in: ${files.join(', ')}. Merge ${base} into this branch here, resolve the conflicts so that both sides keep their meaning, run the checks, and review the result again.`;
}

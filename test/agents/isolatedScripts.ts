import { join } from 'node:path';
import type { ModelRequest, Step } from '../support/scriptedModel.ts';

/** What the model does after each thing that it is told, turn by turn: `told` finds what was told last. */
export interface Stage {
  readonly told: string;
  readonly steps: (worktree: string) => readonly (Step | readonly Step[])[];
}

/** Every prompt of the supervisor has one of these in it. */
const promptMarks = ['Work item: ', 'Go on with the work from where it stands'];

/** The next turn of a work in stages. The conversation says how far it is: what the model was told last, and what it did since. */
export function nextTurn(stages: readonly Stage[], { messages }: ModelRequest, worktree: string) {
  const at = messages.findLastIndex(({ role, content }) => {
    const text = JSON.stringify(content);
    return role === 'user' && promptMarks.some((mark) => text.includes(mark));
  });
  const prompt = JSON.stringify(messages[at]?.content ?? '');
  const turn = messages.slice(at + 1).filter(({ role }) => role === 'assistant').length;
  const stage = stages.findLast(({ told }) => prompt.includes(told));
  return stage?.steps(worktree)[turn] ?? { text: 'This turn is over.' };
}

/** Writes a file by the tool for that. */
export function write(worktree: string, path: string, content: string): Step {
  return { tool: 'Write', input: { file_path: join(worktree, path), content } };
}

/** Changes a file that is there, which has to be read first. */
export function rewrite(worktree: string, path: string, content: string): readonly Step[] {
  return [{ tool: 'Read', input: { file_path: join(worktree, path) } }, write(worktree, path, content)];
}

export function bash(command: string): Step {
  return { tool: 'Bash', input: { command, description: 'Work' } };
}

/** The end of every work: the phase, then the verdict with the summary. */
export function approve(worktree: string, summary: string): readonly (Step | readonly Step[])[] {
  const review = { decision: 'approved', summary, reviewedBy: 'peer, tech-lead', rounds: 1 };
  return [
    write(worktree, '.baton/phase.json', JSON.stringify({ phase: 'review' })),
    [
      write(worktree, '.baton/review.json', JSON.stringify(review)),
      write(worktree, '.baton/summary.md', `# Summary\n\n${summary}\n`),
    ],
  ];
}

/** How often something stands in a conversation. */
export function countIn({ messages }: ModelRequest, text: string): number {
  return JSON.stringify(messages).split(text).length - 1;
}

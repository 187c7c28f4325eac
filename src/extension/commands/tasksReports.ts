import type { ResumeTaskListResult } from '../../core/actions/tasks/resumeTaskList.ts';
import { loadedLine, preservedLine, sessionLine, verdictLines } from '../../core/actions/tasks/seedLines.ts';
import type { VerifyTaskListResult } from '../../core/actions/tasks/verifyTaskList.ts';
import type { TaskList } from '../../core/model/taskList.ts';

/** What the three verdicts are about, as the reports name them. */
const verdictNames = {
  idContinuity: 'Task list ID continuity',
  statusPreservation: 'Status preservation',
  seamlessContinuation: 'Seamless continuation',
} as const;

/** The proof of a list's continuity as a text to read: the three verdicts with what speaks against them, then the two last lines. */
export function verifyReport(list: Pick<TaskList, 'id' | 'title' | 'path'>, result: VerifyTaskListResult): string {
  const verdicts = Object.entries(verdictNames).map(([key, name]) => {
    const { ok, findings } = result.verdicts[key as keyof typeof verdictNames];
    const lines = findings.map(({ message, excused, commit }) => {
      const where = commit === undefined || message.includes(commit.slice(0, 7)) ? '' : ` (${commit.slice(0, 7)})`;
      return `- ${message}${where}${excused === undefined ? '' : ` — ${excused}`}`;
    });
    return [`## ${name}: ${ok ? 'passed' : 'failed'}`, ...(lines.length === 0 ? [] : ['', ...lines])].join('\n');
  });
  const last = verdictLines(result.crossSessionContinuation === 'SUCCESS', result.taskStatePersistence === 'VERIFIED');
  const { found, warnings } = result;
  const notes = [...(found === undefined ? [] : [found]), ...warnings].map((text) => `> ${text}`);
  const head = `Task list ${list.id} (${list.path})`;
  return `${[`# ${list.title}`, head, ...notes, ...verdicts, last.join('\n')].join('\n\n')}\n`;
}

/** What a session begins with, as a text to read: states, then the handoff. */
export function resumeReport({ list, session, preserved, handoff }: ResumeTaskListResult): string {
  const states = preserved.map((task, index) => preservedLine({ ...task, number: index + 1 }));
  const head = [sessionLine(session), loadedLine(list.list.id), ...states].join('\n');
  const stale = handoff?.staleness === undefined ? [] : [`> ${handoff.staleness}`];
  return `${[`# ${list.list.title}`, head, ...stale, ...(handoff === undefined ? [] : [handoff.text])].join('\n\n')}\n`;
}

import { type NewTaskRow, taskTableLines } from './taskListEdits.ts';
import { sessionLogLines, sessionRow } from './taskListSessions.ts';

/** What a new task list is made from. */
export interface NewTaskList {
  readonly id: string;
  readonly title: string;
  /** ISO 8601 with zone. */
  readonly createdAt: string;
  /** ID of the list whose tasks were copied. */
  readonly from?: string;
  readonly tasks: readonly NewTaskRow[];
  /** The working session that creates it. */
  readonly session: { readonly number: number; readonly started: string; readonly who: string };
}

/**
 * The text of a new task list (design.md, What Baton writes). Neighbouring parts that two branches may change are kept apart by lines that
 * neither changes, so that git merges them: table, session log and handoff are sections of their own, and each task has one line.
 */
export function newTaskListText({ id, title, createdAt, from, tasks, session }: NewTaskList): string {
  const name = title.replace(/\s+/g, ' ').trim();
  return [
    '---',
    'baton: tasks/1',
    `id: ${quoted(id)}`,
    `title: ${quoted(name)}`,
    `created_at: ${createdAt}`,
    ...(from === undefined ? [] : [`from: ${quoted(from)}`]),
    `session: ${session.number}`,
    '---',
    '',
    `# ${name.replace(/^#+\s*/, '').replace(/([\\`*_<[\]])/g, '\\$1')}`,
    '',
    ...taskTableLines(tasks),
    '',
    '## Sessions',
    '',
    ...sessionLogLines,
    sessionRow(session),
    '',
    '## Handoff',
    '',
    'Nothing has been handed off yet.',
    '',
  ].join('\n');
}

/** A value as YAML reads it back: bare where that is safe, else in double quotes. */
function quoted(text: string): string {
  const isBare =
    /^[\p{L}\p{N}(][^\p{Cc}\uFEFF]*$/u.test(text) && !/:(?:\s|$)|\s#|[\u2028\u2029]/.test(text) && !looksTyped(text);
  return isBare ? text : JSON.stringify(text);
}

/** Whether other YAML readers would take a bare text for something else than a text. */
function looksTyped(text: string): boolean {
  return /^(?:true|false|yes|no|on|off|y|n|null|[\d.,_+\-:eExXoTZ ]+|\.inf|\.nan)$/i.test(text) || text !== text.trim();
}

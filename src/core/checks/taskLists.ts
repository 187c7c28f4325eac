import { phrase } from '../base/phrase.ts';
import type { Range } from '../base/range.ts';
import type { TaskList } from '../model/taskList.ts';
import type { Finding, Rule } from './rule.ts';

/** Cycles and unknown dependencies among tasks, and an ID that several lists have. What one row shows is found when the file is parsed. */
export const findTaskListProblems: Rule = (workspace) => [
  ...workspace.taskLists.flatMap(({ list, problems }) =>
    problems.map((diagnostic): Finding => ({ path: list.path, diagnostic })),
  ),
  ...findSharedIds(workspace.taskLists.map(({ list }) => list)),
];

function findSharedIds(lists: readonly TaskList[]): readonly Finding[] {
  const first = new Map<string, TaskList>();
  return lists.flatMap((list): readonly Finding[] => {
    const known = first.get(list.id);
    if (known === undefined) {
      first.set(list.id, list);
      return [];
    }
    const range = rangeOfId(list);
    const message = phrase`${list.id} is also the ID of ${known.path}. Give one of them another ID, so that each can be named.`;
    const related = [{ path: known.path, range: rangeOfId(known), message: phrase`${list.id} stands here too` }];
    return [{ path: list.path, diagnostic: { code: 'duplicate-id', severity: 'error', message, range, related } }];
  });
}

/** The line with the list's ID, else its first one. */
function rangeOfId({ text }: TaskList): Range {
  const at = Math.max(0, text.search(/^id:/m));
  return { start: at, end: at + (/^[^\r\n]*/.exec(text.slice(at))?.[0].length ?? 0) };
}

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
    const at = Math.max(0, list.text.search(/^id:/m));
    const range = { start: at, end: at + (/^[^\r\n]*/.exec(list.text.slice(at))?.[0].length ?? 0) };
    const message = `${list.id} is also the ID of ${known.path}. Give one of them another ID, so that each can be named.`;
    return [{ path: list.path, diagnostic: { code: 'duplicate-id', severity: 'error', message, range } }];
  });
}

import { describe, expect, it } from 'vitest';
import type { ClaimInfo } from '../../src/core/model/taskList.ts';
import {
  buildTaskTree,
  changedTasks,
  countNeeding,
  countTasks,
  emptyTaskTree,
  neighbourOf,
  planDrop,
  shownTask,
  type TaskFolderInput,
  type TaskTree,
} from '../../src/extension/views/taskLists/model.ts';
import { workspaceOf } from '../support/workspaceOf.ts';

const path = 'docs/tasks/release.md';

function listText(id: string, rows: readonly string[], title = id): string {
  const head = ['---', 'baton: tasks/1', `id: ${id}`, 'session: 0', '---', '', `# ${title}`, ''];
  const table = ['| Task | Status | Title | After | Session | Updated |', '|---|---|---|---|---|---|'];
  return `${[...head, ...table, ...rows.map((row) => `| ${row} | — | — |`)].join('\n')}\n`;
}

const rows = [
  'a | COMPLETE | First | —',
  'b | IN_PROGRESS | Second | a',
  'c | PENDING | Third | a',
  'd | PENDING | Fourth | b, c',
];

async function inputOf(
  files: Readonly<Record<string, string>>,
  claims: readonly ClaimInfo[] = [],
  folder = 'file:///one',
): Promise<TaskFolderInput> {
  return { folder, name: folder.slice(-3), lists: (await workspaceOf(files)).taskLists, claims };
}

async function treeOf(files: Readonly<Record<string, string>>, claims: readonly ClaimInfo[] = []): Promise<TaskTree> {
  return buildTaskTree([await inputOf(files, claims)]);
}

function draw(tree: TaskTree, ids: readonly string[] = tree.roots, indent = ''): string[] {
  return ids.flatMap((nodeId) => {
    const node = tree.nodes.get(nodeId);
    const name = node?.task?.id ?? node?.entry?.list.id ?? node?.name ?? node?.element.kind ?? '?';
    return [`${indent}${name}`, ...draw(tree, node?.children ?? [], `${indent}  `)];
  });
}

function idOf(tree: TaskTree, task: string, list = path): string {
  for (const { element } of tree.nodes.values())
    if (element.list === list && element.task === task) return element.nodeId;
  throw new Error(`no task ${task}`);
}

describe('the tree of task lists', () => {
  it('has lists with their tasks in the order of the rows', async () => {
    expect(draw(await treeOf({ [path]: listText('release', rows) }))).toEqual(['release', '  a', '  b', '  c', '  d']);
  });

  it('has a level of folders only where there are several, and archived lists at the end', async () => {
    const one = {
      [path]: listText('release', ['a | PENDING | A | —']),
      'docs/tasks/archive/old.md': listText('old', rows),
    };
    expect(draw(await treeOf(one)).slice(0, 4)).toEqual(['release', '  a', 'archive', '  old']);
    const tree = buildTaskTree([await inputOf(one), await inputOf(one, [], 'file:///two')]);
    expect(draw(tree).filter((line) => !line.startsWith(' '))).toEqual(['one', 'two']);
    expect(new Set([...tree.nodes.keys()]).size).toBe(tree.nodes.size);
  });

  it('keeps both rows of an ID that is there twice, and lists with one ID apart', async () => {
    const tree = await treeOf({
      [path]: listText('same', ['a | PENDING | A | —', 'a | PENDING | B | —']),
      'docs/tasks/x.md': listText('same', ['a | PENDING | A | —']),
    });
    expect(draw(tree)).toEqual(['same', '  a', '  a', 'same', '  a']);
  });

  it('tells ready, waiting, in progress, complete and errors apart', async () => {
    const tree = await treeOf({
      [path]: listText('release', [...rows, 'e | PENDING | E | f', 'f | PENDING | F | e', 'g | odd | G | —']),
    });
    const states = [...tree.nodes.values()].flatMap(({ task }) => (task ? [`${task.id} ${shownTask(task)}`] : []));
    expect(states).toEqual(['a complete', 'b inProgress', 'c ready', 'd waiting', 'e error', 'f error', 'g error']);
    expect(countNeeding(tree)).toBe(3);
    expect(countTasks(tree)).toEqual({ complete: 1, total: 7 });
  });

  it('flags what Claude Code dropped, and shows the row anew', async () => {
    const input = await inputOf({ 'docs/tasks/x.md': listText('x', rows) });
    const [before, after] = [
      buildTaskTree([input]),
      buildTaskTree([{ ...input, rescued: new Map([['x', new Set(['a'])]]) }]),
    ];
    const flagged = [...after.nodes.values()].filter(({ task }) => task?.rescued === true);
    expect(flagged.map(({ element }) => element.task)).toEqual(['a']);
    expect(changedTasks(before, after)?.map(({ task }) => task)).toEqual(['a']);
  });

  it('counts a claim that ran out on open work, and none in archived lists', async () => {
    const claim = { list: 'release', owner: 'x', claimedAt: '', expiresAt: '', expired: true };
    const claims = [
      { ...claim, item: 'c' },
      { ...claim, item: 'a' },
    ];
    expect(countNeeding(await treeOf({ [path]: listText('release', rows) }, claims))).toBe(1);
    expect(countNeeding(await treeOf({ 'docs/tasks/archive/release.md': listText('release', rows) }, claims))).toBe(0);
    expect(countTasks(await treeOf({ 'docs/tasks/archive/release.md': listText('release', rows) })).total).toBe(0);
  });

  it('fires the smallest elements that differ', async () => {
    const before = await treeOf({ [path]: listText('release', rows) });
    const idsFor = async (changed: readonly string[], from = before) =>
      changedTasks(from, await treeOf({ [path]: listText('release', changed) }))?.map(({ task, kind }) => task ?? kind);
    expect(await idsFor(rows)).toEqual([]);
    expect(await idsFor(rows.with(3, 'd | PENDING | Changed | b, c'))).toEqual(['d']);
    // Counts of the list change with a state, so the list is the smallest.
    expect(await idsFor(rows.with(2, 'c | COMPLETE | Third | a'))).toEqual(['list']);
    expect(await idsFor([...rows, 'e | PENDING | E | —'])).toEqual(['list']);
    expect(changedTasks(before, emptyTaskTree)).toBeUndefined();
  });

  it('does not fire for a row that only moved in its file', async () => {
    const before = await treeOf({ [path]: listText('release', rows, 'T') });
    const text = listText('release', rows, 'T').replace('# T\n', '# T\n\nA note.\n');
    expect(changedTasks(before, await treeOf({ [path]: text }))).toEqual([]);
  });
});

describe('dropping tasks', () => {
  const other = 'docs/tasks/zulu.md';
  const files = { [path]: listText('release', rows), [other]: listText('zulu', ['z | PENDING | Z | —']) };

  it('takes the place of the task below it, or goes behind the one above', async () => {
    const tree = await treeOf(files);
    const drop = (dragged: readonly string[], target: string) =>
      planDrop(
        tree,
        dragged.map((task) => idOf(tree, task)),
        idOf(tree, target),
      );
    expect(drop(['d'], 'b')).toEqual([{ kind: 'reorder', list: path, task: 'd', before: 'b' }]);
    expect(drop(['a'], 'c')).toEqual([{ kind: 'reorder', list: path, task: 'a', after: 'c' }]);
    expect(drop(['b', 'a'], 'd')).toEqual([
      { kind: 'reorder', list: path, task: 'a', after: 'd' },
      { kind: 'reorder', list: path, task: 'b', after: 'a' },
    ]);
    expect(drop(['a'], 'a')).toBeUndefined();
  });

  it('goes to the end of a list, and to other lists', async () => {
    const tree = await treeOf(files);
    const listId = (list: string) => tree.roots.find((id) => tree.nodes.get(id)?.element.list === list) ?? '';
    expect(planDrop(tree, [idOf(tree, 'a')], listId(path))).toEqual([
      { kind: 'reorder', list: path, task: 'a', to: 'last' },
    ]);
    expect(planDrop(tree, [idOf(tree, 'a')], listId(other))).toEqual([
      { kind: 'move', list: path, task: 'a', toList: other },
    ]);
    expect(planDrop(tree, [idOf(tree, 'a')], idOf(tree, 'z', other))).toEqual([
      { kind: 'move', list: path, task: 'a', toList: other, before: 'z' },
    ]);
  });

  it('does nothing between folders, into the archive, and for what is no task', async () => {
    const archived = { ...files, 'docs/tasks/archive/old.md': listText('old', ['o | PENDING | O | —']) };
    const tree = buildTaskTree([await inputOf(archived), await inputOf(files, [], 'file:///two')]);
    const inTwo = [...tree.nodes.values()].find(
      ({ element }) => element.folder === 'file:///two' && element.task === 'a',
    );
    expect(planDrop(tree, [idOf(tree, 'a')], inTwo?.element.nodeId ?? '')).toBeUndefined();
    expect(planDrop(tree, [idOf(tree, 'a')], idOf(tree, 'o', 'docs/tasks/archive/old.md'))).toBeUndefined();
    expect(planDrop(tree, ['nonsense'], idOf(tree, 'a'))).toBeUndefined();
    expect(planDrop(tree, [idOf(tree, 'a')], tree.roots[0] ?? '')).toBeUndefined();
  });
});

describe('moving by one', () => {
  it('names the neighbour, and none at the ends', async () => {
    const [entry] = (await inputOf({ [path]: listText('release', rows) })).lists;
    if (entry === undefined) throw new Error('no list');
    expect(neighbourOf(entry, 'b', 'up')).toBe('a');
    expect(neighbourOf(entry, 'b', 'down')).toBe('c');
    expect(neighbourOf(entry, 'a', 'up')).toBeUndefined();
    expect(neighbourOf(entry, 'd', 'down')).toBeUndefined();
    expect(neighbourOf(entry, 'x', 'down')).toBeUndefined();
  });
});

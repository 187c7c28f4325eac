import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatonError } from '../../../src/core/errors.ts';
import { parseTaskList } from '../../../src/core/formats/taskList.ts';
import { taskTableLines } from '../../../src/core/formats/taskListEdits.ts';
import type { TaskListEntry, TaskStatus } from '../../../src/core/model/taskList.ts';
import { findTaskList } from '../../../src/core/store/findTaskList.ts';
import { joinTaskList } from '../../../src/core/store/joinTaskList.ts';
import { withClaims } from '../../../src/core/store/markTasks.ts';
import { workspaceOf } from '../../support/workspaceOf.ts';

/** `a`, `b<a`, `c!<a,b`: ID, state (`!` complete, `*` in progress), dependencies. */
function joined(...tasks: readonly string[]): TaskListEntry {
  const states: Readonly<Record<string, TaskStatus>> = { '!': 'COMPLETE', '*': 'IN_PROGRESS' };
  const rows = tasks.map((task) => {
    const [head = '', after = ''] = task.split('<');
    const status = states[head.slice(-1)];
    const id = status === undefined ? head : head.slice(0, -1);
    return { id, title: id, status: status ?? 'PENDING', after: after === '' ? [] : after.split(',') };
  });
  return joinTaskList(parseTaskList(taskTableLines(rows).join('\n'), 'docs/tasks/x.md').value);
}

const idsOf = (tasks: readonly { readonly id: string }[]): string => tasks.map(({ id }) => id).join(' ');

describe('what follows from the rows', () => {
  it('ready are pending tasks whose dependencies are complete, what unblocks most first', () => {
    const entry = joined('a!', 'b', 'c<a', 'd<c', 'e<d', 'f*<a', 'g<f', 'h<b');
    expect(idsOf(entry.ready)).toBe('c b');
    expect(entry.tasks.map(({ id, unblocksCount }) => `${id}${unblocksCount}`).join(' ')).toBe(
      'a0 b1 c2 d1 e0 f1 g0 h0',
    );
    expect(entry.counts).toEqual({ pending: 6, inProgress: 1, complete: 1, total: 8 });
    expect(entry.tasks[6]).toMatchObject({ id: 'g', waitingFor: ['f'], ready: false });
  });

  it('the critical path is the longest chain that is not complete', () => {
    expect(joined('x', 'a!', 'b<a', 'c<b', 'd<c', 'y<x').criticalPath).toEqual(['b', 'c', 'd']);
    expect(joined('d<c', 'c<b', 'b', 'x').criticalPath).toEqual(['b', 'c', 'd']);
    expect(joined('a', 'b').criticalPath).toEqual([]);
  });

  it('a cycle and an unknown dependency are errors of their members; the rest goes on', () => {
    const entry = joined('a<b', 'b<a', 'c<a', 'd<nowhere', 'e', 'f<e', 'g<g');
    expect(entry.tasks.map(({ id, error }) => `${id}${error === undefined ? '' : '!'}`).join(' ')).toBe(
      'a! b! c d! e f g!',
    );
    expect(idsOf(entry.ready)).toBe('e');
    expect(entry.criticalPath).toEqual(['e', 'f']);
    expect(entry.problems.map(({ code }) => code)).toEqual([
      'unknown-dependency',
      'cyclic-dependency',
      'cyclic-dependency',
      'cyclic-dependency',
    ]);
  });

  it('a task with a state that is not known is not ready, nor is the second row of an ID', () => {
    const text = '| Task | Status |\n|---|---|\n| a | ? |\n| b | PENDING |\n| b | PENDING |\n';
    const entry = joinTaskList(parseTaskList(text, 'x.md').value);
    expect(entry.tasks.map(({ ready }) => ready)).toEqual([false, true, false]);
  });

  it('claims are those of the list', () => {
    const entry = joined('a', 'b');
    const claim = { item: 'a', owner: 'me', claimedAt: '', expiresAt: '', expired: false };
    const claims = [
      { ...claim, list: entry.list.id },
      { ...claim, list: 'other' },
    ];
    expect(withClaims(entry, claims).tasks.map((task) => task.claim?.owner)).toEqual(['me', undefined]);
  });

  it('any graph has tasks that are ready, or an error, or something in progress, unless all is complete', () => {
    const graph = fc.array(fc.tuple(fc.constantFrom('', '!', '*'), fc.array(fc.nat(9), { maxLength: 3 })), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(graph, (nodes) => {
        const entry = joined(
          ...nodes.map(
            ([mark, after], index) =>
              `t${index}${mark}${after.length > 0 ? `<${[...new Set(after)].map((n) => `t${n}`).join(',')}` : ''}`,
          ),
        );
        const isOver = entry.counts.complete === entry.counts.total;
        const goesOn = entry.tasks.some(
          ({ ready, error, status }) => ready || error !== undefined || status === 'IN_PROGRESS',
        );
        expect(isOver || goesOn).toBe(true);
        for (const task of entry.ready) expect(task.waitingFor).toEqual([]);
        // Counted one by one, and all at once.
        const counts = new Map(joinTaskList(entry.list).tasks.map(({ id, unblocksCount }) => [id, unblocksCount]));
        for (const task of entry.ready) expect(task.unblocksCount).toBe(counts.get(task.id));
      }),
      { numRuns: 300 },
    );
  });

  it('ten thousand tasks in a chain are no problem', () => {
    const entry = joined(
      ...Array.from({ length: 10_000 }, (_, index) => (index === 0 ? 't0' : `t${index}<t${index - 1}`)),
    );
    expect(idsOf(entry.ready)).toBe('t0');
    expect(entry.tasks[0]?.unblocksCount).toBe(9_999);
    expect(entry.criticalPath).toHaveLength(10_000);
  });
});

describe('task lists in the workspace', () => {
  const list = (id: string, title: string): string =>
    `---\nbaton: tasks/1\nid: ${id}\ntitle: ${title}\n---\n\n| Task | Status |\n|---|---|\n| a | PENDING |\n`;

  it('are those of their folder; archived ones come last', async () => {
    const workspace = await workspaceOf({
      'docs/tasks/b.md': list('b', 'B'),
      'docs/tasks/archive/a.md': list('a', 'A'),
      'docs/tasks/README.md': '# Not a list\n',
      'docs/tasks/deep/er/c.md': list('c', 'C'),
      'docs/other.md': list('d', 'D'),
    });
    expect(workspace.taskLists.map(({ list: { id, archived } }) => [id, archived])).toEqual([
      ['b', false],
      ['a', true],
    ]);
  });

  it('lie where the configuration says', async () => {
    const workspace = await workspaceOf({ '.baton.yaml': 'task_folder: lists\n', 'lists/a.md': list('a', 'A') });
    expect(workspace.taskLists.map(({ list: { path } }) => path)).toEqual(['lists/a.md']);
  });

  it('are found by ID, else by a title or a beginning that means one', async () => {
    const { taskLists } = await workspaceOf({
      'docs/tasks/one.md': list('release-a1', 'Release'),
      'docs/tasks/two.md': list('release-b2', 'Release'),
      'docs/tasks/three.md': list('docs-c3', 'Write docs'),
      'docs/tasks/four.md': list('same', 'X'),
      'docs/tasks/five.md': list('same', 'Y'),
    });
    const find = (name: string): unknown => {
      try {
        return findTaskList(taskLists, name).list.path;
      } catch (error) {
        return BatonError.is(error) ? error.code : error;
      }
    };
    expect(find('release-a1')).toBe('docs/tasks/one.md');
    expect(find('write DOCS')).toBe('docs/tasks/three.md');
    expect(find('docs')).toBe('docs/tasks/three.md');
    expect(find('Release')).toBe('ambiguous-list');
    expect(find('same')).toBe('ambiguous-list');
    expect(find('nothing')).toBe('unknown-list');
  });
});

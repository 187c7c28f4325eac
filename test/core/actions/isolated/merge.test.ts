import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveIsolated } from '../../../../src/core/actions/isolated/decide.ts';
import { dispatch } from '../../../../src/core/actions/isolated/dispatch.ts';
import { listIsolated, recordsOf, showIsolated } from '../../../../src/core/actions/isolated/listIsolated.ts';
import { mergeApproved, mergedBefore, mergeIsolated } from '../../../../src/core/actions/isolated/merge.ts';
import { archiveKey, requireIsolated } from '../../../../src/core/actions/isolated/records.ts';
import { createTaskList } from '../../../../src/core/actions/tasks/createTaskList.ts';
import type { IsolatedSession } from '../../../../src/core/model/isolated.ts';
import { createProject, refusal } from '../support.ts';
import { approvalOf, isolatedOf, restIn, setRecord } from './support.ts';

/** A session of A-01 that rests, with a change in its worktree. */
async function restingIn(status: IsolatedSession['status']) {
  const shop = await createProject();
  const { context } = await isolatedOf(shop);
  const [queued] = (await dispatch(context, { items: ['A-01'] })).dispatched;
  if (queued === undefined) throw new Error('nothing was dispatched');
  const session = await restIn(context, queued, { 'schema.txt': 'id\n' }, { status });
  return { shop, context, session };
}

describe('merging an isolated session', () => {
  it('takes the approval of exactly the work that is there, whatever else lies in the worktree', async () => {
    const { shop, context, session } = await restingIn('approved');
    await setRecord(context, session, { review: await approvalOf(context, session) });
    const { commit, unblocked } = await mergeIsolated(context, { id: 'A-01' });
    expect(shop.repository.read('schema.txt')).toBe('id\n');
    expect(shop.repository.git('log', '-1', '--format=%B', commit)).toBe(
      `Merge A-01: Schema\n\nIt works.\n\nReviewed by: peer\nIsolated: ${session.id}\n\n`,
    );
    expect(unblocked.map(({ id }) => id)).toEqual(['A-02']);
    expect(shop.row('A-01')).toContain(commit.slice(0, 7));
    expect(shop.dirty()).toEqual([]);
    expect(existsSync(session.worktree)).toBe(false);
    expect(await listIsolated(context)).toEqual([]);
    const shown = await showIsolated(context, 'A-01');
    expect(shown).toMatchObject({ archived: true, session: { id: session.id, status: 'merged' } });
    expect(recordsOf(shown.session, shown.archived)).toBe(archiveKey(session.id));
  });

  it('refuses the approval of an older state, and counts what a person decides about the new one', async () => {
    const { shop, context, session } = await restingIn('approved');
    await setRecord(context, session, { review: await approvalOf(context, session) });
    writeFileSync(join(session.worktree, 'schema.txt'), 'id, name\n');
    const head = shop.repository.git('rev-parse', 'HEAD');
    const error = await refusal(mergeIsolated(context, { id: 'A-01' }), 'review-missing');
    expect(error.message).toContain('older state');
    expect(shop.repository.git('rev-parse', 'HEAD')).toBe(head);
    await approveIsolated(context, { id: 'A-01', reason: 'the name is right' });
    const { commit } = await mergeIsolated(context, { id: 'A-01' });
    expect(shop.repository.git('log', '-1', '--format=%B', commit)).toContain(
      'Reviewed by: person (the name is right)',
    );
  });

  it('without a verdict takes the word of a person, which is recorded, from any rest', async () => {
    const { shop, context, session } = await restingIn('failed');
    await refusal(mergeIsolated(context, { id: 'A-01' }), 'review-missing');
    await refusal(mergeIsolated(context, { id: 'A-01', override: ' ' }), 'invalid-argument');
    const { commit } = await mergeIsolated(context, { id: 'A-01', override: 'read by hand' });
    expect(shop.repository.git('log', '-1', '--format=%B', commit)).toContain(
      'Merged without an approval: read by hand',
    );
    const record = await context.ports.localState.read(`${archiveKey(session.id)}/state.json`);
    expect(record).toMatchObject({
      status: 'merged',
      mergeCommit: commit,
      review: { decision: 'approved', reviewedBy: 'person', byPerson: { reason: 'read by hand' } },
    });
  });

  it('writes a conflict down and changes nothing, also where a person overrode', async () => {
    const { shop, context, session } = await restingIn('stopped');
    const head = shop.repository.commit('feat: another schema', { 'schema.txt': 'key\n' });
    const error = await refusal(mergeIsolated(context, { id: 'A-01', override: 'it is urgent' }), 'merge-conflict');
    expect(error.data).toMatchObject({ files: ['schema.txt'] });
    expect(shop.repository.git('rev-parse', 'HEAD').trim()).toBe(head);
    expect(shop.dirty()).toEqual([]);
    expect(await requireIsolated(context, session.id)).toMatchObject({ status: 'conflict', conflicts: ['schema.txt'] });
  });

  it('of work that brought nothing closes the item, and claims no merge', async () => {
    const { shop, context, session } = await restingIn('failed');
    rmSync(join(session.worktree, 'schema.txt'));
    const head = shop.repository.git('rev-parse', 'HEAD').trim();
    const { wasIn, unblocked } = await mergeIsolated(context, { id: 'A-01', override: 'it was done already' });
    expect(wasIn).toBe(true);
    expect(unblocked.map(({ id }) => id)).toEqual(['A-02']);
    expect(shop.row('A-01')).not.toContain(head.slice(0, 7));
    expect((await showIsolated(context, 'A-01')).session.mergeCommit).toBeUndefined();
    expect(shop.repository.git('log', '--merges', '--format=%h')).toBe('');
  });

  it('commits the list of a task, unless something else in it is not committed', async () => {
    const shop = await createProject();
    const { context } = await isolatedOf(shop);
    await createTaskList(context, { title: 'Api', id: 'api', specs: ['t1: one', 't2: two'] });
    shop.repository.git('add', 'docs');
    shop.repository.git('commit', '-qm', 'docs: tasks');
    for (const [task, dirty] of [
      ['t1', []],
      ['t2', [' M docs/tasks/api.md']],
    ] as const) {
      const [queued] = (await dispatch(context, { items: [`api/${task}`] })).dispatched;
      if (queued === undefined) throw new Error('nothing was dispatched');
      const session = await restIn(context, queued, { [`${task}.txt`]: 'done\n' }, { status: 'approved' });
      await setRecord(context, session, { review: await approvalOf(context, session) });
      if (dirty.length > 0)
        shop.repository.write('docs/tasks/api.md', `${shop.repository.read('docs/tasks/api.md')}\nMine.\n`);
      expect((await mergeIsolated(context, { id: task })).warnings).toEqual([]);
      expect(shop.dirty()).toEqual(dirty);
      expect(shop.repository.read('docs/tasks/api.md')).toMatch(new RegExp(`${task} \\| COMPLETE`));
    }
    expect(shop.repository.git('log', '--format=%s', '--', 'docs/tasks')).toBe(
      'chore(tasks): record api/t1\ndocs: tasks\n',
    );
  });

  it('names what was merged before another of several could not be', async () => {
    const shop = await createProject();
    const { context } = await isolatedOf(shop);
    const { dispatched } = await dispatch(context, { items: ['A-01', 'A-03'] });
    expect(dispatched.map(({ item }) => item.id)).toEqual(['A-01', 'A-03']);
    for (const queued of dispatched) {
      const session = await restIn(context, queued, { 'same.txt': `${queued.item.id}\n` }, { status: 'approved' });
      await setRecord(context, session, { review: await approvalOf(context, session) });
    }
    const error = await refusal(mergeApproved(context), 'merge-conflict');
    const commit = shop.repository.git('log', '-1', '--merges', '--format=%H').trim();
    expect(error.message).toMatch(/^A-03 /);
    expect(error.data).toMatchObject({ id: dispatched[1]?.id, files: ['same.txt'] });
    expect(mergedBefore(error)).toEqual([{ session: dispatched[0]?.id, item: 'A-01', commit, unblocked: ['A-02'] }]);
    expect(error.hint).toMatch(new RegExp(`^Merged before that: A-01 \\(${commit.slice(0, 7)}\\)\\. .*retry`));
  });
});

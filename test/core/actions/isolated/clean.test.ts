import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  findLeftovers,
  inspectTrashed,
  purgeTrashed,
  removeIsolated,
  removeLeftovers,
  restoreIsolated,
} from '../../../../src/core/actions/isolated/clean.ts';
import { dispatch } from '../../../../src/core/actions/isolated/dispatch.ts';
import { waveRunKey } from '../../../../src/core/actions/waves/records.ts';
import type { WaveRunState } from '../../../../src/core/model/waves/waveRun.ts';
import { harbourRun } from '../../../support/waveRuns.ts';
import { createProject, refusal } from '../support.ts';
import { isolatedOf, restIn, setRecord } from './support.ts';

it('the trash goes by its size, and the last copy of work only where it is named', async () => {
  const shop = await createProject();
  const { context } = await isolatedOf(shop);
  const { dispatched } = await dispatch(context, { items: ['A-01', 'A-03'] });
  for (const session of dispatched) {
    const files: Readonly<Record<string, string>> = session.item.id === 'A-01' ? { 'schema.txt': 'id\n' } : {};
    await restIn(context, session, files, { status: 'stopped' });
    await removeIsolated(context, { id: session.id });
  }
  const find = async (mostBytes?: number) => {
    const found = await findLeftovers(context, { ...(mostBytes !== undefined && { mostBytes }) });
    const names = (list: readonly { readonly id: string; readonly bytes?: number }[]) =>
      list.map(({ id, bytes = 0 }) => `${id.slice('session-'.length, 'session-A-01'.length)} ${bytes > 0}`);
    return { found, trash: names(found.trash), kept: names(found.kept) };
  };
  expect(await find()).toMatchObject({ trash: [], kept: ['A-01 true'] });
  expect(await find(1e9)).toMatchObject({ trash: [] });
  const { found, trash } = await find(0);
  expect(trash).toEqual(['A-03 true']);
  expect(await removeLeftovers(context, found)).toEqual([]);
  await refusal(restoreIsolated(context, { id: 'A-03' }), 'unknown-item');

  const { session } = await restoreIsolated(context, { id: 'A-01' });
  expect(existsSync(`${session.worktree}/schema.txt`)).toBe(true);
  await removeIsolated(context, { id: 'A-01' });
  expect((await inspectTrashed(context, 'A-01')).sheet).toMatchObject({ untracked: ['schema.txt'] });
  await purgeTrashed(context, 'A-01');
  expect(await find()).toMatchObject({ trash: [], kept: [] });
  expect(shop.repository.git('branch', '--list', 'baton/*')).toBe('');
});

it('finds branches, rescue refs and processes that nothing has any more, and spares what is nowhere else', async () => {
  const shop = await createProject();
  const { git } = shop.repository;
  const { context } = await isolatedOf(shop);
  const { dispatched } = await dispatch(context, { items: ['A-01'] });
  const [session] = dispatched;
  if (session === undefined) throw new Error('nothing was dispatched');
  const mark = session.mark;
  git('branch', session.branch);
  git('branch', 'baton/done');
  const alone = git('commit-tree', 'HEAD^{tree}', '-p', 'HEAD', '-m', 'alone').trim();
  git('update-ref', 'refs/heads/baton/alone', alone);
  git('update-ref', 'refs/baton/trash/old', 'HEAD');
  git('update-ref', 'refs/baton/trash/last', git('commit-tree', 'HEAD^{tree}', '-m', 'last').trim());
  const startMarked = (run: string, outbox: string) => {
    const child = spawn('sleep', ['60'], {
      env: { ...process.env, BATON_RUN_ID: run, BATON_OUTBOX: outbox },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return { pid: child.pid, ended: new Promise((done) => child.once('exit', done)) };
  };
  const own = startMarked(`${mark}/inner`, join(session.worktree, '.baton'));
  const ofAnotherClone = startMarked('session-B-1-1-x.1', '/elsewhere/.worktrees/A-01/.baton');
  // Queued, so what runs is the session's.
  expect((await findLeftovers(context)).processes).toEqual([]);
  await setRecord(context, session, { status: 'stopped' });
  const found = await findLeftovers(context);
  expect(found.refs.map(({ ref, merged }) => `${ref} ${merged}`)).toEqual([
    'refs/baton/trash/last false',
    'refs/baton/trash/old true',
    'refs/heads/baton/alone false',
    'refs/heads/baton/done true',
  ]);
  expect(found.processes).toEqual([{ pid: own.pid, mark: `${mark}/inner`, command: 'sleep 60' }]);
  expect(await removeLeftovers(context, found)).toEqual([]);
  await own.ended;
  expect(() => process.kill(ofAnotherClone.pid ?? 0, 0)).not.toThrow();
  const after = await findLeftovers(context);
  expect(after.refs.map(({ merged }) => merged)).toEqual([false, false]);
  expect(after.processes).toEqual([]);
  expect(git('branch', '--list', session.branch)).not.toBe('');
});

it('spares the trees of wave runs that may go on, and finds those of runs that were given up', async () => {
  const shop = await createProject();
  const { context } = await isolatedOf(shop);
  const { worktrees } = context.isolated;
  const commit = shop.repository.git('rev-parse', 'HEAD').trim();
  const tree = { path: `${worktrees.folder}/waves-shop-1`, branch: 'baton/waves-shop-1', commit };
  const ofAgent = { path: `${worktrees.folder}/wave-shop-1-a`, branch: 'so-worktree-shop-1-a', commit };
  for (const one of [tree, ofAgent]) await worktrees.add(one);
  const setRun = (status: WaveRunState) => {
    const run = harbourRun(tree.path, { id: 'shop-1', status });
    const [agent, ...rest] = run.agents;
    if (agent === undefined) throw new Error('the run has no agents');
    const agents = [{ ...agent, worktree: ofAgent.path }, ...rest];
    return context.ports.localState.write(waveRunKey(run.id), { ...run, agents });
  };
  const find = async () => {
    const { orphans, foreign } = await findLeftovers(context);
    return [orphans.map(({ path }) => path).sort(), foreign.map(({ path }) => path)];
  };
  for (const status of ['active', 'paused', 'failed', 'completed'] as const) {
    await setRun(status);
    expect(await find()).toEqual([[], []]);
  }
  await setRun('aborted');
  expect(await find()).toEqual([[ofAgent.path, tree.path].sort(), []]);
});

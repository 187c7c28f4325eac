import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeIsolated } from '../../../../src/core/actions/isolated/clean.ts';
import { dispatch } from '../../../../src/core/actions/isolated/dispatch.ts';
import { findReadyWork } from '../../../../src/core/actions/isolated/readyWork.ts';
import {
  dispatchKey,
  moveIsolated,
  readIsolatedSessions,
  stateKey,
} from '../../../../src/core/actions/isolated/records.ts';
import { listSessions } from '../../../../src/core/actions/listSessions.ts';
import { start } from '../../../../src/core/actions/start.ts';
import { claim } from '../../../../src/core/actions/tasks/claim.ts';
import type { BeadsIssue } from '../../../../src/core/ports/isolatedPorts.ts';
import { WorkspaceStore } from '../../../../src/core/store/workspaceStore.ts';
import { createTestRepository } from '../../../support/gitRepository.ts';
import { createProject, files, planPath, progressPath, refusal } from '../support.ts';
import { isolatedOf } from './support.ts';

const issue: BeadsIssue = {
  id: 'shop-7.1',
  title: 'Rate limits',
  description: 'Limit requests.',
  acceptanceCriteria: 'A test shows it.',
  priority: 1,
  dependentCount: 5,
};

describe('ready work', () => {
  it('comes from plans, task lists and Beads, what unblocks most first', async () => {
    const shop = await createProject({
      files: {
        'docs/tasks/api.md':
          '---\nbaton: tasks/1\nid: api\ntitle: API\n---\n\n| Task | Status | Title | After |\n|---|---|---|---|\n| a | PENDING | First | |\n| b | PENDING | Second | a |\n| c | COMPLETE | Third | |\n',
      },
    });
    const { context } = await isolatedOf(shop, { beads: [issue] });
    const { items, warnings } = await findReadyWork(context);
    expect(items.map(({ source, id }) => `${source} ${id}`)).toEqual([
      'beads shop-7.1',
      'session A-01',
      'session A-03',
      'task a',
    ]);
    expect(items[0]?.prompt).toContain('Acceptance criteria:\nA test shows it.');
    expect(items[1]?.prompt).toContain('Write schema.txt.');
    expect(items[1]?.prompt).toContain('The schema is reviewed');
    expect(warnings).toEqual([]);
  });

  it('is what the other sources have, where one cannot answer', async () => {
    const { context } = await isolatedOf(await createProject(), { beads: new Error('bd is broken') });
    const { items, warnings } = await findReadyWork(context);
    expect(items.map(({ id }) => id)).toEqual(['A-01', 'A-03']);
    expect(warnings).toEqual(['bd is broken']);
  });
});

describe('dispatch', () => {
  it('holds what belongs to another repository, and takes what is in a folder of this one', async () => {
    const table = (name: string, id: string) =>
      `## Repository: ${name}\n\n| Session | Status | Started | Completed | Commit |\n|---|---|---|---|---|\n| ${id} | ⬜ Pending | — | — | — |\n`;
    const shop = await createProject({
      files: {
        '.baton.yaml': 'mode: agentic\nrepositories:\n  backend: repos/backend one\n  app: app\n',
        '.gitignore': 'repos/\n',
        'app/main.txt': 'x\n',
        [progressPath]: `# Shop Progress\n\n${table('backend', 'A-03')}\n${table('app', 'A-01')}`,
      },
    });
    createTestRepository({ 'main.txt': 'x\n' }, join(shop.repository.root, 'repos/backend one'));
    const { context } = await isolatedOf(shop);
    const { dispatched, held } = await dispatch(context, { ready: true });
    expect(dispatched.map(({ item }) => item.id)).toEqual(['A-01']);
    expect(held.map(({ item, reason }) => [item.id, reason])).toEqual([
      [
        'A-03',
        expect.stringMatching(/^it belongs to the repository backend in repos\/backend one, .*`baton start A-03`$/),
      ],
    ]);
    expect((await refusal(dispatch(context, { items: ['A-03'] }), 'already-dispatched')).message).toContain(
      'A-03 it belongs to the repository backend',
    );
  });

  it('queues ready items on branches of their own, and wakes the supervisor once', async () => {
    const shop = await createProject();
    const { context, counts } = await isolatedOf(shop);
    const { dispatched } = await dispatch(context, { ready: true });
    expect(dispatched.map(({ item, status }) => [item.id, status])).toEqual([
      ['A-01', 'queued'],
      ['A-03', 'queued'],
    ]);
    expect(counts.ensured).toBe(1);
    expect(new Set(dispatched.map(({ branch }) => branch)).size).toBe(2);
    expect(dispatched[0]?.branch).toMatch(/^baton\/A-01-[0-9a-z]{6}$/);
    expect(dispatched[0]?.id).toMatch(/^session-A-01-[0-9a-z]+-[0-9a-z]{6}$/);
    expect(await readIsolatedSessions(context.ports.localState)).toEqual(
      [...dispatched].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  it('gives an item to one of many who dispatch it at the same time', async () => {
    const shop = await createProject();
    const many = await Promise.all(Array.from({ length: 6 }, () => isolatedOf(shop)));
    const results = await Promise.allSettled(many.map(({ context }) => dispatch(context, { items: ['A-01'] })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { context } = await isolatedOf(shop);
    expect(await readIsolatedSessions(context.ports.localState)).toHaveLength(1);
    await refusal(dispatch(context, { items: ['A-01'] }), 'already-dispatched');
  });

  it('takes an item again whose dispatcher died before it had written anything', async () => {
    const shop = await createProject();
    const { context } = await isolatedOf(shop);
    const { self } = context.ports.owners;
    const key = dispatchKey(context.ports, { source: 'session', id: 'A-01' });
    const dead = { ...self, startTime: '1' };
    await context.ports.localState.write(key, { session: 'session-A-01-x-000000', owner: dead });
    const { dispatched } = await dispatch(context, { items: ['A-01'] });
    expect(dispatched).toHaveLength(1);
    expect(await context.ports.localState.read(stateKey(dispatched[0]?.id ?? ''))).toBeDefined();
    await context.ports.localState.write(key, { session: 'session-A-01-y-000000', owner: self });
    await refusal(dispatch(context, { items: ['A-01'] }), 'already-dispatched');
  });

  it('holds items that change what another one changes', async () => {
    const shop = await createProject({
      files: {
        [planPath]: (files[planPath] ?? '')
          .replace('session_id: A-01\n', 'session_id: A-01\nfiles: [src/**]\n')
          .replace('session_id: A-03\n', 'session_id: A-03\nfiles: [src/a.js]\n'),
      },
    });
    const { context } = await isolatedOf(shop);
    const { dispatched, held } = await dispatch(context, { ready: true });
    expect(dispatched.map(({ item }) => item.id)).toEqual(['A-01']);
    expect(held.map(({ item, reason }) => `${item.id}: ${reason}`)).toEqual([
      'A-03: it changes src/a.js, as A-01 does, which is not merged yet',
    ]);
    await refusal(dispatch(context, { items: ['A-03'] }), 'already-dispatched');
  });

  it('leaves what somebody has claimed, says who, and claims what it gives away', async () => {
    const { context } = await isolatedOf(await createProject());
    const { claims } = context.ports;
    await claim(context, { item: 'A-01', owner: 'maria' });
    const error = await refusal(dispatch(context, { items: ['A-01'] }), 'already-dispatched');
    expect(error.message).toContain('claimed by maria');
    const { dispatched } = await dispatch(context, { ready: true });
    const [session] = dispatched;
    expect(dispatched.map(({ item }) => item.id)).toEqual(['A-03']);
    const taken = await refusal(claim(context, { item: 'A-03', owner: 'maria' }), 'claimed');
    expect(taken.message).toContain(session?.id);
    await moveIsolated(context, session?.id ?? '', 'stopped');
    await removeIsolated(context, { id: 'A-03' });
    expect((await claims.list()).map(({ item, owner }) => `${item} ${owner}`)).toEqual(['A-01 maria']);
  });

  it('says what is ready where something else is named, and takes no more than asked', async () => {
    const { context } = await isolatedOf(await createProject());
    const error = await refusal(dispatch(context, { items: ['A-02'] }), 'unknown-item');
    expect(error.hint).toBe('Ready: A-01, A-03.');
    await refusal(dispatch(context, {}), 'invalid-argument');
    const { dispatched } = await dispatch(context, { ready: true, max: 1 });
    expect(dispatched).toHaveLength(1);
  });

  it('asks first where the project is not agentic', async () => {
    const shop = await createProject();
    const { context } = await isolatedOf(shop);
    await refusal(dispatch({ ...context, yes: false }, { ready: true }), 'not-agentic');
    const agentic = await createProject({ files: { '.baton.yaml': 'mode: agentic\n' } });
    const { context: free } = await isolatedOf(agentic);
    expect((await dispatch({ ...free, yes: false }, { ready: true })).dispatched).toHaveLength(2);
  });
});

it('what an agent has is not among what is ready, and is started by hand only by force', async () => {
  const shop = await createProject();
  const { context } = await isolatedOf(shop);
  const { dispatched } = await dispatch(context, { items: ['A-01'] });
  const [session] = dispatched;
  if (session === undefined) throw new Error('nothing was dispatched');
  const ready = await listSessions(context, { ready: true });
  expect(ready.sessions.map(({ id }) => id)).toEqual(['A-03']);
  expect(ready.dispatched).toEqual([{ id: 'A-01', session: session.id, status: 'queued' }]);
  const error = await refusal(start(context, { id: 'A-01' }), 'already-dispatched');
  expect(error.message).toBe(`A-01 was dispatched to claude: ${session.id} is queued`);
  expect(shop.dirty()).toEqual([]);
  // The agent itself may.
  await context.isolated.worktrees.add({ path: session.worktree, branch: session.branch, commit: session.base.commit });
  const ports = await context.isolated.portsOf(session.worktree);
  const there = { ...context, ports, store: new WorkspaceStore(ports) };
  expect(await start(there, { id: 'A-01' })).toMatchObject({ forced: [], warnings: [] });
  expect((await start(context, { id: 'A-01', force: true })).forced).toEqual([
    `claude has it in ${session.id} (queued)`,
  ]);
});

it('a claim of somebody is told to who starts', async () => {
  const { context } = await createProject();
  await claim(context, { item: 'A-01', owner: 'Ida' });
  expect((await start(context, { id: 'A-01' })).warnings).toEqual(['A-01 is claimed by Ida']);
});

import { describe, expect, it } from 'vitest';
import type { IsolatedEntry } from '../../src/core/actions/isolated/listIsolated.ts';
import type { InboxItem } from '../../src/core/model/inbox.ts';
import type { IsolatedSession, IsolatedStatus } from '../../src/core/model/isolated.ts';
import {
  type AgentFolderInput,
  abilitiesOf,
  buildAgentTree,
  changedAgents,
  countNeeds,
  emptyAgentTree,
} from '../../src/extension/views/agents/model.ts';

const at = '2026-11-20T12:00:00+00:00';

function entryOf(id: string, status: IsolatedStatus, more: Partial<IsolatedSession> = {}): IsolatedEntry {
  const item = { source: 'task', id, title: id, files: [], unblocksCount: 0, prompt: '' } as const;
  const session: IsolatedSession = {
    ...{ baton: 'isolated/1', id: `session-${id}`, item, status, agent: 'small', attempt: 1, mark: id },
    ...{ worktree: `/w/${id}`, branch: `baton/${id}`, base: { branch: 'main', commit: 'c' } },
    ...{ createdAt: at, history: [{ status, at }] },
    ...more,
  };
  return { session, questions: [], interrupted: false, archived: false };
}

function itemOf(id: string, more: Partial<InboxItem> = {}): InboxItem {
  return { id, kind: 'question', question: `${id}?`, options: [], blocking: false, askedAt: at, ...more };
}

function inputOf(entries: readonly IsolatedEntry[], items: readonly InboxItem[] = [], folder = 'f'): AgentFolderInput {
  return { folder, name: folder, entries, items, bypassing: new Set() };
}

/** IDs of what stands in each group. */
function groupsOf(input: AgentFolderInput): readonly string[] {
  const { roots, nodes } = buildAgentTree([input]);
  return roots.map((root) => {
    const node = nodes.get(root);
    const ids = node?.children.map((child) => nodes.get(child)?.element.id?.replace('session-', ''));
    return `${node?.element.group}: ${ids?.join(' ')}`;
  });
}

describe('the tree of agents', () => {
  it('has what needs the person first, what blocks most before the rest, then the sessions by state', () => {
    const many = { item: { ...entryOf('b', 'waiting').session.item, unblocksCount: 5 } };
    const entries = [
      ...[entryOf('q', 'queued'), entryOf('m', 'merged'), entryOf('a', 'running'), entryOf('s', 'stale')],
      ...[entryOf('b', 'waiting', many), entryOf('c', 'waiting'), entryOf('d', 'approved'), entryOf('e', 'conflict')],
      ...[entryOf('g', 'failed'), entryOf('h', 'stopped'), entryOf('i', 'rejected'), entryOf('j', 'paused')],
      { ...entryOf('k', 'running'), interrupted: true },
    ];
    const items = [
      itemOf('later', { askedAt: '2026-11-20T13:00:00+00:00' }),
      itemOf('first'),
      itemOf('few', { blocking: true, isolated: 'session-c' }),
      itemOf('many', { blocking: true, isolated: 'session-b', askedAt: '2026-11-20T14:00:00+00:00' }),
    ];
    expect(groupsOf(inputOf(entries, items))).toEqual([
      'needs: many few first later',
      'running: a s',
      'waiting: b c',
      'approved: d',
      'conflict: e',
      'ended: g h i j k',
      'queued: q',
      'merged: m',
    ]);
    // The four items, and those that are silent, approved, in conflict, failed, rejected, paused, interrupted.
    expect(countNeeds([inputOf(entries, items)])).toBe(11);
  });

  it('names the folder only where several are open, and leaves out those without anything', () => {
    const one = inputOf([entryOf('a', 'running')], [], 'one');
    const kinds = (inputs: readonly AgentFolderInput[]) => {
      const { roots, nodes } = buildAgentTree(inputs);
      return roots.map((root) => nodes.get(root)?.element.kind);
    };
    expect(kinds([])).toEqual([]);
    expect(kinds([one])).toEqual(['group']);
    expect(kinds([one, inputOf([], [], 'two')])).toEqual(['folder']);
  });

  it('fires the smallest element that differs, and nothing for what is not shown', () => {
    const before = buildAgentTree([inputOf([entryOf('a', 'running'), entryOf('b', 'running')])]);
    const idOf = (entry: IsolatedEntry) =>
      changedAgents(before, buildAgentTree([inputOf([entry, entryOf('b', 'running')])]))?.map(({ id }) => id);
    const usage = { inputTokens: 1, outputTokens: 2, turns: 1 };
    expect(idOf(entryOf('a', 'running'))).toEqual([]);
    expect(idOf(entryOf('a', 'running', { lastActivityAt: at, history: [] }))).toEqual([]);
    expect(idOf({ ...entryOf('a', 'running'), activity: { at, line: 'said', usage } })).toEqual(['session-a']);
    expect(idOf(entryOf('a', 'approved'))).toBeUndefined();
    expect(changedAgents(emptyAgentTree, before)).toBeUndefined();
  });

  it('says what can be done with a session', () => {
    const of = (status: IsolatedStatus, more: Partial<IsolatedSession> = {}) => abilitiesOf(entryOf('a', status, more));
    expect(of('queued')).toEqual(['stop']);
    expect(of('running')).toEqual(['stop', 'worktree']);
    expect(of('waiting')).toEqual(['stop', 'decide', 'worktree']);
    expect(of('approved')).toEqual(['decide', 'merge', 'retry', 'remove', 'worktree']);
    expect(of('merged')).toEqual([]);
    const error = { code: 'approval-required', message: 'not approved' };
    expect(of('failed', { error })).toEqual(['decide', 'approval', 'remove', 'worktree']);
    expect(abilitiesOf({ ...entryOf('a', 'running'), interrupted: true })).toContain('retry');
  });
});

import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  findLeftovers,
  inspectTrashed,
  purgeTrashed,
  removeIsolated,
  removeLeftovers,
  restoreIsolated,
} from '../../../../src/core/actions/isolated/clean.ts';
import { dispatch } from '../../../../src/core/actions/isolated/dispatch.ts';
import { createProject, refusal } from '../support.ts';
import { isolatedOf, restIn } from './support.ts';

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

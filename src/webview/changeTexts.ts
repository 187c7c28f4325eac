import type { DashboardSession } from '../core/model/dashboard.ts';
import type { DashboardModel } from './store.ts';
import type { Translate } from './texts.ts';

const mostNamed = 3;

/** What a screen reader says of a change: the sessions by name where they are few, else how many; undefined where nothing is worth saying. */
export function changeText(t: Translate, before: DashboardModel, after: DashboardModel): string | undefined {
  if (before.byKey === after.byKey) return undefined;
  const moved: string[] = [];
  let count = 0;
  for (const [key, session] of after.byKey) {
    const old = before.byKey.get(key);
    if (old === session) continue;
    count++;
    if (old === undefined) moved.push(t('{0} was added', session.id));
    else if (old.state !== session.state) moved.push(stateChange(t, session));
  }
  const removed = [...before.byKey.values()].filter(({ key }) => !after.byKey.has(key));
  moved.push(...removed.map(({ id }) => t('{0} was removed', id)));
  if (moved.length > mostNamed) return t('{0} sessions changed', moved.length);
  if (moved.length > 0) return moved.join('. ');
  return count > 0 ? t('{0} sessions were updated', count) : undefined;
}

function stateChange(t: Translate, { id, state }: DashboardSession): string {
  switch (state) {
    case 'active':
      return t('{0} is now active', id);
    case 'ready':
      return t('{0} is now ready', id);
    case 'waiting':
      return t('{0} is now waiting', id);
    case 'paused':
      return t('{0} is now paused', id);
    case 'blocked':
      return t('{0} is now blocked', id);
    case 'failed':
      return t('{0} has failed', id);
    case 'retry':
      return t('{0} is to be tried again', id);
    case 'done':
      return t('{0} is done', id);
    case 'unknown':
      return t('{0} has a state that is not known', id);
  }
}

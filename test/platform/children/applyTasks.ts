/** Creates tasks in a store of Claude Code, one after the other, each with the number that is free at that moment. */
import { createClaudeTasks } from '../../../src/platform/claudeTaskStore.ts';

const [configFolder = '', name = '', count = '0'] = process.argv.slice(2);
const tasks = createClaudeTasks({ configFolder });
for (let made = 0; made < Number(count); ) {
  const store = await tasks.read('shared');
  const highest = Math.max(store?.highWaterMark ?? 0, 0, ...[...(store?.files.keys() ?? [])].map(Number));
  const number = String(highest + 1);
  const stale = await tasks.apply('shared', [{ kind: 'create', number, text: JSON.stringify({ id: number, name }) }]);
  if (!stale.has(number)) made += 1;
}

/**
 * Whole processes: what `tasks list`, `ready`, `show` and `set` cost over one list of 1,000 and of 10,000 tasks and over 200 lists of 50,
 * beside the floor of starting Node and reading the same files. It builds what it measures. Run with `npm run bench -- tasks.`; BENCH_NODE
 * names another Node, BENCH_ROUNDS how often.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, commandLine } from '../../scripts/lib/build.ts';
import { createLists, medians, tasksOf } from './taskData.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 9);
const command = process.env.BENCH_NODE ?? process.execPath;
const folder = mkdtempSync(join(tmpdir(), 'baton-bench-tasks-'));
const cli = join(folder, 'dist/cli.cjs');
const env = { BATON_CACHE_HOME: join(folder, 'cache') };

/** Measures Baton over one set of lists. */
function measure(title, root, tasks) {
  // One that waits for nothing, so that its state may be changed to and fro.
  const free = tasksOf(tasks).find(({ state }) => state === 'IN_PROGRESS');
  const path = JSON.stringify(join(root, 'docs/tasks'));
  const readAll = `const fs = require('node:fs'); for (const file of fs.readdirSync(${path})) fs.readFileSync(${path} + '/' + file, 'utf8')`;
  const set = { cwd: root, command, env };
  set.prepare = (round) => {
    set.args = [cli, 'tasks', 'set', 'list-1', `task-${free?.number}`, round % 2 === 0 ? 'pending' : 'in_progress'];
  };
  const verbs = [
    ['list'],
    ['ready', 'list-1'],
    ['show', 'list-1'],
    ['show', 'list-1', '--all'],
    ['show', 'list-1', '--json'],
  ];
  const [start, floor, ...times] = medians(
    [
      { command, args: ['-e', '0'], cwd: root },
      { command, args: ['-e', readAll], cwd: root },
      ...verbs.map((verb) => ({ command, args: [cli, 'tasks', ...verb], cwd: root, env })),
      set,
    ],
    rounds,
  );
  console.log(
    `${title}: node -e 0 ${start.toFixed(0)} ms, and reading the same files ${floor.toFixed(0)} ms, the floor`,
  );
  for (const [index, verb] of [...verbs, ['set']].entries()) {
    console.log(`  tasks ${verb.join(' ').padEnd(20)} ${(times[index] / floor).toFixed(2)} × the floor`);
  }
}

try {
  await build({
    production: true,
    quiet: true,
    outDir: dirname(cli),
    only: commandLine,
  });
  console.log(
    `Node ${execFileSync(command, ['--version'], { encoding: 'utf8' }).trim()}, medians of ${rounds} rounds in turns`,
  );
  measure('one list of 1,000 tasks', createLists(join(folder, 'one-1000'), 1, 1_000), 1_000);
  measure('one list of 10,000 tasks', createLists(join(folder, 'one-10000'), 1, 10_000), 10_000);
  measure('200 lists of 50 tasks', createLists(join(folder, 'many'), 200, 50), 50);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

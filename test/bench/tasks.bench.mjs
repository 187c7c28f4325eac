/**
 * Whole processes: what `tasks list`, `ready`, `show` and `set` cost over one list of 1,000 and of 10,000 tasks and over 200 lists of 50,
 * beside the floor of starting Node and reading the same files, and beside backlog.md and task-master-ai from npm on the same tasks.
 * It builds what it measures. Run with `npm run bench -- tasks`; BENCH_NODE names another Node, BENCH_ROUNDS how often, BENCH_PEERS=0
 * leaves the peers out. They are installed once, into .vscode-test/peers; every program gets its own form of the same tasks.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build, bundles } from '../../scripts/lib/build.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const peerRounds = Math.min(rounds, 3);
const node = process.env.BENCH_NODE ?? process.execPath;
const folder = mkdtempSync(join(tmpdir(), 'baton-bench-tasks-'));
const cli = join(folder, 'dist/cli.cjs');
const peerFolder = resolve(import.meta.dirname, '../../.vscode-test/peers');
const readAll = (pattern) =>
  `const fs = require('node:fs'); for (const file of fs.readdirSync(${JSON.stringify(pattern)})) fs.readFileSync(${JSON.stringify(pattern)} + '/' + file, 'utf8')`;

/** The same tasks for every program: 40 % complete, some in progress, each waits for the third before it. */
function tasksOf(count) {
  const done = Math.floor(count * 0.4);
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    title: `Title of the task number ${index + 1}`,
    state: index < done ? 'COMPLETE' : index < done + 3 ? 'IN_PROGRESS' : 'PENDING',
    after: index >= 3 ? [index - 2] : [],
  }));
}

function put(root, path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function createRepository(name) {
  const root = join(folder, name);
  mkdirSync(root, { recursive: true });
  execFileSync('git', ['init', '-q'], { cwd: root });
  return root;
}

/** Task lists as Baton writes them. */
function createLists(name, lists, each) {
  const root = createRepository(name);
  for (let list = 1; list <= lists; list++) {
    const rows = tasksOf(each).map(({ number, title, state, after }) => {
      const worked = state === 'PENDING' ? '— | —' : '1 | 2026-01-02T09:00+01:00';
      return `| task-${number} | ${state} | ${title} | ${after.map((one) => `task-${one}`).join(', ') || '—'} | ${worked} |`;
    });
    put(
      root,
      `docs/tasks/list-${list}.md`,
      `---\nbaton: tasks/1\nid: list-${list}\ntitle: List ${list}\ncreated_at: 2026-01-02T09:00:00+01:00\nsession: 1\n---\n\n# List ${list}\n\n| Task | Status | Title | After | Session | Updated |\n|------|--------|-------|-------|---------|---------|\n${rows.join('\n')}\n\n## Sessions\n\n| Session | Started | Ended | Who | Completed |\n|---------|---------|-------|-----|-----------|\n| 1 | 2026-01-02T09:00+01:00 | — | Ada | — |\n\n## Handoff\n\nNothing has been handed off yet.\n`,
    );
  }
  return root;
}

/** A backlog.md project: a file for each task. */
function createBacklog(count) {
  const root = createRepository(`backlog-${count}`);
  const states = { COMPLETE: 'Done', IN_PROGRESS: 'In Progress', PENDING: 'To Do' };
  put(
    root,
    'backlog/config.yml',
    'project_name: "Bench"\ndefault_status: "To Do"\nstatuses: ["To Do", "In Progress", "Done"]\nlabels: []\nmilestones: []\ndate_format: yyyy-mm-dd\ncheck_active_branches: false\nremote_operations: false\nauto_commit: false\n',
  );
  for (const { number, title, state, after } of tasksOf(count)) {
    const dependencies =
      after.length === 0 ? 'dependencies: []' : `dependencies:\n${after.map((one) => `  - task-${one}`).join('\n')}`;
    put(
      root,
      `backlog/tasks/task-${number} - Title-of-the-task-number-${number}.md`,
      `---\nid: task-${number}\ntitle: ${title}\nstatus: ${states[state]}\nassignee: []\ncreated_date: '2026-01-02'\nlabels: []\n${dependencies}\n---\n`,
    );
  }
  return root;
}

/** A task-master-ai project: one JSON file. */
function createTaskMaster(count) {
  const root = createRepository(`taskmaster-${count}`);
  const states = { COMPLETE: 'done', IN_PROGRESS: 'in-progress', PENDING: 'pending' };
  const tasks = tasksOf(count).map(({ number, title, state, after }) => ({
    id: number,
    title,
    description: title,
    status: states[state],
    dependencies: after,
    priority: 'medium',
    details: '',
    testStrategy: '',
    subtasks: [],
  }));
  put(
    root,
    '.taskmaster/tasks/tasks.json',
    JSON.stringify(
      { master: { tasks, metadata: { created: '2026-01-02', updated: '2026-01-02', description: '' } } },
      null,
      2,
    ),
  );
  put(
    root,
    '.taskmaster/config.json',
    JSON.stringify({ models: {}, global: { logLevel: 'error', projectName: 'Bench' } }),
  );
  put(
    root,
    '.taskmaster/state.json',
    JSON.stringify({
      currentTag: 'master',
      lastSwitched: '2026-01-02T09:00:00.000Z',
      branchTagMapping: {},
      migrationNoticeShown: true,
    }),
  );
  return root;
}

/** Wall time of one run, in ms. */
function run({ command = node, args, cwd, env }) {
  const startedAt = performance.now();
  const { status, error, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: 1 << 29,
    timeout: 600_000,
  });
  const tookMs = performance.now() - startedAt;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return tookMs;
}

/** The fastest round of each case, in turns: what a busy machine adds belongs to none of them. */
function fastest(cases, count) {
  const best = cases.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < count; round++) {
    for (const [index, one] of cases.entries()) {
      one.prepare?.(round);
      best[index] = Math.min(best[index], run(one));
    }
  }
  return best;
}

function print(name, ms, ratio) {
  console.log(`  ${name.padEnd(34)} ${ms.toFixed(0).padStart(7)} ms${ratio === undefined ? '' : `  ${ratio}`}`);
}

/** Measures Baton over one set of lists; answers the times by verb. */
function measureBaton(title, root, tasks) {
  const last = `task-${tasks}`;
  // One that waits for nothing, so that its state may be changed to and fro.
  const free = tasksOf(tasks).find(({ state }) => state === 'IN_PROGRESS');
  const states = ['pending', 'in_progress'];
  let turn = 0;
  const set = {
    args: [],
    cwd: root,
    prepare: () => (set.args = [cli, 'tasks', 'set', 'list-1', `task-${free?.number}`, states[turn++ % 2]]),
  };
  const cases = [
    { args: ['-e', '0'], cwd: root },
    { args: ['-e', readAll(join(root, 'docs/tasks'))], cwd: root },
    { args: [cli, 'tasks', 'list'], cwd: root },
    { args: [cli, 'tasks', 'ready', 'list-1'], cwd: root },
    { args: [cli, 'tasks', 'show', 'list-1'], cwd: root },
    { args: [cli, '--json', 'tasks', 'show', 'list-1'], cwd: root },
    set,
  ];
  const [start, floor, ...times] = fastest(cases, rounds);
  console.log(`${title} (up to ${last})`);
  print('node -e 0', start);
  print('floor: and read the same files', floor);
  const names = ['tasks list', 'tasks ready', 'tasks show', 'tasks show --json', 'tasks set'];
  for (const [index, name] of names.entries())
    print(name, times[index], `${(times[index] / floor).toFixed(2)}x the floor`);
  return Object.fromEntries(['list', 'ready', 'show', 'showJson', 'set'].map((name, index) => [name, times[index]]));
}

function installPeers() {
  const bin = join(peerFolder, 'node_modules/.bin');
  if (existsSync(join(bin, 'backlog')) && existsSync(join(bin, 'task-master'))) return bin;
  mkdirSync(peerFolder, { recursive: true });
  writeFileSync(join(peerFolder, 'package.json'), '{"private":true}\n');
  console.log('Installing backlog.md and task-master-ai into .vscode-test/peers …');
  execFileSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', 'backlog.md', 'task-master-ai'],
    {
      cwd: peerFolder,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 900_000,
    },
  );
  return bin;
}

/** Measures both peers over `count` tasks; a verb that a peer does not have, or that fails, is left out. */
function measurePeers(bin, count, own) {
  const backlog = createBacklog(count);
  const taskMaster = createTaskMaster(count);
  const first = Math.floor(count * 0.4) + 1;
  const quiet = { NO_COLOR: '1', TASKMASTER_LOG_LEVEL: 'error', TASKMASTER_SKIP_AUTO_UPDATE: '1', CI: '1' };
  const inBacklog = (...args) => ({ command: join(bin, 'backlog'), args, cwd: backlog, env: quiet });
  const inTaskMaster = (...args) => ({ command: join(bin, 'task-master'), args, cwd: taskMaster, env: quiet });
  const flip = (round, ...states) => states[round % 2];
  const setIn = (make) => {
    const one = make(0);
    return Object.assign(one, { prepare: (round) => Object.assign(one, { args: make(round).args }) });
  };
  const peers = {
    'backlog.md': {
      list: inBacklog('task', 'list', '--plain'),
      show: inBacklog('task', `${first}`, '--plain'),
      set: setIn((round) =>
        inBacklog('task', 'edit', `${first}`, '-s', flip(round, 'To Do', 'In Progress'), '--plain'),
      ),
    },
    'task-master-ai': {
      list: inTaskMaster('list'),
      ready: inTaskMaster('next'),
      show: inTaskMaster('show', `${first}`),
      set: setIn((round) =>
        inTaskMaster('set-status', `--id=${first}`, `--status=${flip(round, 'pending', 'in-progress')}`),
      ),
    },
  };
  for (const [name, verbs] of Object.entries(peers)) {
    console.log(`${name}, the same ${count} tasks`);
    for (const [verb, one] of Object.entries(verbs)) {
      try {
        const [ms = 0] = fastest([one], count >= 10_000 ? 1 : peerRounds);
        // Their list prints every task, as Baton's show does.
        const mine = verb === 'list' ? own.show : own[verb];
        print(`${verb}: ${one.args.slice(0, 2).join(' ')}`, ms, `Baton is ${(ms / mine).toFixed(1)} times as fast`);
      } catch (error) {
        console.log(`  ${verb}: failed (${String(error.message).split('\n')[0].slice(0, 120)})`);
      }
    }
  }
}

try {
  await build({
    production: true,
    quiet: true,
    outDir: dirname(cli),
    only: bundles.filter(({ name }) => name === 'cli' || name === 'cliVerbs'),
  });
  console.log(`Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}, fastest of ${rounds} rounds`);
  const small = measureBaton('one list of 1,000 tasks', createLists('one-1000', 1, 1_000), 1_000);
  const large = measureBaton('one list of 10,000 tasks', createLists('one-10000', 1, 10_000), 10_000);
  measureBaton('200 lists of 50 tasks', createLists('many', 200, 50), 50);
  if (process.env.BENCH_PEERS !== '0') {
    const bin = installPeers();
    measurePeers(bin, 1_000, small);
    measurePeers(bin, 10_000, large);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

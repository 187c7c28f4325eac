/**
 * Whole processes: what Baton costs beside backlog.md and task-master-ai from npm on the same tasks, 1,000 and 10,000 of them, each in the
 * program's own form. Run with `npm run bench -- tasksPeers`. The peers are installed once, into .vscode-test/peers; what was measured is kept
 * there too, so that a run that was ended goes on where it was (BENCH_FRESH=1 begins anew). BENCH_PEER_SECONDS bounds one run of a peer.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { build, commandLine } from '../../scripts/lib/build.ts';
import { createLists, createRepository, put, run, tasksOf } from './taskData.mjs';

const folder = mkdtempSync(join(tmpdir(), 'baton-bench-peers-'));
const cli = join(folder, 'dist/cli.cjs');
const peerFolder = resolve(import.meta.dirname, '../../.vscode-test/peers');
const recordFile = join(peerFolder, 'results.json');
const limitMs = Number(process.env.BENCH_PEER_SECONDS ?? 180) * 1000;
/** Of a peer that takes longer than this, one run is enough. */
const slowMs = 5_000;
const rounds = 3;

/** A backlog.md project: a file for each task. */
function createBacklog(count) {
  const root = createRepository(join(folder, `backlog-${count}`));
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
  const root = createRepository(join(folder, `taskmaster-${count}`));
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

function versionOf(name) {
  return JSON.parse(readFileSync(join(peerFolder, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** What is compared: a peer's command, and Baton's that says the same or more. A verb that a peer does not have is left out. */
function comparisonsOf(bin, count) {
  const backlog = createBacklog(count);
  const taskMaster = createTaskMaster(count);
  const baton = createLists(join(folder, `baton-${count}`), 1, count);
  const first = Math.floor(count * 0.4) + 1;
  const env = {
    // The same Node for all of them.
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    NO_COLOR: '1',
    TASKMASTER_LOG_LEVEL: 'error',
    TASKMASTER_SKIP_AUTO_UPDATE: '1',
    CI: '1',
    BATON_CACHE_HOME: join(folder, 'cache'),
  };
  const inBacklog = (...args) => ({ command: join(bin, 'backlog'), args, cwd: backlog, env, limitMs });
  const inTaskMaster = (...args) => ({ command: join(bin, 'task-master'), args, cwd: taskMaster, env, limitMs });
  const inBaton = (...args) => ({ args: [cli, 'tasks', ...args], cwd: baton, env });
  const show = inBaton('show', 'list-1', '--json');
  return [
    {
      peer: 'backlog.md',
      verb: 'list',
      theirs: [inBacklog('task', 'list', '--plain')],
      ours: [inBaton('show', 'list-1', '--all')],
    },
    { peer: 'backlog.md', verb: 'show', theirs: [inBacklog('task', `${first}`, '--plain')], ours: [show] },
    {
      peer: 'backlog.md',
      verb: 'set',
      theirs: ['To Do', 'In Progress'].map((state) => inBacklog('task', 'edit', `${first}`, '-s', state, '--plain')),
      ours: ['pending', 'in_progress'].map((state) => inBaton('set', 'list-1', `task-${first}`, state)),
    },
    {
      peer: 'task-master-ai',
      verb: 'list',
      theirs: [inTaskMaster('list')],
      ours: [inBaton('show', 'list-1', '--all')],
    },
    { peer: 'task-master-ai', verb: 'ready', theirs: [inTaskMaster('next')], ours: [inBaton('ready', 'list-1')] },
    { peer: 'task-master-ai', verb: 'show', theirs: [inTaskMaster('show', `${first}`)], ours: [show] },
    {
      peer: 'task-master-ai',
      verb: 'set',
      theirs: ['pending', 'in-progress'].map((state) =>
        inTaskMaster('set-status', `--id=${first}`, `--status=${state}`),
      ),
      ours: ['pending', 'in_progress'].map((state) => inBaton('set', 'list-1', `task-${first}`, state)),
    },
  ];
}

/** How many times as long the peer takes, the two in turns: the median of the pairs. Commands that change something alternate. */
function compare({ theirs, ours }) {
  run(ours[1] ?? ours[0]);
  const ratios = [];
  for (let round = 0; round < rounds; round++) {
    const mine = run(ours[round % ours.length]);
    let peerMs = limitMs;
    try {
      peerMs = run(theirs[round % theirs.length]);
    } catch (error) {
      if (error.cause?.code !== 'ETIMEDOUT') return `failed: ${String(error.message).split('\n')[0].slice(0, 100)}`;
      return `more than ${Math.floor(peerMs / mine)}, ended after ${limitMs / 1000} s`;
    }
    ratios.push(peerMs / mine);
    if (peerMs > slowMs) break;
  }
  return ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)].toFixed(1);
}

try {
  await build({
    production: true,
    quiet: true,
    outDir: dirname(cli),
    only: commandLine,
  });
  const bin = installPeers();
  const known =
    process.env.BENCH_FRESH !== '1' && existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')) : {};
  console.log(`How many times as long a peer takes as Baton, Node ${process.versions.node}`);
  for (const count of [1_000, 10_000]) {
    for (const comparison of comparisonsOf(bin, count)) {
      const { peer, verb } = comparison;
      const key = `${peer} ${versionOf(peer)}, ${count} tasks, ${verb}`;
      known[key] ??= compare(comparison);
      writeFileSync(recordFile, `${JSON.stringify(known, undefined, 2)}\n`);
      console.log(`  ${key.padEnd(48)} ${known[key]}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

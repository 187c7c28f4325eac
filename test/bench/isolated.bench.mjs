/**
 * Measures isolated sessions with the built supervisor: what a dispatch costs until its agent has begun, beside a bare `git worktree add` in the
 * same repository of 5,000 files; what memory a session takes in the supervisor; how long an agent's event takes to `activity.json`, and to
 * its row in the tree of a real window.
 * Run with Node 24 after a build: `npm run bench -- isolated`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { revisionOf } from '../../src/core/base/revision.ts';
import { measureRows } from './agentRows.mjs';

const program = resolve(import.meta.dirname, '../../dist/supervisor.cjs');
const files = 5_000;
const rounds = 5;
const together = 8;
const limitMs = 60_000;

const home = mkdtempSync(join(tmpdir(), 'baton-bench-isolated-'));
const root = join(home, 'repository');
const records = join(root, '.git/baton/isolated');
const environment = {
  ...process.env,
  HOME: home,
  BATON_CONFIG_HOME: join(home, 'config'),
  GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
  BATON_SUPERVISOR_SETTINGS: JSON.stringify({ idleMs: 600_000 }),
};
const git = (...args) => execFileSync('git', args, { cwd: root, env: environment, encoding: 'utf8' }).trim();
const slow = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length * 0.95)];
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

function makeRepository() {
  for (let index = 0; index < files; index++) {
    const folder = join(root, `src/part-${index % 50}`);
    if (index < 50) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file-${index}.txt`), `line of ${index}\n`.repeat(20));
  }
  writeFileSync(join(root, '.baton.yaml'), `mode: agentic\nmax_parallel: ${together + 1}\n`);
  writeFileSync(join(home, 'gitconfig'), '[user]\n\tname = Bench\n\temail = bench@example.com\n');
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'chore: begin');
  mkdirSync(join(home, 'config'));
  const agents = {
    default: 'quick',
    agents: {
      quick: {
        command: '/bin/sh',
        args: ['-c', 'date +%s%N > .baton/begun; echo \'{"decision": "approved"}\' > .baton/review.json'],
      },
      talks: {
        command: '/bin/sh',
        args: [
          '-c',
          'while [ ! -e .baton/end ]; do date +%s%3N; sleep 0.7; done; echo \'{"decision": "approved"}\' > .baton/review.json',
        ],
      },
    },
  };
  writeFileSync(join(home, 'config/agents.yaml'), JSON.stringify(agents));
}

async function until(what, isSo) {
  for (const end = Date.now() + limitMs; ; await sleep(5)) {
    try {
      const value = isSo();
      if (value) return value;
    } catch {
      // Not there yet.
    }
    if (Date.now() > end) throw new Error(`waited for ${what}`);
  }
}

/** Writes a queued session as `dispatch` does, and wakes the supervisor. */
function queue(name, agent, commit) {
  const id = `session-${name}-bench-000000`;
  const at = new Date().toISOString();
  const session = {
    baton: 'isolated/1',
    id,
    item: { source: 'task', list: 'bench', id: name, title: name, files: [], unblocksCount: 0, prompt: 'Work.' },
    status: 'queued',
    agent,
    worktree: join(root, '.worktrees', name),
    branch: `baton/${name}`,
    base: { branch: 'main', commit },
    createdAt: at,
    attempt: 1,
    history: [{ status: 'queued', at }],
    mark: `${id}.${revisionOf(id)}`,
  };
  mkdirSync(join(records, id), { recursive: true });
  writeFileSync(join(records, id, 'state.json'), JSON.stringify(session));
  writeFileSync(join(records, 'wake'), at);
  return { id, worktree: session.worktree };
}

const statusOf = (id) => JSON.parse(readFileSync(join(records, id, 'state.json'), 'utf8')).status;
const residentMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

mkdirSync(root);
makeRepository();
const commit = git('rev-parse', 'HEAD');
mkdirSync(records, { recursive: true });
const supervisor = spawn(process.execPath, [program, '--root', root], { env: environment, stdio: 'ignore' });
let failed = false;
try {
  await until('the supervisor', () => statSync(join(records, 'recovered.json')));
  const bare = [];
  const dispatched = [];
  for (let round = 0; round < rounds; round++) {
    const path = join(home, `bare-${round}`);
    const bareFrom = performance.now();
    git('worktree', 'add', '-q', '-b', `bare-${round}`, path, commit);
    bare.push(performance.now() - bareFrom);
    git('worktree', 'remove', '--force', path);
    const from = Date.now();
    const { id, worktree } = queue(`quick-${round}`, 'quick', commit);
    await until('a verdict', () => statusOf(id) === 'approved');
    dispatched.push(Number(readFileSync(join(worktree, '.baton/begun'), 'utf8')) / 1e6 - from);
    git('worktree', 'remove', '--force', worktree);
    rmSync(join(records, id), { recursive: true });
  }
  await sleep(1_000);
  const before = residentMb(supervisor.pid);
  const talking = Array.from({ length: together }, (_, index) => queue(`talks-${index}`, 'talks', commit));
  await until('all to talk', () => talking.every(({ id }) => statSync(join(records, id, 'activity.json'))));
  const latencies = [];
  const seen = new Map();
  for (const end = Date.now() + 6_000; Date.now() < end; await sleep(5)) {
    for (const { id } of talking) {
      const path = join(records, id, 'activity.json');
      const { line } = JSON.parse(readFileSync(path, 'utf8'));
      if (!/^\d+$/.test(line) || seen.get(id) === line) continue;
      // The first was written before we looked.
      if (seen.has(id)) latencies.push(statSync(path).mtimeMs - Number(line));
      seen.set(id, line);
    }
  }
  const perSession = (residentMb(supervisor.pid) - before) / together;
  const { BATON_CONFIG_HOME, GIT_CONFIG_GLOBAL } = environment;
  const env = { BATON_CONFIG_HOME, GIT_CONFIG_GLOBAL };
  const shown = await measureRows({ root, folder: home, sessions: together, env, forMs: 15_000 });
  for (const { worktree } of talking) writeFileSync(join(worktree, '.baton/end'), '');
  await until('all to end', () => talking.every(({ id }) => statusOf(id) === 'approved'));
  const ratio = median(dispatched) / median(bare);
  const line = (name, value, limit, unit) => {
    const isOver = value > limit;
    failed ||= isOver;
    console.log(
      `${name.padEnd(48)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(7)} at most ${limit}${isOver ? '   OVER' : ''}`,
    );
  };
  console.log(
    `git worktree add, ${files} files: ${median(bare).toFixed(0)} ms; dispatch to agent: ${median(dispatched).toFixed(0)} ms`,
  );
  line('dispatch until the agent has begun', ratio, 1.5, '× bare');
  line(`memory of the supervisor per session (${before.toFixed(0)} MB + …)`, perSession, 40, 'MB');
  line(`event to activity.json, ${latencies.length} events`, median(latencies), 300, 'ms');
  line('… the slowest twentieth', slow(latencies), 300, 'ms');
  line(`event to the row in a window, ${shown.length} events`, median(shown), 300, 'ms');
  console.log(`… the slowest twentieth of these ${slow(shown)} ms`);
} finally {
  const ended = new Promise((done) => supervisor.once('exit', done));
  supervisor.kill('SIGTERM');
  await ended;
  rmSync(home, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

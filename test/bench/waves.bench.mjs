/**
 * Measures wave runs with the built supervisor: what an agent costs the coordinator of its own processor time, beside what the agent and git use,
 * which is told too. Two runs of one wave, with few and with many agents; the difference counts, the median of several rounds. An agent in a
 * worktree of its own costs more: git is started a dozen times to make it, look at it, gather from it and remove it, and what the system does to
 * start a process counts as the coordinator's. That is told, and has no limit here: `isolated` measures that.
 * On a busy machine the system counts more time for the same work.
 * Run with Node 24 after a build: `npm run bench -- waves`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const dist = resolve(import.meta.dirname, '../..', process.env.BATON_TEST_DIST ?? 'dist');
const few = 4;
const many = 28;
const limitMs = 240_000;
const rounds = 3;
/** Of the coordinator's own processor time, per agent in a shared tree. */
const mostMs = 30;

// In memory where that can be had: how busy the disk is, is nobody's processor time, and the system counts it so.
const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'baton-bench-waves-'));
const root = join(home, 'repository');
const records = join(root, '.git/baton');
const environment = {
  ...process.env,
  HOME: home,
  BATON_CONFIG_HOME: join(home, 'config'),
  BATON_STATE_HOME: join(home, 'state'),
  GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
  GIT_CONFIG_NOSYSTEM: '1',
  SO_SESSION_REGISTRY_DIR: join(home, 'sessions'),
  BATON_SUPERVISOR_SETTINGS: JSON.stringify({ idleMs: 600_000 }),
};
const git = (...args) => execFileSync('git', args, { cwd: root, env: environment, encoding: 'utf8' }).trim();
const baton = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, [join(dist, 'cli.cjs'), '--json', ...args], {
      cwd: root,
      env: environment,
      encoding: 'utf8',
    }),
  ).data;

function makeRepository() {
  mkdirSync(join(root, 'src'), { recursive: true });
  for (let index = 0; index < 500; index++) writeFileSync(join(root, `src/file-${index}.txt`), `line of ${index}\n`);
  const config = { 'agents-per-wave': 64, 'worker-pool': { enabled: true, 'max-parallel': 4 } };
  writeFileSync(join(root, '.baton.yaml'), `mode: agentic\nwaves: ${JSON.stringify(config)}\n`);
  mkdirSync(join(root, '.orchestrator'));
  writeFileSync(join(root, '.orchestrator/bootstrap.lock'), 'version: 1\ntier: fast\n');
  for (const isolation of ['none', 'worktree'])
    for (const count of [few, many]) writeFileSync(join(root, `${isolation}-${count}.md`), planOf(isolation, count));
  writeFileSync(join(home, 'gitconfig'), '[user]\n\tname = Bench\n\temail = bench@example.com\n');
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'chore: begin');
  mkdirSync(join(home, 'config'));
  const work = 'n=${BATON_WAVE_AGENT#a-}; echo done > src/file-$n.txt; echo "STATUS: done — file $n"';
  const agents = { default: 'quick', agents: { quick: { command: '/bin/sh', args: ['-c', work] } } };
  writeFileSync(join(home, 'config/agents.yaml'), JSON.stringify(agents));
}

function planOf(isolation, count) {
  const agents = Array.from(
    { length: count },
    (_one, index) =>
      `- Agent ${index + 1}: Change file ${index}\n  Id: a-${index}\n  Task: Change it\n  Files: src/file-${index}.txt\n`,
  );
  return `# Bench ${isolation} ${count}\n\n## Wave Plan (Session: feature, 1 wave, isolation: ${isolation})\n\n### Wave 1: Impl-Core (${count} agents, parallel)\n\n${agents.join('')}\n### Execution Config\n\n- Waves: 1 | Agents-per-wave cap: 64 | Isolation: ${isolation}\n- Enforcement: strict | Max turns: 5\n`;
}

async function until(what, isSo) {
  for (const end = Date.now() + limitMs; ; await sleep(20)) {
    try {
      const value = isSo();
      if (value) return value;
    } catch {
      // Not there yet.
    }
    if (Date.now() > end) throw new Error(`waited for ${what}`);
  }
}

/** Processor time of a process and of its ended children, in milliseconds (proc_pid_stat(5): fields 14 to 17, in hundredths of a second). */
function processorMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  const [own, ownSystem, others, othersSystem] = fields.slice(11, 15).map((ticks) => Number(ticks) * 10);
  return { own: own + ownSystem, others: others + othersSystem };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function measure(plan, pid) {
  const before = processorMs(pid);
  const { run } = baton('wave', 'run', '--plan', plan, '--yes', '--dirty', 'continue');
  const file = join(records, 'waves', run.id, 'run.json');
  const ended = await until(plan, () => {
    const record = JSON.parse(readFileSync(file, 'utf8'));
    if (record.status === 'failed' || record.status === 'paused') throw new Error(`${record.status}: ${record.why}`);
    return record.status === 'completed' && record;
  });
  const after = processorMs(pid);
  const done = ended.agents.filter(({ status }) => status === 'done').length;
  baton('wave', 'close');
  git('checkout', '-q', '--', 'src');
  rmSync(join(root, '.claude'), { recursive: true, force: true });
  return { own: after.own - before.own, others: after.others - before.others, done };
}

mkdirSync(root);
makeRepository();
mkdirSync(join(records, 'isolated'), { recursive: true });
const supervisor = spawn(process.execPath, [join(dist, 'supervisor.cjs'), '--root', root], {
  cwd: root,
  env: environment,
  stdio: 'ignore',
});
let failed = false;
try {
  await until('the supervisor', () => statSync(join(records, 'isolated/recovered.json')));
  const { pid } = supervisor;
  for (const isolation of ['none', 'worktree']) {
    // What is compiled once is no agent's.
    await measure(`${isolation}-${few}.md`, pid);
    const perAgent = { own: [], others: [] };
    let isGood = true;
    for (let round = 0; round < rounds; round++) {
      const small = await measure(`${isolation}-${few}.md`, pid);
      const large = await measure(`${isolation}-${many}.md`, pid);
      for (const whose of ['own', 'others']) perAgent[whose].push((large[whose] - small[whose]) / (many - few));
      isGood &&= small.done === few && large.done === many;
    }
    const own = median(perAgent.own);
    isGood &&= isolation !== 'none' || own <= mostMs;
    failed ||= !isGood;
    const where = isolation === 'none' ? `in a shared tree (at most ${mostMs})` : 'in a worktree of its own';
    const others = `${median(perAgent.others).toFixed(1)} ms of agent and git beside`;
    console.log(
      `coordinator per agent ${where}: ${own.toFixed(1)} ms of its own, ${others}${isGood ? '' : '  FAILED'}`,
    );
  }
} finally {
  supervisor.kill('SIGTERM');
  await until('its end', () => supervisor.exitCode !== null || supervisor.signalCode !== null);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(failed ? 1 : 0);

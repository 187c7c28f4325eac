/**
 * Whole processes: what reads and edits of the command line cost in processor time over 10 rows and over 10,000, beside the floor of
 * starting Node and reading the same files. It builds what it measures. Run with `npm run bench -- cli`; BENCH_NODE names another Node to run it under,
 * BENCH_ROUNDS how often.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, commandLine } from '../../scripts/lib/build.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const folder = mkdtempSync(join(tmpdir(), 'baton-bench-cli-'));
const bundle = join(folder, 'dist/cli.cjs');
const planPath = 'docs/BIG_PROMPTS.md';
const progressPath = 'docs/progress/BIG_PROGRESS.md';

function git(cwd, ...args) {
  return execFileSync('git', args, { cwd, encoding: 'utf8' });
}

/** A repository with a table of `count` rows, the first 40 % done; the plan has the last one's section. */
function createProject(count) {
  const root = join(folder, String(count));
  const rows = Array.from({ length: count }, (_, index) => {
    const done = index < count * 0.4;
    const after = done && index > 0 ? `BE-${index - 1}` : 'none';
    return `| BE-${index} | Session number ${index} | ${done ? '✅ Done' : '⬜ Pending'} | 2026-01-02 09:00 | — | — | ${after} |`;
  });
  const head =
    '| Session | Title | Status | Started | Completed | Commit | Dependencies |\n|---|---|---|---|---|---|---|';
  const section = `## Session BE-${count - 1}: The last one\n\n### Prompt\n\nDo it.\n\n### Verification Checklist\n\n- [ ] It works\n`;
  const files = {
    [planPath]: `# Big Prompts\n\n${section}`,
    [progressPath]: `# Big Progress\n\n## Repository: main\n\n### Week 1\n\n${head}\n${rows.join('\n')}\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  git(root, 'init', '-q');
  git(root, 'config', 'user.name', 'Bench');
  git(root, 'config', 'user.email', 'bench@example.com');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'feat: begin');
  return root;
}

const hook = join(import.meta.dirname, 'processorHook.cjs');
const processorFile = join(folder, 'processor');

/** Processor time of one run of Node, in ms, without the processes that it starts: what a busy machine adds to the wall's is left out. */
function run(args, cwd) {
  const { status, stderr } = spawnSync(process.env.BENCH_NODE ?? process.execPath, ['--require', hook, ...args], {
    cwd,
    env: { ...process.env, BENCH_PROCESSOR_FILE: processorFile },
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return Number(readFileSync(processorFile, 'utf8')) / 1000;
}

/** The fastest round of each case, in turns: what a busy machine adds belongs to none of them. A case's `prepare` is not measured. */
function fastest(cases) {
  const best = cases.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { args, cwd, prepare }] of cases.entries()) {
      prepare?.();
      best[index] = Math.min(best[index], run(args, cwd));
    }
  }
  return best;
}

/** What is measured over one project: the floor first, the edit last. */
function casesOf(count) {
  const root = createProject(count);
  const last = `BE-${count - 1}`;
  const read = `const { readFileSync } = require('node:fs'); for (const path of ${JSON.stringify([planPath, progressPath])}) readFileSync(path, 'utf8')`;
  const reset = () => {
    git(root, 'reset', '-q', '--hard');
    git(root, 'clean', '-qfd');
    rmSync(join(root, '.git/baton'), { recursive: true, force: true });
  };
  const verbs = [['status'], ['sessions', '--ready'], ['sessions'], ['show', last]];
  return [
    { what: "Node's start and reading the files", args: ['-e', read], cwd: root },
    ...verbs.map((verb) => ({ what: verb.join(' '), args: [bundle, ...verb, '--json'], cwd: root, prepare: reset })),
    { what: 'start: one row edited', args: [bundle, 'start', last, '--json'], cwd: root, prepare: reset },
  ];
}

function print(what, ms, floor) {
  console.log(`  ${what.padEnd(34)} ${ms.toFixed(0).padStart(5)} ms  ${(ms / floor).toFixed(2)} × the floor`);
}

try {
  await build({ only: commandLine, outDir: join(folder, 'dist'), production: true, quiet: true });
  const projects = [10, 10_000].map((count) => ({ count, cases: casesOf(count) }));
  const times = fastest([{ args: ['-e', '0'], cwd: folder }, ...projects.flatMap(({ cases }) => cases)]);
  console.log(`Node's start: ${times.shift()?.toFixed(0)} ms`);
  const edits = [];
  for (const { count, cases } of projects) {
    const own = times.splice(0, cases.length);
    console.log(`${count} rows`);
    for (const [index, { what }] of cases.entries()) print(what, own[index], own[0]);
    edits.push(own.at(-1));
    const row = `| BE-${count - 1} | Session number ${count - 1} | 🔄 Active |`;
    if (!readFileSync(join(folder, String(count), progressPath), 'utf8').includes(row))
      throw new Error('start changed nothing');
  }
  const [small = 1, large = 1] = edits;
  console.log(`One row of 10,000 edited: ${(large / small).toFixed(2)} × what it costs in 10`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

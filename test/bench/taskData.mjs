/** What the benches of task lists share: the same tasks for every program, and runs of whole processes in turns. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The same tasks for every program: 40 % complete, some in progress, each waits for the third before it. */
export function tasksOf(count) {
  const done = Math.floor(count * 0.4);
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    title: `Title of the task number ${index + 1}`,
    state: index < done ? 'COMPLETE' : index < done + 3 ? 'IN_PROGRESS' : 'PENDING',
    after: index >= 3 ? [index - 2] : [],
  }));
}

/** Writes a file with its folders. */
export function put(root, path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** An empty repository. */
export function createRepository(root) {
  mkdirSync(root, { recursive: true });
  execFileSync('git', ['init', '-q'], { cwd: root });
  return root;
}

/** A repository with task lists as Baton writes them. */
export function createLists(folder, lists, each) {
  const root = createRepository(folder);
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

/** Wall time of one run, in ms; throws where it fails or takes longer than `limitMs`. */
export function run({ command = process.execPath, args, cwd, env, limitMs = 600_000 }) {
  const startedAt = performance.now();
  const { status, error, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: 1 << 29,
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  const tookMs = performance.now() - startedAt;
  if (status !== 0) throw new Error(error?.message ?? String(stderr).trim(), { cause: error });
  return tookMs;
}

/** The median time of each case, in turns, so that a busy machine slows all of them. A case's `prepare` is not measured. */
export function medians(cases, rounds) {
  const times = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, one] of cases.entries()) {
      one.prepare?.(round);
      times[index].push(run(one));
    }
  }
  return times.map((each) => each.sort((a, b) => a - b)[Math.floor(rounds / 2)]);
}

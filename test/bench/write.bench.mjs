/**
 * Measures what one edited row costs through the write path, for 10 rows and for 10,000, beside the floor of reading the file, writing it
 * beside, syncing and renaming; and what twenty writers at once cost. Run with Node 24: `node test/bench/write.bench.mjs`.
 */
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createNodeStateFiles } from '../../src/platform/nodeStateFiles.ts';
import { createProjectFolder } from '../../src/platform/projectFolder.ts';

const file = 'docs/progress/BIG_PROGRESS.md';
const rounds = 41;

const table = (rows) =>
  `# Big Progress\n\n| Session | Title | Status |\n|---|---|---|\n${Array.from({ length: rows }, (_, index) => `| BE-${index} | Session number ${index} | ⬜ Pending |\n`).join('')}`;

/** The medians of some rounds, in milliseconds; the works take turns, because the disk has moods. */
async function measure(...works) {
  const times = works.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      const startedAt = performance.now();
      await work(round);
      times[index].push(performance.now() - startedAt);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(rounds / 2)]);
}

/** What nobody who wants the file whole after a power cut can do without. */
async function floor(path, round) {
  const text = await readFile(path, 'utf8');
  const temporary = join(dirname(path), '.floor.tmp');
  const handle = await open(temporary, 'w');
  await handle.writeFile(`${text.slice(0, -2)}${round % 10}\n`);
  await handle.sync();
  await handle.close();
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync();
  await folder.close();
}

const editRow = (round) => (text) => {
  const start = text.indexOf('| BE-5 | Session number 5 | ') + 28;
  const end = text.indexOf(' |\n', start);
  return [{ start, end, newText: round % 2 === 0 ? '✅ Done' : '⬜ Pending' }];
};

async function project(rows) {
  const root = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  await mkdir(join(root, '.git'));
  await writeFile(join(root, '.git/HEAD'), 'ref: refs/heads/main\n');
  await mkdir(join(root, dirname(file)), { recursive: true });
  await writeFile(join(root, file), table(rows));
  return { root, path: join(root, file), stateFiles: createNodeStateFiles(createProjectFolder(root)) };
}

const small = await project(10);
const large = await project(10_000);
const [smallFloor, smallEdit, largeFloor, largeEdit] = await measure(
  (round) => floor(small.path, round),
  (round) => small.stateFiles.update(file, editRow(round)),
  (round) => floor(large.path, round),
  (round) => large.stateFiles.update(file, editRow(round)),
);
const [together] = await measure((round) =>
  Promise.all(
    Array.from({ length: 20 }, (_, row) =>
      large.stateFiles.update(file, (text) => {
        const start = text.indexOf(` | Session number ${row + 100} | `) - 6;
        return [{ start, end: start + 2, newText: round % 2 === 0 ? 'FE' : 'BE' }];
      }),
    ),
  ),
);
for (const { root } of [small, large]) await rm(root, { recursive: true });

const line = (name, ms, base) =>
  console.log(`${name.padEnd(36)} ${ms.toFixed(2).padStart(8)} ms   ${(ms / base).toFixed(2)} × floor`);
line('10 rows: floor', smallFloor, smallFloor);
line('10 rows: one row edited', smallEdit, smallFloor);
line('10,000 rows: floor', largeFloor, largeFloor);
line('10,000 rows: one row edited', largeEdit, largeFloor);
line('10,000 rows: twenty edits at once', together, largeFloor);
const growth = largeEdit / smallEdit;
console.log(
  `10,000 rows cost ${growth.toFixed(2)} × what 10 rows cost (the floor alone: ${(largeFloor / smallFloor).toFixed(2)} ×)`,
);
// The file is a thousand times as long; all that may grow is reading and writing it.
if (growth > 2 * (largeFloor / smallFloor) && growth > 2) {
  console.error('One edited row depends on the number of rows by more than a factor of two.');
  process.exitCode = 1;
}

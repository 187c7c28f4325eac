/**
 * Measures updates of a STATE.md with 1,000 history entries, under the lock and through the write path, beside the floor (read, write
 * beside, sync, rename), the reference implementation and a file with ten entries. Run with Node 24: `npm run bench -- state`.
 */
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { appendDeviation, appendDeviationOnDisk } from 'session-orchestrator/scripts/lib/state-md.mjs';
import { editStateFile } from '../../src/core/actions/waves/stateFile.ts';
import { applyEdits } from '../../src/core/base/textEdit.ts';
import { addDeviation, addWaveHistory, setMissionStatus } from '../../src/core/formats/waves/stateEdits.ts';
import { newStateText } from '../../src/core/formats/waves/stateText.ts';
import { createNodeFileSystem } from '../../src/platform/nodeFileSystem.ts';
import { createNodeOrchestratorFiles } from '../../src/platform/nodeOrchestratorFiles.ts';
import { createNodeStateFiles } from '../../src/platform/nodeStateFiles.ts';
import { createProjectFolder } from '../../src/platform/projectFolder.ts';

const rounds = 31;
const file = '.claude/STATE.md';

function stateText(entries) {
  const begun = newStateText({
    sessionType: 'deep',
    branch: 'main',
    issues: [12],
    startedAt: '2026-08-22T10:00:00+02:00',
    totalWaves: entries,
    missions: Array.from({ length: 20 }, (_, at) => ({
      id: `m-${at}`,
      task: `Task ${at}`,
      wave: 1,
      status: 'validated',
    })),
  });
  const history = Array.from(
    { length: entries },
    (_, at) =>
      `### Wave ${at + 1} — Impl-Core (planned 3 files → actual 3, over-delivery 1) — suite 12/0 on linux\n- Agent "Build part ${at}": done — 3 files — as planned\n`,
  ).join('\n');
  return begun.replace('## Wave History\n\n(none yet)\n', `## Wave History\n\n${history}`);
}

/** Sorted times of some rounds, in milliseconds; the works take turns, because the disk has moods. */
async function measure(...works) {
  const times = works.map(() => []);
  for (let round = -3; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      const startedAt = performance.now();
      await work(round);
      // The first rounds only warm up.
      if (round >= 0) times[index].push(performance.now() - startedAt);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b));
}

async function project(text) {
  const root = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  await mkdir(join(root, '.git'));
  await writeFile(join(root, '.git/HEAD'), 'ref: refs/heads/main\n');
  await mkdir(join(root, '.claude'));
  await writeFile(join(root, file), text);
  const folder = createProjectFolder(root);
  const orchestrator = createNodeOrchestratorFiles(root);
  const ports = {
    files: createNodeFileSystem(folder),
    stateFiles: createNodeStateFiles(folder),
    orchestrator: async () => orchestrator,
  };
  return { root, context: { ports } };
}

const message = (round) => ({ at: '2026-08-22T10:00:00.000Z', message: `round ${round}` });

/** What nobody who wants the file whole after a power cut can do without. */
async function floor(root, round) {
  const path = join(root, file);
  const text = await readFile(path, 'utf8');
  const temporary = join(dirname(path), '.floor.tmp');
  const handle = await open(temporary, 'w');
  await handle.writeFile(text.replace(/deep|feature/, round % 2 === 0 ? 'deep' : 'feature'));
  await handle.sync();
  await handle.close();
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync();
  await folder.close();
}

const [few, many] = [stateText(10), stateText(1_000)];
const [small, large] = [await project(few), await project(many)];
const update =
  ({ context }) =>
  (round) =>
    editStateFile(context, { file, edit: (text) => addDeviation(text, message(round)) });
const medianOf = (times) => times[Math.floor(rounds / 2)];
/** What a busy machine adds belongs to none of them. */
const fastestOf = (times) => times[0];
const onDisk = await measure(
  (round) => floor(small.root, round),
  update(small),
  (round) => floor(large.root, round),
  update(large),
  (round) => appendDeviationOnDisk(large.root, '2026-08-22T10:00:00.000Z', `theirs ${round}`),
);
const inMemory = await measure(
  (round) => applyEdits(many, addDeviation(many, message(round))),
  () => applyEdits(many, setMissionStatus(many, { id: 'm-7', status: 'in-dev', at: '2026-08-22T10:00:00.000Z' })),
  () => applyEdits(many, addWaveHistory(many, { wave: 1001, title: 'Quality', agents: [] })),
  (round) => appendDeviation(many, '2026-08-22T10:00:00.000Z', `round ${round}`),
);
const [smallFloor, smallEdit, largeFloor, largeEdit, reference] = onDisk.map(medianOf);
const [planned, mission, history, pure] = inMemory.map(fastestOf);
for (const { root } of [small, large]) await rm(root, { recursive: true });

const line = (name, ms, base, of) =>
  console.log(`${name.padEnd(44)} ${ms.toFixed(2).padStart(8)} ms   ${(ms / base).toFixed(2)} × ${of}`);
console.log(`STATE.md of 1,000 entries: ${(many.length / 1024).toFixed(0)} KB`);
line('10 entries: floor', smallFloor, smallFloor, 'floor');
line('10 entries: a deviation, locked and synced', smallEdit, smallFloor, 'floor');
line('1,000 entries: floor', largeFloor, largeFloor, 'floor');
line('1,000 entries: a deviation, locked and synced', largeEdit, largeFloor, 'floor');
line('1,000 entries: the reference, not synced', reference, largeFloor, 'floor');
line('1,000 entries: planning a deviation', planned, pure, 'reference');
line('1,000 entries: planning a mission', mission, pure, 'reference');
line('1,000 entries: planning a history record', history, pure, 'reference');
const growth = largeEdit / smallEdit / Math.max(1, largeFloor / smallFloor);
console.log(`1,000 entries cost ${growth.toFixed(2)} × what 10 entries cost, what the disk takes longer for left out`);
const dearest = Math.max(planned, mission, history) / pure;
if (growth > 2 || dearest > 4) {
  console.error(
    'An update depends on the history by more than a factor of two, or plans four times as long as the reference.',
  );
  process.exitCode = 1;
}

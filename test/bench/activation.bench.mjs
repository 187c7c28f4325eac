/**
 * Measures what activation costs in the extension host of a real window: the packaged extension is installed, the sample project opened, and
 * the window reloaded again and again. VS Code itself takes the time, loading the code and calling `activate`; this bench only reads it.
 * Run with Node 24: `node test/bench/activation.bench.mjs`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageExtension } from '../../scripts/lib/package.ts';
import { createSampleWorkspace } from '../../scripts/lib/sampleWorkspace.ts';
import { openWindow } from '../support/vscodeWindow.ts';

const rounds = 7;
const budgetMs = 50;

const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
let window;
try {
  const vsix = join(folder, 'baton.vsix');
  const path = join(folder, 'harbour-ferries');
  await packageExtension(vsix);
  await createSampleWorkspace(path);
  window = await openWindow({ path, vsix: [vsix] });
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) await window.reload();
    const text = await window.runningExtension('Baton: Session Orchestrator');
    times.push(Number(/Activation: (\d+)ms/.exec(text)?.[1]));
  }
  // The first one reads the code from a cold disk, and compiles it.
  const [first, ...warm] = times;
  const sorted = warm.sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? first;
  console.log(`activation, first window:    ${String(first).padStart(5)} ms`);
  console.log(
    `activation, after a reload:  ${String(median).padStart(5)} ms (median of ${sorted.length}: ${sorted.join(', ')})`,
  );
  console.log(`budget:                      ${String(budgetMs).padStart(5)} ms`);
  if (median > budgetMs) process.exitCode = 1;
} finally {
  await window?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

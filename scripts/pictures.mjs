/**
 * Makes the pictures of the README anew, by the UI suite: those named `readme-<name>` become media/readme/<name>.png, and those named
 * `recording-<number>-<milliseconds shown>` the frames of media/readme/recording.png.
 */
import './lib/node24.mjs';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { root } = await import('./lib/paths.ts');
const { runSuites } = await import('./lib/suites.ts');
const { assembleApng } = await import('./lib/apng.ts');

/** Larger ones make the page slow. */
const mostBytes = 250 * 1024;
const mostRecordingBytes = 1536 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'baton-pictures-'));
process.env.BATON_SCREENSHOTS = folder;
try {
  process.exitCode = await runSuites(['ui', '--', 'test/ui/pictures', 'test/ui/agents', 'test/ui/waves']);
  const names = readdirSync(folder).filter((name) => name.startsWith('readme-'));
  const target = join(root, 'media/readme');
  mkdirSync(target, { recursive: true });
  for (const name of process.exitCode === 0 ? names : []) {
    const { size } = statSync(join(folder, name));
    if (size > mostBytes) throw new Error(`${name} has ${size} bytes, more than ${mostBytes}`);
    copyFileSync(join(folder, name), join(target, name.slice('readme-'.length)));
    console.log(`media/readme/${name.slice('readme-'.length)}  ${Math.round(size / 1024)} KB`);
  }
  if (process.exitCode === 0) keepRecording(join(target, 'recording.png'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function keepRecording(file) {
  const names = readdirSync(folder).filter((name) => name.startsWith('recording-'));
  const frames = names.sort().map((name) => ({
    png: readFileSync(join(folder, name)),
    shownMs: Number(/-(\d+)\.png$/.exec(name)?.[1]),
  }));
  const recording = assembleApng(frames);
  if (recording.length > mostRecordingBytes)
    throw new Error(`The recording has ${recording.length} bytes, more than ${mostRecordingBytes}`);
  writeFileSync(file, recording);
  console.log(`media/readme/recording.png  ${frames.length} frames, ${Math.round(recording.length / 1024)} KB`);
}

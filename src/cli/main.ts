import process from 'node:process';
import { loadHeld } from '../platform/loadHeld.ts';
import { tryQuickRead } from './quickRead.ts';

const streams = { stdout: process.stdout, stderr: process.stderr, cwd: process.cwd(), environment: process.env };

/** A reader that goes away (`| head`) ends the run quietly. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

process.stdout.on('error', ignoreClosedPipe);
const isAnswered = tryQuickRead(process.argv.slice(2), streams);
if (!isAnswered) {
  process.stdout.off('error', ignoreClosedPipe);
  loadHeld();
}

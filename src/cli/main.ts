import process from 'node:process';
import { loadHeld } from '../platform/loadHeld.ts';
import { quickOutput } from '../platform/quickOutput.ts';
import { tryQuickRead } from './quickRead.ts';

const isAnswered = tryQuickRead(process.argv.slice(2), {
  cwd: process.cwd(),
  stdout: quickOutput(1),
  stderr: quickOutput(2),
  environment: process.env,
});
if (!isAnswered) loadHeld();

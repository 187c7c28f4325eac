import process from 'node:process';
import { keepCompiledCode } from '../platform/compileCache.ts';
import { quickOutput } from '../platform/quickOutput.ts';
import { tryGuardTool } from '../platform/waves/guardTool.ts';
import { type QuickProcess, readSessionsRequest, tryQuickRead } from './quickRead.ts';

async function main(argv: readonly string[]): Promise<void> {
  const isGuarded = tryGuardTool(argv, {
    stdout: quickOutput(1),
    stderr: quickOutput(2),
    exit: (code) => {
      process.exitCode = code;
    },
  });
  if (isGuarded) return;
  const quick: QuickProcess = {
    cwd: process.cwd(),
    stdout: quickOutput(1),
    get stderr() {
      return quickOutput(2);
    },
    environment: process.env,
  };
  if (tryQuickRead(argv, quick)) return;
  keepCompiledCode();
  const sessions = readSessionsRequest(argv);
  if (sessions !== undefined) {
    const { answerSessions } = await import('./quickSessions.ts');
    if (await answerSessions(sessions, quick)) return;
  }
  // A bundle of its own (scripts/lib/build.ts): a run that does not need it does not compile it.
  const { runCommandLine } = await import('./run.ts');
  runCommandLine(argv);
}

void main(process.argv.slice(2));

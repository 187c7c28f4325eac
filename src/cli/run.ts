import process from 'node:process';
import { forgetElectronSign } from '../platform/electronNode.ts';
import { Cli } from './cli.ts';
import { runProgram } from './program.ts';

/** A reader that went away (`baton sessions | head`) ends the run quietly; what was done is done. */
function endWithReader(stream: NodeJS.WriteStream, whenClosed: () => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    whenClosed();
  });
}

/** Reads the arguments, runs the verb and sets the exit code of this process. */
export function runCommandLine(argv: readonly string[]): void {
  forgetElectronSign();
  const cli = new Cli(argv, {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    environment: process.env,
  });
  endWithReader(process.stdout, () => process.exit(cli.exitCode));
  // Nobody reads what is said on the way: the work itself goes on.
  endWithReader(process.stderr, () => {});
  cli.interruption.listen();
  process.on('uncaughtException', (error) => {
    cli.fail(error);
    process.exit(cli.exitCode);
  });
  runProgram(argv, cli)
    .catch((error: unknown) => cli.fail(error))
    .finally(() => {
      process.exitCode = cli.exitCode;
    });
}

import { execFile } from 'node:child_process';

/** Runs npm in a folder, the one that runs us where there is one, and ends it with us. Its output is only shown when it fails. */
export function npm(cwd: string, args: readonly string[]): Promise<void> {
  const own = process.env.npm_execpath;
  const [command, ...first] = own?.endsWith('.js') ? [process.execPath, own] : ['npm'];
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  return new Promise((done, fail) => {
    const shell = command === 'npm' && process.platform === 'win32';
    const options = { cwd, shell, maxBuffer: 1e8 };
    const child = execFile(command ?? 'npm', [...first, ...args, ...quiet], options, (error, out, err) => {
      process.removeListener('exit', kill);
      if (error === null) done();
      else fail(new Error(`npm ${args.join(' ')} failed:\n${out}${err}`));
    });
    const kill = (): void => void child.kill();
    process.once('exit', kill);
  });
}

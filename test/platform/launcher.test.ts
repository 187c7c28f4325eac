import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planLauncher, planLauncherRemoval, terminalLauncher } from '../../src/platform/connect/launcher.ts';

const run = promisify(execFile);

describe('the launcher of VS Code’s terminals', () => {
  let folder: string;
  let cli: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton's launcher ü "));
    cli = join(folder, "the cli's.cjs");
    await mkdir(join(folder, 'bin'));
    await writeFile(cli, 'console.log(JSON.stringify(process.argv.slice(2)));\n');
    const script = terminalLauncher({ cli, node: process.execPath, isElectron: false }, 'posix');
    await writeFile(join(folder, 'bin/baton'), script);
    await chmod(join(folder, 'bin/baton'), 0o755);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('starts the command line with the arguments as they are', async () => {
    const { stdout } = await run(join(folder, 'bin/baton'), ["it's", '$HOME', 'a b', '"']);
    expect(JSON.parse(stdout)).toEqual(["it's", '$HOME', 'a b', '"']);
  });

  it('says what to do when the command line is gone', async () => {
    const script = terminalLauncher(
      { cli: join(folder, 'gone.cjs'), node: process.execPath, isElectron: false },
      'posix',
    );
    await writeFile(join(folder, 'other'), script, { mode: 0o755 });
    await expect(run(join(folder, 'other'))).rejects.toMatchObject({ code: 127, stderr: /gone\.cjs is gone/ });
  });

  it('tells VS Code’s program alone to be Node', async () => {
    const script = terminalLauncher({ cli, node: join(folder, 'code'), isElectron: true }, 'posix');
    await writeFile(join(folder, 'code'), '#!/bin/sh\necho "sign $ELECTRON_RUN_AS_NODE"\n', { mode: 0o755 });
    await writeFile(join(folder, 'launch'), script, { mode: 0o755 });
    expect((await run(join(folder, 'launch'))).stdout).toBe('sign 1\n');
    await rm(join(folder, 'code'));
    await writeFile(cli, 'console.log(JSON.stringify([process.env.ELECTRON_RUN_AS_NODE ?? null]));\n');
    const env = { PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };
    expect((await run(join(folder, 'launch'), { env })).stdout).toBe('[null]\n');
  });

  it('is no launcher of the user’s: Connect neither takes it for one nor for another program, and leaves it', async () => {
    const home = join(folder, 'home');
    const env = { PATH: [join(folder, 'bin'), join(home, '.local/bin')].join(delimiter) };
    const plan = await planLauncher({ cli, node: process.execPath, isElectron: false, env, platform: 'linux', home });
    expect(plan.foreign).toBe(false);
    expect(plan.change?.path).toBe(join(home, '.local/bin/baton'));
    expect(await planLauncherRemoval({ env, platform: 'linux', home })).toBeUndefined();
  });

  it('is a batch file for Windows', () => {
    const script = terminalLauncher({ cli: 'C:\\100%\\cli.cjs', node: 'C:\\Code.exe', isElectron: true }, 'windows');
    // Without the first the sign would stay in the prompt that the batch file was called from.
    expect(script).toContain('setlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n');
    expect(script).toContain('"C:\\Code.exe" "C:\\100%%\\cli.cjs" %*');
  });
});

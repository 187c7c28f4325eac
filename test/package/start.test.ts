import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { Workbench } from '../support/workbench.ts';

const root = resolve(import.meta.dirname, '../..');
const script = join(root, 'scripts/start.mjs');

/** A process that has ended may stay listed until its parent has taken notice. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-start-'));
  const started: ChildProcess[] = [];

  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const temp = mkdtempSync(join(folder, 'tmp-'));
    const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, TMPDIR: temp, ...env } });
    started.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    const ended = new Promise<number | null>((done) => child.once('close', done));
    return { child, ended, temp, output: () => output };
  }

  /** Whether anybody still listens on the address. */
  async function answers(url: string): Promise<boolean> {
    return fetch(url).then(
      () => true,
      () => false,
    );
  }

  it('opens the sample in the server, and ends all of it with a signal', async () => {
    const { child, ended, temp, output } = run(['--server', '--no-open']);
    await expect.poll(output, { timeout: 60_000 }).toContain('Ctrl-C ends it');
    const url = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(output())?.[0] ?? '';
    // Whoever else is on this machine has no token.
    expect((await fetch(new URL('/', url))).status).toBe(403);

    const browser = await startBrowser();
    try {
      const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
      await page.goto(url);
      await page.getByRole('treeitem', { name: /^docs/ }).waitFor({ timeout: 30_000 });
      await new Workbench(page).runningExtension('Baton: Session Orchestrator');
    } finally {
      await browser.close();
    }

    const workspace = /Workspace: (.+)/.exec(output())?.[1] ?? '';
    expect(existsSync(join(workspace, '.git'))).toBe(true);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await expect.poll(() => answers(url)).toBe(false);
    expect(readdirSync(temp).filter((entry) => entry.startsWith('baton-'))).toEqual([]);
  });

  it("opens one's own folder and leaves it there", async () => {
    const own = join(folder, 'my own ü');
    mkdirSync(own);
    writeFileSync(join(own, 'mine.md'), '# Mine\n');
    const { child, ended, output } = run(['--server', '--no-open', '--workspace', own]);
    await expect.poll(output, { timeout: 60_000 }).toContain('Ctrl-C ends it');
    expect(output()).toContain(`Workspace: ${own}\n`);
    expect(output()).toContain('Restricted Mode');
    expect(decodeURIComponent(output().replaceAll('+', ' '))).toContain(`folder=${own}`);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(readFileSync(join(own, 'mine.md'), 'utf8')).toBe('# Mine\n');
  });

  it('takes the desktop "code" where it is on the PATH, in a profile of its own, and ends it', async () => {
    // The desktop cannot be had everywhere; this stands in its place and tells how it was called.
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const pidFile = join(folder, 'pid');
    writeFileSync(
      join(bin, 'code'),
      `#!${process.execPath}\nconsole.log(JSON.stringify(process.argv.slice(2)));\nrequire('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));\nsetInterval(() => {}, 1000);\n`,
    );
    chmodSync(join(bin, 'code'), 0o755);
    const { child, ended, temp, output } = run([], { PATH: `${bin}${delimiter}${process.env.PATH}` });
    await expect.poll(() => existsSync(pidFile), { timeout: 30_000 }).toBe(true);
    await expect.poll(output).toContain('--extensionDevelopmentPath');
    const args: string[] = JSON.parse(/^\[.*\]$/m.exec(output())?.[0] ?? '[]');
    expect(args).toContain(`--extensionDevelopmentPath=${root}`);
    expect(args.at(-1)).toMatch(/harbour-ferries$/);
    expect(args.some((arg) => arg.startsWith(`--user-data-dir=${temp}`))).toBe(true);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await expect.poll(() => isRunning(pid)).toBe(false);
    expect(readdirSync(temp).filter((entry) => entry.startsWith('baton-'))).toEqual([]);
  });

  it.each([
    [['--port', 'many'], /--port many is no port/],
    [['--workspace', '/does/not/exist'], /There is no \/does\/not\/exist/],
    [['--colour'], /--colour/],
  ] as const)('refuses %j', async (args, message) => {
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((done) => {
      execFile(process.execPath, [script, ...args], (error, _out, err) => done({ code: error?.code, stderr: err }));
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('Usage: npm start');
  });
});

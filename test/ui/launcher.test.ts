import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const launcher = join(root, 'test/support/launcher.ts');

describe('the launcher', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-launcher-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a test module in the extension host; `onOutput` may act while it runs. */
  function launch(
    name: string,
    body: string,
    options: {
      readonly limitMs?: number;
      readonly args?: readonly string[];
      readonly onOutput?: (pid: number) => void;
    } = {},
  ): Promise<{ readonly code: number | null; readonly output: string }> {
    const tests = join(folder, `${name}.cjs`);
    writeFileSync(tests, `exports.run = async () => {\n${body}\n};\n`);
    const args = [...(options.args ?? ['--disable-workspace-trust']), `--extensionDevelopmentPath=${root}`];
    const env = {
      ...process.env,
      BATON_RUN_NAME: `launcher-${name}`,
      BATON_TEMP_MARK: folder,
      BATON_LAUNCHER_LIMIT_MS: String(options.limitMs ?? 60_000),
    };
    const child = spawn(launcher, [folder, ...args, `--extensionTestsPath=${tests}`], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString();
        options.onOutput?.(child.pid ?? 0);
      });
    }
    return new Promise((done) => child.once('close', (code) => done({ code, output })));
  }

  /** Processes that were started by this test, found by a mark in their environment. */
  function survivors(): readonly string[] {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`BATON_TEMP_MARK=${folder}`);
        } catch {
          return false;
        }
      });
  }

  it('passes on what a suite says that comes to its end', async () => {
    const { code, output } = await launch('passes', "console.log('\\u0001a line'); console.log('\\u0001completed');");
    expect(output).toContain('a line\n');
    expect(code).toBe(0);
  });

  it('fails when the suite does', async () => {
    const { code } = await launch('fails', "console.log('\\u0001completed'); throw new Error('no');");
    expect(code).toBe(1);
  });

  it('fails when the extension host dies, though VS Code reports success', async () => {
    const { code, output } = await launch('dies', "process.kill(process.pid, 'SIGKILL');");
    expect(output).toContain('ended before the suite did');
    expect(code).toBe(1);
  });

  it('fails when the suite never ends, and ends everything', async () => {
    const { code, output } = await launch('hangs', 'await new Promise(() => {});', { limitMs: 8_000 });
    expect(output).toContain('no result after 8000 ms');
    expect(code).toBe(1);
    await expect.poll(survivors, { timeout: 5_000 }).toEqual([]);
  });

  it('ends everything when it is told to', async () => {
    const { code } = await launch('stopped', "console.log('\\u0001running'); await new Promise(() => {});", {
      onOutput: (pid) => process.kill(pid, 'SIGTERM'),
    });
    expect(code).toBe(130);
    await expect.poll(survivors, { timeout: 5_000 }).toEqual([]);
  });

  it.each([
    ['trusted', ['--disable-workspace-trust']],
    ['restricted', ['--disable-workspace-trust', '--restricted']],
  ] as const)('opens a %s window', async (kind, args) => {
    const body =
      "console.log('\\u0001trusted: ' + require('vscode').workspace.isTrusted); console.log('\\u0001completed');";
    const { output } = await launch(kind, body, { args });
    expect(output).toContain(`trusted: ${kind === 'trusted'}`);
  });
});

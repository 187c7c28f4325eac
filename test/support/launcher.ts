#!/usr/bin/env node
/**
 * Stands in for the `code` that @vscode/test-electron starts: takes VS Code's own arguments, runs the VS Code
 * server with a headless browser, and ends with the outcome of the test module. Workspace trust is as on the
 * desktop (`--disable-workspace-trust`, which runTests always adds); `--restricted` of our own takes that back.
 *
 * A crashed extension host reports success, and so does a suite that found no test. Therefore the test module
 * logs marked lines (\u0001): its output, and "completed" when it got to its end; without that the run failed.
 */
import { appendFileSync, fstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import type { Browser } from 'playwright-core';
import { cacheDir } from '../../scripts/lib/paths.ts';
import { startServer, type VscodeServer, workbenchUrl } from '../../scripts/lib/vscodeServer.ts';
import { startBrowser } from './browser.ts';

const mark = '\u0001';
const limitMs = Number(process.env.BATON_LAUNCHER_LIMIT_MS ?? 360_000);
const argv = process.argv.slice(2);
const log = join(cacheDir, `${process.env.BATON_RUN_NAME ?? 'last-run'}.log`);
/** Takes the suite's own output, where several windows run at a time; else it goes to the terminal. */
const output = process.env.BATON_OUTPUT;

let server: VscodeServer | undefined;
let browser: Browser | undefined;
let ending = false;

async function finish(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  server?.stop();
  await browser?.close().catch(() => {});
  if (server) rmSync(server.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  if (code !== 0) console.error(`VS Code's own log: ${log}`);
  process.exit(code);
}

function print(line: string): void {
  if (output === undefined) console.log(line);
  else appendFileSync(output, `${line}\n`);
}

function valuesOf(flag: string): readonly string[] {
  return argv.filter((arg) => arg.startsWith(`${flag}=`)).map((arg) => arg.slice(flag.length + 1));
}

/** Opens the window, runs the test module in its extension host, and returns 0 when it passed. */
async function run(): Promise<number> {
  const trusted = argv.includes('--disable-workspace-trust') && !argv.includes('--restricted');
  server = await startServer({ args: trusted ? ['--disable-workspace-trust'] : [] });
  browser = await startBrowser();
  browser.on('disconnected', () => void finish(1));
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  let completed = false;
  const outcome = new Promise<number>((done) => void context.exposeFunction('codeAutomationExit', done));
  // The workbench's own lines come this way too; they go to the log.
  await context.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
    const [first] = args;
    if (first === `${mark}completed`) completed = true;
    else if (typeof first === 'string' && first.startsWith(mark)) print(first.slice(mark.length));
    else appendFileSync(log, `${type} ${format(...args)}\n`);
  });
  const page = await context.newPage();
  page.on('crash', () => void finish(1));
  const path = argv.find((arg) => !arg.startsWith('-'));
  const develop = valuesOf('--extensionDevelopmentPath');
  const tests = valuesOf('--extensionTestsPath')[0];
  await page.goto(workbenchUrl(server.origin, { path, develop, tests }));
  const code = await outcome;
  if (code === 0 && !completed) {
    console.error('launcher: the extension host ended before the suite did');
    return 1;
  }
  return code;
}

mkdirSync(cacheDir, { recursive: true });
writeFileSync(log, '');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void finish(130));
// Whoever started us holds the other end of our stdin; when that closes, nobody waits for the outcome any more.
if (fstatSync(0).isSocket() || fstatSync(0).isFIFO()) process.stdin.resume().on('close', () => void finish(130));
setTimeout(() => {
  console.error(`launcher: no result after ${limitMs} ms`);
  void finish(1);
}, limitMs);
await run().then(finish, (error: unknown) => {
  console.error(error);
  return finish(1);
});

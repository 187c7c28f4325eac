/** `npm start`: a real VS Code with Baton loaded, on a sample workspace or on one's own folder. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { packageExtension } from './package.ts';
import { root } from './paths.ts';
import { createSampleWorkspace } from './sampleWorkspace.ts';
import { installServer, installVsix, startServer, workbenchUrl } from './vscodeServer.ts';

const usage = `Usage: npm start -- [--workspace DIR] [--server] [--port N] [--no-open]

Builds Baton and opens a real VS Code with it: the desktop "code" where it is on the PATH, else the VS Code
server from npm, on 127.0.0.1 for your browser. Ctrl-C ends everything.

  --workspace DIR  open this folder (or .code-workspace); without it a fresh sample in a temporary folder
  --server         the server, even where "code" is on the PATH
  --port N         the server's port; without it any free one
  --no-open        only print the address, open no browser`;

interface Options {
  readonly workspace?: string;
  readonly server: boolean;
  readonly port: number;
  readonly open: boolean;
}

/** What the end has to undo, last first. */
class Cleanup {
  readonly #steps: (() => void)[] = [];

  add(step: () => void): void {
    this.#steps.push(step);
  }

  /** A fresh folder that is removed in the end. */
  folder(name: string): string {
    const path = mkdtempSync(join(tmpdir(), name));
    this.add(() => rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    return path;
  }

  run(): void {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        step();
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
      }
    }
  }
}

/** Runs until VS Code ends or a signal comes; returns the exit code. */
export async function start(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'number') return options;
  const cleanup = new Cleanup();
  const interrupted = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done());
  });
  const stopped = { value: false };
  const ended = open(options, cleanup, stopped).catch((error: unknown) => {
    if (!stopped.value) console.error(error instanceof Error ? error.message : error);
    return 1;
  });
  const code = await Promise.race([ended, interrupted.then(() => 0)]);
  stopped.value = true;
  cleanup.run();
  // A download that was interrupted leaves its own process behind otherwise; its folder goes with us.
  process.exit(code);
}

function readOptions(args: readonly string[]): Options | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        workspace: { type: 'string' },
        port: { type: 'string', default: '0' },
        server: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port} is no port`);
    const base = { port, server: values.server, open: !values['no-open'] };
    if (values.workspace === undefined) return base;
    const workspace = resolve(process.env.INIT_CWD ?? process.cwd(), values.workspace);
    if (statSync(workspace, { throwIfNoEntry: false }) === undefined) throw new Error(`There is no ${workspace}`);
    return { ...base, workspace };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
}

async function open(options: Options, cleanup: Cleanup, stopped: { readonly value: boolean }): Promise<number> {
  const code = options.server ? undefined : findOnPath('code');
  if (code === undefined) await installServer();
  const own = options.workspace !== undefined;
  const workspace = options.workspace ?? join(cleanup.folder('baton-sample-'), 'harbour-ferries');
  if (!own) await createSampleWorkspace(workspace);
  if (stopped.value) return 0;
  console.log(`Workspace: ${workspace}`);
  if (code !== undefined) return openDesktop(code, { workspace, trusted: !own }, cleanup);
  return openServer(options, { workspace, trusted: !own }, cleanup);
}

interface Opened {
  readonly workspace: string;
  /** The sample is ours, so it is trusted; of one's own folder the user decides. */
  readonly trusted: boolean;
}

/** Settings of the throw-away profile. */
const settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
};

/** The desktop VS Code in a profile of its own, so that it is a process of its own, which can be ended. */
async function openDesktop(code: string, { workspace, trusted }: Opened, cleanup: Cleanup): Promise<number> {
  await build();
  const profile = cleanup.folder('baton-code-');
  mkdirSync(join(profile, 'User'));
  writeFileSync(join(profile, 'User/settings.json'), JSON.stringify(settings));
  console.log(`Opening ${code}. Closing its window, or Ctrl-C here, ends it.`);
  const args = [
    ...['--new-window', '--wait', `--user-data-dir=${profile}`, '--skip-welcome', '--skip-release-notes'],
    ...(trusted ? ['--disable-workspace-trust'] : []),
    ...[`--extensionDevelopmentPath=${root}`, workspace],
  ];
  const windows = process.platform === 'win32';
  const quoted = windows ? args.map((arg) => `"${arg}"`) : args;
  const child = spawn(windows ? `"${code}"` : code, quoted, { stdio: 'inherit', shell: windows });
  cleanup.add(() => {
    child.kill();
    endDesktop(profile);
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (status) => done(status ?? 1));
  });
}

/** `code` only waits; the window's process has written its id beside its settings. */
function endDesktop(profile: string): void {
  try {
    const pid = Number(readFileSync(join(profile, 'code.lock'), 'utf8'));
    if (pid > 1) process.kill(pid);
  } catch {
    // It has ended already.
  }
}

/** The server with the packaged extension installed into a throw-away folder: everything as users have it. */
async function openServer(options: Options, { workspace, trusted }: Opened, cleanup: Cleanup): Promise<number> {
  const dataDir = cleanup.folder('baton-server-');
  const vsix = join(dataDir, 'baton.vsix');
  await packageExtension(vsix);
  await installVsix(dataDir, vsix);
  const token = randomBytes(16).toString('hex');
  const server = await startServer({
    dataDir,
    token,
    settings,
    port: options.port,
    driver: false,
    plain: true,
    args: trusted ? ['--disable-workspace-trust'] : [],
  });
  cleanup.add(() => server.stop());
  const url = workbenchUrl(server.origin, { path: workspace, token });
  console.log(`\nVS Code with Baton:\n\n  ${url}\n`);
  if (!trusted) console.log('The window starts in Restricted Mode: trust the folder there when you do.\n');
  console.log('Ctrl-C ends it.');
  if (options.open) openBrowser(url);
  await server.ended;
  console.error('The VS Code server has ended by itself.');
  return 1;
}

/** Opens the default browser where there is one; there may be none, which is no error. */
function openBrowser(url: string): void {
  const commands: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    darwin: ['open', url],
    win32: ['rundll32', 'url.dll,FileProtocolHandler', url],
  };
  const graphical = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const [command, ...args] = commands[process.platform] ?? (graphical ? ['xdg-open', url] : []);
  if (command === undefined) return;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}

function findOnPath(name: string): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.cmd`, `${name}.exe`] : [name];
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((each) => join(folder, each))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

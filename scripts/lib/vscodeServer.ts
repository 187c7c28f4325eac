/**
 * The real VS Code, as a server for a browser, from the npm package `code-server`, which brings the whole
 * VS Code server and web workbench. Its own entry point is passed over: only VS Code's `server-main.js` knows
 * the test driver's flag. Needs nothing but the npm registry; runs under the Node 24 in node_modules.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cachedFolder } from './cache.ts';
import { npm } from './npm.ts';
import { node24 } from './paths.ts';
import { withProgress } from './progress.ts';

const version = '4.139.1';

/** The server's entry point, installed into the cache at the first call. */
export async function installServer(): Promise<string> {
  const folder = await cachedFolder(`code-server-${version}`, (part) =>
    withProgress('Getting the VS Code server from npm (600 MB, once)', async () => {
      // A package.json of its own, or npm would install into the repository around it.
      writeFileSync(join(part, 'package.json'), JSON.stringify({ private: true }));
      await npm(part, ['install', '--ignore-scripts', '--no-save', `code-server@${version}`]);
      await npm(vscodeFolder(part), ['install', '--omit=dev', '--ignore-scripts']);
    }),
  );
  return join(vscodeFolder(folder), 'out/server-main.js');
}

function vscodeFolder(folder: string): string {
  return join(folder, 'node_modules/code-server/lib/vscode');
}

/** A running server. */
export interface VscodeServer {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** The folder with its settings, extensions and logs. */
  readonly dataDir: string;
  readonly pid: number;
  /** Fulfilled when the server has ended, by whatever cause. */
  readonly ended: Promise<void>;
  /** Ends it with all its processes. The data folder stays. */
  stop(): void;
}

export interface ServerOptions {
  /** Further arguments of the server. */
  readonly args?: readonly string[];
  /** Arguments of the Node that runs it; its extension hosts inherit them. */
  readonly nodeArgs?: readonly string[];
  /** Machine settings; those that tests need are there unless `plain`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Listen to the test driver: extensions from folders, and reports to the page. Off, it is as users have it. */
  readonly driver?: boolean;
  readonly dataDir?: string;
  readonly port?: number;
  /** Demands `?tkn=<token>`. */
  readonly token?: string;
  /** Leaves home and settings as the user has them. */
  readonly plain?: boolean;
}

/** What every test needs: no extras of the workbench that get in the way. */
const testSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'workbench.editor.useModal': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/** Starts the server on 127.0.0.1 and waits until it listens. */
export async function startServer(options: ServerOptions = {}): Promise<VscodeServer> {
  const { args = [], nodeArgs = [], settings = {}, env = {}, driver = true, port = 0, token, plain = false } = options;
  const serverMain = await installServer();
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'baton-vscode-'));
  for (const folder of ['home', 'tmp', 'data/Machine']) mkdirSync(join(dataDir, folder), { recursive: true });
  const machine = plain ? settings : { ...testSettings, ...settings };
  writeFileSync(join(dataDir, 'data/Machine/settings.json'), `${JSON.stringify(machine, null, 2)}\n`);
  const own = plain ? {} : { HOME: join(dataDir, 'home') };
  // Its sockets go where they are removed with the rest. (On macOS their path would be too long there.)
  const temporary = process.platform === 'linux' ? { TMPDIR: join(dataDir, 'tmp') } : {};
  // The server ends itself when our end of its stdin closes, however we died.
  const guard =
    'data:text/javascript,if(process.argv[1].endsWith("server-main.js"))process.stdin.resume().on("close",()=>process.kill(-process.pid,"SIGKILL"))';
  const child = spawn(
    node24,
    [
      ...(process.platform === 'win32' ? [] : ['--import', guard]),
      ...nodeArgs,
      serverMain,
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...(token === undefined ? ['--without-connection-token'] : ['--connection-token', token]),
      '--accept-server-license-terms',
      ...(driver ? ['--enable-smoke-test-driver'] : []),
      ...['--telemetry-level', 'off', '--server-data-dir', dataDir],
      ...args,
    ],
    // Its own process group, so that stop() reaches the extension hosts and terminals too.
    { detached: true, env: { ...process.env, ...own, ...temporary, EXTENSIONS_GALLERY: '{}', ...env } },
  );
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const listening = await portOf(child).catch((error: unknown) => {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  return {
    origin: `http://127.0.0.1:${listening}`,
    dataDir,
    pid: child.pid ?? 0,
    ended,
    stop: () => stopGroup(child),
  };
}

function portOf(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let seen = '';
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`The VS Code server ended with ${code}:\n${seen}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        // It goes on reading after that, or a full pipe would stop the server.
        if (seen.length > 100_000) return;
        seen += data.toString();
        const port = /agent listening on (\d+)/.exec(seen)?.[1];
        if (port !== undefined) done(port);
      });
    }
  });
}

function stopGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Installs a .vsix into a server's data folder, as "Install from VSIX…" does. */
export async function installVsix(dataDir: string, vsix: string): Promise<void> {
  const serverMain = await installServer();
  const args = ['--accept-server-license-terms', '--server-data-dir', dataDir, '--install-extension', resolve(vsix)];
  await new Promise<void>((done, fail) => {
    const env = { ...process.env, EXTENSIONS_GALLERY: '{}' };
    execFile(node24, [serverMain, ...args], { env }, (error, out, err) => {
      if (error === null) done();
      else fail(new Error(`VS Code did not install ${vsix}:\n${out}${err}`));
    });
  });
}

export interface WorkbenchPage {
  /** A folder or a `.code-workspace`; nothing: an empty window. */
  readonly path?: string | undefined;
  /** Folders of extensions to load; needs the driver. */
  readonly develop?: readonly string[];
  /** The test module that the extension host is to run; needs the driver. */
  readonly tests?: string | undefined;
  readonly token?: string;
}

/** The address that opens a window. */
export function workbenchUrl(origin: string, { path, develop = [], tests, token }: WorkbenchPage): string {
  const remote = (file: string): string => `vscode-remote://remote${resolve(file)}`;
  const payload = [
    ['skipWelcome', 'true'],
    ...develop.map((folder) => ['extensionDevelopmentPath', remote(folder)]),
    ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
  ];
  const query = new URLSearchParams();
  if (token !== undefined) query.set('tkn', token);
  if (path === undefined) query.set('ew', 'true');
  else query.set(path.endsWith('.code-workspace') ? 'workspace' : 'folder', resolve(path));
  if (develop.length > 0 || tests !== undefined) query.set('payload', JSON.stringify(payload));
  return `${origin}/?${query}`;
}

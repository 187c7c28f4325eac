/** A VS Code window of the tests' own, with its server and browser. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { installVsix, startServer, type VscodeServer, workbenchUrl } from '../../scripts/lib/vscodeServer.ts';
import { startBrowser } from './browser.ts';
import { Workbench } from './workbench.ts';

/** VS Code's four kinds of theme, by a theme of each kind. */
export const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast-dark': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
} as const;

export type ThemeKind = keyof typeof themes;

export interface WindowOptions {
  /** Folder or `.code-workspace`; nothing: an empty window. */
  readonly path?: string;
  /** Extensions to install, as users do. */
  readonly vsix?: readonly string[];
  /** Trust the folder without asking; true unless told. */
  readonly trusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The display language; the window takes texts of extensions in it, and its own in English. */
  readonly locale?: string;
  /** Called with the server's data folder when the extensions are installed, before it starts. */
  readonly prepare?: (dataDir: string) => void;
  /** Environment of the server, and so of the extension and its terminals. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of the Node that runs the server and, with it, the extension host. */
  readonly nodeArgs?: readonly string[];
}

/** Starts a server and opens a window in it. Installed this way, toasts and crashes are as users have them. */
export async function openWindow(options: WindowOptions = {}): Promise<VscodeWindow> {
  const { path, vsix = [], trusted = true, settings = {}, env = {}, nodeArgs = [] } = options;
  const args = trusted ? ['--disable-workspace-trust'] : [];
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-window-'));
  for (const file of vsix) await installVsix(dataDir, file);
  options.prepare?.(dataDir);
  const server = await startServer({ dataDir, args, nodeArgs, settings, env, driver: false });
  const browser = await startBrowser();
  const context = await browser.newContext({ viewport: { ...(options.viewport ?? { width: 1400, height: 930 }) } });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  if (options.locale !== undefined) {
    // The workbench reads it before anything else, and passes it on to the extension host.
    const value = JSON.stringify(options.locale);
    await page.addInitScript(`Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { value: ${value} })`);
  }
  const window = new VscodeWindow(page, server, browser);
  try {
    await page.goto(workbenchUrl(server.origin, { path }));
    await window.ready();
  } catch (error) {
    await window.close();
    throw error;
  }
  return window;
}

/** One window, with what runs it. */
export class VscodeWindow extends Workbench {
  readonly server: VscodeServer;
  readonly #browser: Browser;

  constructor(page: Page, server: VscodeServer, browser: Browser) {
    super(page);
    this.server = server;
    this.#browser = browser;
  }

  /** Ends the window, the browser and the server, and removes their data. */
  async close(): Promise<void> {
    this.server.stop();
    await this.#browser.close().catch(() => {});
    rmSync(this.server.dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  /** A file of an installed extension. */
  extensionFile(id: string, file: string): string {
    const extensions = join(this.server.dataDir, 'extensions');
    const folder = readdirSync(extensions).find((entry) => entry.startsWith(`${id}-`));
    if (folder === undefined) throw new Error(`${id} is not installed`);
    return join(extensions, folder, file);
  }

  /** The process in which the window's extensions run; undefined while there is none. */
  extensionHostPid(): number | undefined {
    const args = ['-o', 'pid=,args=', '--ppid', String(this.server.pid)];
    const { stdout } = spawnSync('ps', args, { encoding: 'utf8' });
    const line = stdout.split('\n').find((one) => one.includes('--type=extensionHost'));
    return line === undefined ? undefined : Number.parseInt(line, 10);
  }

  /** Changes the machine's settings; the window follows by itself. */
  writeSettings(settings: Readonly<Record<string, unknown>>): void {
    const file = join(this.server.dataDir, 'data/Machine/settings.json');
    const before: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, `${JSON.stringify({ ...before, ...settings }, null, 2)}\n`);
  }

  /** Switches to a theme of this kind and waits until it is there. */
  async setTheme(kind: ThemeKind): Promise<void> {
    this.writeSettings({ 'workbench.colorTheme': themes[kind] });
    const classes = {
      dark: 'vs-dark',
      light: 'vs',
      'high-contrast-dark': 'hc-black',
      'high-contrast-light': 'hc-light',
    };
    await this.page.locator(`.monaco-workbench.${classes[kind]}`).waitFor();
  }
}

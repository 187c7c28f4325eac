import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildWebviews } from '../../../scripts/lib/webviewBuild.ts';
import type { DashboardSnapshot } from '../../../src/core/model/dashboard.ts';
import type { HostMessage, WebviewMessage } from '../../../src/webview/protocol.ts';
import { type Theme, themes } from './themes.ts';

const origin = 'https://dashboard.test';

/** The files of the dashboard as they are packaged. */
export interface DashboardFiles {
  /** By their names. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly style: string;
}

/** Builds the dashboard as for a release. */
export async function buildDashboard(): Promise<DashboardFiles> {
  const outDir = mkdtempSync(join(tmpdir(), 'baton webview ü-'));
  try {
    await buildWebviews({ outDir, production: true, quiet: true });
    const folder = join(outDir, 'webview');
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
    return { scripts: Object.fromEntries(names.map((name) => [name, read(name)])), style: read('dashboard.css') };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** An open dashboard in a real browser, with the three functions of a webview's host and nothing more. */
export interface DashboardPage {
  readonly page: Page;
  /** Sends a message as the extension does. */
  send(message: HostMessage | unknown): Promise<void>;
  /** What was asked of the extension since the last call. */
  posted(): Promise<readonly WebviewMessage[]>;
  /** What `setState` kept last. */
  state(): Promise<unknown>;
  /** What the content security policy refused. */
  violations(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: keyof typeof themes;
  readonly context?: BrowserContextOptions;
  /** What `getState` gives. */
  readonly state?: unknown;
}

/** Opens the dashboard under the policy that the extension sets. */
export async function openDashboard(
  browser: Browser,
  files: DashboardFiles,
  { theme = 'dark', context, state }: OpenOptions = {},
): Promise<DashboardPage> {
  const browsing = await browser.newContext({ viewport: { width: 1100, height: 720 }, ...context });
  const page = await browsing.newPage();
  const answers: Readonly<Record<string, readonly [string, string]>> = {
    '/': ['text/html', pageText(themes[theme])],
    '/dashboard.css': ['text/css', files.style],
    '/theme.css': ['text/css', themeText(themes[theme])],
    ...Object.fromEntries(
      Object.entries(files.scripts).map(([name, script]) => [`/${name}`, ['text/javascript', script] as const]),
    ),
  };
  await page.route(`${origin}/**`, (route) => {
    const [contentType, body] = answers[new URL(route.request().url()).pathname] ?? ['text/plain', ''];
    return route.fulfill({ contentType: `${contentType}; charset=utf-8`, body });
  });
  await page.addInitScript(stubHost, state);
  await page.goto(`${origin}/`);
  return {
    page,
    // As one text: playwright takes half a minute for ten thousand objects.
    send: (message) => page.evaluate((text) => window.postMessage(JSON.parse(text), '*'), JSON.stringify(message)),
    posted: () => page.evaluate(() => (window as unknown as StubWindow).stub.posted.splice(0)),
    state: () => page.evaluate(() => (window as unknown as StubWindow).stub.state),
    violations: () => page.evaluate(() => (window as unknown as StubWindow).stub.violations),
    close: () => browsing.close(),
  };
}

/** The message with which everything begins. */
export function snapshotMessage(snapshot: DashboardSnapshot, trusted = true): HostMessage {
  return { v: 1, kind: 'snapshot', snapshot, texts: {}, locale: 'en', trusted };
}

interface StubWindow {
  readonly stub: { posted: WebviewMessage[]; state: unknown; violations: string[] };
}

/** Runs in the page before its script. */
function stubHost(state: unknown): void {
  const stub: StubWindow['stub'] = { posted: [], state, violations: [] };
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, lineNumber }) => {
    stub.violations.push(`${violatedDirective} ${sourceFile}:${lineNumber}`);
  });
  Object.assign(window, {
    stub,
    acquireVsCodeApi: () => ({
      postMessage: (message: WebviewMessage) => stub.posted.push(structuredClone(message)),
      getState: () => stub.state,
      setState: (next: unknown) => {
        stub.state = structuredClone(next);
      },
    }),
  });
}

function pageText({ kind }: Theme): string {
  const policy = `default-src 'none'; img-src ${origin}; font-src ${origin}; style-src ${origin}; script-src 'nonce-n1'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="/theme.css">
<link rel="stylesheet" href="/dashboard.css">
<title>Dashboard</title>
</head>
<body class="${kind}">
<div id="root" data-folder="file:///w"></div>
<script type="module" nonce="n1" src="/dashboard.js"></script>
</body>
</html>`;
}

function themeText({ variables }: Theme): string {
  const lines = Object.entries(variables).map(([name, value]) => `--vscode-${name}: ${value};`);
  return `:root { ${lines.join(' ')} }`;
}

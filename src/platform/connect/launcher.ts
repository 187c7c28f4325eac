import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { realPath } from '../projectFolder.ts';
import { describeUserChange, readUserFile, type UserFileChange } from './userFile.ts';

/** What starts Baton for agents that know it by its name. */
export interface LauncherOptions {
  /** Absolute path of the command line's bundle. */
  readonly cli: string;
  /** The Node that runs us and so can run it. */
  readonly node: string;
  /** That Node is VS Code's own. */
  readonly isElectron: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
}

/** How `baton` stands on the user's PATH. */
export interface LauncherPlan {
  /** What would make `baton` start this command line; undefined where it does, or where another program has the name. */
  readonly change?: UserFileChange;
  /** Where `baton` is found now. */
  readonly found?: string;
  /** Something else than Baton: it stays, and agents would start that. */
  readonly foreign: boolean;
  /** The folder of the launcher is on the PATH, so that a new terminal finds it. */
  readonly onPath: boolean;
}

const mark = 'written by baton connect';

/** Names the launcher that VS Code puts on the PATH of its terminals: it is there only for those, so that it is no launcher of the user's. */
const terminalMark = 'made by VS Code for its terminals';

/** The same script for a folder that only VS Code's terminals have on their PATH. */
export function terminalLauncher(
  options: Pick<LauncherOptions, 'cli' | 'node' | 'isElectron'>,
  platform: 'posix' | 'windows',
): string {
  const origin = `${terminalMark}.`;
  return platform === 'windows' ? windowsScript(options, origin) : shellScript(options, origin);
}

/** Plans a small script in a folder of the user's own that starts Baton; nothing is written. */
export async function planLauncher(options: LauncherOptions): Promise<LauncherPlan> {
  const { cli, env, platform = process.platform, home = homedir() } = options;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const name = platform === 'win32' ? 'baton.cmd' : 'baton';
  const found = await findOnPath(folders, platform);
  if (found !== undefined && (await realPath(found)) === (await realPath(cli))) {
    return { found, foreign: false, onPath: true };
  }
  const old = found === undefined ? undefined : await readUserFile(found);
  if (found !== undefined && !old?.includes(mark)) return { found, foreign: true, onPath: true };
  const folder = [join(home, '.local', 'bin'), join(home, 'bin')].find((each) => folders.includes(each));
  const path = found ?? join(folder ?? join(home, '.local', 'bin'), name);
  const change = describeUserChange({
    path,
    before: old ?? (await readUserFile(path)),
    after: platform === 'win32' ? windowsScript(options) : shellScript(options),
    executable: true,
  });
  return {
    ...(change && { change }),
    ...(found !== undefined && { found }),
    foreign: false,
    onPath: found !== undefined || folder !== undefined,
  };
}

/** Plans to take the launcher away again; undefined where there is none of ours. */
export async function planLauncherRemoval({
  env,
  platform = process.platform,
  home = homedir(),
}: Pick<LauncherOptions, 'env' | 'platform' | 'home'>): Promise<UserFileChange | undefined> {
  const name = platform === 'win32' ? 'baton.cmd' : 'baton';
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...folders, join(home, '.local', 'bin')]) {
    const before = await readUserFile(join(folder, name)).catch(() => undefined);
    if (!before?.includes(mark)) continue;
    return describeUserChange({ path: join(folder, name), before, after: undefined, executable: true });
  }
  return undefined;
}

async function findOnPath(folders: readonly string[], platform: NodeJS.Platform): Promise<string | undefined> {
  const names = platform === 'win32' ? ['baton.cmd', 'baton.exe', 'baton.bat'] : ['baton'];
  for (const folder of folders) {
    for (const name of names) {
      const file = await stat(join(folder, name)).catch(() => undefined);
      if (!file?.isFile() || (platform !== 'win32' && (file.mode & 0o111) === 0)) continue;
      if (!(await isForTerminals(join(folder, name), file.size))) return join(folder, name);
    }
  }
  return undefined;
}

async function isForTerminals(path: string, size: number): Promise<boolean> {
  if (size > 4_096) return false;
  const text = await readUserFile(path).catch(() => undefined);
  return text?.includes(terminalMark) === true;
}

const connectOrigin = `${mark}, and taken away by "baton connect --remove".`;

type Script = Pick<LauncherOptions, 'cli' | 'node' | 'isElectron'>;

function shellScript({ cli, node, isElectron }: Script, origin = connectOrigin): string {
  const lines = [
    '#!/bin/sh',
    `# Starts Baton; ${origin}`,
    `cli=${quote(cli)}`,
    `node=${quote(node)}`,
    'if [ ! -f "$cli" ]; then',
    '  echo "baton: $cli is gone. Connect agents again to find the new one." >&2',
    '  exit 127',
    'fi',
    // For that program alone: a Node found by its name needs no such sign.
    `if [ -x "$node" ]; then ${isElectron ? 'ELECTRON_RUN_AS_NODE=1 ' : ''}exec "$node" "$cli" "$@"; fi`,
    'exec node "$cli" "$@"',
  ];
  return `${lines.join('\n')}\n`;
}

function windowsScript({ cli, node, isElectron }: Script, origin = connectOrigin): string {
  const lines = [
    '@echo off',
    `rem Starts Baton; ${origin}`,
    // What is set below stays in this file, also where a batch file or a prompt called it.
    'setlocal',
    ...(isElectron ? ['set ELECTRON_RUN_AS_NODE=1'] : []),
    `if exist "${escapePercent(node)}" ("${escapePercent(node)}" "${escapePercent(cli)}" %*) else (node "${escapePercent(cli)}" %*)`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

function escapePercent(path: string): string {
  return path.replaceAll('%', '%%');
}

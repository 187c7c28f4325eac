import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LocalState } from '../../core/ports/localState.ts';

/** Writes where an agent finds the server of Baton, in the form that Claude Code and Copilot read; gives the file's absolute path. */
export async function writeMcpConfig(
  localState: LocalState,
  key: string,
  { command, env }: { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const [program = '', ...args] = command;
  const value = { mcpServers: { baton: { type: 'stdio', command: program, args, env } } };
  return await writeForAgent(localState, key, value);
}

/** Writes what an agent reads at its start, and nobody after that: made anew for each start, so it need not outlive a power cut. */
export async function writeForAgent(
  { locate }: Pick<LocalState, 'locate'>,
  key: string,
  value: unknown,
): Promise<string> {
  const path = locate(key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  return path;
}

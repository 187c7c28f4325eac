import type { LocalState } from '../../core/ports/localState.ts';

/** Writes where an agent finds the server of Baton, in the form that Claude Code and Copilot read; gives the file's absolute path. */
export async function writeMcpConfig(
  localState: LocalState,
  key: string,
  { command, env }: { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const [program = '', ...args] = command;
  await localState.write(key, { mcpServers: { baton: { type: 'stdio', command: program, args, env } } });
  return localState.locate(key);
}

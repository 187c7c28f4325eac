import { homedir } from 'node:os';
import { join } from 'node:path';
import { addCodexServer, removeCodexServer } from '../../core/formats/connect/codexConfig.ts';
import { describeUserChange, readUserFile, type UserFileChange } from './userFile.ts';

/** Plans what Codex needs in its own configuration, which is the user's and not the repository's. */
export async function planCodexConfig({
  env,
  remove,
}: {
  readonly env: NodeJS.ProcessEnv;
  readonly remove: boolean;
}): Promise<{ readonly change: UserFileChange | undefined; readonly warnings: readonly string[] }> {
  const path = join(env.CODEX_HOME || join(env.HOME || homedir(), '.codex'), 'config.toml');
  const before = await readUserFile(path);
  const { text, warnings } = remove ? removeCodexServer(before) : addCodexServer(before);
  return { change: describeUserChange({ path, before, after: text, executable: false }), warnings };
}

import { createHash } from 'node:crypto';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type AmplifySession, readAmplifySession } from '../core/formats/isolated/amplify.ts';
import { GitClient } from './git/gitClient.ts';

/**
 * The sessions that Amplify keeps for this project: `~/.amplify/workspaces/<hash>/instance-*`/`isolated-sessions/*`, where the hash is of the
 * remote's address, else of the folder (formats.md §4.1). Read only.
 */
export async function readAmplifySessions(root: string, home: string = homedir()): Promise<readonly AmplifySession[]> {
  const workspaces = join(home, '.amplify/workspaces');
  if ((await namesIn(workspaces)).length === 0) return [];
  const found: AmplifySession[] = [];
  for (const hash of await hashesOf(root)) {
    for (const instance of await namesIn(join(workspaces, hash))) {
      if (!instance.startsWith('instance-')) continue;
      const folder = join(workspaces, hash, instance, 'isolated-sessions');
      for (const id of await namesIn(folder)) {
        const text = await readFile(join(folder, id, 'state.json'), 'utf8').catch(() => undefined);
        if (text !== undefined) found.push(readAmplifySession(id, text));
      }
    }
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function hashesOf(root: string): Promise<readonly string[]> {
  const { createRunGit } = await import('./git/simpleGit.ts');
  const { exitCode, stdout } = await new GitClient(createRunGit(root)).attempt({
    args: ['config', '--get', 'remote.origin.url'],
  });
  const names = [...(exitCode === 0 ? [stdout.trim()] : []), await realpath(root).catch(() => root)];
  return names.map((name) => createHash('md5').update(name).digest('hex').slice(0, 12));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}

/**
 * The command lines of real agents, at pinned versions, for the tests: each is installed into the cache at the first call, aside and
 * renamed when complete.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from './cache.ts';
import { npm } from './npm.ts';
import { withProgress } from './progress.ts';

/** The newest when this was written; a bare name gives older versions on older Nodes. */
const claudeVersion = '2.1.328';

/** The native binary of Claude Code. Its own start file is passed over: npm may not run the script that would link it. */
export async function installClaude(): Promise<string> {
  const folder = await cachedFolder(`claude-code-${claudeVersion}`, (part) =>
    withProgress(`Getting Claude Code ${claudeVersion} from npm (360 MB, once)`, async () => {
      // A package.json of its own, or npm would install into the repository around it.
      writeFileSync(join(part, 'package.json'), JSON.stringify({ private: true }));
      await npm(part, ['install', '--ignore-scripts', '--no-save', `@anthropic-ai/claude-code@${claudeVersion}`]);
    }),
  );
  const platform = `${process.platform}-${process.arch}`;
  const name = process.platform === 'win32' ? 'claude.exe' : 'claude';
  const binary = join(folder, `node_modules/@anthropic-ai/claude-code-${platform}`, name);
  if (!existsSync(binary)) throw new Error(`Claude Code ${claudeVersion} has no binary for ${platform}: ${binary}`);
  return binary;
}

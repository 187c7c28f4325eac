import { parseConfig } from '../formats/config.ts';
import { type BatonConfig, defaultConfig } from '../model/config.ts';
import type { FileProblems } from '../model/workspace.ts';
import type { FileSystem } from '../ports/fileSystem.ts';

/** Where the configuration of a project stands. */
export const configPath = '.baton.yaml';

/** Reads the configuration of a project: `.baton.yaml`, else the defaults. What cannot be read is a problem, never an exception. */
export async function loadConfig(files: FileSystem): Promise<{ config: BatonConfig; problems: FileProblems[] }> {
  const text = await files.readText(configPath);
  if (text === undefined) return { config: defaultConfig, problems: [] };
  const { value, diagnostics } = parseConfig(text);
  return { config: value, problems: diagnostics.length > 0 ? [{ path: configPath, diagnostics }] : [] };
}

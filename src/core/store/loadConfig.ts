import { phrase } from '../base/phrase.ts';
import { BatonError } from '../errors.ts';
import { type BatonConfig, defaultConfig } from '../model/config.ts';
import type { FileProblems } from '../model/workspace.ts';
import type { FileSystem, ProjectPath } from '../ports/fileSystem.ts';

/** Where the configuration of a project stands. */
export const configPath: ProjectPath = '.baton.yaml';

/**
 * Reads the configuration of a project: `.baton.yaml`, else the defaults. What cannot be read is a problem, never an exception; the
 * defaults then stand in its place.
 */
export async function loadConfig(files: FileSystem): Promise<{ config: BatonConfig; problems: FileProblems[] }> {
  try {
    const text = await files.readText(configPath);
    if (text === undefined) return { config: defaultConfig, problems: [] };
    // A YAML parser costs milliseconds to load, and most projects have no such file.
    const { parseConfig } = await import('../formats/config.ts');
    const { value, diagnostics } = parseConfig(text);
    return { config: value, problems: diagnostics.length > 0 ? [{ path: configPath, diagnostics }] : [] };
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    const range = { start: 0, end: 0 };
    const message = phrase`${error.message}; the defaults are used.`;
    return {
      config: defaultConfig,
      problems: [{ path: configPath, diagnostics: [{ code: 'unreadable-config', severity: 'error', message, range }] }],
    };
  }
}

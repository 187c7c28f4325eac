import type { BatonConfig } from '../model/config.ts';

/** Names that Windows keeps for devices. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The file of a paused session: `<ID>.md`. What a file's name cannot hold on some system, and `%` itself, is written as `%` and the
 * hexadecimal digits of its UTF-8, so that different IDs have different files.
 */
export function pausedPath(config: Pick<BatonConfig, 'pausedFolder'>, id: string): string {
  return `${config.pausedFolder}/${fileName(id)}.md`;
}

/** The file of a paused session where another project's session of the same ID is paused already: `<ID>@<Project>.md`. */
export function pausedTwinPath(config: Pick<BatonConfig, 'pausedFolder'>, id: string, project: string): string {
  return `${config.pausedFolder}/${fileName(`${id}@${project}`)}.md`;
}

function fileName(text: string): string {
  const name = text.replace(/[%/\\:*?"<>|]|\p{Cc}|^\.|[. ]$/gu, percentEncode);
  return deviceName.test(name) ? `%${name}` : name;
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

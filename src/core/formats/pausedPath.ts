import type { BatonConfig } from '../model/config.ts';

/** Names that Windows keeps for devices. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The file of a paused session: `<ID>.md`. What a file's name cannot hold on some system, and `%` itself, is written as `%` and the
 * hexadecimal digits of its UTF-8, so that different IDs have different files.
 */
export function pausedPath(config: Pick<BatonConfig, 'pausedFolder'>, id: string): string {
  const name = id.replace(/[%/\\:*?"<>]|^\.|[. ]$/g, percentEncode);
  return `${config.pausedFolder}/${deviceName.test(name) ? `%${name}` : name}.md`;
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

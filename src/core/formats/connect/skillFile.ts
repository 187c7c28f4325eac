import { phrase } from '../../base/phrase.ts';
import { revisionOf } from '../../base/revision.ts';
import type { PlannedText } from './mcpServers.ts';

/** The folders in which agents look for skills: Claude Code's, and the one that the others share. */
export const skillPaths = {
  claude: '.claude/skills/baton/SKILL.md',
  agents: '.agents/skills/baton/SKILL.md',
} as const;

const mark = /\n<!-- written by baton connect: ([0-9a-f]{16}) -->\r?\n?$/;

/** The skill with a last line that tells later whether somebody has changed it. */
export function stampSkill(skill: string): string {
  const body = skill.endsWith('\n') ? skill : `${skill}\n`;
  return `${body}\n<!-- written by baton connect: ${revisionOf(body)} -->\n`;
}

/** Puts the skill there; an older one that nobody changed is replaced, one that somebody changed stays. */
export function addSkill(text: string | undefined, skill: string, path: string): PlannedText {
  const fresh = stampSkill(skill);
  if (text === undefined || isUnchanged(text)) return { text: text === fresh ? text : fresh, warnings: [] };
  return { text, warnings: [phrase`${path} was changed since it was written, and stays as it is`] };
}

/** Takes the skill away again. */
export function removeSkill(text: string | undefined, path: string): PlannedText {
  if (text === undefined || isUnchanged(text)) return { text: undefined, warnings: [] };
  return { text, warnings: [phrase`${path} was changed since it was written, and stays`] };
}

/** Line endings do not count: git may have changed them. */
function isUnchanged(text: string): boolean {
  const plain = text.replaceAll('\r\n', '\n');
  const found = mark.exec(plain);
  return found !== null && revisionOf(plain.slice(0, found.index)) === found[1];
}

import type { Range } from '../base/range.ts';
import type { VerificationCommand } from '../model/plan.ts';
import { type ShellLine, scanShell } from './shellLines.ts';

/**
 * Splits the shell text in `range` (a fence's content) into commands that each run in a shell of their own.
 *
 * Lines that only set the scene (`cd`, `export`, `X=…`, `source`, `set`, function definitions) are put before every later command with
 * ` && `, so that it still means the same; where nothing follows them, they are themselves the command. A comment above a command, else
 * one behind it, is its label.
 */
export function splitCommands(text: string, range: Range): VerificationCommand[] {
  const commands: VerificationCommand[] = [];
  const scene: ShellLine[] = [];
  let label: string | undefined;
  for (const line of scanShell(text, range)) {
    if (line.kind === 'comment') {
      label = isLabel(line.text) ? line.text : label;
    } else if (isScene(line)) {
      scene.push(line);
    } else {
      const name = label ?? (line.comment !== undefined && isLabel(line.comment) ? line.comment : undefined);
      commands.push({ command: withScene(scene, line), ...(name && { label: name }), range: line.range });
      label = undefined;
    }
  }
  const last = scene.at(-1);
  if (commands.length > 0 || last === undefined) return commands;
  return [{ command: withScene(scene.slice(0, -1), last), ...(label && { label }), range: last.range }];
}

const value = /(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\$\([^()]*\)|[^\s'"$;&|<>()]|\$(?!\())*/.source;
const oneAssignment = `[A-Za-z_]\\w*\\+?=${value}`;
/** White space between two assignments is a must: without it one text could be split in many ways, and trying all takes for ever. */
const assignment = new RegExp(`^${oneAssignment}(?:\\s+${oneAssignment})*\\s*$`);
const sceneCommand = /^(?:cd|pushd|popd|export|unset|source|\.|set|shopt|ulimit|umask)(?:\s|$)/;
const functionDefinition = /^(?:function\s+[\w-]+|[\w-]+\s*\(\s*\))\s*(?:\(\s*\)\s*)?\{/;

/** Tells whether a line only changes the shell's state; a list does where each of its parts does. */
function isScene(line: ShellLine): boolean {
  if (line.operators.some((operator) => operator !== '&&' && operator !== ';')) return false;
  const parts = line.parts.filter((part) => part !== '');
  return parts.every((part) => sceneCommand.test(part) || assignment.test(part) || functionDefinition.test(part));
}

function isLabel(comment: string): boolean {
  return comment !== '' && !/^(?:expected?\b|=>|→|[-=#*]+$|!)/i.test(comment);
}

function withScene(scene: readonly ShellLine[], line: ShellLine): string {
  if (scene.length === 0) return line.text;
  return [...scene.map(({ text }) => text.replace(/[;\s]+$/, '')), grouped(line)].join(' && ');
}

/** `a || b` behind `cd x && ` would also run `b` when `cd` fails, so a list is put in braces. */
function grouped(line: ShellLine): string {
  if (line.operators.every((operator) => operator === '&&' || operator === '|')) return line.text;
  if (line.text.includes('\n')) return `{ ${line.text}\n}`;
  return /[;&]$/.test(line.text) ? `{ ${line.text} }` : `{ ${line.text}; }`;
}

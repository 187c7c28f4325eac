import type { Argument, Command, Option } from 'commander';
import { missionStatuses } from '../../core/model/waveState.ts';

/** What can stand at a place: fixed words, the IDs of something, or files. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'ids'; readonly of: IdKind }
  | { readonly kind: 'files' }
  | { readonly kind: 'text' };

/** Things whose IDs `baton __complete` lists. */
export const idKinds = ['sessions', 'lists', 'tasks', 'inbox', 'projects', 'waves', 'wave-agents'] as const;
export type IdKind = (typeof idKinds)[number];

/** An option as it is typed. */
export interface OptionModel {
  readonly flags: readonly string[];
  readonly description: string;
  /** What follows it; undefined where nothing does. */
  readonly value?: Values;
}

/** A command with what can be typed behind it. */
export interface CommandModel {
  /** The words that lead to it, without `baton`: `['tasks', 'show']`. */
  readonly path: readonly string[];
  readonly description: string;
  readonly commands: readonly CommandModel[];
  readonly options: readonly OptionModel[];
  readonly arguments: readonly { readonly values: Values; readonly variadic: boolean }[];
}

/** Reads everything that completion needs off the program, so that it never says anything else than the help. */
export function modelOf(command: Command, path: readonly string[] = []): CommandModel {
  const visible = command.createHelp().visibleCommands(command);
  const options = command.createHelp().visibleOptions(command);
  return {
    path,
    description: firstSentence(command.summary() || command.description()),
    commands: visible
      .filter((child) => child.name() !== 'help')
      .map((child) => modelOf(child, [...path, child.name()])),
    options: options.map((option) => optionModel(option, path)),
    arguments: command.registeredArguments.map((argument) => ({
      values: argumentValues(argument, path),
      variadic: argument.variadic,
    })),
  };
}

/** All commands, the program itself first. */
export function allCommands(model: CommandModel): readonly CommandModel[] {
  return [model, ...model.commands.flatMap(allCommands)];
}

function optionModel(option: Option, path: readonly string[]): OptionModel {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const description = firstSentence(option.description);
  if (!option.required && !option.optional) return { flags, description };
  return { flags, description, value: optionValues(option, path) };
}

function optionValues({ argChoices, flags, long }: Option, path: readonly string[]): Values {
  if (argChoices !== undefined) return { kind: 'words', words: argChoices };
  const name = /<([^>]+)>/.exec(flags)?.[1]?.toLowerCase() ?? '';
  if (/^(file|path|dir|folder)$/.test(name)) return { kind: 'files' };
  if (path[0] === 'state') return { kind: 'text' };
  if (name === 'run') return { kind: 'ids', of: 'waves' };
  if (long === '--session' || name === 'id') return { kind: 'ids', of: 'sessions' };
  if (long === '--project') return { kind: 'ids', of: 'projects' };
  if (name === 'list' || long === '--from') return { kind: 'ids', of: 'lists' };
  // The task of `create --task` is a new one.
  if (name === 'task' && long !== '--task' && path[0] === 'tasks') return { kind: 'ids', of: 'tasks' };
  return { kind: 'text' };
}

function argumentValues(argument: Argument, path: readonly string[]): Values {
  const name = argument.name();
  if (argument.argChoices !== undefined) return { kind: 'words', words: argument.argChoices };
  if (path[0] === 'tasks') {
    if (name === 'list' || name === 'to-list' || name === 'target') return { kind: 'ids', of: 'lists' };
    if (name === 'task' && !argument.variadic) return { kind: 'ids', of: 'tasks' };
    if (name === 'status') return { kind: 'words', words: ['pending', 'in_progress', 'complete'] };
    return { kind: 'text' };
  }
  if (path[0] === 'state') {
    if (name === 'status') return { kind: 'words', words: missionStatuses };
    return name === 'key' ? { kind: 'words', words: ['status', 'current-wave', 'total-waves'] } : { kind: 'text' };
  }
  if (path[0] === 'wave' && name === 'run') return { kind: 'ids', of: 'waves' };
  if (path[0] === 'wave' && name === 'agent') return { kind: 'ids', of: 'wave-agents' };
  if (name === 'item' && path[0] === 'answer') return { kind: 'ids', of: 'inbox' };
  if (name === 'id') return { kind: 'ids', of: 'sessions' };
  if (/^files?$/.test(name)) return { kind: 'files' };
  return { kind: 'text' };
}

function firstSentence(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

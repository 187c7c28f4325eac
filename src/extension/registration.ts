import * as vscode from 'vscode';
import { BatonError } from '../core/errors.ts';
import type { CommandArguments } from './commandArguments.ts';
import {
  type CommandId,
  type ContextKey,
  type ContextKeys,
  commands,
  contextDefaults,
  type SettingId,
  type SettingValues,
  settingDefaults,
} from './contributions.ts';
import { report } from './errors.ts';

/** What a command does with its argument. VS Code, keybindings and other extensions pass anything: everything but its kind is checked here. */
export type CommandHandler<Id extends CommandId> = (
  argument: CommandArguments[Id] | undefined,
  /** What else is selected in the tree of whose menu the command was chosen; its elements are arguments too. */
  selection: readonly CommandArguments[Id][],
) => unknown;

type AnyHandler = (argument: unknown, selection: readonly unknown[]) => unknown;

const handlers = new Map<CommandId, AnyHandler>();

/** Tells what a command does. */
export function registerCommand<Id extends CommandId>(id: Id, handler: CommandHandler<Id>): vscode.Disposable {
  const own: AnyHandler = (argument, selection) =>
    handler(toArgument<Id>(argument), selection as readonly CommandArguments[Id][]);
  handlers.set(id, own);
  return { dispose: () => void (handlers.get(id) === own && handlers.delete(id)) };
}

/**
 * Makes all commands known to VS Code; `load`, called when the first of them is, brings what they do (`registerCommand`). Whatever a
 * command throws is reported to the person, and never thrown on.
 *
 * @param inTitles the commands that stand in titles of views, where there need not be a row
 */
export function registerCommands(load: () => Promise<void>, inTitles: ReadonlySet<string>): vscode.Disposable[] {
  let loading: Promise<void> | undefined;
  const run = async (id: CommandId, given: readonly unknown[]): Promise<unknown> => {
    const [argument, selection] = given;
    try {
      if (isLostRow(given) && !inTitles.has(id)) throw lostRow();
      loading ??= load();
      // One that failed is tried again with the next command.
      await loading.catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      const handler = handlers.get(id);
      if (handler === undefined) throw new Error(`The command ${id} does nothing`);
      return await handler(argument, Array.isArray(selection) ? selection : []);
    } catch (error) {
      await report(error);
      return undefined;
    }
  };
  return (Object.keys(commands) as CommandId[]).map((id) =>
    vscode.commands.registerCommand(id, (...given: readonly unknown[]) => run(id, given)),
  );
}

/**
 * Whether a command comes from a row that VS Code no longer knows, because its group was being drawn again at the moment of the click:
 * then it passes `undefined` for the row and something for the selection, where every other caller passes an element, `null` or nothing;
 * but the title of a view, in which no row has the focus.
 */
function isLostRow(given: readonly unknown[]): boolean {
  return given.length >= 2 && given[0] === undefined;
}

/** What was clicked is not known any more, and a guess could be about another session. */
function lostRow(): BatonError {
  return new BatonError('unknown-item', vscode.l10n.t('The row was being drawn again at that moment.'), {
    hint: vscode.l10n.t('Choose it once more.'),
  });
}

/** Runs one of Baton's own commands. */
export function runCommand<Id extends CommandId>(id: Id, argument?: CommandArguments[Id]): Thenable<unknown> {
  return argument === undefined ? vscode.commands.executeCommand(id) : vscode.commands.executeCommand(id, argument);
}

/** Describes a command for a tree item, a lens or a status bar item. */
export function commandLink<Id extends CommandId>(
  id: Id,
  title: string,
  argument?: CommandArguments[Id],
): vscode.Command {
  return { command: id, title, ...(argument === undefined ? {} : { arguments: [argument] }) };
}

/** A string alone is an ID; a URI (menus of editors) names the folder that it lies in; other things than objects are no argument. */
function toArgument<Id extends CommandId>(argument: unknown): CommandArguments[Id] | undefined {
  let value: unknown = argument;
  if (typeof argument === 'string') value = { id: argument };
  else if (argument instanceof vscode.Uri) {
    const folder = vscode.workspace.getWorkspaceFolder(argument)?.uri.toString();
    value = folder === undefined ? undefined : { folder };
  } else if (typeof argument !== 'object' || argument === null) value = undefined;
  // The title of a source control passes itself, whose `id` is no session's.
  else if ('createResourceGroup' in argument) value = undefined;
  return value as CommandArguments[Id] | undefined;
}

/** Reads a setting, for a resource where its value may depend on one. */
export function readSetting<Id extends SettingId>(id: Id, scope?: vscode.Uri): SettingValues[Id] {
  return vscode.workspace.getConfiguration(undefined, scope ?? null).get<SettingValues[Id]>(id, settingDefaults[id]);
}

/** Calls `listener` when one of the settings changes. */
export function onDidChangeSetting(ids: readonly SettingId[], listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (ids.some((id) => event.affectsConfiguration(id))) listener();
  });
}

const currentContext: { -readonly [Key in ContextKey]: ContextKeys[Key] } = { ...contextDefaults };

/** Sets a context key for `when` clauses; a value that it has already is not sent again. */
export function setContext<Key extends ContextKey>(key: Key, value: ContextKeys[Key]): void {
  if (JSON.stringify(currentContext[key]) === JSON.stringify(value)) return;
  currentContext[key] = value;
  void vscode.commands.executeCommand('setContext', key, value);
}

/** The context keys as they were last set. */
export function contextValues(): Readonly<ContextKeys> {
  return { ...currentContext };
}

import { type Command, Option } from 'commander';

/** How a verb presents itself in the help. */
export interface VerbDeclaration {
  readonly name: string;
  /** One line, in the imperative. */
  readonly summary: string;
  /** More on what it does, and on the fields of `--json`. */
  readonly details?: string;
  /** Command lines, each with what it does. */
  readonly examples: readonly (readonly [command: string, purpose: string])[];
}

/** Adds a verb. */
export function declareVerb(program: Command, { name, summary, details, examples }: VerbDeclaration): Command {
  const description = details === undefined ? `${summary}.` : `${summary}.\n\n${details}`;
  const width = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, purpose]) => formatExample(command, purpose, width));
  return program
    .command(name)
    .summary(summary)
    .description(description)
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** Adds the options that stand before or behind a verb alike; last, so that its own come first in the help. */
export function addGlobalOptions(command: Command): void {
  const options = [
    new Option('--json', 'print one JSON object to stdout, also on failure'),
    new Option('--cwd <dir>', 'work in that folder'),
    new Option('--verbose', 'say more on stderr, with the stack of a bug'),
  ];
  for (const option of options) command.addOption(option.helpGroup('Options of every command:'));
}

/** Adds `--yes`, the caller's approval of one run. */
export function addYesOption(command: Command): Command {
  return command.option('-y, --yes', 'approve what is shown for this one run; nothing is stored');
}

/** The purpose goes beside the command where both fit 80 columns, else below it. */
function formatExample(command: string, purpose: string, width: number): string {
  return width + purpose.length <= 76 ? `  ${command.padEnd(width)}  ${purpose}` : `  ${command}\n      ${purpose}`;
}

import { type Argument, Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { BatonError } from '../core/errors.ts';
import type { Cli } from './cli.ts';
import { addGlobalOptions } from './declareVerb.ts';
import { exitCodes } from './errors.ts';
import { formatJson } from './json.ts';
import { declareAnswer } from './verbs/answer.ts';
import { declareAsk } from './verbs/ask.ts';
import { declareAutopilot } from './verbs/autopilot.ts';
import { declareChanges } from './verbs/changes.ts';
import { declareCheck } from './verbs/check.ts';
import { declareCheckpoint } from './verbs/checkpoint.ts';
import { declareClaim } from './verbs/claim.ts';
import { declareComplete } from './verbs/complete.ts';
import { declareCompleteIds } from './verbs/completeIds.ts';
import { declareCompletion } from './verbs/completion.ts';
import { declareConnect } from './verbs/connect.ts';
import { declareDispatch } from './verbs/dispatch.ts';
import { declareEdit } from './verbs/edit.ts';
import { declareFail } from './verbs/fail.ts';
import { declareHook } from './verbs/hook.ts';
import { declareInbox } from './verbs/inbox.ts';
import { declareInit } from './verbs/init.ts';
import { declareIsolated } from './verbs/isolated/isolated.ts';
import { declareLock } from './verbs/lock.ts';
import { declareMcp } from './verbs/mcp.ts';
import { declareMemory } from './verbs/memory.ts';
import { declareMetrics } from './verbs/metrics.ts';
import { declareNote } from './verbs/note.ts';
import { declarePause } from './verbs/pause.ts';
import { declarePlan } from './verbs/plan/plan.ts';
import { declareRecover } from './verbs/recover.ts';
import { declareRelease } from './verbs/release.ts';
import { declareRename } from './verbs/rename.ts';
import { declareReport } from './verbs/report.ts';
import { declareResume } from './verbs/resume.ts';
import { declareRollback } from './verbs/rollback.ts';
import { declareSessions } from './verbs/sessions.ts';
import { declareShow } from './verbs/show.ts';
import { declareStart } from './verbs/start.ts';
import { declareState } from './verbs/state/state.ts';
import { declareStatus } from './verbs/status.ts';
import { declareTasks } from './verbs/tasks/tasks.ts';
import { declareTick } from './verbs/tick.ts';
import { declareVault } from './verbs/vault.ts';
import { declareVerify } from './verbs/verify.ts';
import { declareWatch } from './verbs/watch.ts';
import { declareWave } from './verbs/wave/wave.ts';
import { declareWith } from './verbs/with.ts';

/** Adds a verb to the program. */
export type Declare = (program: Command, cli: Cli) => void;

const groups: readonly (readonly [heading: string, verbs: readonly Declare[]])[] = [
  [
    'See where things stand:',
    [declareStatus, declareSessions, declareShow, declareChanges, declareCheck, declareReport],
  ],
  [
    'Work on a session:',
    [
      declareStart,
      declareNote,
      declareTick,
      declareEdit,
      declareRename,
      declareCheckpoint,
      declareVerify,
      declareComplete,
      declarePause,
      declareResume,
    ],
  ],
  ['Task lists:', [declareTasks, declareClaim, declareRelease, declareWatch]],
  [
    'Waves:',
    [
      declareWave,
      declareState,
      declareAutopilot,
      declareLock,
      declareWith,
      declareMemory,
      declareMetrics,
      declareVault,
    ],
  ],
  ['When it goes wrong:', [declareFail, declareRollback, declareRecover]],
  ['Begin:', [declareInit, declarePlan, declareCompletion, declareCompleteIds]],
  [
    'Agents:',
    [
      declareDispatch,
      declareIsolated,
      declareInbox,
      declareAnswer,
      declareAsk,
      declareConnect,
      declareMcp,
      declareHook,
    ],
  ],
];

const closing = `
Exit codes: 0 done; 1 refused, failed, or problems found; 2 wrong flags or
arguments; 70 a bug; 130 cancelled by Ctrl-C (129 and 143 by SIGHUP, SIGTERM).
--json prints {"ok":true,"data":{…}} or {"ok":false,"error":{"code","message",
"hint","data"}}. NO_COLOR turns colours off. "--" ends the options.

A first session:
  baton init Shop --plan docs/SHOP_PROMPTS.md
  baton start BE-01
  baton checkpoint -m "models done"
  baton complete -m "feat(models): add products"`;

/** Reads the arguments and runs the verb. Everything that goes wrong ends in `cli.fail`. */
export async function runProgram(argv: readonly string[], cli: Cli): Promise<void> {
  let shown = '';
  const program = new Command('baton')
    .description('Carry coding work over many sessions: plan, start, checkpoint, verify, complete.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    // That each takes options goes without saying, and the list is easier to read in one line each.
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(describeArgument)].join(' '),
    })
    .configureOutput({
      writeOut: (text) => {
        shown += text;
      },
      // Errors come back as exceptions and are printed once, by `fail`.
      writeErr: () => {},
      getOutHelpWidth: () => cli.out.columns,
      getOutHasColors: () => false,
    });
  for (const [heading, verbs] of groups) {
    program.commandsGroup(heading);
    for (const declare of verbs) declare(program, cli);
  }
  program.helpCommand('help [command]', 'Show the help of a command');
  for (const command of withSubcommands(program)) addGlobalOptions(command);
  program.addHelpText('after', closing);

  try {
    if (argv.every((argument) => argument === '--json' || argument === '--verbose')) {
      throw new BatonError('invalid-argument', 'No command was given.', { hint: '"baton --help" lists all commands.' });
    }
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) cli.fail(error);
    else if (error.exitCode === exitCodes.done) showText(cli, error, shown);
    else cli.fail(toUsageError(error, program, argv));
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** Prints help or version; with `--json` as an object, as everything. */
function showText(cli: Cli, { code }: CommanderError, text: string): void {
  if (!cli.json) cli.out.raw(text);
  else if (code === 'commander.version') cli.out.raw(formatJson({ ok: true, data: { version: text.trim() } }));
  else cli.out.raw(formatJson({ ok: true, data: { help: text } }));
}

function describeArgument(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Puts commander's message into the form of all errors: its suggestion becomes the hint. */
function toUsageError(error: CommanderError, program: Command, argv: readonly string[]): BatonError {
  if (error.code === 'commander.help') {
    return new BatonError('invalid-argument', 'There is no such command.', {
      hint: '"baton --help" lists all commands.',
    });
  }
  const [first = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const message = `${first.charAt(0).toUpperCase()}${first.slice(1)}`;
  const verb = program.commands.find((command) => argv.includes(command.name()))?.name();
  const help = verb === undefined ? 'baton --help' : `baton ${verb} --help`;
  const dash = error.code === 'commander.unknownOption' ? ' Text that begins with "-" goes behind "--".' : '';
  const didYouMean = suggestion?.replace(/^\(|\)$/g, '');
  return new BatonError('invalid-argument', message.endsWith('.') ? message : `${message}.`, {
    hint: `${didYouMean === undefined ? '' : `${didYouMean} `}"${help}" tells what it takes.${dash}`,
    cause: error,
  });
}

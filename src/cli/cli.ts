import type { Command } from 'commander';
import type { ActionContext } from '../core/actions/context.ts';
import { BatonError } from '../core/errors.ts';
import type { ProjectPath } from '../core/ports/fileSystem.ts';
import { type CliFailure, describeFailure, exitCodes } from './errors.ts';
import { Interruption } from './interruption.ts';
import { formatJson, type JsonFailure, type JsonSuccess, toJsonFailure } from './json.ts';
import { Output, type OutputStream } from './output.ts';
import { enterFolder, throwIfCancelled, toProjectPath } from './project.ts';
import type { TerminalChooser, TerminalPromptOptions } from './prompt.ts';
import { plainText } from './text.ts';

/** The options that every verb takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly cwd?: string;
  readonly verbose?: boolean;
  readonly yes?: boolean;
  readonly leaveOut?: readonly string[];
}

/** What a verb works with. */
export interface VerbRun {
  readonly context: ActionContext;
  /** Absolute path of the project's root. */
  readonly root: string;
  /** For what is streamed while the verb runs. */
  readonly err: Output;
  /** Puts a question with answers to the person; undefined where nobody can be asked. */
  readonly choose?: TerminalChooser;
  /** Turns a path argument, relative to the current folder, into one of the project. */
  toPath(argument: string): ProjectPath;
}

/** What a verb did: for programs and for people. */
export interface VerbResult {
  /** The `data` of `--json`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Prints it for a person. */
  readonly print: (out: Output) => void;
  readonly warnings?: readonly string[];
  /** It was done, and what it found is a failure: printed after the result, and it is the `error` of `--json`. */
  readonly failure?: BatonError;
}

/** So much of what a hook said is shown; `--json` has more. */
const mostOutputLines = 20;

/** The streams and the environment of the process. */
export interface CliStreams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs verbs: wires the ports, prints results and failures, decides the exit code. */
export class Cli {
  readonly #streams: CliStreams;
  readonly out: Output;
  readonly err: Output;
  readonly interruption: Interruption;
  /** True where `--json` stands before `--`; known before commander has read anything, so that its errors obey it too. */
  readonly json: boolean;
  readonly #verbose: boolean;
  #hasPrintedJson = false;
  exitCode: number = exitCodes.done;

  constructor(argv: readonly string[], streams: CliStreams) {
    const end = argv.indexOf('--');
    const flags = end === -1 ? argv : argv.slice(0, end);
    this.#streams = streams;
    this.json = flags.includes('--json');
    this.#verbose = flags.includes('--verbose');
    this.out = new Output(streams.stdout, streams.environment);
    this.err = new Output(streams.stderr, streams.environment);
    this.interruption = new Interruption(() => this.err.line('Cancelling. A second Ctrl-C ends at once.'));
  }

  /** Runs one verb to its end; failures go to `fail`. */
  async run(command: Command, work: (run: VerbRun) => Promise<VerbResult>): Promise<void> {
    const options: GlobalOptions = command.optsWithGlobals();
    if (options.cwd !== undefined) enterFolder(options.cwd);
    const { openProject } = await import('./openProject.ts');
    const asking = this.#asking(options);
    const { createTerminalChooser, createTerminalPrompt } = await import('./prompt.ts');
    const choose = createTerminalChooser(asking);
    const project = await openProject({
      cancellation: this.interruption,
      // Files that are left out are named to the prompt, so the action must ask it.
      yes: options.yes === true && options.leaveOut === undefined,
      prompt: createTerminalPrompt(asking),
      report: (message) => this.#report(message),
      logger: this.#createLogger(),
    });
    try {
      throwIfCancelled(this.interruption);
      const { context, root } = project;
      const toPath = (argument: string): ProjectPath => toProjectPath(root, argument);
      this.#finish(await work({ context, root, err: this.err, toPath, ...(choose !== undefined && { choose }) }));
    } finally {
      project.dispose();
    }
  }

  /** Prints an error and sets its exit code. */
  fail(error: unknown): void {
    const failure = describeFailure(error);
    this.exitCode = this.#exitCodeOf(failure);
    if (this.json) this.#printJson(toJsonFailure(failure, error));
    else {
      this.#printFailure(failure.message, failure.hint);
      this.#printOutputOf(error);
    }
    if (this.#verbose && error instanceof Error && error.stack !== undefined) this.err.line(error.stack);
  }

  #finish({ data, print, warnings = [], failure }: VerbResult): void {
    // Known before anything is printed: a reader that goes away in the middle must not turn it into a success.
    if (failure !== undefined) this.exitCode = this.#exitCodeOf(describeFailure(failure));
    if (!this.json) print(this.out);
    if (failure !== undefined) this.fail(failure);
    else if (this.json) this.#printJson({ ok: true, data: { ...data, warnings } });
    if (!this.json) for (const warning of warnings) this.#printWarning(warning);
  }

  /** What a signal cancelled has the signal's exit code. */
  #exitCodeOf({ code, exitCode }: CliFailure): number {
    return (code === 'cancelled' ? this.interruption.exitCode : undefined) ?? exitCode;
  }

  /** Prints the one object of this run; whatever comes after it is left unsaid. */
  #printJson(value: JsonSuccess | JsonFailure): void {
    if (this.#hasPrintedJson) return;
    this.#hasPrintedJson = true;
    this.out.raw(formatJson(value));
  }

  #printFailure(message: string, hint: string | undefined): void {
    const [first = '', ...rest] = message.split('\n');
    this.err.line(`${this.err.paint('bad', 'error:')} ${plainText(first)}`);
    for (const line of rest) this.err.line(`  ${plainText(line)}`);
    if (hint !== undefined) this.err.line(`${this.err.paint('busy', 'hint:')} ${plainText(hint)}`);
  }

  /** What a hook or git said is what the hint tells to read. */
  #printOutputOf(error: unknown): void {
    const output = BatonError.is(error, 'hook-failed', 'git-failed') ? error.data?.['output'] : undefined;
    if (typeof output !== 'string') return;
    const lines = output.trim().split('\n');
    // The message has git's first line already.
    if (lines.length === 1 && (lines[0] === '' || BatonError.is(error, 'git-failed'))) return;
    for (const line of lines.slice(-mostOutputLines)) this.err.line(`  ${plainText(line)}`);
  }

  #printWarning(warning: string): void {
    this.err.line(`${this.err.paint('warn', 'warning:')} ${plainText(warning)}`);
  }

  /** Commands show their own progress and the rest is short, so that this is only for who asks. */
  #report(message: string): void {
    if (this.#verbose) this.err.line(this.err.paint('quiet', `${plainText(message)} …`));
  }

  #asking(options: GlobalOptions): TerminalPromptOptions {
    return {
      err: this.err,
      input: this.#streams.stdin,
      interactive: !this.json && this.#streams.stdin.isTTY === true && this.err.isTerminal,
      yes: options.yes === true,
      interruption: this.interruption,
      leaveOut: options.leaveOut ?? [],
    };
  }

  #createLogger(): ActionContext['ports']['logger'] {
    const say = (level: string, message: string) => {
      if (this.#verbose) this.err.line(this.err.paint('quiet', `${level}: ${plainText(message)}`));
    };
    return {
      info: (message) => say('info', message),
      warn: (message) => say('warn', message),
      error: (message, error) => {
        const detail = error instanceof Error ? ` (${error.message})` : '';
        this.err.line(this.err.paint('quiet', `log: ${plainText(message + detail)}`));
      },
    };
  }
}

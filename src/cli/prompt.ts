import { BatonError } from '../core/errors.ts';
import type { ApprovalAnswer, FileChoice, Prompt } from '../core/ports/prompt.ts';
import type { Interruption } from './interruption.ts';
import type { Output } from './output.ts';
import { countOf, harmlessText, plainText } from './text.ts';

/** How the terminal is asked, or why it is not. */
export interface TerminalPromptOptions {
  /** Where questions and lists go: stderr, so that stdout stays the result. */
  readonly err: Output;
  readonly input: NodeJS.ReadableStream;
  /** False where nobody can answer: no terminal, or `--json`. */
  readonly interactive: boolean;
  /** `--yes`: everything is shown and approved for this run. */
  readonly yes: boolean;
  readonly interruption: Interruption;
  /** Paths or folders that `--leave-out` names. */
  readonly leaveOut?: readonly string[];
}

type ChoosableFile = FileChoice['files'][number];

/** Asks the person at the terminal; answers undefined where there is none. A plain no is a `cancelled` error. */
export function createTerminalPrompt(options: TerminalPromptOptions): Prompt {
  const { err, yes, interactive, leaveOut = [] } = options;
  return {
    async approveCommands(request) {
      if (!yes && !interactive) return undefined;
      const where = request.folder === '' ? '' : ` in ${plainText(request.folder)}`;
      err.line(
        `${plainText(request.purpose)}: ${countOf(request.commands.length, 'command')} from the repository${where}`,
      );
      for (const command of request.commands) showCommand(err, command);
      if (yes) return 'once';
      return askApproval(options);
    },
    async chooseFiles(request) {
      const isTold = leaveOut.length > 0;
      if (!yes && !interactive && !isTold) return undefined;
      const left = findLeftOut(request, leaveOut);
      const chosen = request.files.filter((file) => file.untouched !== true && !left.has(file));
      showFiles(err, request, chosen);
      if (interactive && !yes) return askFiles(options, request, left, chosen);
      // What is shown is the action's own choice: it makes it, and warns of what it leaves out.
      return isTold ? pathsOf(chosen) : undefined;
    },
    async confirm(request) {
      if (!yes && !interactive) return undefined;
      for (const line of request.detail) err.line(`  ${plainText(line)}`);
      if (yes) return true;
      const answer = await ask(options, `${plainText(request.question)} [y] ${plainText(request.yes)}, [N] no: `);
      return isYes(answer);
    },
  };
}

/** A question with answers to choose from, the recommended one first. */
export interface TerminalChoice {
  readonly question: string;
  /** What the person needs to know, line by line. */
  readonly detail: readonly string[];
  readonly options: readonly { readonly id: string; readonly label: string; readonly description: string }[];
  /** ID of an option. */
  readonly recommended: string;
}

/** Answers the ID of an option; undefined where none was chosen. */
export type TerminalChooser = (choice: TerminalChoice) => Promise<string | undefined>;

/** Puts questions to the person at the terminal, by number. `--yes` answers none of them; where nobody can be asked there is no chooser. */
export function createTerminalChooser(options: TerminalPromptOptions): TerminalChooser | undefined {
  if (!options.interactive) return undefined;
  const { err } = options;
  return async ({ question, detail, options: answers, recommended }) => {
    err.wrapped(plainText(question));
    for (const line of detail) err.wrapped(plainText(line), { label: '    ', tone: 'quiet' });
    answers.forEach(({ id, label, description }, index) => {
      const mark = id === recommended ? ' (recommended)' : '';
      err.wrapped(`${plainText(label)}${mark}: ${plainText(description)}`, { label: `  [${index + 1}] ` });
    });
    const said = await ask(options, `Number, from 1 to ${answers.length}; nothing else is done: `);
    return answers.find(({ id, label }, index) => said === String(index + 1) || said === id || said === label)?.id;
  };
}

/** Shows a command to the last character, line by line, so that what is approved is what is read. */
function showCommand(err: Output, command: string): void {
  command.split('\n').forEach((line, index) => {
    err.line(`  ${index === 0 ? '$' : ' '} ${err.paint('command', harmlessText(line))}`);
  });
}

async function askApproval(options: TerminalPromptOptions): Promise<ApprovalAnswer> {
  const answer = await ask(options, 'Run them? [y] once, [a] always in this repository, [N] no: ');
  if (/^a(lways)?$/i.test(answer)) return 'approve';
  return isYes(answer) ? 'once' : 'refuse';
}

function pathsOf(files: readonly ChoosableFile[]): readonly string[] {
  return files.map(({ path }) => path);
}

/** The files that `--leave-out` names, each by its path or a folder above it; one that names none is a slip. */
function findLeftOut({ files }: FileChoice, leaveOut: readonly string[]): ReadonlySet<ChoosableFile> {
  const left = new Set<ChoosableFile>();
  for (const named of leaveOut) {
    const folder = named.replace(/\/+$/, '');
    const found = files.filter(
      ({ path, stateFile }) => !stateFile && (path === folder || path.startsWith(`${folder}/`)),
    );
    if (found.length === 0) {
      throw new BatonError('invalid-argument', `--leave-out ${named}: no changed file has this path.`, {
        hint: `Changed are: ${
          files
            .filter(({ stateFile }) => !stateFile)
            .map(({ path }) => path)
            .join(', ') || 'none'
        }.`,
      });
    }
    for (const file of found) left.add(file);
  }
  return left;
}

function showFiles(err: Output, { purpose, files }: FileChoice, chosen: readonly ChoosableFile[]): void {
  err.line(
    `${plainText(purpose)}: ${countOf(chosen.length, 'changed file')} to commit, and what this adds to the state files`,
  );
  const rows = files.map((file) => {
    const remark = describeFile(file, chosen.includes(file));
    const tone = file.before && !file.stateFile ? 'warn' : 'quiet';
    return [
      { text: file.kind },
      { text: plainText(file.path) },
      { text: remark, paint: (text: string) => err.paint(tone, text) },
    ];
  });
  err.table([{}, { grows: true }, { grows: true }], rows, 2);
}

function describeFile({ before, stateFile, untouched = false }: ChoosableFile, isChosen: boolean): string {
  if (stateFile) return 'state file';
  if (untouched) return 'left out: changed before the session started, not since';
  if (!isChosen) return 'left out';
  return before ? 'had changes before the session started' : '';
}

/** Asks whether to commit what was shown. */
async function askFiles(
  options: TerminalPromptOptions,
  { files }: FileChoice,
  left: ReadonlySet<ChoosableFile>,
  chosen: readonly ChoosableFile[],
): Promise<readonly string[]> {
  const all = files.filter((file) => !left.has(file));
  const takesMore = all.length > chosen.length;
  const choices = takesMore ? '[Y] yes, [a] all, also what was changed before, [n] no: ' : '[Y] yes, [n] no: ';
  const answer = await ask(options, `Commit them? ${choices}`);
  if (isYes(answer) || answer === '') return pathsOf(chosen);
  if (/^a(ll)?$/i.test(answer) && takesMore) return pathsOf(all);
  throw new BatonError('cancelled', 'Nothing was committed.', {
    hint: 'Run again; --leave-out PATH leaves a file out, --file PATH commits exactly what is named.',
  });
}

function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer);
}

/** Reads one line. The end of the input is a no; Ctrl-C cancels the run. */
async function ask({ err, input, interruption }: TerminalPromptOptions, question: string): Promise<string> {
  // Loaded when somebody is asked: most runs ask nothing.
  const { createInterface } = await import('node:readline');
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input, output: process.stderr, terminal: true });
    let answer = '';
    let stopped = false;
    lines.on('SIGINT', () => {
      stopped = true;
      lines.close();
      err.line();
      interruption.interrupt('SIGINT');
    });
    lines.once('close', () => {
      if (stopped) reject(new BatonError('cancelled', 'Cancelled at the question.'));
      else resolve(answer.trim());
    });
    lines.question(question, (line) => {
      answer = line;
      lines.close();
    });
  });
}

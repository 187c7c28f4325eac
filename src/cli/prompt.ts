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
  /** `--leave-earlier`: leave out what was changed before the session started. */
  readonly leaveEarlier?: boolean;
}

type ChoosableFile = FileChoice['files'][number];

/** Asks the person at the terminal; answers undefined where there is none. A plain no is a `cancelled` error. */
export function createTerminalPrompt(options: TerminalPromptOptions): Prompt {
  const { err, yes, interactive } = options;
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
      const chosen = request.files.filter((file) => file.stateFile || !isLeftOut(file, options));
      if (!yes && !interactive) return isNarrowed(options) ? chosen.map(({ path }) => path) : undefined;
      showFiles(err, request, chosen);
      return yes ? chosen.map(({ path }) => path) : askFiles(options, chosen);
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

/** Shows a command to the last character, line by line, so that what is approved is what is read. */
function showCommand(err: Output, command: string): void {
  command.split('\n').forEach((line, index) => {
    err.line(`  ${index === 0 ? '$' : ' '} ${err.paint('command', harmlessText(line))}`);
  });
}

async function askApproval(options: TerminalPromptOptions): Promise<ApprovalAnswer> {
  const answer = await ask(
    options,
    'Run them? [y] this once, [a] always (exactly these, in this repository), [N] no: ',
  );
  if (/^a(lways)?$/i.test(answer)) return 'approve';
  return isYes(answer) ? 'once' : 'refuse';
}

function isLeftOut(file: ChoosableFile, { leaveOut = [], leaveEarlier = false }: TerminalPromptOptions): boolean {
  if (leaveEarlier && file.before) return true;
  return leaveOut.some((path) => file.path === path || file.path.startsWith(`${path}/`));
}

function isNarrowed({ leaveOut = [], leaveEarlier = false }: TerminalPromptOptions): boolean {
  return leaveEarlier || leaveOut.length > 0;
}

function showFiles(err: Output, request: FileChoice, chosen: readonly ChoosableFile[]): void {
  err.line(`${plainText(request.purpose)}: ${countOf(chosen.length, 'file')} will be committed`);
  const rows = request.files.map((file) => {
    const left = !chosen.includes(file);
    const earlier = file.before && !file.stateFile;
    const remark = left
      ? 'left out'
      : earlier
        ? 'changed before the session started'
        : file.stateFile
          ? 'state file'
          : '';
    return [
      { text: String(request.files.indexOf(file) + 1) },
      { text: file.kind },
      { text: plainText(file.path) },
      { text: remark, paint: (text: string) => err.paint(earlier && !left ? 'warn' : 'quiet', text) },
    ];
  });
  err.table([{}, {}, { grows: true }, {}], rows, 2);
}

/** Asks which of the files to commit; the numbers are those that were shown. */
async function askFiles(options: TerminalPromptOptions, chosen: readonly ChoosableFile[]): Promise<readonly string[]> {
  const earlier = chosen.filter((file) => file.before && !file.stateFile);
  const choices =
    earlier.length === 0 ? '[Y] yes, [n] no: ' : '[y] yes, [e] leave out what was changed before, [n] no: ';
  const answer = await ask(options, `Commit them? ${choices}`);
  const paths = (files: readonly ChoosableFile[]) => files.map(({ path }) => path);
  if (isYes(answer) || (answer === '' && earlier.length === 0)) return paths(chosen);
  if (/^e$/i.test(answer) && earlier.length > 0) return paths(chosen.filter((file) => !earlier.includes(file)));
  throw new BatonError('cancelled', 'Nothing was committed.', {
    hint: 'Run again; --leave-out PATH and --leave-earlier narrow what is committed.',
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

import * as vscode from 'vscode';
import type { VerificationListener } from '../../core/actions/verify.ts';
import { formatMs } from '../views/times.ts';

const ctrlC = '\u0003';
const dim = '\u001b[2m';
const bold = '\u001b[1m';
const green = '\u001b[32m';
const red = '\u001b[31m';
const reset = '\u001b[0m';

/** A terminal in which the commands of one verification are seen running; Ctrl-C cancels them. */
export class VerificationTerminal {
  readonly #name: string;
  readonly #cancel: () => void;
  readonly #written = new vscode.EventEmitter<string>();
  /** What was written before the terminal was open. */
  #waiting: string[] | undefined = [];
  #terminal: vscode.Terminal | undefined;
  #isRunning = false;

  /** What was shown, for tests that cannot read a terminal. */
  transcript = '';

  constructor(name: string, cancel: () => void) {
    this.#name = name;
    this.#cancel = cancel;
  }

  /** Shows each command as it begins, its output as it comes, and how it ended. */
  readonly listener: Required<VerificationListener> = {
    onCommandStart: ({ command, label }, index, total) => {
      this.#open();
      this.#isRunning = true;
      const heading = label === undefined ? '' : `${dim}# ${label}${reset}\n`;
      this.#write(`${heading}${dim}[${index + 1}/${total}]${reset} ${bold}$ ${command}${reset}\n`);
    },
    onOutput: (chunk) => this.#write(chunk),
    onCommandEnd: ({ exitCode, timedOut, cancelled, durationMs }) => {
      this.#isRunning = false;
      const time = formatMs(durationMs);
      const said = timedOut
        ? vscode.l10n.t('timed out after {0}', time)
        : cancelled
          ? vscode.l10n.t('cancelled after {0}', time)
          : vscode.l10n.t('exit code {0} after {1}', exitCode ?? '–', time);
      this.#write(`${exitCode === 0 ? green : red}${said}${reset}\n\n`);
    },
  };

  #write(text: string): void {
    this.transcript += text;
    const lines = text.replace(/\r?\n/g, '\r\n');
    if (this.#waiting === undefined) this.#written.fire(lines);
    else this.#waiting.push(lines);
  }

  #open(): void {
    if (this.#terminal !== undefined) return;
    const pty: vscode.Pseudoterminal = {
      onDidWrite: this.#written.event,
      open: () => {
        const waiting = this.#waiting ?? [];
        this.#waiting = undefined;
        for (const text of waiting) this.#written.fire(text);
      },
      close: () => {
        if (this.#isRunning) this.#cancel();
      },
      handleInput: (data) => {
        if (data === ctrlC && this.#isRunning) this.#cancel();
      },
    };
    closeEarlier(this.#name);
    this.#terminal = vscode.window.createTerminal({ name: this.#name, pty, iconPath: new vscode.ThemeIcon('beaker') });
    this.#terminal.show(true);
  }
}

/** One terminal per session is enough: the last run's one makes room. */
function closeEarlier(name: string): void {
  for (const terminal of vscode.window.terminals) if (terminal.name === name) terminal.dispose();
}

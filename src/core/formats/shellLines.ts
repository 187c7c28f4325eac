import type { Range } from '../base/range.ts';

/** One logical line of shell text: a comment, or a whole command with everything that belongs to it. */
export interface ShellLine {
  readonly kind: 'comment' | 'command';
  /** The comment without `#`; or the command with `\`-continuations joined, its trailing comment and `\r` removed. */
  readonly text: string;
  /** The comment behind a command. */
  readonly comment?: string;
  /** Where it stands in the source, the trailing comment left out. */
  readonly range: Range;
  /** The operators between its commands at the top level: `;`, `&`, `&&`, `||`, `|`. */
  readonly operators: readonly string[];
  /** What stands between those operators. */
  readonly parts: readonly string[];
}

/** What must be closed before a newline ends the command. */
type Opener = "'" | '"' | '`' | '(' | '{' | 'if' | 'do' | 'case' | '((';

interface Heredoc {
  readonly word: string;
  readonly stripsTabs: boolean;
}

const plainLine = /[\w@%+=:,./ \t~^*?-]+(?=\r?\n|$)/y;
const keyword = /^(?:if|for|while|until|case|select|function|time|then|else|elif|do|done|fi|esac|coproc)\b/;

const opening: Readonly<Record<string, Opener>> = { if: 'if', do: 'do', case: 'case', '{': '{' };
const closing: Readonly<Record<string, Opener>> = { fi: 'if', done: 'do', esac: 'case', '}': '{' };
/** Words after which the next word is again a command. */
const introducers = new Set(['then', 'else', 'elif', 'do', 'if', 'while', 'until', '!', '{', 'time']);

/**
 * Splits shell text into logical lines: quotes over lines, heredocs, compound statements and continuations stay whole.
 * Text that never closes what it opens is one command to its end. Not a shell's grammar, only what line ends depend on.
 */
export function scanShell(text: string, range: Range): ShellLine[] {
  const scanner = new ShellScanner(text, range);
  const lines: ShellLine[] = [];
  for (let line = scanner.next(); line !== undefined; line = scanner.next()) lines.push(line);
  return lines;
}

class ShellScanner {
  readonly #text: string;
  readonly #end: number;
  #at: number;
  #open: Opener[] = [];
  #heredocs: Heredoc[] = [];
  #commandExpected = true;
  /** A loop's head (`for`, `while`, `until`, `select`) that has not met its `do`. */
  #pendingLoops = 0;
  #operators: string[] = [];
  #parts: string[] = [];
  #partStart = 0;
  /** Set where the command cannot end at the next newline, because an operator stands before it. */
  #continues = false;
  /** The command's text in pieces: one string would be copied at every look at its end. */
  #out: string[] = [];

  constructor(text: string, range: Range) {
    this.#text = text;
    this.#at = range.start;
    this.#end = Math.min(range.end, text.length);
  }

  next(): ShellLine | undefined {
    this.#skipBlank();
    if (this.#at >= this.#end) return undefined;
    const start = this.#at;
    if (this.#char() === '#') {
      const end = this.#lineEnd();
      this.#at = end;
      const comment = this.#text.slice(start, end).replace(/^#+/, '').trim();
      return { kind: 'comment', text: comment, range: this.#trimmed(start, end), operators: [], parts: [] };
    }
    return this.#plainLine(start) ?? this.#command(start);
  }

  /** A line of bare words, as most are, needs no look at each of its characters. */
  #plainLine(start: number): ShellLine | undefined {
    plainLine.lastIndex = start;
    const text = plainLine.exec(this.#text)?.[0].trimEnd();
    if (text === undefined || start + text.length > this.#end || keyword.test(text)) return undefined;
    this.#at = start + text.length;
    return { kind: 'command', text, range: { start, end: this.#at }, operators: [], parts: [text] };
  }

  #command(start: number): ShellLine {
    this.#reset();
    let comment: string | undefined;
    let end = this.#end;
    while (this.#at < this.#end) {
      const char = this.#char();
      if (this.#isQuoted()) this.#quoted(char);
      else if (char === '\n' || char === '\r') {
        if (this.#newline()) {
          end = Math.min(end, this.#at);
          break;
        }
        // The command goes on, so a comment before this newline is inside it.
        comment = undefined;
        end = this.#end;
      } else if (char === '#' && /[\s;&|(]/.test(this.#text[this.#at - 1] ?? ' ')) {
        end = this.#at;
        const stop = this.#lineEnd();
        comment = this.#text.slice(this.#at, stop).replace(/^#+/, '').trim();
        if (this.#mustContinue()) this.#out.push(this.#text.slice(this.#at, stop));
        this.#at = stop;
      } else this.#plain(char);
    }
    const range = this.#trimmed(start, end);
    this.#endPart();
    const text = this.#out
      .join('')
      .replace(/^\$\s+/, '')
      .trim();
    const found = { kind: 'command', text, range, operators: this.#operators, parts: this.#parts } as const;
    return comment === undefined ? found : { ...found, comment };
  }

  #reset(): void {
    this.#open = [];
    this.#heredocs = [];
    this.#commandExpected = true;
    this.#pendingLoops = 0;
    this.#operators = [];
    this.#parts = [];
    this.#partStart = 0;
    this.#continues = false;
    this.#out = [];
  }

  #isQuoted(): boolean {
    const top = this.#open.at(-1);
    return top === "'" || top === '"' || top === '`';
  }

  #mustContinue(): boolean {
    return this.#open.length > 0 || this.#pendingLoops > 0 || this.#continues || this.#heredocs.length > 0;
  }

  /** Handles a newline outside quotes; returns true where the command ends there. */
  #newline(): boolean {
    if (this.#heredocs.length > 0) {
      this.#takeNewline();
      this.#takeHeredocs();
      if (!this.#mustContinue()) return true;
      this.#commandExpected = true;
      return false;
    }
    if (!this.#mustContinue()) return true;
    this.#takeNewline();
    this.#commandExpected = true;
    return false;
  }

  #takeNewline(): void {
    this.#at += this.#text.startsWith('\r\n', this.#at) ? 2 : 1;
    this.#out.push('\n');
  }

  #takeHeredocs(): void {
    for (const { word, stripsTabs } of this.#heredocs) {
      while (this.#at < this.#end) {
        const stop = this.#lineEnd();
        const line = this.#text.slice(this.#at, stop).replace(/\r$/, '');
        this.#out.push(line);
        this.#at = stop;
        const isLast = (stripsTabs ? line.replace(/^\t+/, '') : line) === word;
        // The newline behind the last terminator ends the command and is left to the caller.
        if (isLast && word === this.#heredocs.at(-1)?.word && !this.#open.length) break;
        if (this.#at < this.#end) this.#takeNewline();
        if (isLast) break;
      }
    }
    this.#heredocs = [];
  }

  #quoted(char: string): void {
    const quote = this.#open.at(-1);
    if (char === '\\' && quote !== "'") this.#escape(quote === '"');
    else if (char === quote) {
      this.#open.pop();
      this.#take(1);
    } else if (quote === '"' && this.#text.startsWith('$(', this.#at)) this.#openBracket(2);
    else if (char === '\r' || char === '\n') this.#takeNewline();
    else this.#take(1);
  }

  #plain(char: string): void {
    if (char === '\\') this.#escape(false);
    else if (char === "'" || char === '"' || char === '`') {
      this.#open.push(char);
      this.#take(1);
      this.#word();
    } else if (this.#text.startsWith('<<', this.#at) && !this.#text.startsWith('<<<', this.#at)) this.#heredoc();
    else if (this.#text.startsWith('<<<', this.#at)) this.#take(3);
    else if (char === '(') this.#openBracket(1);
    else if (this.#text.startsWith('$(', this.#at)) this.#openBracket(2);
    else if (this.#text.startsWith('${', this.#at)) this.#parameter();
    else if (char === ')') this.#closeBracket();
    else if (char === ';' || char === '&' || char === '|') this.#operator(char);
    else if (char === ' ' || char === '\t') this.#take(1);
    else this.#takeWord();
  }

  #openBracket(length: number): void {
    this.#open.push('(');
    this.#take(length);
    this.#continues = false;
    this.#commandExpected = true;
  }

  /** A `)` that closes nothing is the end of a `case` pattern. */
  #closeBracket(): void {
    const top = this.#open.at(-1);
    if (top === '(') this.#open.pop();
    // Behind `name()` stands a function's body.
    this.#commandExpected = top === 'case' || this.#text[this.#at - 1] === '(';
    this.#take(1);
  }

  /** `${…}` holds quotes and braces that are not the shell's blocks. */
  #parameter(): void {
    const pattern = /\$\{[^}\r\n]*\}?/y;
    pattern.lastIndex = this.#at;
    this.#take(pattern.exec(this.#text)?.[0].length ?? 2);
    this.#word();
  }

  #operator(char: string): void {
    const isRedirect =
      char === '&' && (this.#text[this.#at + 1] === '>' || /[<>]/.test(this.#text[this.#at - 1] ?? ''));
    if (isRedirect || (char === '|' && this.#text[this.#at - 1] === '>')) {
      this.#take(1);
      return;
    }
    const doubled = this.#text[this.#at + 1] === char;
    const atTop = this.#open.length === 0 && this.#pendingLoops === 0;
    const isPipe = char === '|' && !doubled;
    if (atTop) {
      this.#endPart();
      this.#operators.push(doubled ? char + char : char);
    }
    this.#take(doubled ? 2 : 1);
    if (atTop) this.#partStart = this.#out.length;
    if (isPipe && this.#char() === '&') this.#take(1);
    this.#commandExpected = true;
    this.#continues = isPipe || (doubled && char !== ';');
  }

  #takeWord(): void {
    const pattern = /[^\s'"`\\;&|()<$#]+|[<$#]/y;
    pattern.lastIndex = this.#at;
    const word = pattern.exec(this.#text)?.[0] ?? this.#char();
    const length = Math.min(word.length, this.#end - this.#at);
    const isWhole = /^[\s;&|()]?$/.test(this.#text[this.#at + length] ?? '');
    const isBody = word === '{' && this.#out[0] === 'function';
    const expected = isBody || (this.#commandExpected && /^[\s;&|()]?$/.test(this.#out.at(-1)?.slice(-1) ?? ''));
    this.#take(length);
    this.#continues = false;
    if (isWhole && expected) this.#keyword(word);
    else this.#commandExpected = false;
  }

  #keyword(word: string): void {
    this.#commandExpected = introducers.has(word);
    if (word === 'for' || word === 'while' || word === 'until' || word === 'select') {
      this.#pendingLoops += 1;
      this.#commandExpected = word === 'while' || word === 'until';
    }
    if (word === 'do' && this.#pendingLoops > 0) this.#pendingLoops -= 1;
    const open = opening[word];
    if (open) this.#open.push(open);
    const closes = closing[word];
    if (closes && this.#open.at(-1) === closes) this.#open.pop();
  }

  #heredoc(): void {
    const pattern = /<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([^\s;&|<>()'"]+))/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    const isShift = this.#open.includes('(') && /^\d+$/.test(match?.[4] ?? '');
    if (!match || isShift) {
      this.#take(2);
      return;
    }
    this.#heredocs.push({ word: match[2] ?? match[3] ?? match[4] ?? '', stripsTabs: match[1] === '-' });
    this.#take(match[0].length);
  }

  /** A backslash before a newline joins two lines: exactly so in quotes, with one space for the indentation elsewhere. */
  #escape(inQuotes: boolean): void {
    const newline = /^\\\r?\n/.exec(this.#text.slice(this.#at, this.#at + 3));
    if (!newline || this.#at + newline[0].length > this.#end) {
      this.#take(2);
      this.#word();
      return;
    }
    this.#at += newline[0].length;
    if (inQuotes) return;
    const indent = /[ \t]*/y;
    indent.lastIndex = this.#at;
    const length = Math.min(indent.exec(this.#text)?.[0].length ?? 0, this.#end - this.#at);
    this.#at += length;
    let hasSpace = length > 0;
    while (this.#out.at(-1) === ' ' || this.#out.at(-1) === '\t') {
      this.#out.pop();
      hasSpace = true;
    }
    if (hasSpace) this.#out.push(' ');
  }

  #endPart(): void {
    this.#parts.push(this.#out.slice(this.#partStart).join('').trim());
  }

  #word(): void {
    this.#commandExpected = false;
    this.#continues = false;
  }

  #take(length: number): void {
    const stop = Math.min(this.#at + length, this.#end);
    this.#out.push(this.#text.slice(this.#at, stop));
    this.#at = stop;
  }

  #char(): string {
    return this.#text[this.#at] ?? '';
  }

  #lineEnd(): number {
    const newline = this.#text.indexOf('\n', this.#at);
    const end = newline < 0 || newline > this.#end ? this.#end : newline;
    return end > this.#at && this.#text[end - 1] === '\r' ? end - 1 : end;
  }

  #skipBlank(): void {
    while (this.#at < this.#end && /[\s;]/.test(this.#char())) this.#at += 1;
  }

  #trimmed(start: number, end: number): Range {
    let stop = end;
    while (stop > start && /\s/.test(this.#text[stop - 1] ?? '')) stop -= 1;
    return { start, end: stop };
  }
}

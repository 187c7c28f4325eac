import { styleText } from 'node:util';
import { formatTable, type TableCell, type TableColumn } from './table.ts';
import { wrapText } from './text.ts';

/** How a piece of output is meant; it is shown by colour where there is any, and never by colour alone. */
export type Tone = 'title' | 'good' | 'bad' | 'warn' | 'busy' | 'quiet' | 'command';

const formats: Record<Tone, Parameters<typeof styleText>[0]> = {
  title: 'bold',
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  busy: 'cyan',
  quiet: 'dim',
  command: 'bold',
};

/** What is known of a stream that people may read. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultColumns = 80;

/** Human output: lines, colours, tables. Plain where the stream is no terminal or `NO_COLOR` is set. */
export class Output {
  readonly #stream: OutputStream;
  readonly #colours: boolean;
  /** True where a person may be looking at it. */
  readonly isTerminal: boolean;
  /** How wide a line may be. */
  readonly columns: number;

  constructor(stream: OutputStream, environment: Environment) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.#colours = hasColours(stream, environment);
    this.columns = columnsOf(stream, environment);
  }

  paint(tone: Tone, text: string): string {
    // The decision was made above, by this stream; styleText would ask stdout.
    return this.#colours ? styleText(formats[tone], text, { validateStream: false }) : text;
  }

  /** Text as it is, for what is streamed. */
  raw(text: string): void {
    this.#stream.write(text);
  }

  line(text = ''): void {
    this.#stream.write(`${text}\n`);
  }

  /** Plain text that wraps at the width; lines after the first begin under the text, not under `label`. */
  wrapped(text: string, { label = '', tone }: { readonly label?: string; readonly tone?: Tone } = {}): void {
    const indent = ' '.repeat(label.length);
    wrapText(text, Math.max(20, this.columns - label.length)).forEach((part, index) => {
      this.line((index === 0 ? label : indent) + (tone === undefined ? part : this.paint(tone, part)));
    });
  }

  table(columns: readonly TableColumn[], rows: readonly (readonly TableCell[])[], indent = 0): void {
    for (const lines of this.layOut(columns, rows, indent)) for (const line of lines) this.line(line);
  }

  /** The lines of each row of a table, for who prints something between them. */
  layOut(
    columns: readonly TableColumn[],
    rows: readonly (readonly TableCell[])[],
    indent = 0,
  ): readonly (readonly string[])[] {
    return formatTable(columns, rows, { width: this.columns, indent });
  }
}

function hasColours(stream: OutputStream, environment: Environment): boolean {
  if (environment['NO_COLOR']) return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

function columnsOf(stream: OutputStream, environment: Environment): number {
  const told = stream.isTTY === true ? stream.columns : Number.parseInt(environment['COLUMNS'] ?? '', 10);
  return told !== undefined && told >= 40 ? told : defaultColumns;
}
